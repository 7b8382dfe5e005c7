"""The trial balance of a span of days, the vouchers behind every figure of it, and one voucher whole."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select

from services.database.work import Work
from services.errors import NotFound
from services.ledger.chart import CHART
from services.ledger.models import ledger_entries, ledger_postings, ledger_proposals, ledger_reversals
from services.people.models import persons


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `first` to `last`, both included, and the budget lines looked at (all when None)."""

    first: date
    last: date
    lines: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One account over a span, in fen: balances are signed (a debit is positive), debit and credit are not."""

    account: str
    opening: int
    debit: int
    credit: int

    @property
    def closing(self) -> int:
        """The balance on the last day."""
        return self.opening + self.debit - self.credit


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """A voucher in a list; `amount_fen` is what its matching lines debited, or credited where nothing is debited."""

    id: str
    voucher: str
    posted_on: date
    kind: str
    memo: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Posted:
    """One line of a voucher."""

    account: str
    budget_line_id: str
    award_id: str | None
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Voucher:
    """One voucher whole: who posted it and when, its lines, what it reverses and what reversed it."""

    id: str
    voucher: str
    posted_on: date
    at: datetime
    kind: str
    memo: str
    case_id: str | None
    posted_by: str
    lines: tuple[Posted, ...]
    reverses: str
    reversed_by: str
    reason: str
    proposed_by: str
    approved_by: str
    proposal_waits: bool

    @property
    def debits_fen(self) -> int:
        """What it debits, which is what it credits."""
        return sum(line.amount_fen for line in self.lines if line.amount_fen > 0)


def trial_balance(work: Work, span: Span) -> tuple[TrialRow, ...]:
    """Every account of the chart in its order, over the span; what is debited equals what is credited."""
    before, fen = ledger_entries.c.posted_on < span.first, ledger_postings.c.amount_fen
    statement = (
        select(
            ledger_postings.c.account,
            func.sum(case((before, fen), else_=0)).label("opening"),
            func.sum(case((~before & (fen > 0), fen), else_=0)).label("debit"),
            func.sum(case((~before & (fen < 0), -fen), else_=0)).label("credit"),
        )
        .join(ledger_entries, ledger_entries.c.id == ledger_postings.c.entry_id)
        .where(ledger_entries.c.posted_on <= span.last, *_on_lines(span.lines))
        .group_by(ledger_postings.c.account)
    )
    found = {row.account: row for row in work.connection.execute(statement)}
    return tuple(_trial_row(account.code, found.get(account.code)) for account in CHART)


def _trial_row(account: str, row: Any) -> TrialRow:
    return TrialRow(account, int(row.opening), int(row.debit), int(row.credit)) if row else TrialRow(account, 0, 0, 0)


def _on_lines(lines: Collection[str] | None) -> list[Any]:
    return [] if lines is None else [ledger_postings.c.budget_line_id.in_(sorted(lines))]


def vouchers(
    work: Work, span: Span, *, account: str = "", award_id: str = "", limit: int = 200, offset: int = 0
) -> tuple[VoucherLine, ...]:
    """The vouchers of the span that touch an account and an award (any when left out), the latest first."""
    fen = ledger_postings.c.amount_fen
    debit = func.sum(case((fen > 0, fen), else_=0))
    entry = ledger_entries.c
    statement = (
        select(entry.id, entry.voucher, entry.posted_on, entry.kind, entry.memo,
               case((debit > 0, debit), else_=-func.sum(fen)).label("fen"))
        .join(ledger_postings, ledger_postings.c.entry_id == entry.id)
        .where(entry.posted_on.between(span.first, span.last), *_on_lines(span.lines))
        .group_by(entry.id, entry.voucher, entry.posted_on, entry.kind, entry.memo)
        .order_by(entry.posted_on.desc(), entry.id.desc())
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    if account:
        statement = statement.where(ledger_postings.c.account == account)
    if award_id:
        statement = statement.where(ledger_postings.c.award_id == award_id)
    return tuple(
        VoucherLine(row.id, row.voucher, row.posted_on, row.kind, row.memo, int(row.fen))
        for row in work.connection.execute(statement)
    )


def voucher(work: Work, number: str) -> Voucher:
    """One voucher; NotFound("ledger.voucher_not_found") when there is none of that number."""
    statement = (
        select(ledger_entries, persons.c.name)
        .outerjoin(persons, persons.c.id == ledger_entries.c.actor_id)
        .where(ledger_entries.c.voucher == number)
    )
    row = work.connection.execute(statement).one_or_none()
    if row is None:
        raise NotFound("ledger.voucher_not_found")
    lines = select(ledger_postings).where(ledger_postings.c.entry_id == row.id).order_by(ledger_postings.c.line_number)
    other = _other_half(work, row.id)
    waits = select(ledger_proposals.c.id).where(
        ledger_proposals.c.entry_id == row.id, ledger_proposals.c.standing == "waiting"
    )
    return Voucher(
        row.id, row.voucher, row.posted_on, row.at, row.kind, row.memo, row.case_id, row.name or "",
        tuple(
            Posted(one.account, one.budget_line_id, one.award_id, one.amount_fen)
            for one in work.connection.execute(lines)
        ),
        other.voucher if other and other.is_reversal else "", other.voucher if other and not other.is_reversal else "",
        other.reason if other else "", other.proposer if other else "", other.approver if other else "",
        work.connection.execute(waits).first() is not None,
    )  # fmt: skip


def _other_half(work: Work, entry_id: str) -> Any:
    """The voucher that this one reverses or that reversed it, and why."""
    pair, proposer, approver = ledger_reversals.c, persons.alias(), persons.alias()
    other = case((pair.entry_id == entry_id, pair.reverses), else_=pair.entry_id)
    return work.connection.execute(
        select(
            ledger_entries.c.voucher, (pair.entry_id == entry_id).label("is_reversal"), pair.reason,
            proposer.c.name.label("proposer"), approver.c.name.label("approver"),
        )
        .select_from(ledger_reversals)
        .join(ledger_entries, ledger_entries.c.id == other)
        .join(proposer, proposer.c.id == pair.proposed_by)
        .join(approver, approver.c.id == pair.approved_by)
        .where((pair.entry_id == entry_id) | (pair.reverses == entry_id))
    ).one_or_none()  # fmt: skip


def whole_vouchers(work: Work, span: Span, *, limit: int) -> tuple[tuple[VoucherLine, Posted], ...]:
    """Every line of every voucher of the span with its voucher, in the order they were posted; at most `limit`."""
    entry, line = ledger_entries.c, ledger_postings.c
    statement = (
        select(ledger_entries, line.account, line.budget_line_id, line.award_id, line.amount_fen)
        .join(ledger_postings, line.entry_id == entry.id)
        .where(entry.posted_on.between(span.first, span.last), *_on_lines(span.lines))
        .order_by(entry.posted_on, entry.id, line.line_number)
        .limit(limit)
    )
    return tuple(
        (
            VoucherLine(row.id, row.voucher, row.posted_on, row.kind, row.memo, 0),
            Posted(row.account, row.budget_line_id, row.award_id, row.amount_fen),
        )
        for row in work.connection.execute(statement)
    )
