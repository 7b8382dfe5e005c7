"""The questions an incubation case asks of its facts; each answers None, or the code of the reason why not."""

from statemachines.incubation.facts import IncubationFacts as Facts
from statemachines.table import Guard, unless


def materials_complete(facts: Facts) -> str | None:
    return unless(facts.materials_missing == 0, "application.materials_missing")


def privacy_notice_accepted(facts: Facts) -> str | None:
    return unless(facts.privacy_notice_accepted, "application.privacy_notice_not_accepted")


def commitments_accepted(facts: Facts) -> str | None:
    return unless(facts.commitments_accepted, "application.commitments_not_accepted")


def form_complete(facts: Facts) -> str | None:
    return unless(facts.sections_open == 0, "application.sections_open")


def signed_off(facts: Facts) -> str | None:
    return unless(facts.signed_off, "application.not_signed_off")


def signed_on_paper(facts: Facts) -> str | None:
    return unless(facts.signed_on_paper, "application.not_signed_on_paper")


def call_open(facts: Facts) -> str | None:
    return unless(not facts.call_closed, "application.call_closed")


def no_other_live_case(facts: Facts) -> str | None:
    return unless(not facts.other_live_case, "application.other_case_live")


def may_apply_again(facts: Facts) -> str | None:
    waiting = facts.may_apply_from is not None and facts.today < facts.may_apply_from
    return unless(not waiting, "application.cooling_off_not_over")


def not_on_serious_list(facts: Facts) -> str | None:
    return unless(not facts.on_serious_list, "application.on_serious_list")


def correction_items_listed(facts: Facts) -> str | None:
    return unless(facts.correction_items > 0, "correction.nothing_listed")


def correction_rounds_left(facts: Facts) -> str | None:
    return unless(facts.correction_rounds < facts.correction_rounds_allowed, "correction.rounds_used_up")


def correction_answered(facts: Facts) -> str | None:
    return unless(facts.correction_items_unanswered == 0, "correction.items_unanswered")


def correction_overdue(facts: Facts) -> str | None:
    return unless("correction" in facts.overdue, "clock.not_due")


def non_acceptance_proposed(facts: Facts) -> str | None:
    return unless(facts.non_acceptance_proposed, "application.non_acceptance_not_proposed")


def lists_checked(facts: Facts) -> str | None:
    return unless(facts.lists_checked, "preliminary_review.lists_not_checked")


def visited_by_two(facts: Facts) -> str | None:
    return unless(facts.visitors >= 2, "preliminary_review.two_visitors_needed")


def found_eligible(facts: Facts) -> str | None:
    return unless(facts.eligible is True, "preliminary_review.not_found_eligible")


def found_ineligible(facts: Facts) -> str | None:
    return unless(facts.eligible is False, "preliminary_review.not_found_ineligible")


def panel_complete(facts: Facts) -> str | None:
    return unless(facts.panel_size >= facts.panel_minimum, "assessment.panel_too_small")


def interests_declared(facts: Facts) -> str | None:
    return unless(facts.panel_size > 0 and facts.interests_undeclared == 0, "assessment.interests_undeclared")


def all_sheets_locked(facts: Facts) -> str | None:
    complete = facts.sheets_expected > 0 and facts.sheets_locked >= facts.sheets_expected
    return unless(complete, "assessment.sheets_not_locked")


def arbitration_settled(facts: Facts) -> str | None:
    return unless(not facts.arbitration_open, "assessment.arbitration_open")


def admission_mark_reached(facts: Facts) -> str | None:
    """70 admits, 60 to 69.99 admits with conditions; both marks come from the rule set."""
    reached = facts.result is not None and facts.result >= facts.floor_mark and not facts.veto_confirmed
    return unless(reached, "assessment.mark_not_reached")


def pass_mark_reached(facts: Facts) -> str | None:
    reached = facts.result is not None and facts.result >= facts.pass_mark and not facts.veto_confirmed
    return unless(reached, "assessment.mark_not_reached")


def refused_by_marks(facts: Facts) -> str | None:
    failed = facts.veto_confirmed or (facts.result is not None and facts.result < facts.floor_mark)
    return unless(failed, "assessment.mark_reached")


def midterm_not_passed(facts: Facts) -> str | None:
    late = not facts.self_report_given
    failed = facts.veto_confirmed or (facts.result is not None and facts.result < facts.pass_mark)
    return unless(failed or late, "assessment.mark_reached")


def self_report_given(facts: Facts) -> str | None:
    return unless(facts.self_report_given, "assessment.self_report_missing")


def midterm_scored(facts: Facts) -> str | None:
    """A midterm without the organization's own report counts as failed, so nothing needs to be scored."""
    return None if not facts.self_report_given else all_sheets_locked(facts)


def gates_passed(facts: Facts) -> str | None:
    return unless(facts.gates_missing == 0, "graduation.gates_missing")


def between_marks_or_gate_missing(facts: Facts) -> str | None:
    between = facts.result is not None and facts.floor_mark <= facts.result < facts.pass_mark
    returned = (between or facts.gates_missing > 0) and not facts.veto_confirmed
    return unless(returned, "graduation.return_not_applicable")


def place_free(facts: Facts) -> str | None:
    return unless(facts.places_free > 0, "centre.no_place_free")


def first_in_line(facts: Facts) -> str | None:
    return unless(not facts.waits_behind, "centre.others_first")


def no_place_free(facts: Facts) -> str | None:
    return unless(facts.places_free <= 0, "centre.place_free")


def second_office_agreed(facts: Facts) -> str | None:
    agreed = facts.second_approval_given or not facts.second_approval_needed
    return unless(agreed, "decision.civil_affairs_not_agreed")


