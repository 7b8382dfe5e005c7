"""Everything the guards of a recovery may ask, gathered once and frozen."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class RecoveryFacts:
    """The facts of one recovery on one day; money in fen.

    `kept_fen` is what the organization was paid and neither returned nor already owes; `asked_fen` what the notice
    asks back (what was kept less what was spent as agreed); `amount_fen` what is proposed; `plan_fen` the sum of the
    parts agreed on, 0 without a plan.
    """

    today: date
    kept_fen: int = 1
    asked_fen: int = 1
    amount_fen: int = 1
    reply_over: bool = False
    review_open: bool = False
    decided_before: bool = False
    first_approval_given: bool = False
    owed_fen: int = 1
    repaying_fen: int = 1
    plan_fen: int = 0
    plan_in_order: bool = True
    write_off_proposed: bool = False
    overdue: frozenset[str] = field(default_factory=frozenset)
