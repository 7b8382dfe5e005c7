"""候补名单: who waits for a place of which centre, in the order in which places are offered, and why in that order."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases.waiting import waiting_lists
from web.rendering import show
from web.visitor import Visitor, visiting

router = APIRouter()


@router.get("/waiting-list")
def waiting_list(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """One table a centre."""
    with visitor.reading() as work:
        lines = waiting_lists(work, visitor.person)
    return show(request, visitor, "waiting_list/page.html", lines=lines)
