"""Everything the guards of a purchase may ask, gathered once and frozen."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class PurchaseFacts:
    """The facts of one purchase on one day; money in fen.

    `agreed_fen` is the price of the bid that wins by the points entered, `ceiling_fen` the most the call may cost;
    what is said of the contractor is said of that bid's organization.
    """

    today: date
    item_published: bool = True
    ceiling_fen: int = 1
    available_fen: int = 1
    closes_ahead: bool = True
    rule_announced: bool = False
    civil_affairs_buys: bool = True
    closing_over: bool = True
    bids: int = 1
    points_complete: bool = True
    agreed_fen: int = 1
    two_approvals_from_fen: int = 1_000_000
    first_approval_given: bool = False
    contractor_is_legal_person: bool = True
    contractor_runs_centre: bool = False
    contractor_on_list: bool = False
    contractor_granted: bool = False
    payee_fit: bool = True
    signed_by_contractor: bool = False
    contract_to: date | None = None
    longest_to: date | None = None
    notice_needed: bool = False
    notice_given: bool = False
    handed_in: bool = False
    accepted: int = 1
    asked: int = 1
    quality: int = 100
    quality_wanted: int = 60
    open_instalments: int = 0
    overdue: frozenset[str] = field(default_factory=frozenset)
