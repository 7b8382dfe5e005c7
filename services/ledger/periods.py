"""The months of the book: proposed for closing by one person, closed by another, reopened by two with a reason."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.counters import hold_series
from services.database.work import Work
from services.errors import Forbidden, NotFound, Refused
from services.ledger.models import ledger_entries, ledger_periods, ledger_postings, ledger_proposals
from services.ledger.rules import days_of, month_of, series_of
from services.people.models import persons


@dataclass(frozen=True, slots=True)
class Period:
    """One month with entries or with a standing of its own: how many vouchers, how much was debited, who closed it."""

    month: str
    standing: str
    vouchers: int
    debits_fen: int
    closed_by: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one person proposed and another decides: close or reopen a month, or reverse an entry."""

    id: str
    act: str
    month: str
    voucher: str
    booked_on: date | None
    reason: str
    proposed_by: str
    proposer_id: str
    proposed_at: datetime
    standing: str
    decided_by: str
    decided_at: datetime | None


def periods(work: Work) -> tuple[Period, ...]:
    """Every month that has entries or was ever proposed for closing, the latest first."""
    debits = (
        select(ledger_postings.c.entry_id, func.sum(ledger_postings.c.amount_fen).label("fen"))
        .where(ledger_postings.c.amount_fen > 0)
        .group_by(ledger_postings.c.entry_id)
        .subquery()
    )
    per_day = (
        select(ledger_entries.c.posted_on, func.count().label("vouchers"), func.sum(debits.c.fen).label("fen"))
        .join(debits, debits.c.entry_id == ledger_entries.c.id)
        .group_by(ledger_entries.c.posted_on)
    )
    sums: dict[str, list[int]] = {}
    for row in work.connection.execute(per_day):
        of = sums.setdefault(month_of(row.posted_on), [0, 0])
        of[0] += int(row.vouchers)
        of[1] += int(row.fen)
    closers = select(ledger_periods, persons.c.name).outerjoin(persons, persons.c.id == ledger_periods.c.closed_by)
    known = {row.month: row for row in work.connection.execute(closers)}
    return tuple(_period(month, sums.get(month, [0, 0]), known.get(month)) for month in _months(sums, known))


def _months(sums: dict[str, list[int]], known: dict[str, Any]) -> list[str]:
    return sorted(sums.keys() | known.keys(), reverse=True)


def _period(month: str, sums: list[int], row: Row[Any] | None) -> Period:
    if row is None:
        return Period(month, "open", sums[0], sums[1], "", None)
    closed = row.standing == "closed"
    return Period(
        month, row.standing, sums[0], sums[1], row.name if closed else "", row.closed_at if closed else None
    )  # fmt: skip


def proposals(work: Work, *, waiting: bool = True, proposal_id: str | None = None) -> tuple[Proposal, ...]:
    """What was proposed, the oldest first: what still waits, everything, or one."""
    proposer, decider = persons.alias(), persons.alias()
    statement = (
        select(
            ledger_proposals, ledger_entries.c.voucher, proposer.c.name.label("proposer"),
            decider.c.name.label("decider"),
        )
        .join(proposer, proposer.c.id == ledger_proposals.c.proposed_by)
        .outerjoin(decider, decider.c.id == ledger_proposals.c.decided_by)
        .outerjoin(ledger_entries, ledger_entries.c.id == ledger_proposals.c.entry_id)
        .order_by(ledger_proposals.c.proposed_at, ledger_proposals.c.id)
    )  # fmt: skip
    if waiting:
        statement = statement.where(ledger_proposals.c.standing == "waiting")
    if proposal_id is not None:
        statement = statement.where(ledger_proposals.c.id == proposal_id)
    return tuple(
        Proposal(
            row.id, row.act, row.month or "", row.voucher or "", row.booked_on, row.reason, row.proposer,
            row.proposed_by, row.proposed_at, row.standing, row.decider or "", row.decided_at,
        )
        for row in work.connection.execute(statement)
    )  # fmt: skip


