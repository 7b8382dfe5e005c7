"""Score sheets and panel outcomes, with the worked examples of the scoring rules."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from services.assessments import form_files
from services.assessments.commands import marks_of
from services.assessments.form_files import (
    FormRefused,
    form_from_toml,
    form_keys,
    from_json,
    load_form,
    scored_keys,
    to_json,
)
from services.assessments.rules import (
    TOTAL,
    Band,
    Marks,
    SheetFault,
    TooFewSheets,
    VetoFindings,
    capped,
    check_sheet,
    growth,
    outcome,
    sheet_faults,
    sheet_total,
)
from services.rulesets.rules import Rules


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

# Forms --------------------------------------------------------------------------------------------


def test_the_shipped_forms_hold_the_items_and_maxima_of_the_scoring_rules() -> None:
    assert form_keys() == ("acceptance", "admission", "award", "graduation", "midterm", "needs", "star")
    maxima = {key: {c.id: int(c.maximum) for c in load_form(key).criteria} for key in form_keys()}
    assert maxima["admission"] == {"A1": 20, "A2": 20, "A3": 20, "A4": 15, "A5": 10, "A6": 10, "A7": 5}
    assert maxima["midterm"] == {"M1": 15, "M2": 25, "M3": 15, "M4": 15, "M5": 15, "M6": 10, "M7": 5}
    assert maxima["graduation"] == {"R1": 20, "R2": 15, "R3": 25, "R4": 15, "R5": 10, "R6": 5, "R7": 5, "R8": 5}
    assert maxima["star"] == {"P1": 10, "P2": 10, "P3": 20, "P4": 30, "P5": 15, "P6": 10, "P7": 5}
    assert maxima["award"] == {"B1": 20, "B2": 25, "B3": 20, "B4": 15, "B5": 10, "B6": 10}
    assert maxima["acceptance"] == {"C1": 30, "C2": 30, "C3": 20, "C4": 20}
    assert maxima["needs"] == {f"N{number}": 5 for number in range(1, 9)}


@pytest.mark.parametrize("key", scored_keys())
def test_the_weights_of_every_scored_form_total_a_hundred(key: str) -> None:
    for category in ("", "SERVICE", "CULTURE_SPORT", "CHARITY", "SUPPORT_HUB"):
        form = load_form(key, category=category)
        missing = 100 - sum(one.maximum for one in form.criteria)
        assert missing == 0, f"{key} {category}: {missing} points missing"


def test_a_form_short_of_points_names_how_many_and_every_weight() -> None:
    short = TWO_PARTS.replace("maximum = 60", "maximum = 55", 1)
    with pytest.raises(FormRefused, match=r"total 95, not 100 \(5 missing\): T1 55, T2 40"):
        form_from_toml(short.replace("maximum = 60", "maximum = 55"))


def test_the_star_form_asks_each_category_for_its_own_work() -> None:
    plain, seen = load_form("star"), set()
    for category in ("SERVICE", "CULTURE_SPORT", "CHARITY", "SUPPORT_HUB"):
        form = load_form("star", category=category)
        results = form.criteria[3]
        assert (results.id, sum(part.maximum for part in results.parts)) == ("P4", 30)
        assert [one for one in form.criteria if one.id != "P4"] == [one for one in plain.criteria if one.id != "P4"]
        seen.add(results.guidance_zh)
    assert len(seen) == 4


def test_five_stars_need_every_item_and_two_years_of_life() -> None:
    form = load_form("star")
    maxima = {one.id: one.maximum for one in form.criteria}
    means = {key: most * Decimal("0.9") for key, most in maxima.items()}
    assert capped("five", form.caps, item_means=means, maxima=maxima, life_years=2) == ("five", ())
    weak = means | {"P7": Decimal("2.99")}
    told = ("four", ("assessment.cap_item_too_low", "assessment.cap_too_young"))
    assert capped("five", form.caps, item_means=weak, maxima=maxima, life_years=1) == told
    assert capped("four", form.caps, item_means=weak, maxima=maxima, life_years=1) == ("four", ())


def test_needs_are_levels_from_the_first_to_the_fifth_and_grow_by_their_difference() -> None:
    form = load_form("needs")
    for criterion in form.criteria:
        levels = [int(high) for _, high, _ in criterion.stretches()]
        assert levels == [5, 4, 3, 2, 1]
    assert growth({"N1": 2, "N2": 3, "N3": 4}, {"N1": 4, "N2": 3, "N3": 3}) == {"N1": 2, "N2": 0, "N3": -1}


@pytest.mark.parametrize("form", scored_keys())
def test_every_scored_form_has_its_marks_in_the_rule_set_even_in_one_written_before_there_were_any(form: str) -> None:
    marks = marks_of(form, Rules("old", {}))
    assert marks.bands[-1].key == "fail"
    assert marks.pass_mark == {"star": 50, "acceptance": 60}.get(form, 70)


def test_gates_stand_on_the_graduation_form_only_and_vetoes_on_all() -> None:
    assert [gate.id for gate in load_form("graduation").gates] == [f"G{number}" for number in range(1, 12)]
    assert not load_form("admission").gates
    assert not load_form("midterm").gates
    midterm = [veto.id for veto in load_form("midterm").vetoes]
    assert [veto.id for veto in load_form("graduation").vetoes] == [*midterm, "concealed_penalty"]
    assert len(load_form("admission").vetoes) == 8


def test_the_stored_copy_of_a_form_is_the_form() -> None:
    for key in form_keys():
        assert from_json(json.loads(json.dumps(to_json(load_form(key))))) == load_form(key)


ONE_CRITERION = """
key = "trial"
edition = 1
label_zh = "试"
label_en = "Trial"
[[criterion]]
id = "T1"
label_zh = "项"
label_en = "Item"
maximum = 100
guidance_zh = "说明"
guidance_en = "Guidance"
"""


TWO_PARTS = (
    ONE_CRITERION.replace("maximum = 100", "maximum = 60")
    + """
