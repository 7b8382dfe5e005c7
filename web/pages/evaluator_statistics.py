"""Statistics of evaluators: how severely each scores, how far they agree, and what that does to the ranking."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases.evaluator_statistics import statistics
from web.rendering import show
from web.visitor import Visitor, visiting

router = APIRouter()


@router.get("/evaluator-statistics")
def page(request: Request, form: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """For the assessment secretary alone: one form at a time."""
    with visitor.reading() as work:
        found = statistics(work, visitor.person, form=form)
    return show(request, visitor, "assessments/statistics.html", found=found)
