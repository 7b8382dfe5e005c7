"""一次性告知补正 on both databases: told once and completely, the clock stands still meanwhile, two lists at most."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from services.calendar.queries import load_calendar
from services.calendar.rules import WorkingCalendar
from services.cases.corrections import told
from services.cases.timers import pull_timers
from services.database.engine import Database
from services.database.work import reading
from services.errors import Refused
from statemachines.registry import EDITIONS
from tests.database.office import MONDAY, Office, open_office


def item(field: str, why_now: str = "") -> dict[str, str]:
    said = {"field": field, "problem": "缺", "how_to_fix": "补齐"}
    return {**said, "why_now": why_now} if why_now else said


FIRST = [item("成员名册"), item("章程")]
ANSWERS: list[dict[str, Any]] = [{"answer": "已补"}, {"answer": "已改"}]


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office(database, organizations=8)


def asked(office: Office, *items: dict[str, str]) -> str:
    """A submitted application about which a first list was told and answered, and a second one is asked for."""
    number = office.submitted()
    office.move("clerk", number, "request_correction", items=FIRST)
    office.move("applicant1", number, "resubmit", answers=ANSWERS)
    if items:
        office.move("clerk", number, "request_correction", items=list(items))
    return number


def refused(office: Office, number: str, *items: dict[str, str]) -> tuple[tuple[str, ...], str]:
    with pytest.raises(Refused) as no:
        office.move("clerk", number, "request_correction", items=list(items))
    return no.value.codes, str(no.value.facts.get("fields"))


def test_a_later_list_may_ask_again_for_what_was_told(office: Office) -> None:
    number = asked(office, item(" 章 程 "))
    assert office.state(number) == "CORRECTION"


def test_a_later_list_adds_nothing_that_could_have_been_told(office: Office) -> None:
    number = asked(office)
    codes, fields = refused(office, number, item("章程"), item("承诺书"), item("社区意见"))
    assert (codes, fields) == (("correction.not_told_before",), "承诺书、社区意见")
    assert office.state(number) == "SUBMITTED"
    assert office.trail(number)[-1].result == "refused"


def test_what_has_arisen_since_is_told_with_its_reason_which_the_log_keeps(office: Office) -> None:
    number = asked(office, item("章程"), item("负责人变更材料", "补正期间更换了负责人"))
    entry = office.trail(number)[-1]
    assert entry.details["added_later"] == ["负责人变更材料：补正期间更换了负责人"]
    lists = told(office.subject(number))
    assert [(one.number, one.remaining, one.answered_on) for one in lists] == [(1, 0, MONDAY), (2, 2, None)]
    assert [one.answer for one in lists[0].items] == ["已补", "已改"]
    assert lists[1].items[1].why_now == "补正期间更换了负责人"


def test_a_list_that_is_not_held_to_the_first_one_is_caught(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: nobody compares the lists."""
    monkeypatch.setattr("services.cases.advance.demand_told_before", lambda *_: None)
    with pytest.raises(pytest.fail.Exception):
        test_a_later_list_adds_nothing_that_could_have_been_told(office)


def test_nobody_is_asked_a_third_time(office: Office) -> None:
    number = asked(office, item("章程"))
    office.move("applicant1", number, "resubmit", answers=ANSWERS[:1])
    assert refused(office, number, item("章程"))[0] == ("correction.rounds_used_up",)


def test_every_item_is_answered_before_it_is_handed_in_again(office: Office) -> None:
    number = office.submitted()
    office.move("clerk", number, "request_correction", items=FIRST)
    with pytest.raises(Refused) as no:
        office.move("applicant1", number, "resubmit", answers=ANSWERS[:1])
    assert no.value.codes == ("correction.items_unanswered",)


@pytest.mark.parametrize("state", ["CORRECTION", "GRADUATION_CORRECTION"])
def test_each_state_of_correction_pauses_the_clerk_and_lapses_by_its_own_timer(state: str) -> None:
    for process in EDITIONS["incubation"].values():
        (limit,) = process.state(state).limits
        (lapse,) = [one for one in process.exits(state) if one.trigger == limit.fires]
        assert process.state(state).pauses
        assert [role.value for role in lapse.by] == ["system"]
        assert {one.dest for one in process.exits(state)} >= {lapse.dest}


def counted(calendar: WorkingCalendar, running: list[tuple[date, date | None]], length: int) -> date:
    """The due day, day by day: working days of which a running stretch began before and had not ended."""
    day, used = running[0][0], 0
    while used < length:
        day += timedelta(days=1)
        inside = any(begun < day and (ended is None or day <= ended) for begun, ended in running)
        used += inside and calendar.is_working_day(day)
    return day


@pytest.mark.parametrize("seed", range(6))
def test_the_clock_stands_still_exactly_while_the_applicant_corrects(office: Office, seed: int) -> None:
    chance, organization = random.Random(seed), seed + 1
    with reading(office.database, office.now) as work:
        calendar = load_calendar(work)
    number, today = office.submitted(organization), MONDAY
    running: list[tuple[date, date | None]] = [(today, None)]
    for _ in range(2):
        assert office.subject(number).clocks["intake"].due_on == counted(calendar, running, 5)
        today += timedelta(days=chance.randrange(2))
        office.on(today.year, today.month, today.day)
        office.move("clerk", number, "request_correction", items=FIRST)
        running[-1] = (running[-1][0], today)
        clocks = office.subject(number).clocks
        assert (clocks["intake"].standing, clocks["intake"].due_on) == ("paused", None)
        assert clocks["correction"].due_on == counted(calendar, [(today, None)], 15)
        today += timedelta(days=chance.randrange(20))
        office.on(today.year, today.month, today.day)
        assert pull_timers(office.database, now=office.now) == ()
        office.move(f"applicant{organization}", number, "resubmit", answers=ANSWERS)
        running.append((today, None))
    assert office.subject(number).clocks["intake"].due_on == counted(calendar, running, 5)


def test_the_day_after_the_last_one_the_application_lapses(office: Office) -> None:
    number = asked(office, item("章程"))
    office.serve()
    due_on = office.subject(number).clocks["correction"].due_on
    office.on(due_on.year, due_on.month, due_on.day, hour=23)
    assert pull_timers(office.database, now=office.now) == ()
    after = due_on + timedelta(days=1)
    office.on(after.year, after.month, after.day, hour=0)
    assert [one.state for one in pull_timers(office.database, now=office.now)] == ["LAPSED"]
