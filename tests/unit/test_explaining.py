"""A stored outcome explains itself line by line, in whichever version it was computed."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import pytest

from services.assessments.concluding import marks_of, plain
from services.assessments.explaining import explain
from services.assessments.rules import VetoFindings, decided_band, decisive, outcome
from services.messages import sentence
from services.rulesets.rules import Rules

LABELS = {"misuse_of_money": ("挪用或违规使用资金", "Misuse of money")}


def stored(form: str, *totals: str, vetoes: VetoFindings = VetoFindings(), extra: bool = False) -> dict[str, Any]:
    result = outcome(
        [Decimal(one) for one in totals], marks=marks_of(form, Rules("shipped", {})), vetoes=vetoes,
        after_extra_sheet=extra,
    )  # fmt: skip
    return json.loads(json.dumps(plain(asdict(result))))  # type: ignore[no-any-return]


def told(content: Mapping[str, Any], lang: str = "zh") -> list[str]:
    return [sentence(line.code, lang, **line.facts) for line in explain(content, LABELS)]


def test_the_worked_example_of_admission_is_told_step_by_step() -> None:
    assert told(stored("admission", "78", "82.5", "75", "80", "71")) == [
        "共5份评分表，去掉一个最高总分82.5分和一个最低总分71分。",
        "计入平均的总分共3份：75、78、80。",
        "合计233分，除以3得77.666667，四舍五入保留两位小数，均分77.67分。",
        "最高总分与最低总分相差11.5分，未超过20分。",
        "全部总分的总体标准差为3.99，未超过10。",
        "均分77.67分不低于合格线70分，等次为“合格”。",
        "没有专家提出一票否决情形。",
    ]


def test_the_worked_example_of_arbitration_names_the_rule_that_fired() -> None:
    lines = told(stored("graduation", "88", "85", "62", "79", "90.5"))
    assert "最高总分与最低总分相差28.5分，超过20分。" in lines
    assert "触发复议：最高总分与最低总分相差过大。" in lines
    assert "合计252分，除以3得84，四舍五入保留两位小数，均分84.00分。" in lines


def test_the_arbitration_of_the_demo_tells_what_came_first_and_what_was_judged() -> None:
    first = stored("graduation", "88", "85", "62", "79", "90.5")
    second = stored("graduation", "88", "85", "62", "79", "90.5", "83", extra=True)
    lines = told(second | {"minutes": "讨论", "first_reasons": first["arbitration_reasons"]})
    assert lines[0].startswith("首轮评分曾触发复议")
    assert "全部总分的最高与最低相差28.5分；去掉最高、最低后相差9分，未超过20分。" in lines
    assert "均分83.75分不低于合格线70分，等次为“良好”。" in lines


def test_three_sheets_are_all_counted_and_the_line_says_why() -> None:
    lines = told(stored("midterm", "66", "67.5", "69.5"), "en")
    assert lines[0] == "There are 3 sheets, fewer than 5, so no total is set aside."
    said = "The mean of 67.67 lies below the pass mark of 70 and not below the floor of 60: between the floor and the"
    assert any(line.startswith(said) for line in lines)


@pytest.mark.parametrize(
    ("vetoes", "says"),
    [
        (VetoFindings({"misuse_of_money": 1}), "1名专家提出“挪用或违规使用资金”，尚未查实；查实以前结果不作数。"),
        (
            VetoFindings({"misuse_of_money": 2}, frozenset({"misuse_of_money"})),
            "2名专家提出的“挪用或违规使用资金”已按程序查实，一票否决，结果为不合格，与得分无关。",
        ),
        (
            VetoFindings({"misuse_of_money": 1}, refuted=frozenset({"misuse_of_money"})),
            "1名专家提出的“挪用或违规使用资金”经查不实，已从评分表划去，不影响结果。",
        ),
    ],
)
def test_a_veto_is_told_by_name_and_standing(vetoes: VetoFindings, says: str) -> None:
    assert says in told(stored("graduation", "85", "86", "87", vetoes=vetoes))


def test_an_outcome_of_the_first_version_is_still_read() -> None:
    first = {
        "totals_sorted": ["62.00", "79.00", "83.00", "85.00", "88.00", "90.50"], "dropped": ["62.00", "90.50"],
        "mean": "83.75", "range": "28.50", "deviation": "9.34", "passed": True, "conditional": False, "vetoed": False,
        "band": "good", "arbitration_reasons": [], "minutes": "讨论",
        "first_reasons": ["assessment.range_too_large"],
    }  # fmt: skip
    lines = told(first)
    assert "全部总分的最高与最低相差28.5分；按去掉最高、最低后的总分判断，未超过20分。" in lines
    assert "均分83.75分，等次为“良好”。" in lines
    assert lines[-1] == "没有专家提出一票否决情形。"
    assert told(first | {"vetoed": True})[-1] == "一票否决情形已查实，结果为不合格，与得分无关。"
    assert explain({}, {}) == ()


def test_every_outcome_names_its_version_and_the_numbers_it_was_compared_with() -> None:
    kept = stored("admission", "78", "82.5", "75", "80", "71")
    assert kept["version"] == 2
    assert kept["marks"]["pass_mark"] == "70"
    assert kept["limits"]["drop_extremes_from"] == 5


def test_the_committee_moves_the_points_only_as_far_as_its_vote_demands() -> None:
    marks = {"pass_mark": Decimal(70), "floor": Decimal(60)}
    mean = Decimal("72.50")
    assert decisive(mean, chosen="pass", **marks) == mean
    assert decisive(mean, chosen="conditional", **marks) == Decimal("69.99")
    assert decisive(mean, chosen="fail", **marks) == Decimal("59.99")
    assert decisive(Decimal("55.00"), chosen="pass", **marks) == Decimal(70)
    assert [decided_band("excellent", one) for one in ("pass", "fail")] == ["excellent", "fail"]
    assert decided_band("conditional", "pass") == "pass"
