"""The questions an award case asks of its facts; each answers None, or the code of the reason why not."""

from statemachines.award.facts import AwardFacts as Facts
from statemachines.table import unless

# Applying within a call ---------------------------------------------------------------------------


def amount_requested(facts: Facts) -> str | None:
    return unless(facts.requested_fen > 0, "award.amount_missing")


def call_open(facts: Facts) -> str | None:
    """Nothing is applied for outside of a call."""
    return unless(facts.call_open, "award.call_closed")


def called_for(facts: Facts) -> str | None:
    return unless(facts.called_for, "award.not_called_for")


def within_ceiling(facts: Facts) -> str | None:
    return unless(facts.requested_fen <= facts.ceiling_fen, "award.above_call_ceiling")


def plan_fits(facts: Facts) -> str | None:
    """Only a small activity subsidy is paid at once, after the event."""
    return unless(facts.plan_fits, "award.plan_not_fit")


def not_operator(facts: Facts) -> str | None:
    """The operator of a centre may not award to itself."""
    return unless(not facts.operates_centre, "award.operator_itself")


# The case manager's check -------------------------------------------------------------------------


def correction_listed(facts: Facts) -> str | None:
    return unless(facts.correction_items > 0, "correction.nothing_listed")


def correction_rounds_left(facts: Facts) -> str | None:
    return unless(facts.correction_rounds < facts.correction_rounds_allowed, "correction.rounds_used_up")


def correction_answered(facts: Facts) -> str | None:
    return unless(facts.correction_items_unanswered <= 0, "correction.items_unanswered")


def correction_overdue(facts: Facts) -> str | None:
    return unless("correction" in facts.overdue, "clock.not_due")


def payee_fit(facts: Facts) -> str | None:
    """A filed organization has no corporate account: it needs a custodian; never a personal account."""
    return unless(facts.payee_fit, "award.payee_not_fit")


# The panel ----------------------------------------------------------------------------------------


def all_sheets_locked(facts: Facts) -> str | None:
    return unless(facts.sheets_open == 0, "assessment.sheets_not_locked")


def arbitration_settled(facts: Facts) -> str | None:
    return unless(not facts.arbitration_open, "assessment.arbitration_open")


def sheets_there(facts: Facts) -> str | None:
    """Where no panel sat in the system, the sheets of one that sat outside are typed in: as many as a panel needs."""
    enough = facts.panel_sits or facts.sheets_typed >= facts.sheets_wanted
    return unless(enough, "award.sheets_too_few")


def no_sheets_beside_panel(facts: Facts) -> str | None:
    return unless(not facts.panel_sits or facts.sheets_typed == 0, "award.scored_by_panel")


# The proposal -------------------------------------------------------------------------------------


def score_recorded(facts: Facts) -> str | None:
    return unless(facts.score_recorded, "award.score_missing")


def mark_reached(facts: Facts) -> str | None:
    return unless(facts.score >= facts.mark and not facts.vetoed, "award.mark_not_reached")


def amount_within_request(facts: Facts) -> str | None:
    return unless(0 < facts.amount_fen <= facts.requested_fen, "award.amount_above_request")


def amount_within_advice(facts: Facts) -> str | None:
    return unless(facts.amount_fen <= facts.advised_fen, "award.amount_above_advice")


def less_explained(facts: Facts) -> str | None:
    """Less than the panel advised is proposed with a reason only."""
    return unless(facts.amount_fen >= facts.advised_fen or facts.less_explained, "award.less_unexplained")


def call_scored(facts: Facts) -> str | None:
    return unless(facts.call_unscored == 0, "award.call_not_scored")


def in_order(facts: Facts) -> str | None:
    """By score until the budget ends: who scored higher comes first."""
    left = facts.available_fen - facts.better_waiting_fen
    return unless(facts.better_waiting_fen <= 0 or facts.amount_fen <= left, "award.better_scored_waits")


def budget_covers(facts: Facts) -> str | None:
    return unless(facts.available_fen >= facts.amount_fen, "award.budget_exceeded")


def two_approvals(facts: Facts) -> str | None:
    """Above the threshold a second person of another office approves first."""
    small = facts.amount_fen < facts.two_approvals_from_fen
    return unless(small or facts.first_approval_given, "decision.first_approval_missing")


def not_yet_approved(facts: Facts) -> str | None:
    return unless(not facts.first_approval_given, "decision.already_approved")


# The agreement and what is done under it ----------------------------------------------------------


def incubation_signed(facts: Facts) -> str | None:
    return unless(facts.incubation_signed, "award.incubation_not_signed")


def signed_by_payee(facts: Facts) -> str | None:
    return unless(facts.signed_by_payee, "agreement.not_signed_by_applicant")


def stands_alone(facts: Facts) -> str | None:
    """Beside an incubation its midterm assessment earns the second instalment, nothing else."""
    return unless(facts.stands_alone, "award.earned_by_midterm")


def expenses_told(facts: Facts) -> str | None:
    return unless(facts.expenses_told, "award.expenses_missing")


# Acceptance ---------------------------------------------------------------------------------------


def acceptance_scored(facts: Facts) -> str | None:
    return unless(facts.acceptance_scored, "award.acceptance_not_scored")


def acceptance_reached(facts: Facts) -> str | None:
    return unless(facts.accepted_score >= facts.accepted_mark and not facts.vetoed, "award.acceptance_not_reached")


def acceptance_missed(facts: Facts) -> str | None:
    return unless(facts.accepted_score < facts.accepted_mark or facts.vetoed, "award.acceptance_reached")


def audited(facts: Facts) -> str | None:
    return unless(not facts.audit_missing, "award.audit_missing")


def audit_asked(facts: Facts) -> str | None:
    return unless(facts.audit_missing, "award.audit_not_asked")


def failure_found(facts: Facts) -> str | None:
    return unless(facts.failure_found, "award.failure_not_found")


def failure_not_found(facts: Facts) -> str | None:
    return unless(not facts.failure_found, "decision.already_approved")


def instalments_settled(facts: Facts) -> str | None:
    return unless(facts.open_instalments == 0, "award.instalments_open")


def balance_returned(facts: Facts) -> str | None:
    """What was not spent goes back to its source before the award is closed."""
    return unless(facts.unreturned_fen <= 0, "award.balance_not_returned")


def review_orders_new_look(facts: Facts) -> str | None:
    """Open only where a decided and served review of the refusal orders it."""
    return unless(facts.review_orders == "APPLIED", "review.orders_nothing_here")