def propose(
    work: Work, *, actor: Actor, act: str, reason: str, month: str | None = None, entry_id: str | None = None,
    booked_on: date | None = None,
) -> str:  # fmt: skip
    """Write a proposal and answer its id. Refused when one about the same month or entry waits already."""
    about = ledger_proposals.c.month == month if month else ledger_proposals.c.entry_id == entry_id
    waits = select(ledger_proposals.c.id).where(about, ledger_proposals.c.standing == "waiting")
    if work.connection.execute(waits).first():
        raise Refused("ledger.proposal_waits")
    if month and _standing(work, month) is None:
        work.connection.execute(insert(ledger_periods).values(month=month, standing="open"))
    identity = new_id()
    work.connection.execute(
        insert(ledger_proposals).values(
            id=identity, act=act, month=month, entry_id=entry_id, booked_on=booked_on, reason=reason,
            proposed_by=actor.id, proposed_at=work.now, standing="waiting",
        )
    )  # fmt: skip
    return identity


def decide(work: Work, *, actor: Actor, proposal_id: str, standing: str) -> Proposal:
    """Mark a waiting proposal as done or refused, and answer it.

    NotFound for none; Refused for one that is decided already; Forbidden to who proposed it.
    """
    found = proposals(work, waiting=False, proposal_id=proposal_id)
    if not found:
        raise NotFound("ledger.proposal_not_found")
    if found[0].proposer_id == actor.id:
        raise Forbidden("case.duties_must_be_separate")
    one = ledger_proposals.c
    changed = work.connection.execute(
        update(ledger_proposals)
        .where(one.id == proposal_id, one.standing == "waiting")
        .values(standing=standing, decided_by=actor.id, decided_at=work.now)
    ).rowcount
    if changed != 1:
        raise Refused("ledger.proposal_decided")
    return found[0]


def refuse_closing(work: Work, month: str) -> None:
    """Refused unless the month may be closed today: it ends today or is over, and no earlier one is still open."""
    if _standing(work, month) == "closed":
        raise Refused("period.already_closed", month=month)
    first, last = days_of(month)
    if work.today < last:
        raise Refused("period.not_over", month=month, last=last)
    earlier = [one.month for one in periods(work) if one.month < month and one.standing == "open"]
    if earlier:
        raise Refused("period.earlier_open", month=month, earlier=min(earlier))
    total = (
        select(func.sum(ledger_postings.c.amount_fen))
        .join(ledger_entries, ledger_entries.c.id == ledger_postings.c.entry_id)
        .where(ledger_entries.c.posted_on.between(first, last))
    )
    if work.connection.scalar(total):
        raise Refused("ledger.not_balanced")


def refuse_reopening(work: Work, month: str) -> None:
    """Refused unless the month is closed and no later one is."""
    if _standing(work, month) != "closed":
        raise Refused("period.not_closed", month=month)
    closed = ledger_periods.c.standing == "closed"
    later = work.connection.scalar(
        select(func.max(ledger_periods.c.month)).where(ledger_periods.c.month > month, closed)
    )
    if later:
        raise Refused("period.later_closed", month=month, later=later)


def close(work: Work, *, actor: Actor, month: str) -> None:
    """Close the month, about which a proposal was written; who posts meanwhile is waited for. Refused as above."""
    _hold(work, month)
    refuse_closing(work, month)
    _set(work, month, standing="closed", closed_by=actor.id, closed_at=work.now)


def reopen(work: Work, month: str) -> None:
    """Open the month again. Refused as above."""
    _hold(work, month)
    refuse_reopening(work, month)
    _set(work, month, standing="open")


def _hold(work: Work, month: str) -> None:
    hold_series(work, series_of(int(month[:4])))


def _set(work: Work, month: str, **values: Any) -> None:
    work.connection.execute(update(ledger_periods).where(ledger_periods.c.month == month).values(**values))


def _standing(work: Work, month: str) -> str | None:
    return work.connection.scalar(select(ledger_periods.c.standing).where(ledger_periods.c.month == month))
