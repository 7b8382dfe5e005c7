"""The audit log: entries that fit, and whether the whole log holds."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from services.audit.queries import verify
from services.audit.search import Wanted, search
from web.interface.portions import Cursor, Limit, cursor_to, link_next, place_in
from web.interface.shapes import Reply
from web.requests import day_asked, known_id
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["audit"])
Text = Annotated[str, Query(max_length=80)]
WrittenDay = Annotated[str, Query(max_length=10, pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")]


class Entry(Reply):
    """One act as it was recorded; `hash` binds it to all before it in its stream."""

    id: str
    stream: str
    sequence: int
    at: datetime
    by: str
    role: str
    action: str
    object: str
    result: str
    reasons: list[str]
    details: dict[str, Any]
    hash: str


class Entries(Reply):
    """A portion of the log, newest first."""

    entries: list[Entry]
    next: str | None


class Report(Reply):
    """What a check of the whole log found; `first_bad` is null when all holds."""

    entries: int
    sealed: int
    unsealed: int
    first_bad: str | None


@router.get("/audit-entries", summary="Entries of the audit log")
def entries(
    request: Request, response: Response, visitor: Visitor = Depends(visiting), object: Text = "",  # noqa: A002
    person: Text = "", action: Text = "", result: Literal["", "done", "refused"] = "", first: WrittenDay = "",
    last: WrittenDay = "", limit: Limit = 50, cursor: Cursor = "",
) -> Entries:  # fmt: skip
    """By case or trail, person, act, result and day, as in the console."""
    place = place_in(cursor, str)
    wanted = Wanted(object, person, action, result, day_asked(first), day_asked(last))
    with visitor.reading() as work:
        found = search(work, wanted, before=known_id(place[0]) if place else "", limit=limit + 1)
    shown = found[:limit]
    more = cursor_to(shown[-1].id) if len(found) > limit else None
    link_next(request, response, more)
    return Entries(
        entries=[
            Entry(
                id=one.id, stream=one.stream, sequence=one.sequence, at=one.at, by=one.actor_name, role=one.role,
                action=one.action, object=one.object, result=one.result, reasons=list(one.reasons),
                details=dict(one.details), hash=one.hash,
            )
            for one in shown
        ],
        next=more,
    )  # fmt: skip


@router.post("/audit-verification", summary="Check the whole log")
def verification(visitor: Visitor = Depends(visiting)) -> Report:
    """Computed anew from the first entry on."""
    with visitor.reading() as work:
        found = verify(work)
    return Report(entries=found.entries, sealed=found.sealed, unsealed=found.unsealed, first_bad=found.first_bad)
