"""The questions about a publicity and its objections, the same in every process that publishes before it confirms."""

from typing import Protocol

from statemachines.table import unless


class Published(Protocol):
    """What the facts of a process that publishes tell of its publicity."""

    @property
    def publicity_over(self) -> bool:
        """Whether its last day has passed."""
        ...

    @property
    def objections_open(self) -> int:
        """How many objections nobody ruled on yet."""
        ...

    @property
    def objection_upheld(self) -> bool:
        """Whether one was upheld."""
        ...


def publicity_over(facts: Published) -> str | None:
    """Nothing is confirmed before the last day has passed."""
    return unless(facts.publicity_over, "publicity.not_over")


def no_objection_open(facts: Published) -> str | None:
    """Nothing is confirmed while an objection waits for its ruling."""
    return unless(facts.objections_open == 0, "publicity.objection_open")


def no_objection_upheld(facts: Published) -> str | None:
    """Nothing is confirmed against an objection that was upheld."""
    return unless(not facts.objection_upheld, "publicity.objection_upheld")


def objection_upheld(facts: Published) -> str | None:
    """Only an upheld objection leads back."""
    return unless(facts.objection_upheld, "publicity.no_objection_upheld")
