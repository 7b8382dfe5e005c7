"""The shipped score sheets as files: what they hold, and what is refused in one that breaks the rules."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from services.assessments import form_files
from services.assessments.concluding import marks_of
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
    capped,
    growth,
)
from services.rulesets.rules import Rules

ADMISSION = load_form("admission")


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
