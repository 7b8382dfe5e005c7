"""The work list: what waits, was done, was started, was copied; with the filters in the address."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.authority.rules import scopes
from services.cases.work_list import DUE, HOLDERS, TABS, Wanted
from statemachines.registry import CURRENT
from web.applicant_view import home, is_applicant
from web.rendering import go, show
from web.visitor import Visitor, visiting
from web.work_view import KINDS, opening, work_context

router = APIRouter()
LONGEST_TEXT = 60


def wanted_list(
    tab: str = "", kind: str = "", stage: str = "", state: str = "", due: str = "", holder: str = "", centre: str = "",
    division: str = "", text: str = "", after: str = "",
) -> Wanted:  # fmt: skip
    """The list the address asks for; what cannot be asked for is left aside."""
    known = {one.name for process in CURRENT.values() for one in process.states}
    return Wanted(
        tab if tab in TABS else "waiting", kind if kind in KINDS else "", stage[:12], state if state in known else "",
        due if due in DUE else "", holder if holder in HOLDERS else "", centre if len(centre) == 36 else "",
        division if division.isascii() and division.isdigit() else "", text[:LONGEST_TEXT], after[:400],
    )  # fmt: skip


@router.get("/")
def waiting(
    request: Request, done: str = "", wanted: Wanted = Depends(wanted_list), visitor: Visitor = Depends(visiting)
) -> Response:
    """The work list; an address without anything opens it with the filter the person starts with.

    Who lists no cases starts where there is something to do; an applicant at the own case.
    """
    if not scopes(visitor.person, "case:list"):
        return go("/errands" if scopes(visitor.person, "errand:read") else "/notices")
    if is_applicant(visitor.person) and "tab" not in request.query_params:
        return show(request, visitor, "home/page.html", done=done, **home(visitor))
    if not request.url.query and (query := opening(visitor)):
        return go(f"/?{query}")
    return show(request, visitor, "work_list/page.html", done=done, **work_context(visitor, wanted))
