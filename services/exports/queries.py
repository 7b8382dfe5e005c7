"""Reads of asked leaves: those that wait for somebody else, and those a person may still use."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from services.actors import Actor
from services.authority.rules import demand, scopes
from services.database.work import Work
from services.exports.models import export_leaves
from services.exports.rules import holds
from services.people.queries import names_of

ASK, DECIDE = "export:ask", "export:decide"


@dataclass(frozen=True, slots=True)
class Leave:
    """One asked leave; standing is waiting, granted, refused, used or over."""

    id: str
    list: str
    filters: dict[str, str]
    rows: int
    unmasked: bool
    reason: str
    asked_by_id: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    valid_until: datetime | None
    standing: str


def leaves(work: Work, actor: Actor) -> tuple[Leave, ...]:
    """The own asked leaves and, for who decides, everybody's; the latest first. Forbidden for who asks none."""
    demand(actor, ASK)
    statement = select(export_leaves).order_by(export_leaves.c.asked_at.desc(), export_leaves.c.id.desc()).limit(100)
    if not scopes(actor, DECIDE):
        statement = statement.where(export_leaves.c.asked_by == actor.id)
    rows = work.connection.execute(statement).all()
    names = names_of(work, {one for row in rows for one in (row.asked_by, row.decided_by) if one})
    return tuple(_line(row, names, work.now) for row in rows)


def usable(work: Work, actor: Actor, *, list: str, filters: dict[str, str]) -> tuple[Leave, ...]:  # noqa: A002
    """The leaves of this person for exactly this list that still count."""
    if not scopes(actor, ASK):
        return ()
    found = leaves(work, actor)
    return tuple(
        one
        for one in found
        if one.asked_by_id == actor.id and (one.list, one.filters) == (list, filters) and one.standing == "granted"
    )


def _line(row: Row[Any], names: dict[str, str], now: datetime) -> Leave:
    return Leave(
        row.id, row.list, dict(row.filters), row.rows, row.unmasked, row.reason, row.asked_by, names[row.asked_by],
        row.asked_at, names.get(row.decided_by or "", ""), row.valid_until, _standing(row, now),
    )  # fmt: skip


def _standing(row: Row[Any], now: datetime) -> str:
    if row.used_at is not None:
        return "used"
    if row.granted is None:
        return "waiting"
    if not row.granted:
        return "refused"
    return "granted" if holds(row.valid_until, now) else "over"
