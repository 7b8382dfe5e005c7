"""Puts rule sets in force and finds the one in force on a day."""

from datetime import date

from sqlalchemy import insert, or_, select

from services.database.base import new_id
from services.database.work import Work
from services.errors import Broken
from services.rulesets.models import rule_set_withdrawals, rule_sets
from services.rulesets.rules import Rules, shipped

FIRST_DAY = date(2017, 12, 25)


STANDING = rule_sets.c.id.not_in(
    select(rule_set_withdrawals.c.rule_set_id).where(rule_set_withdrawals.c.standing == "done")
)
"""The versions that were not taken back."""


def seed_rule_set(work: Work, *, jurisdiction: str = "22") -> str:
    """Put the shipped rule set in force from the day of the policy; answers its id. Does nothing when it is there."""
    found = work.connection.execute(
        select(rule_sets.c.id).where(rule_sets.c.jurisdiction == jurisdiction, rule_sets.c.valid_from == FIRST_DAY)
    ).scalar()
    if found:
        return str(found)
    numbers = dict(shipped())
    source = numbers.pop("source")
    identity = new_id()
    work.connection.execute(
        insert(rule_sets).values(
            id=identity, jurisdiction=jurisdiction, valid_from=FIRST_DAY, valid_to=None, numbers=numbers, source=source
        )
    )
    return identity


def rule_set_on(work: Work, day: date) -> Rules:
    """The rule set in force on that day (the latest begun that was not taken back); Broken when there is none."""
    row = work.connection.execute(
        select(rule_sets.c.id, rule_sets.c.numbers)
        .where(
            rule_sets.c.valid_from <= day, or_(rule_sets.c.valid_to.is_(None), rule_sets.c.valid_to >= day), STANDING
        )
        .order_by(rule_sets.c.valid_from.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise Broken(f"no rule set in force on {day}")
    return Rules(row.id, row.numbers)


_KNOWN: dict[str, Rules] = {}


def rules_of(work: Work, rule_set_id: str) -> Rules:
    """The rule set of that id; rule sets never change once written, so each is read once a process."""
    known = _KNOWN.get(rule_set_id)
    if known is None:
        row = work.connection.execute(select(rule_sets).where(rule_sets.c.id == rule_set_id)).one()
        known = _KNOWN[rule_set_id] = Rules(row.id, row.numbers)
    return known
