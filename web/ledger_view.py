"""Prepares the pages of the book: the span and source looked at, the lines by source with their sums, the months."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.cases.lists import may_see
from services.cases.queries import case_number_of, readable
from services.database.work import Work
from services.funding.queries import BudgetLineFigures, budget_position
from services.issuance.queries import documents_of
from services.ledger.chart import ACCOUNTS, CHART, account_name, kind_name
from services.ledger.periods import Period, periods, proposals
from services.ledger.queries import balances_by_line, carried_forward
from services.ledger.rules import days_of, month_of
from services.ledger.trial import Span, Voucher, trial_balance, voucher
from web.visitor import Visitor

SHOWN = tuple(account.code for account in CHART if account.code != "RECOVERY_DUE")
"""The columns by budget line; what is due from a recovery only mirrors what is receivable."""
CARRIED = ("AVAILABLE", "COMMITTED", "PAYABLE", "RECEIVABLE")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for: a year or a month (2026, 2026-11), and one source or all."""

    period: str
    source: str

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        if len(self.period) == 4:
            return date(int(self.period), 1, 1), date(int(self.period), 12, 31)
        return days_of(self.period)


@dataclass(frozen=True, slots=True)
class LineRow:
    """A budget line, or the sum of several (`line` None), with its balances as they are usually signed, in fen."""

    line: BudgetLineFigures | None
    fen: dict[str, int]


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """The lines of one source and their sum."""

    source: str
    rows: tuple[LineRow, ...]
    total: LineRow


def wanted(period: str, source: str, today: date) -> Wanted:
    """What an address asks for; a period that is none is this month."""
    plain = period.isascii() and period[:4].isdigit() and "2000" <= period[:4] <= "2100"
    try:
        fits = plain and (len(period) == 4 or bool(days_of(period)))
    except ValueError:
        fits = False
    return Wanted(period if fits else month_of(today), source[:30])


def span_of(work: Work, asked: Wanted) -> Span:
    """The days and the budget lines."""
    first, last = asked.days
    chosen = frozenset(one.id for one in budget_position(work) if one.source == asked.source)
    return Span(first, last, chosen if asked.source else None)


def book(work: Work, asked: Wanted) -> dict[str, Any]:
    """What the page of the book shows."""
    span, lines = span_of(work, asked), budget_position(work)
    months = periods(work)
    rows = trial_balance(work, span)
    groups = _by_source(lines, balances_by_line(work, until=span.last), span.lines)
    year = asked.period[:4]
    ended = any(one.month == f"{year}-12" and one.standing == "closed" for one in months)
    return {
        "rows": rows, "groups": groups, "total": _sum(row for group in groups for row in group.rows),
        "months": months, "next_month": _next_month(months, work.today),
        "last_closed": next((one.month for one in months if one.standing == "closed"), ""),
        "waiting": proposals(work), "asked": asked,
        "years": sorted({one.month[:4] for one in months} | {year}, reverse=True),
        "sources": sorted({one.source for one in lines}),
        "carried": _carried(work, int(year), lines) if ended else (), "year": year, "columns": SHOWN,
        "carried_columns": CARRIED, "balanced": sum(row.closing for row in rows) == 0,
    }  # fmt: skip


def _next_month(months: Sequence[Period], today: date) -> str:
    """The only month that may be closed next: the earliest open one, when it ends today or is over."""
    earliest = min((one.month for one in months if one.standing == "open"), default="")
    return earliest if earliest and days_of(earliest)[1] <= today else ""


def _usual(account: str, fen: int) -> int:
    return fen if ACCOUNTS[account].side == "debit" else -fen


def _row(line: BudgetLineFigures | None, fen: dict[str, int]) -> LineRow:
    return LineRow(line, {account: _usual(account, fen.get(account, 0)) for account in ACCOUNTS})


def _sum(rows: Iterable[LineRow]) -> LineRow:
    found = list(rows)
    return LineRow(None, {account: sum(row.fen[account] for row in found) for account in ACCOUNTS})


def _by_source(
    lines: Sequence[BudgetLineFigures], fen: dict[str, dict[str, int]], chosen: frozenset[str] | None
) -> tuple[SourceGroup, ...]:
    found: dict[str, list[LineRow]] = {}
    for line in lines:
        if line.id in fen and (chosen is None or line.id in chosen):
            found.setdefault(line.source, []).append(_row(line, fen[line.id]))
    return tuple(SourceGroup(source, tuple(rows), _sum(rows)) for source, rows in sorted(found.items()))


def _carried(work: Work, year: int, lines: Sequence[BudgetLineFigures]) -> tuple[LineRow, ...]:
    of = {line.id: line for line in lines}
    rows = [_row(of[one.budget_line_id], one.fen) for one in carried_forward(work, year)]
    return tuple(row for row in rows if any(row.fen[account] for account in CARRIED))


def whole_voucher(work: Work, visitor: Visitor, number: str) -> dict[str, Any]:
    """What the page of a voucher shows: its lines by name, and the case and papers this person may see."""
    found: Voucher = voucher(work, number)
    of = {line.id: line for line in budget_position(work)}
    ids = {found.case_id, *(line.award_id for line in found.lines)} - {None}
    numbers = {identity: case_number_of(work, str(identity)) for identity in ids}
    seen = {identity for identity, one in numbers.items() if may_see(work, visitor.person, one)}
    papers = documents_of(work, case_ids=(found.case_id,)) if found.case_id in seen and found.case_id else ()
    return {
        "one": found, "of": of, "numbers": numbers, "seen": seen,
        "papers": readable(work, visitor.person, papers),
    }  # fmt: skip


WORDS = {"account_name": account_name, "entry_kind": kind_name, "accounts": ACCOUNTS}
"""What the templates of the book call things by."""
