"""Reads of rule sets: every version with what it changed, and the proposals for new ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import select

from services.database.work import Work
from services.people.queries import names_of
from services.rulesets.models import rule_set_proposals, rule_set_withdrawals, rule_sets
from services.rulesets.rules import Change, completed, differences

Standing = Literal["past", "in_force", "coming", "withdrawn"]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version: from when it counts, on what it rests, who brought it in, and what it changed (first: nothing)."""

    id: str
    valid_from: date
    source: str
    standing: Standing
    numbers: Mapping[str, Any]
    changes: tuple[Change, ...]
    proposed_by: str
    approved_by: str
    withdrawal: "WithdrawalLine | None"
    """The latest wish to take it back, if there was one."""


@dataclass(frozen=True, slots=True)
class WithdrawalLine:
    """A wish to take a version back before its day: whose, why, and what became of it."""

    standing: str
    reason: str
    asked_by_id: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_because: str


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """One proposal with what it would change against the version it was based on."""

    id: str
    valid_from: date
    source: str
    standing: str
    changes: tuple[Change, ...]
    proposed_by_id: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str


def versions(work: Work) -> tuple[VersionLine, ...]:
    """Every version, the latest first; the one in force is the latest begun."""
    rows = work.connection.execute(select(rule_sets).order_by(rule_sets.c.valid_from)).all()
    people = work.connection.execute(
        select(rule_set_proposals.c.rule_set_id, rule_set_proposals.c.proposed_by, rule_set_proposals.c.decided_by)
        .where(rule_set_proposals.c.rule_set_id.is_not(None))
    ).all()  # fmt: skip
    names = names_of(work, {one for row in people for one in (row.proposed_by, row.decided_by)})
    brought = {row.rule_set_id: (names[row.proposed_by], names[row.decided_by]) for row in people}
    withdrawals = _withdrawals(work)
    gone = {of for of, one in withdrawals.items() if one.standing == "done"}
    begun = [row.id for row in rows if row.valid_from <= work.today and row.id not in gone]
    found: list[VersionLine] = []
    before = None
    for row in rows:
        standing: Standing = "coming" if row.id not in begun else "in_force" if row.id == begun[-1] else "past"
        standing = "withdrawn" if row.id in gone else standing
        changes = differences(before, row.numbers) if before is not None else ()
        found.append(
            VersionLine(
                row.id,
                row.valid_from,
                row.source,
                standing,
                completed(row.numbers),
                changes,
                *brought.get(row.id, ("", "")),
                withdrawals.get(row.id),
            )
        )
        before = before if row.id in gone else row.numbers
    return tuple(reversed(found))


def _withdrawals(work: Work) -> dict[str, WithdrawalLine]:
    """The latest wish to take each version back."""
    rows = work.connection.execute(select(rule_set_withdrawals).order_by(rule_set_withdrawals.c.asked_at)).all()
    names = names_of(work, {one for row in rows for one in (row.asked_by, row.decided_by) if one})
    return {
        row.rule_set_id: WithdrawalLine(
            row.standing, row.reason, row.asked_by, names[row.asked_by], row.asked_at, names.get(row.decided_by, ""),
            row.decided_because,
        )
        for row in rows
    }  # fmt: skip


def proposals(work: Work, *, limit: int = 50) -> tuple[ProposalLine, ...]:
    """The latest proposals, newest first."""
    newest = _PROPOSALS.order_by(rule_set_proposals.c.proposed_at.desc(), rule_set_proposals.c.id.desc())
    rows = work.connection.execute(newest.limit(limit)).all()
    names = names_of(work, {one for row in rows for one in (row.proposed_by, row.decided_by) if one})
    return tuple(_proposal(row, names) for row in rows)


_PROPOSALS = select(rule_set_proposals, rule_sets.c.numbers.label("base")).join(
    rule_sets, rule_sets.c.id == rule_set_proposals.c.based_on
)


def _proposal(row: Any, names: Mapping[str, str]) -> ProposalLine:
    return ProposalLine(
        row.id, row.valid_from, row.source, row.standing, differences(row.base, row.numbers), row.proposed_by,
        names[row.proposed_by], row.proposed_at, names.get(row.decided_by, ""), row.decided_at, row.reason,
    )  # fmt: skip
