"""Lists that leave: noted with a reason, capped and masked unless one person asked and another one agreed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.exports.models import export_leaves
from services.exports.queries import ASK, DECIDE
from services.exports.rules import ACTIONS, MOST_EVER, MOST_ROWS, VALID, WITH_NAMES, holds, needs_leave
from services.people.acts import act, allowed, note, told

REASON = ("导出理由", "reason")
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Taking:
    """A wish to take a list along: which, how filtered, why, whether with names in full, and by which leave."""

    list: str
    reason: str
    filters: Mapping[str, str] = field(default_factory=dict)
    unmasked: bool = False
    leave_id: str = ""


def let_out(work: Work, actor: Actor, taking: Taking, *, count: int) -> None:
    """Let the list leave and note it, in the transaction that reads it; what is refused leaves nothing.

    Invalid without a reason. Refused beyond the cap or unmasked without a leave of this person, for exactly this list,
    given by somebody else within a day and not used before; such a leave is used up.
    """
    said = told(REASON, taking.reason, longest=LONGEST_REASON)
    if count > MOST_EVER:
        raise Refused("export.too_many_ever", count=count, most=MOST_EVER)
    details = {**taking.filters, "count": count, "reason": said}
    if needs_leave(count, unmasked=taking.unmasked):
        if not taking.leave_id:
            raise Refused("export.needs_leave", count=count, most=MOST_ROWS)
        _use(work, actor, taking, count=count)
        details |= {"leave": taking.leave_id, "unmasked": taking.unmasked}
    action = ACTIONS[taking.list]
    stream = f"{action.partition(':')[0]}_exports"
    note(work, actor, action, stream=stream, object=taking.list, details=details)


def _use(work: Work, actor: Actor, taking: Taking, *, count: int) -> None:
    row = work.connection.execute(
        select(export_leaves).where(export_leaves.c.id == taking.leave_id, export_leaves.c.asked_by == actor.id)
    ).one_or_none()
    if row is None:
        raise NotFound("export.leave_not_found")
    fits = row.list == taking.list and dict(row.filters) == dict(taking.filters) and count <= row.rows
    if not fits or (taking.unmasked and not row.unmasked):
        raise Refused("export.leave_for_another", count=count, most=row.rows)
    if not row.granted or not holds(row.valid_until, work.now):
        raise Refused("export.leave_not_in_force")
    # Guarded: of two that use it at once, one finds it used.
    once = update(export_leaves).where(export_leaves.c.id == row.id, export_leaves.c.used_at.is_(None))
    if work.connection.execute(once.values(used_at=work.now)).rowcount != 1:
        raise Refused("export.leave_used")


def ask_leave(database: Database, actor: Actor, taking: Taking, *, count: int, now: datetime) -> str:
    """Ask that a longer or an unmasked list may leave; answers the id. Nothing is asked that needs no leave."""
    said = told(REASON, taking.reason, longest=LONGEST_REASON)
    if taking.list not in ACTIONS or (taking.unmasked and taking.list not in WITH_NAMES):
        raise Invalid("input.not_a_choice", field="list", label="清单", label_en="list")
    if not 1 <= count <= MOST_EVER:
        raise Refused("export.too_many_ever", count=count, most=MOST_EVER)

    def unit(work: Work) -> str:
        allowed(work, actor, ASK)
        if not needs_leave(count, unmasked=taking.unmasked):
            raise Refused("export.needs_none", most=MOST_ROWS)
        identity = new_id()
        work.connection.execute(
            insert(export_leaves).values(
                id=identity, list=taking.list, filters=dict(taking.filters), rows=count, unmasked=taking.unmasked,
                reason=said, asked_by=actor.id, asked_at=work.now,
            )
        )  # fmt: skip
        details = {**taking.filters, "count": count, "unmasked": taking.unmasked, "reason": said}
        note(work, actor, "export:ask", stream="export_leaves", object=identity, details=details)
        return identity

    return act(database, actor, unit, now=now, action="export:ask", stream="export_leaves", object=taking.list)


def decide_leave(database: Database, actor: Actor, *, leave_id: str, grant: bool, now: datetime) -> None:
    """Somebody else lets the list leave, for one day and once, or refuses.

    NotFound for an unknown leave; Forbidden for who asked for it; Refused when it was decided before.
    """

    def unit(work: Work) -> None:
        allowed(work, actor, DECIDE)
        row = work.connection.execute(select(export_leaves).where(export_leaves.c.id == leave_id)).one_or_none()
        if row is None:
            raise NotFound("export.leave_not_found")
        if row.asked_by == actor.id:
            raise Forbidden("export.own_leave")
        values = {"decided_by": actor.id, "decided_at": work.now, "granted": grant}
        once = update(export_leaves).where(export_leaves.c.id == leave_id, export_leaves.c.decided_at.is_(None))
        changed = work.connection.execute(once.values(**values, valid_until=work.now + VALID if grant else None))
        if changed.rowcount != 1:
            raise Refused("export.leave_decided")
        details = {"list": row.list, "count": row.rows, "granted": grant}
        note(work, actor, "export:decide", stream="export_leaves", object=leave_id, details=details)

    act(database, actor, unit, now=now, action="export:decide", stream="export_leaves", object=leave_id)
