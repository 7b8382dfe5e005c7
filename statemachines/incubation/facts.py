"""Everything the guards of an incubation case may ask, gathered once and frozen."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class IncubationFacts:
    """The facts of one case on one day; the service gathers them, guards only read them.

    Money is in fen, `overdue` holds the keys of limits whose due day has passed, scores are out of 100.
    """

    today: date
    # entering
    materials_missing: int = 0
    privacy_notice_accepted: bool = True
    commitments_accepted: bool = True
    sections_open: int = 0
    signed_off: bool = True
    signed_on_paper: bool = True
    other_live_case: bool = False
    may_apply_from: date | None = None
    on_serious_list: bool = False
    call_closed: bool = False
    # corrections
    correction_items: int = 0
    correction_items_unanswered: int = 0
    correction_rounds: int = 0
    correction_rounds_allowed: int = 2
    # preliminary review
    non_acceptance_proposed: bool = False
    lists_checked: bool = False
    visitors: int = 0
    eligible: bool | None = None
    # assessment of the present round
    panel_size: int = 0
    panel_minimum: int = 3
    interests_undeclared: int = 0
    sheets_expected: int = 0
    sheets_locked: int = 0
    result: Decimal | None = None
    pass_mark: Decimal = Decimal(70)
    floor_mark: Decimal = Decimal(60)
    veto_confirmed: bool = False
    arbitration_open: bool = False
    self_report_given: bool = True
    gates_missing: int = 0
    # decisions that need a second office
    second_approval_needed: bool = False
    second_approval_given: bool = False
    places_free: int = 1
    waits_behind: str = ""
    # publicity
    objections_open: int = 0
    objection_upheld: bool = False
    # agreement
    signed_by_applicant: bool = False
    plan_recorded: bool = False
    # time
    overdue: frozenset[str] = frozenset()
    publicity_over: bool = False
    months_incubated: int = 0
    months_required: int = 6
    days_to_end: int = 365
    days_notice_required: int = 30
    midterm_due: bool = False
    midterm_passed: bool = False
    extension_used: bool = False
    suspended_days: int = 0
    suspended_days_allowed: int = 183
    # rectification, withdrawal, expulsion
    rectification_extended: bool = False
    recheck_passed: bool | None = None
    graduation_file_checked: bool = False
    unsettled_fen: int = 0
    assets_returned: bool = False
    expulsion_proposed: bool = False
    hearing_over: bool = False
    first_approval_given: bool = False
    came_from: str = ""
    review_orders: str = ""
    graduated_months_ago: int = 0
    revocation_months_allowed: int = 24
