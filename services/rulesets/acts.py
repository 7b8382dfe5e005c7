"""How a new version of the rule set comes about: one person proposes it, another approves it, and it waits for its day.

Each act is its own unit of work with permission from the policy table and exactly one entry in the audit log. Nothing
ever changes a version that is written: running cases keep theirs.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, NotFound, Refused
from services.people.acts import act, allowed, hold, note, told
from services.rulesets.commands import STANDING
from services.rulesets.models import rule_set_proposals, rule_sets
from services.rulesets.rules import differences, with_values

STREAM = "rule_sets"
SOURCE = ("依据", "legal source")


def propose_rule_set(
    database: Database, actor: Actor, *, given: Mapping[str, str], valid_from: date, source: str, now: datetime,
    dry_run: bool = False,
) -> str:  # fmt: skip
    """Propose a version that counts from `valid_from`: the latest one with the fields of `given` as typed; its id.

    Refuses values that do not fit (Invalid), a day that has come or is not after the latest version's, a proposal that
    changes nothing, and a second one while one waits.
    """
    cited = told(SOURCE, source, longest=200)

    def unit(work: Work) -> str:
        allowed(work, actor, "rules:propose")
        hold(work, STREAM)
        latest = _latest(work)
        numbers = with_values(latest.numbers, given)
        changes = differences(latest.numbers, numbers)
        _refuse_day(work, valid_from, latest)
        if not changes:
            raise Refused("rule_set.nothing_changed")
        if work.connection.execute(select(rule_set_proposals.c.id).where(_WAITING)).first():
            raise Refused("rule_set.one_waits")
        identity = new_id()
        work.connection.execute(
            insert(rule_set_proposals).values(
                id=identity, jurisdiction=latest.jurisdiction, valid_from=valid_from, numbers=numbers, source=cited,
                based_on=latest.id, proposed_by=actor.id, proposed_at=work.now, standing="waiting",
            )
        )  # fmt: skip
        changed = {one.field.key: _plain(one.before, one.after) for one in changes}
        details = {"valid_from": valid_from.isoformat(), "source": cited, "changed": changed}
        note(work, actor, "rules:propose", stream=STREAM, object=valid_from.isoformat(), details=details)
        return identity

    return act(
        database, actor, unit, now=now, action="rules:propose", stream=STREAM, object="rule_sets", dry_run=dry_run
    )


def approve_rule_set(database: Database, actor: Actor, *, proposal_id: str, now: datetime) -> str:
    """Let a proposal become the version that counts from its day; answers the id of the rule set.

    Refuses whoever proposed it (Forbidden), one that is decided, one whose day has come meanwhile, and one that was
    based on a version which is no longer the latest.
    """

    def unit(work: Work) -> str:
        found = _waiting(work, actor, proposal_id, "rules:approve")
        if found.proposed_by == actor.id:
            raise Forbidden("rule_set.two_people")
        latest = _latest(work)
        _refuse_day(work, found.valid_from, latest)
        if found.based_on != latest.id:
            raise Refused("rule_set.base_changed")
        identity = new_id()
        work.connection.execute(
            insert(rule_sets).values(
                id=identity, jurisdiction=found.jurisdiction, valid_from=found.valid_from, valid_to=None,
                numbers=found.numbers, source=found.source,
            )
        )  # fmt: skip
        _decide(work, actor, proposal_id, standing="approved", rule_set_id=identity)
        day = found.valid_from.isoformat()
        details = {"proposal": proposal_id, "proposed_by": found.proposed_by, "rule_set": identity}
        note(work, actor, "rules:approve", stream=STREAM, object=day, details=details)
        return identity

    return act(database, actor, unit, now=now, action="rules:approve", stream=STREAM, object=proposal_id)


def refuse_rule_set(database: Database, actor: Actor, *, proposal_id: str, reason: str, now: datetime) -> None:
    """Turn a proposal down, with the reason. Refuses one that is decided and whoever proposed it (they withdraw it)."""
    said = told(("理由", "reason"), reason, longest=400)

    def unit(work: Work) -> None:
        found = _waiting(work, actor, proposal_id, "rules:approve")
        if found.proposed_by == actor.id:
            raise Forbidden("rule_set.two_people")
        _decide(work, actor, proposal_id, standing="refused", reason=said)
        details = {"proposal": proposal_id, "reason": said}
        note(work, actor, "rules:refuse", stream=STREAM, object=found.valid_from.isoformat(), details=details)

    act(database, actor, unit, now=now, action="rules:refuse", stream=STREAM, object=proposal_id)


def withdraw_rule_set(database: Database, actor: Actor, *, proposal_id: str, now: datetime) -> None:
    """Take the own proposal back. Refuses one of somebody else (Forbidden) and one that is decided."""

    def unit(work: Work) -> None:
        found = _waiting(work, actor, proposal_id, "rules:propose")
        if found.proposed_by != actor.id:
            raise Forbidden("rule_set.not_yours")
        _decide(work, actor, proposal_id, standing="withdrawn")
        details = {"proposal": proposal_id}
        note(work, actor, "rules:withdraw", stream=STREAM, object=found.valid_from.isoformat(), details=details)

    act(database, actor, unit, now=now, action="rules:withdraw", stream=STREAM, object=proposal_id)


_WAITING = rule_set_proposals.c.standing == "waiting"


def _latest(work: Work) -> Row[Any]:
    latest = select(rule_sets).where(STANDING).order_by(rule_sets.c.valid_from.desc()).limit(1)
    found = work.connection.execute(latest).one_or_none()
    if found is None:
        raise Refused("rule_set.none_yet")
    return found


def _refuse_day(work: Work, valid_from: date, latest: Row[Any]) -> None:
    if valid_from <= work.today:
        raise Refused("rule_set.day_has_come", day=valid_from)
    if valid_from <= latest.valid_from:
        raise Refused("rule_set.not_after_latest", day=valid_from, latest=latest.valid_from)
    taken = select(rule_sets.c.id).where(rule_sets.c.valid_from == valid_from)
    if work.connection.execute(taken).first() is not None:
        raise Refused("rule_set.day_of_withdrawn", day=valid_from)


def _waiting(work: Work, actor: Actor, proposal_id: str, action: str) -> Row[Any]:
    """The proposal, which nobody else decides meanwhile, for whom the policy lets do that."""
    allowed(work, actor, action)
    hold(work, STREAM)
    found = work.connection.execute(
        select(rule_set_proposals).where(rule_set_proposals.c.id == proposal_id)
    ).one_or_none()
    if found is None:
        raise NotFound("rule_set.proposal_unknown")
    if found.standing != "waiting":
        raise Refused("rule_set.already_decided")
    return found


def _decide(work: Work, actor: Actor, proposal_id: str, **values: Any) -> None:
    work.connection.execute(
        update(rule_set_proposals)
        .where(rule_set_proposals.c.id == proposal_id)
        .values(decided_by=actor.id, decided_at=work.now, **values)
    )


def _plain(before: Any, after: Any) -> dict[str, Any]:
    return {"before": before, "after": after}
