"""Rules of awards without a database: plans, when a part is earned, the order of a call, the draw for an audit."""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

SIGNED, HALFWAY, ACCEPTED = 1, 2, 3
"""What earns a part of a plan: the agreement in force, the midterm, the acceptance (or graduation)."""

MOST_PARTS = 6
LOTS = 10_000
NEED_ITEM = "B1"
"""The item of the award form that breaks a tie: need and goals."""

REASONS = ("score", "priority", "rural", "need", "accepted", "number")
"""What can put one application before another, in the order in which it is asked."""


def stage_of(number: int, count: int) -> int:
    """What earns part `number` of a plan of `count`: the first by signing, the last by acceptance, others halfway.

    A plan of one part is paid after the event, by acceptance.
    """
    if number == count:
        return ACCEPTED
    return SIGNED if number == 1 else HALFWAY


def plan_fault(plan: Sequence[int]) -> str | None:
    """Why these percentages are no plan: one to six positive whole numbers that total 100; None when they are."""
    if not 1 <= len(plan) <= MOST_PARTS or any(type(one) is not int or one < 1 for one in plan) or sum(plan) != 100:
        return "award.plan_not_whole"
    return None


def plan_allowed(plan: Sequence[int], *, funding_type: str, amount_fen: int, at_once_to_fen: int) -> bool:
    """Whether money of that kind may be paid so: everything at once only for an activity subsidy up to that amount."""
    return len(plan) > 1 or (funding_type == "activity_subsidy" and amount_fen <= at_once_to_fen)


def scaled(items_fen: Sequence[int], total_fen: int) -> tuple[int, ...]:
    """The items of a budget cut in proportion to an award below the request, in whole fen.

    All but the last are rounded down; the last takes what remains, so that the sum is the award exactly.
    """
    asked = sum(items_fen)
    if not items_fen or asked < 1:
        return ()
    parts = [one * total_fen // asked for one in items_fen[:-1]]
    return (*parts, total_fen - sum(parts))


# The order of a call ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Applied:
    """One scored application: what the order of a call asks of it; score in points."""

    number: str
    score: Decimal
    priority: bool
    rural: bool
    need: Decimal
    accepted_at: datetime
    advised_fen: int

    def key(self) -> tuple[Any, ...]:
        """What is compared, in the order of `REASONS`; the smaller one comes first."""
        return -self.score, not self.priority, not self.rural, -self.need, self.accepted_at, self.number


@dataclass(frozen=True, slots=True)
class Ranked:
    """An application's place, from 1, whether the budget reaches it, and which reason puts it before the next one."""

    place: int
    applied: Applied
    funded: bool
    before_next: str


def rank(applied: Iterable[Applied], *, budget_fen: int, mark: Decimal) -> tuple[Ranked, ...]:
    """The applications from first to last, by score until the budget ends.

    Below the mark nothing is funded. The first that no longer fits ends the budget: nobody further down is taken
    instead of it.
    """
    ordered = sorted(applied, key=Applied.key)
    reasons = [
        next(reason for reason, mine, other in zip(REASONS, one.key(), after.key(), strict=True) if mine != other)
        for one, after in pairwise(ordered)
    ]
    left = budget_fen
    found: list[Ranked] = []
    for place, one in enumerate(ordered, start=1):
        funded = one.score >= mark and one.advised_fen <= left
        left = left - one.advised_fen if funded else 0
        found.append(Ranked(place, one, funded, reasons[place - 1] if place < len(ordered) else ""))
    return tuple(found)


# The audit ----------------------------------------------------------------------------------------


def lot_of(seed: str, number: str) -> int:
    """The lot of a case, from 0 to 9999: what the seed makes of its number, so that anyone can derive it again."""
    return int.from_bytes(hashlib.sha256(f"{seed} {number}".encode()).digest()[:8]) % LOTS


def audit_reason(amount_fen: int, *, from_fen: int, lot: int, percent: int) -> str:
    """Why an award is audited by somebody outside: `amount`, `drawn` (its lot lies under that share), or `neither`."""
    if amount_fen >= from_fen:
        return "amount"
    return "drawn" if lot < percent * LOTS // 100 else "neither"


# Spending -----------------------------------------------------------------------------------------


def invoice_key(text: str) -> str:
    """The number of an invoice as it is compared: half width, without spaces and hyphens, in capitals."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(one for one in plain if not one.isspace() and one != "-")


def shift_is_free(granted_fen: int, *, shifted_fen: int, amount_fen: int, percent: int) -> bool:
    """Whether so much more may leave an item without approval: with what left it before, at most that share of it."""
    return (shifted_fen + amount_fen) * 100 <= granted_fen * percent


def balance_fen(*, paid_fen: int, returned_fen: int, spent_fen: int) -> int:
    """What was paid and neither spent nor returned; never negative."""
    return max(paid_fen - returned_fen - spent_fen, 0)
