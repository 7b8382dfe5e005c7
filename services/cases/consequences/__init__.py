"""What an accepted move writes beside the state: one small function per trigger, in the same transaction."""

from collections.abc import Callable
from datetime import date

from services.cases.consequences import award, incubation, instalment, offer, purchase, recovery, review, star, supplier
from services.cases.turn import Turn

Consequence = Callable[[Turn], None]

BY_KIND: dict[str, dict[str, Consequence]] = {
    "award": award.BY_TRIGGER,
    "incubation": incubation.BY_TRIGGER,
    "instalment": instalment.BY_TRIGGER,
    "offer": offer.BY_TRIGGER,
    "recovery": recovery.BY_TRIGGER,
    "purchase": purchase.BY_TRIGGER,
    "review": review.BY_TRIGGER,
    "star": star.BY_TRIGGER,
    "supplier": supplier.BY_TRIGGER,
}
DATED: dict[str, Callable[[Turn], dict[str, date | None]]] = {
    "award": award.dated_limits,
    "incubation": incubation.dated_limits,
    "offer": offer.dated_limits,
    "recovery": recovery.dated_limits,
    "purchase": purchase.dated_limits,
    "star": star.dated_limits,
    "supplier": supplier.dated_limits,
}
"""Where the due days come from that are facts of a case and no length of the rule set."""


def write(turn: Turn) -> None:
    """Write what the move changes beside the state; most moves change nothing else."""
    consequence = BY_KIND[turn.case.kind].get(turn.move.trigger)
    if consequence is not None:
        consequence(turn)


def dated_limits(turn: Turn) -> dict[str, date | None]:
    """The due days of the limits whose day is a fact of the case, read after the consequences were written."""
    dated = any(limit.dated for limit in turn.subject.process.state(turn.dest).limits)
    return DATED[turn.case.kind](turn) if dated and turn.source != turn.dest else {}
