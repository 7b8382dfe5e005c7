"""Reads of the outbox: which errands wait, are parked or done, and when the next one is due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import and_, bindparam, case, func, or_, select

from services.database.work import Work, office_instant
from services.outbox.models import errands as table
from services.outbox.rules import WITHHELD, Errand


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """How the queue stands: what waits, what a worker holds, what is late, what is parked by kind."""

    waiting: int
    running: int
    late: int
    oldest_due: datetime | None
    lease_until: datetime | None
    parked: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one kind of errand is worked off: so many done today of those and what is due still."""

    effect: str
    done: int
    of: int


Standing = Literal["waiting", "parked", "done", "all"]

NOT_FINAL = and_(table.c.done_at.is_(None), table.c.parked_at.is_(None))
COLUMNS = (
    table.c.id, table.c.key, table.c.effect, table.c.case_id, table.c.case_number, table.c.move_sequence,
    table.c.payload, table.c.created_at, table.c.due_at, table.c.attempts, table.c.fence, table.c.parked_at,
    table.c.done_at, table.c.last_reason, table.c.flow_run,
)  # fmt: skip
_STANDINGS = {"waiting": NOT_FINAL, "parked": table.c.parked_at.is_not(None), "done": table.c.done_at.is_not(None)}


def errand_of(row: Any) -> Errand:
    """The errand in a row of COLUMNS."""
    return Errand(
        id=row.id,
        key=row.key,
        effect=row.effect,
        case_id=row.case_id,
        case_number=row.case_number,
        move_sequence=row.move_sequence,
        payload=row.payload,
        created_at=row.created_at,
        due_at=row.due_at,
        attempts=row.attempts,
        fence=row.fence,
        parked_at=row.parked_at,
        done_at=row.done_at,
        last_reason=row.last_reason,
        flow_run=row.flow_run,
    )


def errand_about(work: Work, document_id: str) -> Errand | None:
    """The errand that owes the drawing of a paper; None when none does."""
    owed = select(*COLUMNS).where(
        table.c.effect == "issue_document", table.c.payload["document_id"].as_string() == document_id
    )
    row = work.connection.execute(owed.order_by(table.c.id).limit(1)).one_or_none()
    return None if row is None else errand_of(row)


def errands(work: Work, *, standing: Standing, case_id: str | None = None, limit: int = 100) -> tuple[Errand, ...]:
    """Errands of that standing, of one case or of all, soonest due first; `waiting` includes those being worked on."""
    statement = select(*COLUMNS).order_by(table.c.due_at, table.c.id).limit(limit)
    if standing != "all":
        statement = statement.where(_STANDINGS[standing])
    if case_id is not None:
        statement = statement.where(table.c.case_id == case_id)
    return tuple(errand_of(row) for row in work.connection.execute(statement))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Something a move owes that nobody has carried: when it goes, or that it is kept back."""

    effect: str
    due_at: datetime
    withheld: bool


_OUTGOING = select(table.c.effect, table.c.due_at, table.c.parked_at, table.c.last_reason).where(
    table.c.case_id == bindparam("of_case"), table.c.move_sequence == bindparam("of_move"), table.c.done_at.is_(None)
)
_WITHHELD = select(table.c.id).where(
    table.c.case_id == bindparam("of_case"), table.c.parked_at.is_not(None), table.c.last_reason == WITHHELD
)


def outgoing_of(work: Work, *, case_id: str, move_sequence: int, effects: Collection[str]) -> tuple[Outgoing, ...]:
    """What a move owes of these effects and is not done: on its way, or kept back; nothing that failed."""
    rows = work.connection.execute(_OUTGOING, {"of_case": case_id, "of_move": move_sequence})
    return tuple(
        Outgoing(row.effect, row.due_at, row.parked_at is not None)
        for row in rows
        if row.effect in effects and (row.parked_at is None or row.last_reason == WITHHELD)
    )


def is_withheld(work: Work, case_id: str) -> bool:
    """Whether somebody keeps back what the case owes."""
    return work.connection.execute(_WITHHELD.limit(1), {"of_case": case_id}).first() is not None


def count_waiting(work: Work) -> int:
    """How many errands are neither done nor parked, due or not."""
    return work.connection.scalar(select(func.count()).select_from(table).where(NOT_FINAL)) or 0


LATE = timedelta(minutes=5)
"""Nothing that is due waits that long while the relay runs."""


def queue_health(work: Work) -> QueueHealth:
    """The queue as it stands: two statements, whatever waits in it."""
    leased = table.c.lease_until > work.now
    waiting, running, late, oldest, lease = work.connection.execute(
        select(
            func.count(),
            func.count().filter(leased),
            func.count().filter(table.c.due_at < work.now - LATE, or_(table.c.lease_until.is_(None), ~leased)),
            func.min(table.c.due_at, type_=table.c.due_at.type),
            func.max(table.c.lease_until, type_=table.c.due_at.type).filter(leased),
        ).where(NOT_FINAL)
    ).one()
    parked = work.connection.execute(
        select(table.c.effect, func.count())
        .where(_STANDINGS["parked"])
        .group_by(table.c.effect)
        .order_by(table.c.effect)
    )
    return QueueHealth(waiting, running, late, oldest, lease, tuple((effect, count) for effect, count in parked))


def under_way(work: Work) -> tuple[Progress, ...]:
    """What is being worked off today, for each kind of errand of which some are due; empty when none is."""
    today = office_instant(work.today, hour=0)
    waits = and_(NOT_FINAL, table.c.due_at <= work.now)
    kinds = select(table.c.effect).where(waits).distinct()
    counted = (
        select(table.c.effect, func.count().filter(table.c.done_at >= today), func.count().filter(waits))
        .where(table.c.effect.in_(kinds))
        .group_by(table.c.effect)
        .order_by(table.c.effect)
    )
    return tuple(Progress(effect, done, done + left) for effect, done, left in work.connection.execute(counted))


def next_due(work: Work) -> datetime | None:
    """The instant at which the next errand can be claimed (a leased one when its lease ends); None when none waits."""
    leased_longer = and_(table.c.lease_until.is_not(None), table.c.lease_until > table.c.due_at)
    claimable = case((leased_longer, table.c.lease_until), else_=table.c.due_at)
    return work.connection.scalar(select(func.min(claimable, type_=table.c.due_at.type)).where(NOT_FINAL))
