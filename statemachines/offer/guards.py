"""The questions an offer asks of its facts; each answers None, or the code of the reason why not."""

from statemachines.offer.facts import OfferFacts as Facts
from statemachines.table import unless


def words_lawful(facts: Facts) -> str | None:
    """Public fundraising needs a qualification that nobody has by posting here (慈善法第二十二条)."""
    return unless(not facts.fundraising, "offer.public_fundraising")


def proof_given(facts: Facts) -> str | None:
    """The fair value of goods is stated together with what proves it."""
    return unless(facts.proof_given, "offer.proof_missing")


def wish_uninterested(facts: Facts) -> str | None:
    """Nobody names somebody of their own as the one who profits (慈善法第四十条)."""
    return unless(not facts.wish_interested, "offer.wish_interested")


def open_day_ahead(facts: Facts) -> str | None:
    return unless(facts.open_day_ahead, "offer.open_day_past")


def receiver_known(facts: Facts) -> str | None:
    return unless(facts.receiver_known, "offer.receiver_unknown")


def receiver_uninterested(facts: Facts) -> str | None:
    """The office matches nobody with the donor's own circle either."""
    return unless(not facts.receiver_interested, "offer.receiver_interested")


def receiver_can_receive(facts: Facts) -> str | None:
    """A filed organization is no legal person: money and goods reach it through a body that is one."""
    return unless(facts.receiver_can_receive, "offer.receiver_cannot_receive")


def not_yet_accepted(facts: Facts) -> str | None:
    return unless(not facts.accepted, "offer.already_accepted")


def accepted(facts: Facts) -> str | None:
    return unless(facts.accepted, "offer.not_accepted")


def in_kind(facts: Facts) -> str | None:
    """Money is confirmed by who finds it on the account."""
    return unless(not facts.in_money, "offer.money_by_finance")


def in_money(facts: Facts) -> str | None:
    return unless(facts.in_money, "offer.no_money")


def quantity_fits(facts: Facts) -> str | None:
    return unless(facts.quantity_fits, "offer.quantity_wrong")


def day_past(facts: Facts) -> str | None:
    return unless(facts.day_past, "offer.day_to_come")


def line_fits(facts: Facts) -> str | None:
    """Given money stays a donation to the end: it is received on a line of that source with room for it."""
    return unless(facts.line_fits, "offer.line_unfit")


def money_awarded(facts: Facts) -> str | None:
    """What was spent can be told only once something was awarded out of it."""
    return unless(facts.money_awarded, "offer.money_not_awarded")


def open_day_over(facts: Facts) -> str | None:
    return unless("offer_open" in facts.overdue, "offer.still_open")
