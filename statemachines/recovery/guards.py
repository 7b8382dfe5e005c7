"""The questions a recovery asks of its facts; each answers None, or the code of the reason why not."""

from statemachines.recovery.facts import RecoveryFacts as Facts
from statemachines.table import unless


def something_to_recover(facts: Facts) -> str | None:
    """What was kept less what was spent as agreed is more than nothing."""
    return unless(facts.asked_fen > 0, "recovery.nothing_to_recover")


def no_review_open(facts: Facts) -> str | None:
    """While a review of the expulsion is open its effects wait, the recovery among them."""
    return unless(not facts.review_open, "review.effect_waits")


def reply_over(facts: Facts) -> str | None:
    """Nothing is proposed before the organization answered or had its days to answer."""
    return unless(facts.reply_over, "recovery.reply_awaited")


def amount_within_notice(facts: Facts) -> str | None:
    """More than the notice named would be something the organization was never heard on."""
    return unless(0 < facts.amount_fen <= facts.asked_fen, "recovery.amount_above_notice")


def amount_still_kept(facts: Facts) -> str | None:
    return unless(facts.amount_fen <= facts.kept_fen, "recovery.amount_above_kept")


def none_decided(facts: Facts) -> str | None:
    return unless(not facts.decided_before, "recovery.already_decided")


def not_yet_approved(facts: Facts) -> str | None:
    return unless(not facts.first_approval_given, "decision.already_approved")


def first_approval_given(facts: Facts) -> str | None:
    return unless(facts.first_approval_given, "decision.first_approval_missing")


def plan_adds_up(facts: Facts) -> str | None:
    """A plan names every fen that is owed, on days still to come, one after the other."""
    whole = facts.plan_fen in (0, facts.owed_fen)
    return unless(whole and facts.plan_in_order, "recovery.plan_does_not_add_up")


def repayment_within(facts: Facts) -> str | None:
    return unless(facts.repaying_fen <= facts.owed_fen, "ledger.repayment_above_owed")


def rest_remains(facts: Facts) -> str | None:
    return unless(facts.repaying_fen < facts.owed_fen, "recovery.rest_settled")


def rest_settled(facts: Facts) -> str | None:
    return unless(facts.repaying_fen >= facts.owed_fen, "recovery.rest_remains")


def something_owed(facts: Facts) -> str | None:
    return unless(facts.owed_fen > 0, "recovery.rest_settled")


def repayment_overdue(facts: Facts) -> str | None:
    return unless("recovery_repayment" in facts.overdue, "recovery.not_overdue")


def write_off_proposed(facts: Facts) -> str | None:
    return unless(facts.write_off_proposed, "recovery.write_off_not_proposed")