[[criterion]]
id = "T2"
label_zh = "另一项"
label_en = "Other item"
maximum = 40
guidance_zh = "说明"
guidance_en = "Guidance"
"""
)


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("maximum = 100", "maximum = 99", "total 99"),
        ("maximum = 100", "maximum = 99.7", "no multiple of 0.5"),
        ("maximum = 100", "maximum = -100", "no multiple of 0.5"),
        ("maximum = 100", "maximum = nan", "no finite number"),
        ("maximum = 100", 'maximum = "many"', "no number"),
        ("maximum = 100", "", "exactly the fields"),
        ("maximum = 100", "maximum = 100\nweight = 1", "exactly the fields"),
        ("maximum = 100", "maximum = 100\nparts = [{label_zh='甲', label_en='A', maximum=99}]", "parts of T1 total 99"),
        ("edition = 1", 'edition = 1\nscale = "stars"', "scale is one of points, levels"),
        ("edition = 1", "edition = 1\ncomments = {total_below = 50}", "exactly the fields"),
        ("edition = 1", "edition = 1\ncap = [{band = 'five'}]", "exactly the fields"),
        ("edition = 1", "edition = 1\nvariant = [{category = 'X', criterion = [{id = 'Z'}]}]", "words Z"),
        ("edition = 1", "edition = 0", "whole number"),
        ("edition = 1", "edition = true", "whole number"),
        ('key = "trial"', "key = 1", "a text was expected"),
        ('label_zh = "项"', 'label_zh = " "', "empty"),
        ("[[criterion]]", "[[gate]]\nid = 'T1'\nlabel_zh = '门'\nlabel_en = 'Gate'\n[[criterion]]", "used twice"),
        ("[[criterion]]", "[criterion]", "are lists"),
        ("[[criterion]]", "[[[", "not valid TOML"),
    ],
)
def test_a_form_that_breaks_the_rules_is_refused(was: str, becomes: str, says: str) -> None:
    assert form_from_toml(ONE_CRITERION).key == "trial"
    with pytest.raises(FormRefused, match=says):
        form_from_toml(ONE_CRITERION.replace(was, becomes, 1))


def test_an_unknown_form_and_a_damaged_copy_are_refused() -> None:
    with pytest.raises(FormRefused, match=r"no form \.\./admission"):
        load_form("../admission")
    for content in (None, [], {}, "{}", to_json(ADMISSION) | {"marks": []}):
        with pytest.raises(FormRefused):
            from_json(content)


def test_a_form_file_must_hold_the_form_it_is_named_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "other.toml").write_text(ONE_CRITERION, encoding="utf-8")
    monkeypatch.setattr(form_files, "files", lambda package: tmp_path)
    with pytest.raises(FormRefused, match=r"other\.toml holds the form trial"):
        load_form("other")


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
    assert shared.arbitration_reasons == ()


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


def test_every_criterion_has_anchors_that_hold_each_of_its_scores_once() -> None:
    for key in form_keys():
        for criterion in load_form(key).criteria:
            steps = [criterion.step * step for step in range(int(criterion.maximum / criterion.step) + 1)]
            held = [sum(low <= one <= high for low, high, _ in criterion.stretches()) for one in steps]
            assert len(criterion.anchors) >= 4
            assert set(held) == {1}


def test_anchors_that_leave_a_gap_are_refused() -> None:
    copy = to_json(load_form("admission"))
    copy["criteria"][0]["anchors"].pop()
    with pytest.raises(FormRefused, match="down to nothing"):
        from_json(copy)
    copy["criteria"][0].pop("anchors")
    assert from_json(copy).criteria[0].anchors == ()
