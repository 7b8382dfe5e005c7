"""Notices: what the person was told."""

from datetime import datetime

from fastapi import APIRouter, Depends, Request, Response

from services.cases.queries import case_number_of
from services.notices.commands import mark_read
from services.notices.queries import notices_for
from web.interface.portions import MOST_LINES, Cursor, Limit, link_next, portion
from web.interface.shapes import Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["notices"])


class Notice(Reply):
    """One notice."""

    id: str
    case: str | None
    message: str
    title: str
    body: str
    sent_at: datetime
    read_at: datetime | None


class Notices(Reply):
    """A portion of the person's notices."""

    notices: list[Notice]
    next: str | None


@router.get("/notices", summary="What this person was told")
def notices(
    request: Request, response: Response, visitor: Visitor = Depends(visiting), limit: Limit = 50, cursor: Cursor = ""
) -> Notices:
    """The latest first, up to the last thousand."""
    with visitor.reading() as work:
        lines, more = portion(notices_for(work, visitor.person.id, limit=10 * MOST_LINES), cursor, limit)
        numbers = {one: case_number_of(work, one) for one in {line.case_id for line in lines} if one}
    link_next(request, response, more)
    return Notices(
        notices=[
            Notice(id=one.id, case=numbers.get(one.case_id or ""), message=one.message, title=one.title, body=one.body,
                   sent_at=one.sent_at, read_at=one.read_at)
            for one in lines
        ],
        next=more,
    )  # fmt: skip


@router.post("/notices/{notice_id}/read", status_code=204, summary="Note a notice as read")
def read(notice_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """Someone else's stays as it is."""
    visitor.write(lambda work: mark_read(work, person_id=visitor.person.id, notice_id=notice_id))
