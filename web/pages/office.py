"""管理: everything about the office this person may look after, a card each."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from web.rendering import show
from web.visitor import Visitor, visiting

router = APIRouter()


@router.get("/office")
def office(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """The cards of the navigation table this person may follow; an empty page says that there are none."""
    return show(request, visitor, "office/page.html")
