"""The questions a supplier case asks of its facts; each answers None, or the code of the reason why not."""

from statemachines.supplier.facts import SupplierFacts as Facts
from statemachines.table import unless


def not_yet_listed(facts: Facts) -> str | None:
    return unless(not facts.already_listed, "supplier.listed_already")


def registered(facts: Facts) -> str | None:
    """Only a legal person stands in the catalogue; a filed organization takes part beside one."""
    return unless(facts.is_registered, "supplier.not_a_legal_person")


def conditions_met(facts: Facts) -> str | None:
    return unless(facts.answered_no == 0, "supplier.condition_not_met")


def books_agree(facts: Facts) -> str | None:
    """What was answered yes may not be no in our own books."""
    return unless(facts.contradicted == 0, "supplier.books_say_otherwise")


def review_due(facts: Facts) -> str | None:
    return unless(facts.review_due, "clock.not_due")
