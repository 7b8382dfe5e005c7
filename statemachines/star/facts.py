"""Everything the guards of a star case may ask, gathered once and frozen."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class StarFacts:
    """The facts of one star application on one day; `stars` is what the rating comes to, 0 for none."""

    today: date
    window_open: bool = True
    recognized: bool = True
    other_application_live: bool = False
    barred_until: date | None = None
    materials_missing: int = 0
    self_scores_missing: int = 0
    correction_items: int = 1
    correction_items_unanswered: int = 0
    correction_rounds: int = 0
    correction_rounds_allowed: int = 2
    months_recognized: int = 12
    months_required: int = 12
    report_accepted: bool = True
    penalized: bool = False
    listed: bool = False
    panel_size: int = 5
    panel_wanted: int = 5
    interests_undeclared: int = 0
    visitors: int = 2
    visitors_wanted: int = 2
    answers: int = 30
    answers_wanted: int = 30
    answers_satisfied: int = 0
    held_as_meeting: bool = False
    sheets_expected: int = 5
    sheets_locked: int = 5
    arbitration_open: bool = False
    stars: int = 1
    publicity_over: bool = False
    objections_open: int = 0
    objection_upheld: bool = False
    downgrade_proposed: bool = False
    cancelling_proposed: bool = False
    hearing_over: bool = False
    stars_after: int = 1
    stars_before: int = 2
    check_due: bool = False
    validity_over: bool = False
    overdue: frozenset[str] = field(default_factory=frozenset)
