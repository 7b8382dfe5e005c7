"""What makes an entry an entry: lines of whole fen that sum to zero; and which month of the book a day belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Line:
    """One posting: an account of a budget line, for an award or for none; a debit is positive, a credit negative."""

    account: str
    budget_line_id: str
    award_id: str | None
    amount_fen: int


def balanced(lines: Sequence[Line]) -> bool:
    """Whether the lines are an entry: at least two, none of zero, summing to zero."""
    return len(lines) > 1 and all(line.amount_fen for line in lines) and sum(line.amount_fen for line in lines) == 0


def undone(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines that undo these exactly."""
    return tuple(Line(one.account, one.budget_line_id, one.award_id, -one.amount_fen) for one in lines)


def month_of(day: date) -> str:
    """The month of the book a day belongs to, as 2026-11."""
    return f"{day.year:04d}-{day.month:02d}"


def days_of(month: str) -> tuple[date, date]:
    """The first and the last day of a month; ValueError for what is no month."""
    if len(month) != 7 or not month.isascii():
        raise ValueError(month)
    first = date.fromisoformat(f"{month}-01")
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, following - timedelta(days=1)


def series_of(year: int) -> str:
    """The series in which the vouchers of a year are numbered."""
    return f"voucher-{year}"
