"""Writes of the outbox: leave an errand, claim it for a while, and say how it went; each exactly as often as wanted."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, bindparam, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from services.actors import Actor
from services.database.base import new_id
from services.database.work import Work
from services.errors import Broken, NotFound, Refused
from services.outbox.models import errands as table
from services.outbox.models import errands_by_hand
from services.outbox.queries import COLUMNS, NOT_FINAL, errand_of
from services.outbox.rules import ATTEMPTS_ALLOWED, BY_HAND, WITHHELD, Errand, LeaseLost, back_off

_LEAVE = {
    "sqlite": sqlite.insert(table).on_conflict_do_nothing(index_elements=[table.c.key]).returning(table.c.id),
    "postgresql": postgresql.insert(table).on_conflict_do_nothing(index_elements=[table.c.key]).returning(table.c.id),
}
_BY_KEY = select(*COLUMNS).where(table.c.key == bindparam("wanted"))
_SAME = ("effect", "case_id", "case_number", "move_sequence")


def leave_errand(
    work: Work,
    *,
    key: str,
    effect: str,
    case_id: str | None,
    case_number: str,
    move_sequence: int | None,
    payload: Mapping[str, Any],
    due_at: datetime | None = None,
) -> str:
    """Owe something to the outside from this unit of work on, due now or at `due_at`; returns the errand's id.

    The key is that of the business (`case:id:sequence:effect`) and is kept for ever: leaving the same errand again
    does nothing and returns the same id, done or not. Refuses (Broken) a key that was left for something else.
    """
    values = {
        "id": new_id(),
        "key": key,
        "effect": effect,
        "case_id": case_id,
        "case_number": case_number,
        "move_sequence": move_sequence,
        "payload": dict(payload),
        "created_at": work.now,
        "due_at": due_at or work.now,
        "attempts": 0,
        "fence": 0,
    }
    left = work.connection.execute(_LEAVE[work.connection.dialect.name], values).scalar_one_or_none()
    if left is not None:
        return left
    earlier = work.connection.execute(_BY_KEY, {"wanted": key}).one()
    # As stored: what went through JSON has lists where there were tuples.
    same_payload = earlier.payload == json.loads(json.dumps(values["payload"]))
    if not same_payload or any(getattr(earlier, name) != values[name] for name in _SAME):
        raise Broken("errand.key_reused", key=key)
    return str(earlier.id)


def claim_errands(
    work: Work,
    *,
    worker: str,
    limit: int = 100,
    lease_seconds: int = 300,
    attempts_allowed: int = ATTEMPTS_ALLOWED,
) -> tuple[Errand, ...]:
    """Lease up to `limit` errands that are due and not being worked on, soonest due first; each claim raises its fence.

    Two workers that claim at once never get the same one and do not wait for each other. An errand whose worker never
    reported back is claimed again when its lease is over, and parked when that happened `attempts_allowed` times: it
    may be what stops the workers.
    """
    free = or_(table.c.lease_until.is_(None), table.c.lease_until <= work.now)
    _park_silent(work, free, attempts_allowed)
    due = (
        select(table.c.id)
        .where(NOT_FINAL, table.c.due_at <= work.now, free)
        .order_by(table.c.due_at, table.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = work.connection.execute(
        update(table)
        .where(table.c.id == due.c.id)
        .values(
            leased_by=worker,
            lease_until=work.now + timedelta(seconds=lease_seconds),
            attempts=table.c.attempts + 1,
            fence=table.c.fence + 1,
        )
        .returning(*COLUMNS)
    )
    return tuple(sorted((errand_of(row) for row in taken), key=lambda errand: (errand.due_at, errand.id)))


def _park_silent(work: Work, free: ColumnElement[bool], attempts_allowed: int) -> None:
    silent = (
        select(table.c.id)
        .where(NOT_FINAL, table.c.due_at <= work.now, table.c.attempts >= attempts_allowed, free)
        .with_for_update(skip_locked=True)
        .cte("silent")
    )
    work.connection.execute(
        update(table)
        .where(table.c.id == silent.c.id)
        .values(
            parked_at=work.now,
            last_reason="errand.no_answer",
            fence=table.c.fence + 1,
            leased_by=None,
            lease_until=None,
        )
    )


def finish_errand(work: Work, errand_id: str, *, fence: int) -> None:
    """Book the errand as done; again by the same claim does nothing.

    Refuses (LeaseLost) a claim that is no longer the newest one, (NotFound) an unknown errand.
    """
    booked = work.connection.execute(
        update(table)
        .where(table.c.id == errand_id, table.c.fence == fence, NOT_FINAL)
        .values(done_at=work.now, leased_by=None, lease_until=None, last_reason=None)
    )
    if booked.rowcount == 1:
        return
    found = _found(work, errand_id)
    if found.fence != fence or found.done_at is None:
        raise LeaseLost("errand.lease_lost", errand=errand_id)


def fail_errand(
    work: Work,
    errand_id: str,
    *,
    fence: int,
    reason: str,
    retry: bool,
    attempts_allowed: int = ATTEMPTS_ALLOWED,
) -> Literal["waiting", "parked"]:
    """Book that the errand failed: it waits (see `rules.back_off`) for another attempt, or is parked for a person.

    Parked when trying again cannot help (`retry` is false) or was tried often enough. `reason` is kept as
    `reasons.kept` writes it, for the person who looks there. Refuses as `finish_errand`.
    """
    found = _found(work, errand_id, lock=True)
    if found.fence != fence or found.done_at is not None or found.parked_at is not None:
        raise LeaseLost("errand.lease_lost", errand=errand_id)
    waits = retry and found.attempts < attempts_allowed
    values: dict[str, Any] = {"leased_by": None, "lease_until": None, "last_reason": reason}
    if waits:
        values["due_at"] = work.now + back_off(found.attempts, found.key)
    else:
        values["parked_at"] = work.now
    work.connection.execute(update(table).where(table.c.id == errand_id).values(values))
    return "waiting" if waits else "parked"


def put_off_errand(work: Work, errand_id: str, *, fence: int, reason: str, wait: timedelta) -> None:
    """Let an errand wait for something outside that is away, however long: the claim does not count as an attempt.

    Refuses as `finish_errand`.
    """
    put_off = work.connection.execute(
        update(table)
        .where(table.c.id == errand_id, table.c.fence == fence, NOT_FINAL)
        .values(
            due_at=work.now + wait, attempts=table.c.attempts - 1, last_reason=reason, leased_by=None, lease_until=None
        )
    )
    if put_off.rowcount != 1:
        _found(work, errand_id)
        raise LeaseLost("errand.lease_lost", errand=errand_id)


def retry_errand(work: Work, *, actor: Actor, errand_id: str) -> Errand:
    """Send a parked errand off again, due now, with all its attempts; its last reason tells who did. The caller audits.

    Refuses (errand.not_parked) one that is not parked, (errand.withheld) one that is kept back, (NotFound) an unknown
    one.
    """
    found = _parked(work, errand_id)
    changed = work.connection.execute(
        update(table)
        .where(table.c.id == errand_id)
        .values(parked_at=None, attempts=0, due_at=work.now, last_reason=f"{actor.username} ↻ {found.last_reason}")
        .returning(*COLUMNS)
    )
    return errand_of(changed.one())


def handle_by_hand(work: Work, *, actor: Actor, errand_id: str, reason: str) -> Errand:
    """Book a parked errand as done because a person saw to it otherwise; who and why is kept. The caller audits.

    Refuses (errand.not_parked) one that is not parked, (errand.not_by_hand) one whose result only the system can make,
    (NotFound) an unknown one.
    """
    found = _parked(work, errand_id)
    if found.effect not in BY_HAND:
        raise Refused("errand.not_by_hand")
    work.connection.execute(
        update(table).where(table.c.id == errand_id).values(parked_at=None, done_at=work.now, last_reason=reason)
    )
    values = {"errand_id": errand_id, "person_id": actor.id, "handled_at": work.now, "reason": reason}
    work.connection.execute(insert(errands_by_hand), values)
    return replace(found, parked_at=None, done_at=work.now, last_reason=reason)


def note_flow_run(work: Work, errand_ids: Iterable[str], flow_run: str) -> None:
    """Write down which run carries these errands, for whoever looks into its log."""
    work.connection.execute(update(table).where(table.c.id.in_(list(errand_ids))).values(flow_run=flow_run))


def release_leases(work: Work, *, worker: str) -> int:
    """Give back what a worker that stops in good order has not worked on; the claim does not count as an attempt."""
    given_back = work.connection.execute(
        update(table)
        .where(NOT_FINAL, table.c.leased_by == worker)
        .values(leased_by=None, lease_until=None, attempts=table.c.attempts - 1)
    )
    return given_back.rowcount


def withhold_errands(work: Work, *, case_id: str, move_sequence: int, effects: Collection[str]) -> int:
    """Park what a move owes of these effects and nobody may carry yet; answers how many. What is due already goes."""
    kept = work.connection.execute(
        update(table)
        .where(
            NOT_FINAL, table.c.case_id == case_id, table.c.move_sequence == move_sequence, table.c.due_at > work.now,
            table.c.effect.in_(effects),
        )
        .values(parked_at=work.now, last_reason=WITHHELD, fence=table.c.fence + 1, leased_by=None, lease_until=None)
    )  # fmt: skip
    return kept.rowcount


def send_withheld(work: Work, *, case_id: str, move_sequence: int) -> int:
    """Let go, due now, what was kept back of a move; answers how many."""
    sent = work.connection.execute(
        update(table)
        .where(table.c.case_id == case_id, table.c.move_sequence == move_sequence, table.c.parked_at.is_not(None),
               table.c.last_reason == WITHHELD)
        .values(parked_at=None, due_at=work.now, last_reason=None)
    )  # fmt: skip
    return sent.rowcount


def _parked(work: Work, errand_id: str) -> Errand:
    """The errand under its lock, parked because it failed: what somebody keeps back only that person lets go."""
    found = _found(work, errand_id, lock=True)
    if found.parked_at is None:
        raise Refused("errand.not_parked", errand=errand_id)
    if found.last_reason == WITHHELD:
        raise Refused(WITHHELD, errand=errand_id)
    return found


def _found(work: Work, errand_id: str, *, lock: bool = False) -> Errand:
    statement = select(*COLUMNS).where(table.c.id == errand_id)
    row = work.connection.execute(statement.with_for_update() if lock else statement).one_or_none()
    if row is None:
        raise NotFound("errand.unknown", errand=errand_id)
    return errand_of(row)
