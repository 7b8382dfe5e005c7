"""What the guards of each kind of case ask, gathered from the tables into one frozen record."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from documents.format import money
from services.cases.facts import award, incubation, instalment, offer, purchase, recovery, review, star, supplier
from services.cases.turn import Subject
from services.database.work import Work
from services.rulesets.rules import Rules
from statemachines.award.facts import AwardFacts
from statemachines.incubation.facts import IncubationFacts
from statemachines.offer.facts import OfferFacts
from statemachines.star.facts import StarFacts


def words_for(work: Work, subject: Subject, facts: Any, *, rules: Rules) -> dict[str, object]:
    """What the sentences of a refusal name: which materials are missing, from when, how much is unsettled (yuan)."""
    if isinstance(facts, StarFacts):
        return {"barred_until": facts.barred_until}
    if isinstance(facts, AwardFacts):
        return {"left": money(facts.available_fen)}
    if isinstance(facts, OfferFacts):
        return {"words": facts.fundraising}
    if not isinstance(facts, IncubationFacts):
        return {}
    missing = incubation.materials_missing(work, subject.case.id, rules) if facts.materials_missing else ()
    return {
        "first": facts.waits_behind or None,
        "missing": "、".join(missing) or None,
        "may_apply_from": facts.may_apply_from,
        "unsettled": f"{Decimal(facts.unsettled_fen) / 100:,.2f}",
    }


GATHER: dict[str, Callable[..., Any]] = {
    "award": award.gather,
    "incubation": incubation.gather,
    "instalment": instalment.gather,
    "offer": offer.gather,
    "recovery": recovery.gather,
    "purchase": purchase.gather,
    "review": review.gather,
    "star": star.gather,
    "supplier": supplier.gather,
}
