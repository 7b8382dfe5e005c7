"""The questions a review asks of its facts; each answers None, or the code of the reason why not."""

from statemachines.review.facts import ReviewFacts as Facts
from statemachines.table import unless


def lodged_in_time(facts: Facts) -> str | None:
    """A late request is accepted only where something beyond the applicant's control held it up."""
    return unless(not facts.late or facts.delay_excused, "review.lodged_late")


def lateness_true(facts: Facts) -> str | None:
    """Nobody is turned away as late who was not."""
    return unless(facts.late or not facts.lateness_claimed, "review.not_late")


def panel_large_enough(facts: Facts) -> str | None:
    return unless(facts.members >= facts.members_needed, "review.panel_too_small")


def members_uninvolved(facts: Facts) -> str | None:
    """Whoever had a part in the decision, or has a tie to the organization, is no candidate."""
    return unless(facts.members_unfit == 0, "review.member_involved")


def both_heard(facts: Facts) -> str | None:
    return unless(facts.applicant_heard and facts.evaluators_heard, "review.not_heard")


def all_voted(facts: Facts) -> str | None:
    return unless(facts.ballots_missing == 0, "review.ballots_missing")


def majority_reached(facts: Facts) -> str | None:
    """More than half of all members, not of those who voted."""
    return unless(facts.majority, "review.no_majority")
