"""Reads of public money: budget execution, awards with their instalments, and what is still unsettled."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from services.database.work import Work
from services.errors import NotFound
from services.funding.models import (
    awards,
    budget_lines,
    budget_proposals,
    fund_programs,
    instalments,
    recoveries,
    recovery_cases,
)
from services.ledger.queries import balances, balances_by_line
from services.organizations.models import organizations, payee_accounts
from services.people.models import persons


@dataclass(frozen=True, slots=True)
class BudgetLineFigures:
    """One budget line and its position, all in fen and positive; net_paid is paid less returned."""

    id: str
    program: str
    year: int
    source: str
    purpose: str
    appropriated: int
    available: int
    committed: int
    payable: int
    paid: int
    returned: int
    receivable: int
    office: str = ""
    closed_on: date | None = None

    @property
    def net_paid(self) -> int:
        """Paid less returned."""
        return self.paid - self.returned


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """One proposal about the budget: what, on what, by whom, and what became of it; amount in fen."""

    id: str
    act: str
    program: str
    year: int | None
    source: str
    office: str
    purpose: str
    ceiling: str
    amount_fen: int | None
    reason: str
    proposed_by_id: str
    proposed_by: str
    proposed_at: datetime
    standing: str
    decided_by: str
    decided_because: str


@dataclass(frozen=True, slots=True)
class InstalmentLine:
    """One instalment of an award; amounts in fen."""

    case_id: str
    number: int
    amount_fen: int
    earned_on: date | None
    bank_serial: str | None
    value_date: date | None
    received_on: date | None


@dataclass(frozen=True, slots=True)
class AwardLine:
    """One award with its instalments; amounts in fen."""

    case_id: str
    incubation_case_id: str | None
    program: str
    year: int
    source: str
    purpose: str
    project: str
    requested_fen: int
    amount_fen: int | None
    account_id: str | None
    budget_line_id: str
    instalments: tuple[InstalmentLine, ...]


def budget_position(work: Work, *, year: int | None = None) -> tuple[BudgetLineFigures, ...]:
    """Every budget line (of one year) with its position derived from the book, ordered by programme and source."""
    book = balances_by_line(work)
    statement = (
        select(budget_lines, fund_programs.c.name, fund_programs.c.year)
        .join(fund_programs, fund_programs.c.id == budget_lines.c.program_id)
        .order_by(fund_programs.c.year, fund_programs.c.name, budget_lines.c.source)
    )
    if year is not None:
        statement = statement.where(fund_programs.c.year == year)
    found = []
    for row in work.connection.execute(statement):
        of = book.get(row.id, {})
        found.append(
            BudgetLineFigures(
                row.id, row.name, row.year, row.source, row.purpose, -of.get("APPROPRIATED", 0),
                of.get("AVAILABLE", 0), of.get("COMMITTED", 0), of.get("PAYABLE", 0), of.get("PAID", 0),
                -of.get("RETURNED", 0), of.get("RECEIVABLE", 0), row.office, row.closed_on,
            )
        )  # fmt: skip
    return tuple(found)


def open_lines(work: Work) -> tuple[BudgetLineFigures, ...]:
    """The lines on which something may still be promised."""
    return tuple(one for one in budget_position(work) if one.closed_on is None)


def proposals(work: Work, *, waiting: bool, limit: int = 100) -> tuple[ProposalLine, ...]:
    """What waits for a second person, the oldest first; or what was decided, the latest first."""
    c, line, own = budget_proposals.c, budget_lines.c, fund_programs.alias()
    proposer, decider = persons.alias(), persons.alias()
    statement = (
        select(
            budget_proposals, proposer.c.name.label("proposer"), decider.c.name.label("decider"),
            func.coalesce(fund_programs.c.name, own.c.name, "").label("program"),
            func.coalesce(c.year, fund_programs.c.year, own.c.year).label("of_year"),
            line.source.label("line_source"), line.office.label("line_office"), line.purpose.label("line_purpose"),
        )
        .join(proposer, proposer.c.id == c.proposed_by)
        .outerjoin(decider, decider.c.id == c.decided_by)
        .outerjoin(budget_lines, line.id == c.budget_line_id)
        .outerjoin(fund_programs, fund_programs.c.id == c.program_id)
        .outerjoin(own, own.c.id == line.program_id)
        .where((c.standing == "waiting") if waiting else (c.standing != "waiting"))
        .order_by(c.proposed_at if waiting else c.decided_at.desc(), c.id)
        .limit(limit)
    )  # fmt: skip
    return tuple(
        ProposalLine(
            row.id, row.act, row.program, row.of_year, row.source or row.line_source or "",
            row.office or row.line_office or "", row.purpose or row.line_purpose or "", row.ceiling, row.amount_fen,
            row.reason, row.proposed_by, row.proposer, row.proposed_at, row.standing, row.decider or "",
            row.decided_because,
        )
        for row in work.connection.execute(statement)
    )  # fmt: skip


def _award_lines(work: Work, condition: Any) -> tuple[AwardLine, ...]:
    rows = work.connection.execute(
        select(awards, fund_programs.c.name, fund_programs.c.year, budget_lines.c.source)
        .join(fund_programs, fund_programs.c.id == awards.c.program_id)
        .join(budget_lines, budget_lines.c.id == awards.c.budget_line_id)
        .where(condition)
        .order_by(awards.c.case_id)
    ).all()
    parts: dict[str, list[InstalmentLine]] = {}
    for one in work.connection.execute(
        select(instalments)
        .where(instalments.c.award_id.in_([row.case_id for row in rows]))
        .order_by(instalments.c.award_id, instalments.c.number)
    ):
        parts.setdefault(one.award_id, []).append(
            InstalmentLine(one.case_id, one.number, one.amount_fen, one.earned_on, one.bank_serial, one.value_date,
                           one.received_on)
        )  # fmt: skip
    return tuple(
        AwardLine(row.case_id, row.incubation_case_id, row.name, row.year, row.source, row.purpose, row.project,
                  row.requested_fen, row.amount_fen, row.account_id, row.budget_line_id,
                  tuple(parts.get(row.case_id, ())))
        for row in rows
    )  # fmt: skip


def award(work: Work, award_id: str) -> AwardLine:
    """One award; NotFound when there is none."""
    found = _award_lines(work, awards.c.case_id == award_id)
    if not found:
        raise NotFound("award.not_found")
    return found[0]


def awards_of(work: Work, incubation_case_id: str) -> tuple[AwardLine, ...]:
    """The awards beside an incubation case."""
    return _award_lines(work, awards.c.incubation_case_id == incubation_case_id)


def award_of_instalment(work: Work, instalment_case_id: str) -> AwardLine:
    """The award an instalment belongs to; NotFound when there is none."""
    owner = select(instalments.c.award_id).where(instalments.c.case_id == instalment_case_id).scalar_subquery()
    found = _award_lines(work, awards.c.case_id == owner)
    if not found:
        raise NotFound("award.not_found")
    return found[0]


def unsettled_fen(work: Work, incubation_case_id: str) -> int:
    """What stands between an incubation and its settlement: payable, paid but unconfirmed, and owed back; in fen."""
    total = 0
    for line in awards_of(work, incubation_case_id):
        book = balances(work, award_id=line.case_id)
        total += book.get("PAYABLE", 0) + book.get("RECEIVABLE", 0)
        total += sum(one.amount_fen for one in line.instalments if one.value_date and one.received_on is None)
    return total


def programs(work: Work) -> tuple[tuple[str, str, int, str], ...]:
    """(id, name, year, funding type) of every programme, by year and name."""
    rows = work.connection.execute(select(fund_programs).order_by(fund_programs.c.year, fund_programs.c.name))
    return tuple((row.id, row.name, row.year, row.funding_type) for row in rows)


def payee_of(work: Work, award_id: str) -> tuple[str, str]:
    """(id, home division) of the organization whose account an award is paid into; NotFound without an account."""
    row = work.connection.execute(
        select(organizations.c.id, organizations.c.home_division)
        .join(payee_accounts, payee_accounts.c.organization_id == organizations.c.id)
        .join(awards, awards.c.account_id == payee_accounts.c.id)
        .where(awards.c.case_id == award_id)
    ).one_or_none()
    if row is None:
        raise NotFound("award.not_found")
    return row.id, row.home_division


def cases_beside(work: Work, award_id: str) -> tuple[str, ...]:
    """The award and the incubation it stands beside, as case ids."""
    beside = work.connection.scalar(select(awards.c.incubation_case_id).where(awards.c.case_id == award_id))
    return (award_id, beside) if beside else (award_id,)


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """One part of a repayment plan: its day, its amount, and how much must have come back in all by then; in fen."""

    due_on: date
    amount_fen: int
    until_fen: int


@dataclass(frozen=True, slots=True)
class Recovery:
    """The money side of a recovery; amounts in fen. What the notice and the decision say is None before they exist.

    `kept_fen` was paid and not returned when the notice was served, `asked_fen` is that less what was spent as agreed;
    `decided_fen` is owed, and `repaid_fen` came back of it.
    """

    case_id: str
    award_id: str
    cause: str
    kept_fen: int | None
    compliant_fen: int | None
    asked_fen: int | None
    decided_fen: int | None
    repaid_fen: int
    decided_on: date | None
    due_on: date | None
    closed_on: date | None
    plan: tuple[PlannedPart, ...] = ()

    @property
    def next_due_on(self) -> date | None:
        """The day of the first part that has not come back in full; without a plan the last day."""
        waiting = (part.due_on for part in self.plan if part.until_fen > self.repaid_fen)
        return next(waiting, self.due_on)

    @property
    def owed_fen(self) -> int:
        """What has still to come back, whether or not it was written off."""
        return (self.decided_fen or 0) - self.repaid_fen


def recovery_of(work: Work, case_id: str) -> Recovery:
    """The recovery of that case; NotFound when there is none."""
    row = work.connection.execute(
        select(
            recovery_cases, recoveries.c.amount_fen.label("decided_fen"), recoveries.c.repaid_fen,
            recoveries.c.decided_on,
        )
        .outerjoin(recoveries, recoveries.c.id == recovery_cases.c.recovery_id)
        .where(recovery_cases.c.case_id == case_id)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound("recovery.not_found")
    return Recovery(
        row.case_id, row.award_id, row.cause, row.kept_fen, row.compliant_fen, row.asked_fen, row.decided_fen,
        row.repaid_fen or 0, row.decided_on, row.due_on, row.closed_on,
        tuple(
            PlannedPart(date.fromisoformat(one["due_on"]), one["amount_fen"], one["until_fen"])
            for one in row.plan or ()
        ),
    )  # fmt: skip


def is_looked_into(work: Work, award_id: str) -> bool:
    """Whether a recovery of money of that award is open."""
    found = select(recovery_cases.c.case_id).where(
        recovery_cases.c.award_id == award_id, recovery_cases.c.closed_on.is_(None)
    )
    return work.connection.execute(found).first() is not None


def is_decided(work: Work, award_id: str) -> bool:
    """Whether it was ever decided that money of that award is owed back; that happens once."""
    found = select(recoveries.c.id).where(recoveries.c.award_id == award_id)
    return work.connection.execute(found).first() is not None


def kept_fen(work: Work, award_id: str) -> int:
    """What the organization was paid and has neither returned nor been told to repay, in fen."""
    book = balances(work, award_id=award_id)
    return book.get("PAID", 0) + book.get("RETURNED", 0) - book.get("RECEIVABLE", 0)
