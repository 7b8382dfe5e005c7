"""The work list: what waits for me."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.assessments.queries import sheets_waiting_for
from services.authority.rules import scopes
from services.cases.queries import case_number_of, waiting_for
from web.applicant_view import home, is_applicant
from web.rendering import go, show
from web.visitor import Visitor, visiting

router = APIRouter()


@router.get("/")
def waiting(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """待我处理: cases waiting for a role of mine, nearest due day first, and my open score sheets.

    Who lists no cases starts where there is something to do; an applicant at the own case.
    """
    if not scopes(visitor.person, "case:list"):
        return go("/errands" if scopes(visitor.person, "errand:read") else "/notices")
    if is_applicant(visitor.person):
        return show(request, visitor, "home/page.html", done=done, **home(visitor))
    with visitor.reading() as work:
        lines = waiting_for(work, visitor.person)
        sheets = [(one, case_number_of(work, case_id)) for one, case_id in sheets_waiting_for(work, visitor.person.id)]
        opens = bool(scopes(visitor.person, "case:open"))
    return show(request, visitor, "work_list/waiting.html", lines=lines, sheets=sheets, opens=opens)
