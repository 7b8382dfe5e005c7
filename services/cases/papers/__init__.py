"""Fills the context of every paper from the case that earned it; one builder per kind."""

from collections.abc import Callable
from typing import Any

from documents.kind import Kind
from services.cases.papers import admission, incubating, intake, leaving, money
from services.cases.turn import Turn
from services.errors import Broken
from services.issuance.commands import Numbered

Builder = Callable[[Turn, Kind, Numbered], Any]

BUILDERS: dict[str, Builder] = {
    **admission.BUILDERS,
    **incubating.BUILDERS,
    **intake.BUILDERS,
    **leaving.BUILDERS,
    **money.BUILDERS,
}


def context_of(turn: Turn, kind: Kind, number: Numbered) -> Any:
    """The context of the kind for this move, with its number already in the head; Broken when nobody fills the kind."""
    if kind.name not in BUILDERS:
        raise Broken(f"nobody fills the document kind {kind.name}")
    return BUILDERS[kind.name](turn, kind, number)
