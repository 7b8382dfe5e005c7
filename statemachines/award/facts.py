"""Everything the guards of an award case may ask, gathered once and frozen."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """The facts of one award on one day; money in fen."""

    today: date
    amount_fen: int = 1
    requested_fen: int = 1
    available_fen: int = 1
    two_approvals_from_fen: int = 1_000_000
    first_approval_given: bool = False
    payee_fit: bool = True
    score_recorded: bool = True
    publicity_over: bool = False
    objections_open: int = 0
    objection_upheld: bool = False
    incubation_signed: bool = True
    signed_by_payee: bool = False
    open_instalments: int = 0
    review_orders: str = ""
    overdue: frozenset[str] = field(default_factory=frozenset)
