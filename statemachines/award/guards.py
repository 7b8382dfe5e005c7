"""The questions an award case asks of its facts; each answers None, or the code of the reason why not."""

from statemachines.award.facts import AwardFacts as Facts
from statemachines.table import unless


def amount_requested(facts: Facts) -> str | None:
    return unless(facts.requested_fen > 0, "award.amount_missing")


def amount_within_request(facts: Facts) -> str | None:
    return unless(0 < facts.amount_fen <= facts.requested_fen, "award.amount_above_request")


def score_recorded(facts: Facts) -> str | None:
    return unless(facts.score_recorded, "award.score_missing")


def payee_fit(facts: Facts) -> str | None:
    """A filed organization has no corporate account: it needs a custodian; never a personal account."""
    return unless(facts.payee_fit, "award.payee_not_fit")


def budget_covers(facts: Facts) -> str | None:
    return unless(facts.available_fen >= facts.amount_fen, "award.budget_exceeded")


def two_approvals(facts: Facts) -> str | None:
    """Above the threshold a second person of another office approves first."""
    small = facts.amount_fen < facts.two_approvals_from_fen
    return unless(small or facts.first_approval_given, "decision.first_approval_missing")


def not_yet_approved(facts: Facts) -> str | None:
    return unless(not facts.first_approval_given, "decision.already_approved")


def incubation_signed(facts: Facts) -> str | None:
    return unless(facts.incubation_signed, "award.incubation_not_signed")


def signed_by_payee(facts: Facts) -> str | None:
    return unless(facts.signed_by_payee, "agreement.not_signed_by_applicant")


def not_yet_signed(facts: Facts) -> str | None:
    return unless(not facts.signed_by_payee, "agreement.already_signed")


def instalments_settled(facts: Facts) -> str | None:
    return unless(facts.open_instalments == 0, "award.instalments_open")


def review_orders_new_look(facts: Facts) -> str | None:
    """Open only where a decided and served review of the refusal orders it."""
    return unless(facts.review_orders == "APPLIED", "review.orders_nothing_here")
