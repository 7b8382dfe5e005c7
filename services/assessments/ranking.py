"""Who comes first when several passed: priority, result, and what breaks a tie, as a pure order with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

NEED_ITEM = {"admission": "A1", "award": "B1"}
"""The item of a form that says how much is needed; the higher one breaks a tie."""

REASONS = ("priority", "result", "rural", "need", "accepted", "number")
"""What can put one before the other, in the order in which it is asked (policy: 突出重点; then score, then ties)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One case that passed: its number and what an order asks of it; scores in points."""

    number: str
    priority: bool
    result: Decimal
    rural: bool
    need: Decimal
    accepted_at: datetime

    def key(self) -> tuple[Any, ...]:
        """What is compared, in the order of `REASONS`; the smaller one comes first."""
        return not self.priority, -self.result, not self.rural, -self.need, self.accepted_at, self.number


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate's place, from 1, and which reason puts it before the next one; empty for the last."""

    place: int
    candidate: Candidate
    before_next: str


def rank(candidates: Iterable[Candidate]) -> tuple[Ranked, ...]:
    """The candidates from first to last, whatever order they are given in.

    Kinds the policy puts first, then the higher result; between equals a rural home, the higher need, the earlier
    acceptance, and at last the lower number of the case.
    """
    ordered = sorted(candidates, key=Candidate.key)
    reasons = [
        next(reason for reason, mine, other in zip(REASONS, one.key(), after.key(), strict=True) if mine != other)
        for one, after in pairwise(ordered)
    ]
    return tuple(
        Ranked(place, one, reasons[place - 1] if place < len(ordered) else "")
        for place, one in enumerate(ordered, start=1)
    )
