"""The aggregation against a model that was written in another way, over many thousand sheets, with planted bugs."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.assessments.form_files import load_form
from services.assessments.rules import Band, Marks, Outcome, VetoFindings, outcome, sheet_total

LEAST_SHEETS = 25_000
EXAMPLES = 3_600
FORMS = tuple(load_form(key) for key in ("admission", "midterm", "graduation", "award"))
MARKS = Marks(
    Decimal(70), Decimal(60), (Band("pass", Decimal(70)), Band("near", Decimal(60)), Band("fail", Decimal(0)))
)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Panel:
    """A panel's sheets, item by item; None for an evaluator who gave nothing."""

    sheets: tuple[dict[str, Decimal] | None, ...]
    extra: bool = False

    @property
    def totals(self) -> list[Decimal]:
        """Of the sheets that were given."""
        return [sheet_total(one) for one in self.sheets if one is not None]


@st.composite
def panels(draw: st.DrawFn) -> Panel:
    """Five to eleven sheets of one form, near a common level so that marks and limits are met, and some absent."""
    form = draw(st.sampled_from(FORMS))
    level = draw(st.sampled_from([30, 59, 60, 61, 68, 69, 70, 71, 72, 85, 95]))
    width = draw(st.sampled_from([1, 4, 10, 25, 60]))
    sheets: list[dict[str, Decimal] | None] = []
    for _ in range(draw(st.integers(5, 11))):
        aimed = min(100, max(0, level + draw(st.integers(-width, width))))
        items = {}
        for one in form.criteria:
            halves = round(float(one.maximum) * 2 * aimed / 100) + draw(st.integers(-1, 1))
            items[one.id] = Decimal(min(int(one.maximum * 2), max(0, halves))) / 2
        sheets.append(items)
    sheets.extend([None] * draw(st.integers(0, 2)))
    return Panel(tuple(sheets), draw(st.booleans()))


@dataclass
class Model:
    """The rules of 7.0 once more: half points, sorting by hand, Decimal division; each bug is one changed part."""

    rounding: str = ROUND_HALF_UP
    inclusive: bool = True
    absent_is_zero: bool = False
    per_item: bool = False

    def mean(self, panel: Panel) -> Decimal:
        """The mean of what remains once a highest and a lowest total are crossed out."""
        if self.per_item:
            given = [one for one in panel.sheets if one is not None]
            means = [self._mean([int(one[key] * 2) for one in given], panel.extra) for key in given[0]]
            return sum(means, Decimal(0)).quantize(CENT, self.rounding)
        absent = [0] * panel.sheets.count(None) if self.absent_is_zero else []
        return self._mean([int(total * 2) for total in panel.totals] + absent, panel.extra).quantize(
            CENT, self.rounding
        )

    def _mean(self, halves: list[int], extra: bool) -> Decimal:
        line: list[int] = []
        for one in halves:  # by hand: each is put before the first that is larger
            place = next((at for at, other in enumerate(line) if other > one), len(line))
            line.insert(place, one)
        if len(line) >= (4 if extra else 5):
            line = line[1 : len(line) - 1]
        return Decimal(sum(line)) / Decimal(2 * len(line))

    def passed(self, panel: Panel) -> bool:
        """Whether the mean reaches the mark."""
        return self.mean(panel) >= 70 if self.inclusive else self.mean(panel) > 70

    def reasons(self, panel: Panel) -> set[str]:
        """Why the panel has to be heard again."""
        ordered = sorted(panel.totals)
        judged = ordered[1:-1] if panel.extra and len(ordered) >= 4 else ordered
        middle = sum(judged, Decimal(0)) / len(judged)
        squares = sum(((one - middle) * (one - middle) for one in judged), Decimal(0)) / len(judged)
        found = set()
        if judged[-1] - judged[0] > 20:
            found.add("assessment.range_too_large")
        if squares > 100:
            found.add("assessment.deviation_too_large")
        both = any(one >= 70 for one in judged) and not all(one >= 70 for one in judged)
        if both and Decimal(68) <= self.mean(panel) <= Decimal(72):
            found.add("assessment.panel_split_near_mark")
        return found


def reckoned(panel: Panel) -> Outcome:
    return outcome(panel.totals, marks=MARKS, after_extra_sheet=panel.extra)


def agree(model: Model, panel: Panel) -> bool:
    """Whether function and model say the same of that panel."""
    found = reckoned(panel)
    return (found.mean, found.passed) == (model.mean(panel), model.passed(panel)) and (
        set(found.arbitration_reasons) == model.reasons(panel)
    )


def test_the_outcome_is_that_of_an_independent_model_over_25_000_sheets() -> None:
    model, seen = Model(), Counter[str]()

    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True)
    @given(panels())
    def compare(panel: Panel) -> None:
        seen["sheets"] += len(panel.totals)
        seen["passed"] += reckoned(panel).passed
        seen.update(model.reasons(panel))
        assert agree(model, panel)

    compare()
    print(dict(seen))
    assert seen["sheets"] >= LEAST_SHEETS
    for reason in ("range_too_large", "deviation_too_large", "panel_split_near_mark"):
        assert seen[f"assessment.{reason}"] >= 50


@given(panels(), st.randoms(use_true_random=False))
def test_no_order_in_which_sheets_come_in_changes_an_outcome(panel: Panel, chance: Any) -> None:
    shuffled = list(panel.totals)
    chance.shuffle(shuffled)
    claims = VetoFindings({"a": 1, "b": 2}, frozenset({"b"}) if panel.extra else frozenset())
    one, other = (
        outcome(totals, marks=MARKS, vetoes=claims, after_extra_sheet=panel.extra)
        for totals in (panel.totals, shuffled)
    )
    assert one == other


# Planted bugs -------------------------------------------------------------------------------------


def halves(*totals: float) -> Panel:
    return Panel(tuple({"A": Decimal(str(one))} for one in totals))


SCATTERED = Panel(
    tuple({"A": Decimal(one), "B": Decimal(other)} for one, other in ((50, 20), (20, 50), (40, 40), (35, 30), (30, 35)))
)
PLANTED: dict[str, tuple[Callable[[], Model], Panel]] = {
    "extremes dropped item by item": (lambda: Model(per_item=True), SCATTERED),
    "a mark that must be passed, not reached": (lambda: Model(inclusive=False), halves(70, 70, 70)),
    "an absent evaluator counted as nothing": (
        lambda: Model(absent_is_zero=True), Panel((*halves(80, 81, 82).sheets, None)),
    ),
    "rounding to the even cent": (lambda: Model(rounding=ROUND_HALF_EVEN), halves(60, 60, 60, 60.5)),
}  # fmt: skip


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_caught(bug: str) -> None:
    make, panel = PLANTED[bug]
    assert agree(Model(), panel)
    assert not agree(make(), panel)
