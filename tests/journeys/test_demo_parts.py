"""The demo's own parts: sheets that reach a total, steps in order, lines that tell, bundles that travel together."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from cli.demo import scripts, story
from cli.demo.acting import City, Diary, StoryFailed, after
from cli.demo.sheets import sheet
from cli.demo.stage import Together
from cli.demo.telling import telling
from flows.relay import Bundle
from services.assessments import form_files
from services.assessments.rules import sheet_faults, sheet_total
from services.errors import Refused
from statemachines.incubation import CURRENT


@pytest.mark.parametrize("key", form_files.scored_keys())
def test_a_sheet_reaches_every_total_in_half_points_and_may_be_locked(key: str) -> None:
    form = form_files.load_form(key)
    for half_points in range(60, 201):
        total = Decimal(half_points) / 2
        scores, comments = sheet(form_files.to_json(form), str(total))
        items = {code: Decimal(score) for code, score in scores.items()}
        assert sheet_total(items) == total
        advised = {"amount": "12000"} if form.asks_amount else {}
        assert sheet_faults(form, items, {**comments, **advised}) == []


def test_a_total_off_the_half_points_is_no_sheet() -> None:
    with pytest.raises(ValueError, match="cannot be spread"):
        sheet(form_files.to_json(form_files.load_form("admission")), "70.3")


def test_the_story_ends_before_the_demo_day_and_the_scripts_begin_after_it() -> None:
    told, scripted = story.steps(), scripts.steps()
    assert max(step.at.date() for step in told) < story.TODAY < min(step.at.date() for step in scripted)
    assert [step.at for step in told] == sorted(step.at for step in told)
    assert {step.key for step in told} == {f"O{number}" for number in range(1, 13)}


def test_nobody_works_on_a_day_of_rest() -> None:
    days = {step.at.date() for step in (*story.steps(), *scripts.steps())}
    assert [day for day in days if after(day, 0) != day] == []


def test_the_steps_of_one_day_follow_each_other() -> None:
    diary = Diary("O1")
    for text in "abcdef":
        diary.on(date(2026, 3, 2), text, print)
    assert [step.at.minute for step in diary.steps] == [0, 15, 30, 45, 0, 15]
    assert len({step.at for step in diary.steps}) == 6


def test_what_was_to_be_refused_and_was_not_fails_the_story() -> None:
    def refuse() -> None:
        raise Refused("case.stale")

    City.refused(SimpleNamespace(), "case.stale", refuse)  # type: ignore[arg-type]
    with pytest.raises(StoryFailed, match="did not refuse"):
        City.refused(SimpleNamespace(), "case.stale", lambda: None)  # type: ignore[arg-type]
    with pytest.raises(StoryFailed, match="instead of"):
        City.refused(SimpleNamespace(), "case.role_missing", refuse)  # type: ignore[arg-type]


def test_without_a_terminal_a_line_a_month_tells_how_far_the_story_is(capsys: pytest.CaptureFixture[str]) -> None:
    steps = story.steps()
    with telling(len(steps)) as tell:
        for step in steps:
            tell(step)
    lines = capsys.readouterr().err.splitlines()
    months = {f"{step.at:%Y-%m}" for step in steps}
    assert len(months) <= len(lines) <= len(months) + 1
    assert f"{len(steps)}/{len(steps)}" in lines[-1]


def test_many_bundles_travel_together_and_few_alone() -> None:
    carried: list[Any] = []
    carrier = SimpleNamespace(ready=lambda: True, carry=lambda _hand, bundles: carried.append(bundles))
    bundles = tuple(Bundle("QYFH-2026-0001", number, ()) for number in range(Together.FEW + 1))
    Together(carrier).carry(None, bundles)
    Together(carrier).carry(None, bundles[1:])
    assert [len(one) for one in carried] == [1, Together.FEW]
    assert carried[0][0].case_number == ""


def test_the_city_ends_in_states_the_process_knows() -> None:
    known = {state.name for state in CURRENT.states}
    from cli.demo.figures import AFTER, BEFORE

    wanted = {expected[0] for expected, _ in (*BEFORE.values(), *AFTER.values())}
    assert wanted <= known
