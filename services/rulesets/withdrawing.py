"""How an approved version that does not count yet is taken back: one person asks with a reason, another confirms.

The version itself stays written; from then on it counts on no day. Each act has exactly one entry in the audit log.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, NotFound, Refused
from services.people.acts import act, allowed, hold, note, told
from services.rulesets.acts import STREAM
from services.rulesets.models import rule_set_withdrawals, rule_sets

REASON = ("理由", "reason")


def ask_withdrawal(database: Database, actor: Actor, *, rule_set_id: str, reason: str, now: datetime) -> str:
    """Ask that an approved version be taken back before its day; answers the id of what now waits.

    NotFound for no version; Refused for one whose day has come, one that is withdrawn, and while such a wish waits.
    """
    said = told(REASON, reason, longest=400)

    def unit(work: Work) -> str:
        allowed(work, actor, "rules:propose")
        found = _coming(work, rule_set_id)
        if _waiting(work, rule_set_id) is not None:
            raise Refused("rule_set.withdrawal_waits")
        identity = new_id()
        values = {"rule_set_id": rule_set_id, "reason": said, "asked_by": actor.id, "asked_at": work.now}
        work.connection.execute(insert(rule_set_withdrawals).values(id=identity, standing="waiting", **values))
        _note(work, actor, "rules:ask_withdrawal", found.valid_from, {"rule_set": rule_set_id, "reason": said})
        return identity

    return act(database, actor, unit, now=now, action="rules:ask_withdrawal", stream=STREAM, object=rule_set_id)


def confirm_withdrawal(database: Database, actor: Actor, *, rule_set_id: str, now: datetime) -> None:
    """Take the version back, as another person asked. Forbidden for who asked; refuses as `ask_withdrawal`."""

    def unit(work: Work) -> None:
        found = _decide(work, actor, rule_set_id, standing="done", reason="")
        _note(work, actor, "rules:confirm_withdrawal", found.valid_from, {"rule_set": rule_set_id})

    act(database, actor, unit, now=now, action="rules:confirm_withdrawal", stream=STREAM, object=rule_set_id)


def refuse_withdrawal(database: Database, actor: Actor, *, rule_set_id: str, reason: str, now: datetime) -> None:
    """Let the version stand, with the reason; whoever asked may take the wish back so too."""
    said = told(REASON, reason, longest=400)

    def unit(work: Work) -> None:
        found = _decide(work, actor, rule_set_id, standing="refused", reason=said)
        _note(work, actor, "rules:refuse_withdrawal", found.valid_from, {"rule_set": rule_set_id, "reason": said})

    act(database, actor, unit, now=now, action="rules:refuse_withdrawal", stream=STREAM, object=rule_set_id)


def _decide(work: Work, actor: Actor, rule_set_id: str, *, standing: str, reason: str) -> Row[Any]:
    allowed(work, actor, "rules:approve")
    found = _coming(work, rule_set_id)
    waiting = _waiting(work, rule_set_id)
    if waiting is None:
        raise Refused("rule_set.no_withdrawal_waits")
    if waiting.asked_by == actor.id:
        raise Forbidden("rule_set.two_people")
    work.connection.execute(
        update(rule_set_withdrawals)
        .where(rule_set_withdrawals.c.id == waiting.id)
        .values(standing=standing, decided_by=actor.id, decided_at=work.now, decided_because=reason)
    )
    return found


def _coming(work: Work, rule_set_id: str) -> Row[Any]:
    """The version, which nobody else decides on meanwhile and whose day is still to come."""
    hold(work, STREAM)
    found = work.connection.execute(select(rule_sets).where(rule_sets.c.id == rule_set_id)).one_or_none()
    if found is None:
        raise NotFound("access.not_found")
    if found.valid_from <= work.today:
        raise Refused("rule_set.in_force_already", day=found.valid_from)
    taken = select(rule_set_withdrawals.c.id).where(
        rule_set_withdrawals.c.rule_set_id == rule_set_id, rule_set_withdrawals.c.standing == "done"
    )
    if work.connection.execute(taken).first() is not None:
        raise Refused("rule_set.withdrawn_already")
    return found


def _waiting(work: Work, rule_set_id: str) -> Row[Any] | None:
    return work.connection.execute(
        select(rule_set_withdrawals).where(
            rule_set_withdrawals.c.rule_set_id == rule_set_id, rule_set_withdrawals.c.standing == "waiting"
        )
    ).one_or_none()


def _note(work: Work, actor: Actor, action: str, day: date, details: dict[str, Any]) -> None:
    note(work, actor, action, stream=STREAM, object=day.isoformat(), details=details)
