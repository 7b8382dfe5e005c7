"""Reads numbers out of one rule set; a missing number is our own fault, never a silent default."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.errors import Broken


@dataclass(frozen=True)
class Rules:
    """The numbers of one rule set, asked by dotted key (`limit.intake`)."""

    id: str
    numbers: Mapping[str, Any]

    def value(self, key: str) -> Any:
        """The raw value under the dotted key; Broken when the rule set lacks it."""
        found: Any = self.numbers
        for part in key.split("."):
            if not isinstance(found, Mapping) or part not in found:
                raise Broken(f"rule set {self.id} lacks {key}")
            found = found[part]
        return found

    def number(self, key: str) -> int:
        """A whole number."""
        return int(self.value(key))

    def mark(self, key: str) -> Decimal:
        """A mark out of 100."""
        return Decimal(str(self.value(key)))

    def flag(self, key: str) -> bool:
        """A switch."""
        return bool(self.value(key))

    def limit(self, key: str) -> tuple[int, str]:
        """Length and unit (working_days, calendar_days, months) of the clock `key`."""
        length, unit = self.value(f"limit.{key}")
        return int(length), str(unit)
