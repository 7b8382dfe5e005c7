"""Panel outcomes: what must hold for every panel, and agreement with a model written in another way."""

from __future__ import annotations

import statistics
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessments.form_files import load_form
from services.assessments.rules import Band, Marks, check_sheet, outcome, sheet_total

HALVES = st.integers(0, 200).map(lambda halves: Decimal(halves) / 2)
PANELS = st.lists(HALVES, min_size=3, max_size=9)
MARKS = Marks(
    Decimal(70), Decimal(60), (Band("pass", Decimal(70)), Band("near", Decimal(60)), Band("fail", Decimal(0)))
)
CENT = Decimal("0.01")


def model_mean(totals: list[Decimal], *, drop_from: int = 5) -> Decimal:
    """The mean in whole half points and Decimal division, one highest and one lowest taken out one by one."""
    remaining = list(totals)
    if len(remaining) >= drop_from:
        remaining.remove(max(remaining))
        remaining.remove(min(remaining))
    halves = sum(int(total * 2) for total in remaining)
    return (Decimal(halves) / (2 * len(remaining))).quantize(CENT, ROUND_HALF_UP)


@given(PANELS, st.randoms(use_true_random=False))
def test_the_order_of_the_sheets_never_matters(totals: list[Decimal], random: object) -> None:
    shuffled = list(totals)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert outcome(totals, marks=MARKS) == outcome(shuffled, marks=MARKS)


@given(PANELS)
def test_the_mean_lies_between_the_lowest_and_the_highest_total(totals: list[Decimal]) -> None:
    assert min(totals) <= outcome(totals, marks=MARKS).mean <= max(totals)


@given(PANELS)
def test_the_outcome_agrees_with_an_independent_model(totals: list[Decimal]) -> None:
    result = outcome(totals, marks=MARKS)
    deviation = statistics.pstdev(totals)
    assert result.mean == model_mean(totals)
    assert result.range == max(totals) - min(totals)
    assert abs(result.deviation - deviation) <= CENT
    assert result.passed == (result.mean >= 70)
    near = abs(result.mean - 70) <= 2 and any(t < 70 for t in totals) and any(t >= 70 for t in totals)
    expected = {
        "assessment.range_too_large": max(totals) - min(totals) > 20,
        "assessment.panel_split_near_mark": near,
    }
    for reason, called_for in expected.items():
        assert (reason in result.arbitration_reasons) == called_for
    if abs(deviation - 10) > Decimal("0.000001"):
        assert ("assessment.deviation_too_large" in result.arbitration_reasons) == (deviation > 10)


@given(PANELS, st.integers(0, 8))
def test_raising_one_total_never_lowers_the_mean(totals: list[Decimal], place: int) -> None:
    raised = list(totals)
    raised[place % len(raised)] += Decimal("0.5")
    assert outcome(raised, marks=MARKS).mean >= outcome(totals, marks=MARKS).mean


@pytest.mark.parametrize("drop_from", [4, 6])
def test_a_model_that_drops_extremes_at_another_size_would_be_caught(drop_from: int) -> None:
    panel = [Decimal(number) for number in (60, 70, 71, 72, 95)[: 4 if drop_from == 4 else 5]]
    assert outcome(panel, marks=MARKS).mean != model_mean(panel, drop_from=drop_from)


@given(st.data())
def test_every_sheet_scored_within_its_items_may_be_locked_once_commented(data: st.DataObject) -> None:
    form = load_form(data.draw(st.sampled_from(["admission", "midterm", "graduation"])))
    items = {c.id: Decimal(data.draw(st.integers(0, int(c.maximum * 2)))) / 2 for c in form.criteria}
    comments = dict.fromkeys([*items, "total"], "说明")
    assert check_sheet(form, items, comments) == []
    assert 0 <= sheet_total(items) <= 100
    missing = set(check_sheet(form, items, {}))
    assert missing <= {"assessment.comment_missing"}
    low = any(items[c.id] * 10 < c.maximum * 6 for c in form.criteria)
    assert bool(missing) == (low or not 60 <= sheet_total(items) <= 95)
