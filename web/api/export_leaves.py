"""Leaves to take longer or unmasked lists along: what was asked, asking for one, deciding on somebody else's."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from services.exports.commands import Taking, ask_leave, decide_leave
from services.exports.queries import leaves
from services.protection.rules import mask_search
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Identified, Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1/export-leaves", tags=["exports"], route_class=RepeatableRoute)
Word = Annotated[str, Field(max_length=100), Clean]


class LeaveAsking(Body):
    """Which list, how filtered, how many rows it holds now, and why it is needed."""

    list: Literal["cases", "grades", "stars", "vouchers", "audit"]
    rows: Annotated[int, Field(ge=1, le=50_000)]
    reason: Annotated[str, Field(min_length=1, max_length=200), Clean]
    filters: Annotated[dict[Word, Word], Field(max_length=20)] = {}
    unmasked: bool = False


class ExportLeave(Reply):
    """An asked leave; standing is waiting, granted, refused, used or over."""

    id: str
    list: str
    filters: dict[str, str]
    rows: int
    unmasked: bool
    reason: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    valid_until: datetime | None
    standing: str


class ExportLeaves(Reply):
    """The own ones, and everybody's for who decides, the latest first."""

    leaves: list[ExportLeave]


@router.get("", summary="Leaves to take lists along")
def register(visitor: Visitor = Depends(visiting)) -> ExportLeaves:
    """The latest hundred."""
    with visitor.reading() as work:
        found = leaves(work, visitor.person)
    names = ExportLeave.model_fields
    return ExportLeaves(leaves=[ExportLeave(**{name: getattr(one, name) for name in names}) for one in found])


@router.post("", status_code=201, summary="Ask that a list may leave", dependencies=[repeatable])
def ask(body: LeaveAsking, visitor: Visitor = Depends(visiting)) -> Identified:
    """Needed beyond 1,000 rows, and for names and numbers in full; another person decides."""
    filters = {key: mask_search(value) for key, value in body.filters.items()}
    taking = Taking(body.list, body.reason, filters, body.unmasked)
    return Identified(id=ask_leave(visitor.database, visitor.person, taking, count=body.rows, now=visitor.now))


@router.post("/{leave_id}/grant", status_code=204, summary="Let a list leave")
def grant(leave_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """For one day and once; never the own one."""
    decide_leave(visitor.database, visitor.person, leave_id=leave_id, grant=True, now=visitor.now)


@router.post("/{leave_id}/refusal", status_code=204, summary="Do not let a list leave")
def refuse(leave_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """Decided once."""
    decide_leave(visitor.database, visitor.person, leave_id=leave_id, grant=False, now=visitor.now)
