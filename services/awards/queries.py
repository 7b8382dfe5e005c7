"""Reads of awards: calls and whether they are open, the terms and the budget of an award, its audit."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from services.awards.models import award_audits, award_budget_items, award_terms, expenses, fund_calls
from services.awards.rules import stage_of
from services.database.work import Work
from services.errors import NotFound, Refused
from services.funding.models import awards, fund_programs, instalments


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call with its programme; `categories` empty means every kind of organization."""

    id: str
    program_id: str
    program: str
    year: int
    funding_type: str
    title: str
    asked_for: str
    categories: tuple[str, ...]
    opens_on: date
    closes_on: date
    ceiling_fen: int
    rolling: bool
    applications: int = 0

    def standing(self, today: date) -> str:
        """announced, open or closed."""
        if today < self.opens_on:
            return "announced"
        return "open" if today <= self.closes_on else "closed"

    def called_for(self, category: str) -> bool:
        """Whether organizations of that category may apply."""
        return not self.categories or category in self.categories


@dataclass(frozen=True, slots=True)
class BudgetItem:
    """One item of an award's budget: what was asked and what is granted for it, in fen."""

    id: str
    place: int
    name: str
    asked_fen: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class TermsLine:
    """The terms of one award; score in hundredths of a point, money in fen."""

    call_id: str
    plan: tuple[int, ...]
    starts_on: date
    ends_on: date
    advised_fen: int | None
    accepted_hundredths: int | None
    vetoed: bool


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Whether and why an award is audited by somebody outside, by which lot, and what came of it."""

    because: str
    seed: str
    lot: int
    percent: int
    asked_on: date
    firm: str
    report_number: str
    opinion: str | None
    recorded_on: date | None

    @property
    def missing(self) -> bool:
        """Whether a report is still waited for."""
        return self.because != "neither" and self.opinion is None


@dataclass(frozen=True, slots=True)
class Earned:
    """One part that a move earns: of which award, and which."""

    award_id: str
    number: int


_CALLS = select(fund_calls, fund_programs.c.name, fund_programs.c.year, fund_programs.c.funding_type).join(
    fund_programs, fund_programs.c.id == fund_calls.c.program_id
)


def _line(row: Row[Any], applications: int = 0) -> CallLine:
    return CallLine(
        row.id, row.program_id, row.name, row.year, row.funding_type, row.title, row.asked_for, tuple(row.categories),
        row.opens_on, row.closes_on, row.ceiling_fen, row.rolling, applications,
    )  # fmt: skip


def calls(work: Work) -> tuple[CallLine, ...]:
    """Every call with the number of its applications, the latest to close first."""
    counted = select(award_terms.c.call_id, func.count()).group_by(award_terms.c.call_id)
    known = {row[0]: row[1] for row in work.connection.execute(counted)}
    rows = work.connection.execute(_CALLS.order_by(fund_calls.c.closes_on.desc(), fund_calls.c.title, fund_calls.c.id))
    return tuple(_line(row, known.get(row.id, 0)) for row in rows)


def call_by_id(work: Work, call_id: str) -> CallLine:
    """One call; NotFound when there is none."""
    row = work.connection.execute(_CALLS.where(fund_calls.c.id == call_id)).one_or_none()
    if row is None:
        raise NotFound("call.not_found")
    return _line(row)


def open_call_of(work: Work, program_id: str) -> CallLine:
    """The call of the programme that is open today and closes first. Refused("award.call_closed") when none is."""
    row = work.connection.execute(
        _CALLS.where(
            fund_calls.c.program_id == program_id, fund_calls.c.opens_on <= work.today,
            fund_calls.c.closes_on >= work.today,
        )
        .order_by(fund_calls.c.closes_on, fund_calls.c.id)
        .limit(1)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise Refused("award.call_closed")
    return _line(row)


def terms_of(work: Work, award_id: str) -> TermsLine:
    """The terms of an award; NotFound for one that has none."""
    row = work.connection.execute(select(award_terms).where(award_terms.c.case_id == award_id)).one_or_none()
    if row is None:
        raise NotFound("award.not_found")
    return TermsLine(
        row.call_id, tuple(row.plan), row.starts_on, row.ends_on, row.advised_fen, row.accepted_hundredths, row.vetoed
    )


def budget_of(work: Work, award_id: str) -> tuple[BudgetItem, ...]:
    """The budget table of an award, in its order."""
    rows = work.connection.execute(
        select(award_budget_items).where(award_budget_items.c.award_id == award_id).order_by(award_budget_items.c.place)
    )
    return tuple(BudgetItem(row.id, row.place, row.name, row.asked_fen, row.amount_fen) for row in rows)


def spent_by_item(work: Work, award_id: str) -> dict[str, int]:
    """What was spent on each budget item, by its id, in fen; what was struck out does not count."""
    rows = work.connection.execute(
        select(expenses.c.item_id, func.sum(expenses.c.amount_fen))
        .where(expenses.c.award_id == award_id, expenses.c.struck_at.is_(None))
        .group_by(expenses.c.item_id)
    )
    return {row[0]: int(row[1]) for row in rows}


def audit_of(work: Work, award_id: str) -> AuditLine | None:
    """Whether the award is audited; None before that was drawn."""
    row = work.connection.execute(select(award_audits).where(award_audits.c.award_id == award_id)).one_or_none()
    if row is None:
        return None
    return AuditLine(
        row.because, row.seed, row.lot, row.percent, row.asked_on, row.firm, row.report_number, row.opinion,
        row.recorded_on,
    )  # fmt: skip


def earned_numbers(work: Work, *, case_id: str, stage: int) -> tuple[Earned, ...]:
    """The parts that a move of that case earns at that stage, on its own award or on those of the incubation."""
    rows = work.connection.execute(
        select(awards.c.case_id, award_terms.c.plan, instalments.c.number)
        .join(instalments, instalments.c.award_id == awards.c.case_id)
        .outerjoin(award_terms, award_terms.c.case_id == awards.c.case_id)
        .where((awards.c.case_id == case_id) | (awards.c.incubation_case_id == case_id))
        .order_by(awards.c.case_id, instalments.c.number)
    )
    return tuple(
        Earned(row.case_id, row.number)
        for row in rows
        if stage == (row.number if row.plan is None else stage_of(row.number, len(row.plan)))
    )