def second_office_needed(facts: Facts) -> str | None:
    return unless(facts.second_approval_needed, "decision.civil_affairs_not_needed")


def waiting_list_overdue(facts: Facts) -> str | None:
    return unless("waiting_list" in facts.overdue, "clock.not_due")


def not_yet_signed(facts: Facts) -> str | None:
    return unless(not facts.signed_by_applicant, "agreement.already_signed")


def signed_by_applicant(facts: Facts) -> str | None:
    return unless(facts.signed_by_applicant, "agreement.not_signed_by_applicant")


def plan_recorded(facts: Facts) -> str | None:
    return unless(facts.plan_recorded, "agreement.plan_not_recorded")


def signing_overdue(facts: Facts) -> str | None:
    return unless("signing" in facts.overdue, "clock.not_due")


def midterm_due(facts: Facts) -> str | None:
    return unless(facts.midterm_due and not facts.midterm_passed, "midterm.not_due")


def midterm_passed(facts: Facts) -> str | None:
    return unless(facts.midterm_passed, "midterm.not_passed")


def rectification_not_extended(facts: Facts) -> str | None:
    return unless(not facts.rectification_extended, "rectification.already_extended")


def recheck_passed(facts: Facts) -> str | None:
    return unless(facts.recheck_passed is True, "rectification.recheck_not_passed")


def rectification_failed(facts: Facts) -> str | None:
    failed = facts.recheck_passed is False or ("rectification" in facts.overdue and facts.recheck_passed is None)
    return unless(failed, "rectification.not_failed")


def suspension_left(facts: Facts) -> str | None:
    return unless(facts.suspended_days < facts.suspended_days_allowed, "suspension.allowance_used_up")


def suspension_overdue(facts: Facts) -> str | None:
    return unless("suspension" in facts.overdue, "clock.not_due")


def notice_before_end(facts: Facts) -> str | None:
    return unless(facts.days_to_end >= facts.days_notice_required, "term.too_late")


def extension_unused(facts: Facts) -> str | None:
    return unless(not facts.extension_used, "term.extension_used")


def term_over(facts: Facts) -> str | None:
    return unless(facts.days_to_end < 0, "clock.not_due")


def long_enough_incubated(facts: Facts) -> str | None:
    return unless(facts.months_incubated >= facts.months_required, "graduation.too_early")


def graduation_file_checked(facts: Facts) -> str | None:
    return unless(facts.graduation_file_checked, "graduation.file_not_checked")


def graduation_correction_overdue(facts: Facts) -> str | None:
    return unless("graduation_correction" in facts.overdue, "clock.not_due")


def accounts_settled(facts: Facts) -> str | None:
    return unless(facts.unsettled_fen == 0, "withdrawal.accounts_unsettled")


def assets_returned(facts: Facts) -> str | None:
    return unless(facts.assets_returned, "withdrawal.assets_not_returned")


def expulsion_proposed(facts: Facts) -> str | None:
    return unless(facts.expulsion_proposed, "expulsion.not_proposed")


def hearing_over(facts: Facts) -> str | None:
    return unless(facts.hearing_over, "expulsion.hearing_not_over")


def first_approval_given(facts: Facts) -> str | None:
    return unless(facts.first_approval_given, "decision.first_approval_missing")


def not_yet_approved(facts: Facts) -> str | None:
    return unless(not facts.first_approval_given, "decision.already_approved")


def not_yet_agreed(facts: Facts) -> str | None:
    return unless(not facts.second_approval_given, "decision.already_approved")


def was_incubating(facts: Facts) -> str | None:
    return unless(facts.came_from == "INCUBATING", "expulsion.came_from_elsewhere")


def was_rectifying(facts: Facts) -> str | None:
    return unless(facts.came_from == "RECTIFYING", "expulsion.came_from_elsewhere")


def was_suspended(facts: Facts) -> str | None:
    return unless(facts.came_from == "SUSPENDED", "expulsion.came_from_elsewhere")


def was_term_expired(facts: Facts) -> str | None:
    return unless(facts.came_from == "TERM_EXPIRED", "expulsion.came_from_elsewhere")


def was_graduation_review(facts: Facts) -> str | None:
    return unless(facts.came_from == "GRADUATION_REVIEW", "expulsion.came_from_elsewhere")


def revocation_in_time(facts: Facts) -> str | None:
    return unless(facts.graduated_months_ago <= facts.revocation_months_allowed, "graduation.revocation_too_late")


def _ordered(state: str) -> Guard[Facts]:
    """The guard that opens a row only where a decided and served review of the case orders this state."""

    def guard(facts: Facts) -> str | None:
        return unless(facts.review_orders == state, "review.orders_nothing_here")

    guard.__name__ = guard.__qualname__ = f"review_orders_{state.lower()}"
    return guard


review_orders_submitted = _ordered("SUBMITTED")
review_orders_accepted = _ordered("ACCEPTED")
review_orders_preliminary_review = _ordered("PRELIM_REVIEW")
review_orders_admission_review = _ordered("ADMISSION_REVIEW")
review_orders_admission = _ordered("ADMISSION_PUBLICITY")
review_orders_midterm_review = _ordered("MIDTERM_REVIEW")
review_orders_incubation = _ordered("INCUBATING")
review_orders_extension_review = _ordered("EXTENSION_REVIEW")
review_orders_graduation_review = _ordered("GRADUATION_REVIEW")
review_orders_graduation = _ordered("GRADUATION_PUBLICITY")
review_orders_hearing = _ordered("EXPULSION_PENDING")
