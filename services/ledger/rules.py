"""What makes an entry an entry: it has lines, each of whole fen, and they sum to zero."""

from collections.abc import Sequence
from dataclasses import dataclass


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
