"""Everything the guards of an instalment may ask, gathered once and frozen."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class InstalmentFacts:
    """The facts of one instalment on one day; money in fen."""

    today: date
    amount_fen: int = 1
    earned: bool = False
    award_live: bool = True
    incubation_permits_money: bool = True
    earlier_confirmed: bool = True
    earlier_reported: bool = True
    milestone_reported: bool = False
    account_verified: bool = True
    account_hold_over: bool = True
    account_as_made_out: bool = True
    large_from_fen: int = 1_000_000
    large_approved: bool = False
    bank_serial_given: bool = True
    bank_serial_new: bool = True
    in_batch: bool = False
    batch_released: bool = False
    instruction_issued: bool = True
    shown_absent: bool = False
    proposed: bool = False
    came_from: str = ""
    overdue: frozenset[str] = field(default_factory=frozenset)
