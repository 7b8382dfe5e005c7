"""How evaluators score compared with one another: severity, drift, agreement, and what severity does to a ranking."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

LEAST_SHEETS = 3
"""From how many sheets on an evaluator's severity is taken for more than chance."""

LEAST_RATED = 2
DROP_FROM = 5


@dataclass(frozen=True, slots=True)
class Sheet:
    """One counting sheet: in which round, by whom, its total in points, when the round was concluded."""

    round_id: str
    evaluator: str
    total: Fraction
    concluded_at: datetime


@dataclass(frozen=True, slots=True)
class Severity:
    """How one evaluator stands to the panels: mean deviation of the totals from the panel's mean, in points.

    Above nothing is lenient, below is severe. `drift` is the mean deviation in the later half of the sheets less that
    in the earlier half; None with too few sheets to tell. `counts` says whether it is taken out of the ranking.
    """

    evaluator: str
    sheets: int
    deviation: Fraction
    drift: Fraction | None

    @property
    def counts(self) -> bool:
        """Whether there are enough sheets to take the deviation for a habit."""
        return self.sheets >= LEAST_SHEETS


@dataclass(frozen=True, slots=True)
class Ranked:
    """One round in the ranking: its mean and place as scored, and with each evaluator's severity taken out."""

    round_id: str
    mean: Fraction
    place: int
    adjusted_mean: Fraction
    adjusted_place: int

    @property
    def moved(self) -> int:
        """By how many places it would rise; below nothing it would fall."""
        return self.place - self.adjusted_place


def severities(sheets: Iterable[Sheet]) -> tuple[Severity, ...]:
    """Every evaluator, the most severe first. A round with one sheet says nothing of anybody."""
    rounds = _by_round(sheets)
    found: dict[str, list[tuple[datetime, Fraction]]] = defaultdict(list)
    for lines in rounds.values():
        if len(lines) < LEAST_RATED:
            continue
        mean = sum((one.total for one in lines), Fraction(0)) / len(lines)
        for one in lines:
            found[one.evaluator].append((one.concluded_at, one.total - mean))
    known = [_severity(evaluator, sorted(deviations)) for evaluator, deviations in found.items()]
    return tuple(sorted(known, key=lambda one: (one.deviation, one.evaluator)))


def _severity(evaluator: str, deviations: Sequence[tuple[datetime, Fraction]]) -> Severity:
    values = [value for _, value in deviations]
    half = len(values) // 2
    drift = _mean(values[-half:]) - _mean(values[:half]) if half >= LEAST_SHEETS else None
    return Severity(evaluator, len(values), _mean(values), drift)


def ranking(sheets: Iterable[Sheet], habits: Mapping[str, Fraction]) -> tuple[Ranked, ...]:
    """Every round, the best first, with the place it would have if each total were freed of its evaluator's habit.

    One highest and one lowest total are set aside from five sheets on, before and after. Equal means share a place.
    """
    rounds = _by_round(sheets)
    plain = {key: _kept_mean([one.total for one in lines]) for key, lines in rounds.items()}
    freed = {
        key: _kept_mean([one.total - habits.get(one.evaluator, Fraction(0)) for one in lines])
        for key, lines in rounds.items()
    }
    before, after = _places(plain), _places(freed)
    found = [Ranked(key, plain[key], before[key], freed[key], after[key]) for key in rounds]
    return tuple(sorted(found, key=lambda one: (one.place, one.adjusted_place, one.round_id)))


def agreement(sheets: Iterable[Sheet]) -> float | None:
    """Krippendorff's alpha over the totals as an interval scale: 1 agrees fully, 0 is chance, below is contradiction.

    None where fewer than two rounds have two sheets each, or where all totals are one and the same.
    """
    rounds = {key: lines for key, lines in _by_round(sheets).items() if len(lines) >= LEAST_RATED}
    if len(rounds) < LEAST_RATED or len({one.total for lines in rounds.values() for one in lines}) < LEAST_RATED:
        return None
    # Loaded here: the arithmetic behind it is heavy, and only this page of one role asks for it.
    import krippendorff
    import numpy  # noqa: ICN001

    evaluators = sorted({one.evaluator for lines in rounds.values() for one in lines})
    table = numpy.full((len(evaluators), len(rounds)), numpy.nan)
    for column, lines in enumerate(rounds.values()):
        for one in lines:
            table[evaluators.index(one.evaluator), column] = float(one.total)
    return float(krippendorff.alpha(reliability_data=table, level_of_measurement="interval"))


def _by_round(sheets: Iterable[Sheet]) -> dict[str, list[Sheet]]:
    found: dict[str, list[Sheet]] = defaultdict(list)
    for one in sheets:
        found[one.round_id].append(one)
    return dict(found)


def _kept_mean(totals: Sequence[Fraction]) -> Fraction:
    ordered = sorted(totals)
    return _mean(ordered[1:-1] if len(ordered) >= DROP_FROM else ordered)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _places(means: Mapping[str, Fraction]) -> dict[str, int]:
    """Each key's place: one more than how many have a higher mean."""
    ordered = sorted(means.values(), reverse=True)
    first: dict[Fraction, int] = {}
    for place, mean in enumerate(ordered, start=1):
        first.setdefault(mean, place)
    return {key: first[mean] for key, mean in means.items()}
