"""The questions an instalment asks of its facts; each answers None, or the code of the reason why not."""

from statemachines.instalment.facts import InstalmentFacts as Facts
from statemachines.table import unless


def earned(facts: Facts) -> str | None:
    return unless(facts.earned, "instalment.not_earned")


def award_live(facts: Facts) -> str | None:
    return unless(facts.award_live, "instalment.award_not_live")


def incubation_permits_money(facts: Facts) -> str | None:
    return unless(facts.incubation_permits_money, "instalment.case_on_hold")


def earlier_confirmed(facts: Facts) -> str | None:
    return unless(facts.earlier_confirmed, "instalment.earlier_not_confirmed")


def earlier_reported(facts: Facts) -> str | None:
    """What the earlier instalments were spent on is reported before the next one is asked for."""
    return unless(facts.earlier_reported, "instalment.earlier_not_reported")


def milestone_reported(facts: Facts) -> str | None:
    return unless(facts.milestone_reported, "instalment.milestone_not_reported")


def milestone_not_reported(facts: Facts) -> str | None:
    return unless(not facts.milestone_reported, "decision.already_approved")


def account_verified(facts: Facts) -> str | None:
    """A changed account needs two people and 24 hours before money may go there."""
    return unless(facts.account_verified and facts.account_hold_over, "instalment.account_not_verified")


def account_unchanged(facts: Facts) -> str | None:
    """What was made out for one account is never approved or instructed for another."""
    return unless(facts.account_as_made_out, "instalment.account_changed")


def large_amount(facts: Facts) -> str | None:
    return unless(facts.amount_fen >= facts.large_from_fen, "decision.civil_affairs_not_needed")


def not_yet_large_approved(facts: Facts) -> str | None:
    return unless(not facts.large_approved, "decision.already_approved")


def large_approved(facts: Facts) -> str | None:
    small = facts.amount_fen < facts.large_from_fen
    return unless(small or facts.large_approved, "decision.civil_affairs_not_agreed")


def bank_serial_given(facts: Facts) -> str | None:
    return unless(facts.bank_serial_given, "instalment.bank_serial_missing")


def bank_serial_new(facts: Facts) -> str | None:
    return unless(facts.bank_serial_new, "instalment.bank_serial_used")


def not_in_batch(facts: Facts) -> str | None:
    return unless(not facts.in_batch, "instalment.in_batch")


def batch_released(facts: Facts) -> str | None:
    return unless(facts.batch_released, "instalment.batch_not_released")


def instruction_issued(facts: Facts) -> str | None:
    """D31 is drawn and was not revoked: nothing goes to the bank without its paper."""
    return unless(facts.instruction_issued, "instalment.instruction_not_issued")


def shown_absent(facts: Facts) -> str | None:
    """A statement of our account that covers the day on which it was sent does not show the payment."""
    return unless(facts.shown_absent, "instalment.not_shown_absent")


def proposed(facts: Facts) -> str | None:
    return unless(facts.proposed, "instalment.not_proposed")


def not_yet_proposed(facts: Facts) -> str | None:
    return unless(not facts.proposed, "instalment.already_proposed")


def was_planned(facts: Facts) -> str | None:
    return unless(facts.came_from == "PLANNED" and not facts.earned, "instalment.held_elsewhere")


def was_released(facts: Facts) -> str | None:
    """Also one that was earned while it was held: nobody else would release it afterwards."""
    earned_meanwhile = facts.came_from == "PLANNED" and facts.earned
    return unless(facts.came_from == "RELEASED" or earned_meanwhile, "instalment.held_elsewhere")


def was_requested(facts: Facts) -> str | None:
    return unless(facts.came_from == "REQUESTED", "instalment.held_elsewhere")


def was_milestone_confirmed(facts: Facts) -> str | None:
    """Also one made out for an account that was changed since: it is made out and approved anew."""
    made_out_elsewhere = facts.came_from in ("CHECKED", "APPROVED") and not facts.account_as_made_out
    return unless(facts.came_from == "MILESTONE_CONFIRMED" or made_out_elsewhere, "instalment.held_elsewhere")


def was_checked(facts: Facts) -> str | None:
    return unless(facts.came_from == "CHECKED", "instalment.held_elsewhere")


def was_approved(facts: Facts) -> str | None:
    return unless(facts.came_from == "APPROVED", "instalment.held_elsewhere")
