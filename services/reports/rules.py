"""Arithmetic of the board: quantiles, working days between two days, shares; no database and no clock."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol


class KnowsWorkingDays(Protocol):
    """Whatever can say of a day whether offices work on it."""

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on that day."""
        ...


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took: how often it was measured, and the days within which half and nine tenths ended."""

    number: int
    median: int | None
    p90: int | None


def quantile(ordered: Sequence[int], percent: int) -> int | None:
    """The smallest value that at least `percent` of a hundred do not exceed (nearest rank); None of nothing.

    Refuses (ValueError) a percentage outside 1 to 100.
    """
    if not 1 <= percent <= 100:
        raise ValueError(f"no quantile at {percent} percent")
    if not ordered:
        return None
    return ordered[-(-len(ordered) * percent // 100) - 1]


def spread(values: Iterable[int]) -> Spread:
    """Number, median and nine-tenths value."""
    ordered = sorted(values)
    return Spread(len(ordered), quantile(ordered, 50), quantile(ordered, 90))


class DayCount:
    """Counts working days between days of one stretch at once, by looking both up in a list made beforehand."""

    def __init__(self, calendar: KnowsWorkingDays, first: date, last: date) -> None:
        """Lists the working days after `first` up to and including `last`."""
        span = (last - first).days
        days = (first + timedelta(days=offset) for offset in range(1, span + 1))
        self._days = [day for day in days if calendar.is_working_day(day)]

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; both within the stretch, none when end comes first."""
        return max(0, bisect_right(self._days, end) - bisect_right(self._days, start))


def share(part: int, whole: int) -> int:
    """Whole percent, rounded half up; 0 of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else 0
