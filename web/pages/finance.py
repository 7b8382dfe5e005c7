"""The finance desk: what waits for me, step by step, what is held and why, and the year by source."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases.finance import finance_desk
from web.rendering import show
from web.visitor import Visitor, visiting

router = APIRouter()


@router.get("/finance")
def desk(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Own steps first, the oldest case on top; every figure leads to where it comes from."""
    with visitor.reading() as work:
        found = finance_desk(work, visitor.person)
    return show(request, visitor, "finance/page.html", desk=found)
