"""Fills the context of every paper from the case that earned it; one builder per kind."""

from collections.abc import Callable
from typing import Any

from documents.kind import Kind
from services.cases.papers import (
    admission,
    award,
    ending,
    incubating,
    intake,
    leaving,
    money,
    offer,
    purchase,
    recovery,
    review,
    star,
    term,
)
from services.cases.turn import Turn
from services.errors import Broken
from services.issuance.commands import Numbered

Builder = Callable[[Turn, Kind, Numbered], Any]

BUILDERS: dict[str, Builder] = {
    **admission.BUILDERS,
    **ending.BUILDERS,
    **incubating.BUILDERS,
    **intake.BUILDERS,
    **leaving.BUILDERS,
    **money.BUILDERS,
    **offer.BUILDERS,
    **recovery.BUILDERS,
    **review.BUILDERS,
    **term.BUILDERS,
}

OF_CASE: dict[str, dict[str, Builder]] = {
    "award": award.BUILDERS,
    "purchase": purchase.PURCHASE,
    "star": star.BUILDERS,
    "supplier": purchase.SUPPLIER,
}
"""Builders of a kind of case that come before the general ones."""


def context_of(turn: Turn, kind: Kind, number: Numbered) -> Any:
    """The context of the kind for this move, with its number already in the head; Broken when nobody fills the kind."""
    builder = OF_CASE.get(turn.case.kind, {}).get(kind.name) or BUILDERS.get(kind.name)
    if builder is None:
        raise Broken(f"nobody fills the document kind {kind.name}")
    return builder(turn, kind, number)
