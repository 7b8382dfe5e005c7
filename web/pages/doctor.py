"""The checks of the installation as a page: what is well, what is not, and what to do about it."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.invariants.machine import looks
from web.rendering import show
from web.visitor import Visitor, visiting

router = APIRouter()


@router.get("/doctor")
def doctor(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Everything a running console can look at; what needs the machine itself is named."""
    found = looks(visitor.database, now=visitor.now)
    return show(request, visitor, "doctor/page.html", looks=found, ill=sum(not one.well for one in found))
