"""The questions a star case asks of its facts; each answers None, or the code of the reason why not."""

from statemachines.star.facts import StarFacts as Facts
from statemachines.table import unless

# Applying -----------------------------------------------------------------------------------------


def window_open(facts: Facts) -> str | None:
    return unless(facts.window_open, "star.window_closed")


def recognized(facts: Facts) -> str | None:
    """Filed organizations may apply as well as registered ones; a founding team may not."""
    return unless(facts.recognized, "star.not_recognized")


def not_barred(facts: Facts) -> str | None:
    barred = facts.barred_until is not None and facts.today <= facts.barred_until
    return unless(not barred, "star.barred")


def no_other_application(facts: Facts) -> str | None:
    return unless(not facts.other_application_live, "star.other_application_live")


def materials_complete(facts: Facts) -> str | None:
    return unless(facts.materials_missing <= 0, "star.materials_missing")


def self_scores_complete(facts: Facts) -> str | None:
    return unless(facts.self_scores_missing <= 0, "star.self_scores_missing")


# The secretary's check ----------------------------------------------------------------------------


def correction_listed(facts: Facts) -> str | None:
    return unless(facts.correction_items > 0, "correction.nothing_listed")


def correction_rounds_left(facts: Facts) -> str | None:
    return unless(facts.correction_rounds < facts.correction_rounds_allowed, "correction.rounds_used_up")


def correction_answered(facts: Facts) -> str | None:
    return unless(facts.correction_items_unanswered <= 0, "correction.items_unanswered")


def correction_overdue(facts: Facts) -> str | None:
    return unless("star_correction" in facts.overdue, "clock.not_due")


def recognized_long_enough(facts: Facts) -> str | None:
    return unless(facts.months_recognized >= facts.months_required, "star.recognized_too_short")


def report_accepted(facts: Facts) -> str | None:
    return unless(facts.report_accepted, "star.report_not_accepted")


def not_penalized(facts: Facts) -> str | None:
    return unless(not facts.penalized, "star.penalized")


def not_listed(facts: Facts) -> str | None:
    return unless(not facts.listed, "star.listed")


# The panel on site, the residents -----------------------------------------------------------------


def panel_complete(facts: Facts) -> str | None:
    return unless(facts.panel_size >= facts.panel_wanted, "star.panel_incomplete")


def interests_declared(facts: Facts) -> str | None:
    return unless(facts.interests_undeclared <= 0, "assessment.interests_undeclared")


def visited_by_two(facts: Facts) -> str | None:
    """Each visitor records the own visit: two records by two people, never a number somebody typed."""
    return unless(facts.visitors >= facts.visitors_wanted, "star.visit_by_two")


def survey_large_enough(facts: Facts) -> str | None:
    return unless(facts.held_as_meeting or facts.answers >= facts.answers_wanted, "star.survey_too_small")


def survey_adds_up(facts: Facts) -> str | None:
    return unless(0 <= facts.answers_satisfied <= facts.answers, "star.survey_does_not_add_up")


# Result and publicity -----------------------------------------------------------------------------


def all_sheets_locked(facts: Facts) -> str | None:
    locked = facts.sheets_expected > 0 and facts.sheets_locked >= facts.sheets_expected
    return unless(locked, "assessment.sheets_not_locked")


def arbitration_settled(facts: Facts) -> str | None:
    return unless(not facts.arbitration_open, "assessment.arbitration_open")


def star_reached(facts: Facts) -> str | None:
    return unless(facts.stars >= 1, "star.none_reached")


def no_star_reached(facts: Facts) -> str | None:
    return unless(facts.stars < 1, "star.reached")


# While the star holds -----------------------------------------------------------------------------


def check_due(facts: Facts) -> str | None:
    return unless(facts.check_due, "clock.not_due")


def no_measure_proposed(facts: Facts) -> str | None:
    return unless(not (facts.downgrade_proposed or facts.cancelling_proposed), "star.measure_proposed")


def measure_proposed(facts: Facts) -> str | None:
    return unless(facts.downgrade_proposed or facts.cancelling_proposed, "star.measure_not_proposed")


def downgrade_proposed(facts: Facts) -> str | None:
    return unless(facts.downgrade_proposed, "star.downgrade_not_proposed")


def cancelling_proposed(facts: Facts) -> str | None:
    return unless(facts.cancelling_proposed, "star.cancelling_not_proposed")


def hearing_over(facts: Facts) -> str | None:
    return unless(facts.hearing_over, "star.hearing_not_over")


def stars_go_down(facts: Facts) -> str | None:
    return unless(1 <= facts.stars_after < facts.stars_before, "star.not_lower")


def validity_over(facts: Facts) -> str | None:
    return unless(facts.validity_over, "clock.not_due")
