"""What the guards of each kind of case ask, gathered from the tables into one frozen record."""

from collections.abc import Callable
from typing import Any

from services.cases.facts import award, incubation, instalment

GATHER: dict[str, Callable[..., Any]] = {
    "award": award.gather,
    "incubation": incubation.gather,
    "instalment": instalment.gather,
}
