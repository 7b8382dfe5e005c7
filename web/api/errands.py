"""Errands: what moves still owe the world, and sending a parked one off again."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from services.cases.attending import done_by_hand, retry_all_parked, retry_parked
from services.outbox.queries import errands as errand_lines
from services.outbox.reasons import codes_of, told
from services.outbox.rules import Errand as ErrandLine
from web.interface.portions import MOST_LINES, Cursor, Limit, link_next, portion
from web.interface.shapes import Body, Clean, Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["errands"])


class Errand(Reply):
    """One errand; parked ones wait for a person, with the reason in the reader's language and its codes."""

    id: str
    effect: str
    case: str
    created_at: datetime
    due_at: datetime
    attempts: int
    parked_at: datetime | None
    done_at: datetime | None
    last_reason: str | None
    reason_codes: list[str]


class Errands(Reply):
    """A portion of the errands of one standing."""

    errands: list[Errand]
    next: str | None


class OfKind(Body):
    """A kind of errand."""

    effect: Annotated[str, Field(min_length=1, max_length=40), Clean]


class ByHand(Body):
    """What was done."""

    reason: Annotated[str, Field(min_length=1, max_length=400), Clean]


class Retried(Reply):
    """How many were sent off again."""

    retried: int


@router.get("/errands", summary="What is owed to the outside")
def errands(
    request: Request, response: Response, visitor: Visitor = Depends(visiting),
    standing: Literal["parked", "waiting", "done", "all"] = "parked", limit: Limit = 50, cursor: Cursor = "",
) -> Errands:  # fmt: skip
    """The soonest due first, up to a thousand."""
    with visitor.reading() as work:
        shown, more = portion(errand_lines(work, standing=standing, limit=10 * MOST_LINES), cursor, limit)
    link_next(request, response, more)
    return Errands(errands=[_errand(one, visitor.lang) for one in shown], next=more)


@router.post("/errands/{errand_id}/retry", summary="Send a parked errand off again")
def retry(errand_id: Identity, visitor: Visitor = Depends(visiting)) -> Errand:
    """Due now, with all its attempts; the audit log keeps who did."""
    again = retry_parked(visitor.database, visitor.person, errand_id=errand_id, now=visitor.now)
    return _errand(again, visitor.lang)


@router.post("/errands/retry", summary="Send every parked errand of one kind off again")
def retry_all(body: OfKind, visitor: Visitor = Depends(visiting)) -> Retried:
    """Each noted in its case's trail."""
    return Retried(retried=retry_all_parked(visitor.database, visitor.person, effect=body.effect, now=visitor.now))


@router.post("/errands/{errand_id}/by-hand", summary="Note that a person did it")
def by_hand(errand_id: Identity, body: ByHand, visitor: Visitor = Depends(visiting)) -> Errand:
    """Refused for what only the system can make: papers, money, states."""
    done = done_by_hand(visitor.database, visitor.person, errand_id=errand_id, reason=body.reason, now=visitor.now)
    return _errand(done, visitor.lang)


def _errand(one: ErrandLine, lang: str) -> Errand:
    return Errand(
        id=one.id, effect=one.effect, case=one.case_number, created_at=one.created_at, due_at=one.due_at,
        attempts=one.attempts, parked_at=one.parked_at, done_at=one.done_at,
        last_reason=told(one.last_reason, lang) or None, reason_codes=list(codes_of(one.last_reason)),
    )  # fmt: skip
