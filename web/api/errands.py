"""Errands: what moves still owe the world, and sending a parked one off again."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Depends, Request, Response

from services.cases.attending import retry_parked
from services.outbox.queries import errands as errand_lines
from services.outbox.rules import Errand as ErrandLine
from web.interface.portions import MOST_LINES, Cursor, Limit, link_next, portion
from web.interface.shapes import Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["errands"])


class Errand(Reply):
    """One errand; parked ones wait for a person, with the reason."""

    id: str
    effect: str
    case: str
    created_at: datetime
    due_at: datetime
    attempts: int
    parked_at: datetime | None
    done_at: datetime | None
    last_reason: str | None


class Errands(Reply):
    """A portion of the errands of one standing."""

    errands: list[Errand]
    next: str | None


@router.get("/errands", summary="What is owed to the outside")
def errands(
    request: Request, response: Response, visitor: Visitor = Depends(visiting),
    standing: Literal["parked", "waiting", "done", "all"] = "parked", limit: Limit = 50, cursor: Cursor = "",
) -> Errands:  # fmt: skip
    """The soonest due first, up to a thousand."""
    with visitor.reading() as work:
        shown, more = portion(errand_lines(work, standing=standing, limit=10 * MOST_LINES), cursor, limit)
    link_next(request, response, more)
    return Errands(errands=[_errand(one) for one in shown], next=more)


@router.post("/errands/{errand_id}/retry", summary="Send a parked errand off again")
def retry(errand_id: Identity, visitor: Visitor = Depends(visiting)) -> Errand:
    """Due now, with all its attempts; the audit log keeps who did."""
    return _errand(retry_parked(visitor.database, visitor.person, errand_id=errand_id, now=visitor.now))


def _errand(one: ErrandLine) -> Errand:
    return Errand(
        id=one.id, effect=one.effect, case=one.case_number, created_at=one.created_at, due_at=one.due_at,
        attempts=one.attempts, parked_at=one.parked_at, done_at=one.done_at, last_reason=one.last_reason,
    )  # fmt: skip
