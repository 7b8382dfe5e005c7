"""Everything the guards of a review may ask, gathered once and frozen."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """The facts of one review on one day."""

    today: date
    # the request
    late: bool = False
    delay_excused: bool = False
    lateness_claimed: bool = False
    # the panel: as it is being named, or as it sits
    members: int = 3
    members_needed: int = 3
    members_unfit: int = 0
    # hearing and ballot
    applicant_heard: bool = False
    evaluators_heard: bool = False
    ballots_missing: int = 0
    majority: bool = False
    overdue: frozenset[str] = field(default_factory=frozenset)
