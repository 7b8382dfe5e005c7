"""Clocks of a case: they pause during a correction, resume after it, and pull their trigger when their day is past."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from services.actors import Actor
from services.cases import commands
from services.cases.advance import AdvanceCase, Advanced
from services.cases.timers import leave_reminders, pull_timers
from services.database.engine import Database
from services.database.work import run
from tests.database.office import Office, open_office

ITEMS = [{"field": "成员名册", "problem": "缺", "how_to_fix": "补齐"}]


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office(database)


def test_intake_pauses_while_the_applicant_corrects_and_goes_on_with_what_was_left(office: Office) -> None:
    number = office.submitted()
    assert office.subject(number).clocks["intake"].due_on == date(2026, 3, 9)
    office.on(2026, 3, 4)
    office.move("clerk", number, "request_correction", items=ITEMS)
    paused = office.subject(number).clocks
    assert (paused["intake"].standing, paused["intake"].due_on) == ("paused", None)
    assert paused["correction"].due_on == date(2026, 3, 25)
    office.on(2026, 3, 10)
    office.move("applicant1", number, "resubmit", answers=[{"answer": "已补"}])
    resumed = office.subject(number)
    assert resumed.clocks["intake"].due_on == date(2026, 3, 13)
    assert resumed.clocks["correction"].standing == "stopped"
    assert resumed.case.due_on == date(2026, 3, 13)


def test_an_uncorrected_application_lapses_only_after_its_last_day(office: Office) -> None:
    number = office.submitted()
    office.move("clerk", number, "request_correction", items=ITEMS)
    office.serve()
    office.on(2026, 3, 23)
    assert pull_timers(office.database, now=office.now) == ()
    office.on(2026, 3, 24)
    assert [moved.state for moved in pull_timers(office.database, now=office.now)] == ["LAPSED"]
    assert pull_timers(office.database, now=office.now) == ()
    assert office.subject(number).case.live is False


def test_an_admission_is_confirmed_by_the_timer_once_its_publicity_is_over(office: Office) -> None:
    number = office.reviewed()
    assessment = office.round(number).id
    for name in ("evaluator1", "evaluator2", "evaluator3"):
        office.score(name, assessment)
    office.move("manager", number, "admit", mode="resident", room="101室")
    office.on(2026, 3, 9)
    assert pull_timers(office.database, now=office.now) == ()
    office.on(2026, 3, 10)
    assert [moved.state for moved in pull_timers(office.database, now=office.now)] == ["ADMITTED"]


def test_a_due_day_is_reminded_of_once_at_each_mark(office: Office) -> None:
    number = office.submitted()

    def reminded() -> list[str]:
        run(office.database, office.now, leave_reminders)
        return [errand.payload["mark"] for errand in office.errands(number) if errand.effect == "remind"]

    assert reminded() == []
    office.on(2026, 3, 5)
    assert reminded() == ["half"]
    assert reminded() == ["half"]
    office.on(2026, 3, 10)
    assert reminded() == ["half", "overdue"]


def test_an_agreement_not_signed_in_time_lapses(office: Office) -> None:
    number = office.reviewed()
    assessment = office.round(number).id
    for name in ("evaluator1", "evaluator2", "evaluator3"):
        office.score(name, assessment)
    office.move("manager", number, "admit", mode="resident", room="101室")
    office.on(2026, 3, 10)
    pull_timers(office.database, now=office.now)
    office.serve()
    due_on = office.subject(number).clocks["signing"].due_on
    assert due_on == date(2026, 3, 24)
    office.on(2026, 3, 24)
    assert pull_timers(office.database, now=office.now) == ()
    office.on(2026, 3, 25)
    assert [moved.state for moved in pull_timers(office.database, now=office.now)] == ["LAPSED"]


def test_half_term_starts_the_midterm_and_the_end_of_term_is_noticed(office: Office) -> None:
    number = office.incubating()
    clocks = office.subject(number).clocks
    assert (clocks["midterm"].due_on, clocks["term"].due_on) == (date(2026, 9, 11), date(2027, 3, 10))
    assert clocks["term"].provisional
    office.on(2026, 9, 11)
    assert [moved.state for moved in pull_timers(office.database, now=office.now)] == ["MIDTERM_REVIEW"]
    office.carry()
    commands.give_midterm_report(office.database, office.people["applicant1"], number=number, now=office.now)
    assessment = office.seat(number, "midterm")
    for name in ("evaluator1", "evaluator2", "evaluator3"):
        office.score(name, assessment, "midterm")
    office.move("manager", number, "pass_midterm")
    office.on(2027, 3, 10)
    assert pull_timers(office.database, now=office.now) == ()
    office.on(2027, 3, 11)
    assert [moved.state for moved in pull_timers(office.database, now=office.now)] == ["TERM_EXPIRED"]


def test_a_case_whose_timer_breaks_keeps_no_other_waiting(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [office.submitted(organization) for organization in (1, 2)]
    for number in numbers:
        office.move("clerk", number, "request_correction", items=ITEMS)
    office.serve()
    office.on(2026, 3, 24)

    def breaking(database: Database, actor: Actor, command: AdvanceCase, **rest: Any) -> Advanced:
        if command.case_number == numbers[0]:
            raise RuntimeError("this one breaks")
        return commands.advance_case(database, actor, command, **rest)

    monkeypatch.setattr("services.cases.timers.advance_case", breaking)
    with pytest.raises(RuntimeError, match="this one breaks"):
        pull_timers(office.database, now=office.now)
    assert [office.state(number) for number in numbers] == ["CORRECTION", "LAPSED"]
