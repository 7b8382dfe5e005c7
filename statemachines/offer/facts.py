"""Everything the guards of an offer may ask, gathered once and frozen."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """The facts of one offer on one day."""

    today: date
    # the posting
    fundraising: str = ""
    proof_given: bool = True
    wish_interested: bool = False
    open_day_ahead: bool = True
    # the match
    receiver_known: bool = True
    receiver_interested: bool = False
    receiver_can_receive: bool = True
    accepted: bool = False
    # the gift
    in_money: bool = False
    quantity_fits: bool = True
    day_past: bool = True
    line_fits: bool = True
    money_awarded: bool = True
    overdue: frozenset[str] = field(default_factory=frozenset)
