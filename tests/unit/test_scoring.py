"""Score sheets and panel outcomes, with the worked examples of the scoring rules."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from services.assessments.form_files import (
    load_form,
)
from services.assessments.rules import (
    TOTAL,
    Band,
    Marks,
    SheetFault,
    TooFewSheets,
    VetoFindings,
    check_sheet,
    outcome,
    sheet_faults,
    sheet_total,
)


def scores(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


ADMISSION_MARKS = Marks(
    Decimal(70), Decimal(60), (Band("admit", Decimal(70)), Band("conditional", Decimal(60)), Band("refuse", Decimal(0)))
)
GRADUATION_MARKS = Marks(
    Decimal(70),
    Decimal(60),
    (
        Band("excellent", Decimal(90)),
        Band("good", Decimal(80)),
        Band("pass", Decimal(70)),
        Band("return", Decimal(60)),
        Band("fail", Decimal(0)),
    ),
)

# Sheets -------------------------------------------------------------------------------------------

ADMISSION = load_form("admission")
GOOD = {"A1": "16", "A2": "15.5", "A3": "16", "A4": "12", "A5": "8", "A6": "8", "A7": "4"}


def sheet(**changed: str) -> dict[str, Decimal]:
    return {item: Decimal(text) for item, text in (GOOD | changed).items()}


def test_a_full_sheet_has_no_faults() -> None:
    assert check_sheet(ADMISSION, sheet(), {}) == []
    assert sheet_total(sheet()) == Decimal("79.5")


def test_every_criterion_needs_a_score_and_no_other_may_have_one() -> None:
    items = sheet(A9="1")
    del items["A3"]
    assert sheet_faults(ADMISSION, items, {}) == [
        SheetFault("assessment.item_missing", "A3"),
        SheetFault("assessment.item_unknown", "A9"),
    ]


@pytest.mark.parametrize("score", ["20.5", "-0.5", "NaN", "Infinity"])
def test_a_score_outside_its_item_is_refused(score: str) -> None:
    assert check_sheet(ADMISSION, sheet(A1=score), {}) == ["assessment.score_out_of_range"]


def test_a_score_that_is_no_decimal_number_is_refused() -> None:
    items: dict[str, Any] = {**sheet(), "A1": 16.0}
    assert check_sheet(ADMISSION, items, {}) == ["assessment.score_out_of_range"]


def test_scores_come_in_steps_of_half_a_point() -> None:
    assert check_sheet(ADMISSION, sheet(A1="15.5"), {}) == []
    assert check_sheet(ADMISSION, sheet(A1="15.25"), {}) == ["assessment.score_step_wrong"]


def test_an_item_below_sixty_percent_needs_a_comment() -> None:
    assert sheet_faults(ADMISSION, sheet(A1="12"), {}) == []
    assert sheet_faults(ADMISSION, sheet(A1="11.5"), {}) == [SheetFault("assessment.comment_missing", "A1")]
    assert sheet_faults(ADMISSION, sheet(A1="11.5"), {"A1": "  "}) == [SheetFault("assessment.comment_missing", "A1")]
    assert sheet_faults(ADMISSION, sheet(A1="11.5"), {"A1": "需求未说明"}) == []


def test_an_extreme_total_needs_a_comment() -> None:
    top = {c.id: c.maximum for c in ADMISSION.criteria}
    assert sheet_faults(ADMISSION, top | {"A1": Decimal(15)}, {}) == []
    assert sheet_faults(ADMISSION, top | {"A1": Decimal("15.5")}, {}) == [
        SheetFault("assessment.comment_missing", TOTAL)
    ]
    assert sheet_faults(ADMISSION, top, {TOTAL: "各项齐全"}) == []
    low = {c.id: c.maximum * 6 / 10 for c in ADMISSION.criteria}
    assert sheet_faults(ADMISSION, low, {}) == []
    lower = low | {"A1": Decimal("11.5")}
    assert sheet_faults(ADMISSION, lower, {"A1": "不足"}) == [SheetFault("assessment.comment_missing", TOTAL)]


# Outcomes -----------------------------------------------------------------------------------------


def test_five_sheets_drop_one_highest_and_one_lowest() -> None:
    result = outcome(scores("78", "82.5", "75", "80", "71"), marks=ADMISSION_MARKS)
    assert result.totals_sorted == tuple(scores("71", "75", "78", "80", "82.5"))
    assert result.dropped == tuple(scores("71", "82.5"))
    assert (result.mean, result.range) == (Decimal("77.67"), Decimal("11.5"))
    assert (result.passed, result.band, result.arbitration_reasons) == (True, "admit", ())


def test_a_wide_range_calls_for_arbitration() -> None:
    result = outcome(scores("88", "85", "62", "79", "90.5"), marks=GRADUATION_MARKS)
    assert (str(result.mean), result.range) == ("84.00", Decimal("28.5"))
    assert "assessment.range_too_large" in result.arbitration_reasons


def test_one_extra_sheet_settles_the_arbitration() -> None:
    result = outcome(scores("88", "85", "62", "79", "90.5", "83"), marks=GRADUATION_MARKS, after_extra_sheet=True)
    assert result.dropped == tuple(scores("62", "90.5"))
    assert (str(result.mean), result.band, result.arbitration_reasons) == ("83.75", "good", ())


def test_a_panel_still_spread_after_the_extra_sheet_goes_to_the_committee() -> None:
    result = outcome(scores("95", "94", "62", "64", "90", "60"), marks=GRADUATION_MARKS, after_extra_sheet=True)
    assert "assessment.range_too_large" in result.arbitration_reasons


def test_after_the_extra_sheet_extremes_are_dropped_from_four_sheets_too() -> None:
    result = outcome(scores("50", "80", "82", "95"), marks=GRADUATION_MARKS, after_extra_sheet=True)
    assert (str(result.mean), result.arbitration_reasons) == ("81.00", ())


def test_a_low_mean_is_refused() -> None:
    result = outcome(scores("52", "55", "50.5", "57", "54"), marks=ADMISSION_MARKS)
    assert (result.mean, result.passed, result.band) == (Decimal("53.67"), False, "refuse")


@pytest.mark.parametrize("totals", [("66", "67.5", "69.5"), ("60", "66", "67.5", "69.5", "73")])
def test_the_midterm_that_must_rectify(totals: tuple[str, ...]) -> None:
    result = outcome(scores(*totals), marks=ADMISSION_MARKS)
    assert (result.mean, result.passed, result.conditional) == (Decimal("67.67"), False, True)
    assert result.arbitration_reasons == ()


def test_three_and_four_sheets_are_all_averaged() -> None:
    assert str(outcome(scores("70", "80", "87"), marks=ADMISSION_MARKS).mean) == "79.00"
    four = outcome(scores("70", "80", "85", "88"), marks=ADMISSION_MARKS)
    assert (str(four.mean), four.dropped) == ("80.75", ())


@pytest.mark.parametrize("totals", [(), ("80",), ("80", "81")])
def test_fewer_than_three_sheets_are_not_computed(totals: tuple[str, ...]) -> None:
    with pytest.raises(TooFewSheets, match=f"{len(totals)} locked sheets; at least 3"):
        outcome(scores(*totals), marks=ADMISSION_MARKS)


def test_the_mean_is_rounded_half_up_and_then_compared_with_inclusive_marks() -> None:
    assert outcome(scores("69.99", "69.99", "70.005"), marks=ADMISSION_MARKS).mean == Decimal("70.00")
    assert outcome(scores("69.99", "69.99", "70.005"), marks=ADMISSION_MARKS).passed
    assert not outcome(scores("69.99", "69.99", "70.00"), marks=ADMISSION_MARKS).passed
    assert outcome(scores("70.00", "70.01", "70.00", "70.01"), marks=ADMISSION_MARKS).mean == Decimal("70.01")


@pytest.mark.parametrize(
    ("mean", "band"),
    [("90", "excellent"), ("89.5", "good"), ("80", "good"), ("79.5", "pass"), ("70", "pass"), ("69.5", "return"),
     ("60", "return"), ("59.5", "fail"), ("0", "fail")],
)  # fmt: skip
def test_graduation_bands_begin_on_their_marks(mean: str, band: str) -> None:
    assert outcome(scores(mean, mean, mean), marks=GRADUATION_MARKS).band == band


def test_a_large_deviation_calls_for_arbitration_even_within_the_range() -> None:
    result = outcome(scores("75", "75", "95", "95"), marks=ADMISSION_MARKS)
    assert (result.range, str(result.deviation), result.arbitration_reasons) == (Decimal(20), "10.00", ())
    wide = outcome(scores("75", "75", "95.5", "95.5"), marks=ADMISSION_MARKS)
    assert wide.arbitration_reasons == ("assessment.deviation_too_large", "assessment.range_too_large")


def test_the_deviation_is_that_of_the_population() -> None:
    result = outcome(scores("72", "74", "74", "74", "75", "75", "77", "79"), marks=ADMISSION_MARKS)
    assert str(result.deviation) == "2.00"


def test_a_panel_split_near_the_pass_mark_calls_for_arbitration() -> None:
    split = outcome(scores("66", "71", "75"), marks=ADMISSION_MARKS)
    assert split.arbitration_reasons == ("assessment.panel_split_near_mark",)
    assert outcome(scores("69.5", "71.5", "75"), marks=ADMISSION_MARKS).mean == Decimal("72.00")
    assert outcome(scores("69.5", "71.5", "75"), marks=ADMISSION_MARKS).arbitration_reasons != ()
    assert outcome(scores("69.5", "72", "75"), marks=ADMISSION_MARKS).arbitration_reasons == ()
    assert outcome(scores("70", "71", "72"), marks=ADMISSION_MARKS).arbitration_reasons == ()


def test_a_confirmed_veto_overrides_any_score() -> None:
    result = outcome(
        scores("95", "96", "97"),
        marks=GRADUATION_MARKS,
        vetoes=VetoFindings({"misuse_of_money": 1}, frozenset({"misuse_of_money"})),
    )
    assert (result.passed, result.conditional, result.vetoed, result.band) == (False, False, True, "fail")
    assert result.arbitration_reasons == ()


def test_a_veto_claimed_by_one_evaluator_only_calls_for_arbitration() -> None:
    totals = scores("85", "86", "87")
    lone = outcome(totals, marks=GRADUATION_MARKS, vetoes=VetoFindings({"misuse_of_money": 1}))
    assert (lone.passed, lone.arbitration_reasons) == (True, ("assessment.veto_claimed_once",))
    shared = outcome(totals, marks=GRADUATION_MARKS, vetoes=VetoFindings({"misuse_of_money": 2}))
    assert shared.arbitration_reasons == ("assessment.veto_unconfirmed",)
    struck = outcome(totals, marks=GRADUATION_MARKS, vetoes=VetoFindings({"x": 1}, refuted=frozenset({"x"})))
    assert (struck.passed, struck.arbitration_reasons) == (True, ())


@pytest.mark.parametrize("bad", [80.5, 80, "80"])
def test_totals_are_decimal_numbers_never_floats(bad: Any) -> None:
    with pytest.raises(TypeError):
        outcome([bad, Decimal(80), Decimal(80)], marks=ADMISSION_MARKS)


@pytest.mark.parametrize("bad", ["-1", "NaN", "Infinity"])
def test_totals_that_are_no_points_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="points"):
        outcome(scores(bad, "80", "80"), marks=ADMISSION_MARKS)


def test_marks_that_leave_a_result_without_a_band_are_refused() -> None:
    for bands in ((), (Band("pass", Decimal(70)),), (Band("low", Decimal(0)), Band("high", Decimal(70)))):
        with pytest.raises(ValueError, match="highest"):
            replace(ADMISSION_MARKS, bands=bands)
    with pytest.raises(ValueError, match="above the pass mark"):
        replace(ADMISSION_MARKS, conditional_mark=Decimal(71))
