"""Everything the guards of an award case may ask, gathered once and frozen."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """The facts of one award on one day; money in fen, scores in hundredths of a point.

    `better_waiting_fen`: what awards of the same line that scored higher still wait for. `call_unscored`: how many
    applications of a call judged as a whole are not scored yet, the call itself while it is open.
    """

    today: date
    amount_fen: int = 1
    requested_fen: int = 1
    available_fen: int = 1
    two_approvals_from_fen: int = 1_000_000
    first_approval_given: bool = False
    payee_fit: bool = True
    call_open: bool = True
    called_for: bool = True
    ceiling_fen: int = 1_000_000
    plan_fits: bool = True
    operates_centre: bool = False
    correction_items: int = 0
    correction_items_unanswered: int = 0
    correction_rounds: int = 0
    correction_rounds_allowed: int = 2
    panel_sits: bool = False
    sheets_open: int = 0
    arbitration_open: bool = False
    sheets_typed: int = 3
    sheets_wanted: int = 3
    vetoed: bool = False
    score_recorded: bool = True
    score: int = 8_000
    mark: int = 7_000
    advised_fen: int = 1
    less_explained: bool = True
    better_waiting_fen: int = 0
    call_unscored: int = 0
    publicity_over: bool = False
    objections_open: int = 0
    objection_upheld: bool = False
    incubation_signed: bool = True
    signed_by_payee: bool = False
    stands_alone: bool = True
    expenses_told: bool = True
    accepted_score: int = 8_000
    accepted_mark: int = 6_000
    acceptance_scored: bool = True
    audit_missing: bool = False
    failure_found: bool = False
    open_instalments: int = 0
    unreturned_fen: int = 0
    review_orders: str = ""
    overdue: frozenset[str] = field(default_factory=frozenset)
