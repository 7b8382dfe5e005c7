"""通知: what the person was told, newest first."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases.queries import case_number_of
from services.notices.commands import mark_read
from services.notices.queries import notices_for
from web.rendering import go, show
from web.visitor import Visitor, visiting

router = APIRouter()


@router.get("/notices")
def notices(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """The person's latest notices with links to their cases."""
    with visitor.reading() as work:
        lines = notices_for(work, visitor.person.id)
        numbers = {one.case_id: case_number_of(work, one.case_id) for one in lines if one.case_id}
    return show(request, visitor, "work_list/notices.html", notices=lines, numbers=numbers)


@router.post("/notices/{notice_id}/read")
def read(notice_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Note a notice as read; someone else's stays as it is."""
    visitor.write(lambda work: mark_read(work, person_id=visitor.person.id, notice_id=notice_id))
    return go("/notices")
