"""Working days, time limits and clocks, against the law's counting rules and the published calendars."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from services.calendar import rules
from services.calendar.rules import (
    CalendarUnknown,
    ClockRefused,
    DayKind,
    ExceptionDay,
    Limit,
    WorkingCalendar,
    calendar_from_rows,
    load_seed,
    pause,
    recompute,
    reminder_days,
    resume,
    start,
    stop,
)

CALENDAR = calendar_from_rows(load_seed())

# Notice 国办发明电〔2005〕35号 makes this Saturday a working day; chinesecalendar leaves it out.
KNOWN_ERROR_OF_THE_SECOND_SOURCE = {date(2005, 12, 31)}


def test_the_table_agrees_with_a_second_source_on_every_day_of_2004_to_2026() -> None:
    day, different = date(2004, 1, 1), set()
    while day.year < 2027:
        if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day):
            different.add(day)
        day += timedelta(days=1)
    assert different == KNOWN_ERROR_OF_THE_SECOND_SOURCE


def test_the_table_lists_only_days_that_differ_from_monday_to_friday() -> None:
    for row in load_seed():
        assert (row.kind == "work") == (row.day.weekday() >= 5), row


def test_published_years_are_official_and_later_ones_are_projected_from_the_statutory_days() -> None:
    assert CALENDAR.official_years == frozenset(range(2004, 2027))
    assert CALENDAR.projected_years == frozenset(range(2027, 2041))
    statutory_on_or_moved_to_weekdays = [row.day for row in load_seed() if row.day.year == 2027]
    assert len(statutory_on_or_moved_to_weekdays) == 13
    assert {row.kind for row in load_seed() if row.day.year >= 2027} == {"rest"}


@pytest.mark.parametrize(
    ("start_on", "days", "last_day"),
    [
        ("2026-09-30", 5, "2026-10-13"),  # Saturday 10 October works
        ("2026-02-13", 5, "2026-02-27"),  # Saturday 14 February works
        ("2026-04-30", 10, "2026-05-18"),
        ("2026-11-18", 15, "2026-12-09"),
        ("2026-11-09", 20, "2026-12-07"),
    ],
)
def test_working_days_skip_holidays_and_count_worked_saturdays(start_on: str, days: int, last_day: str) -> None:
    assert CALENDAR.add_working_days(date.fromisoformat(start_on), days) == date.fromisoformat(last_day)


def test_a_calendar_that_forgets_worked_saturdays_would_be_caught() -> None:
    rests_only = {day: kind for day, kind in CALENDAR.exceptions.items() if kind == "rest"}
    weakened = WorkingCalendar(rests_only, CALENDAR.official_years, CALENDAR.projected_years)
    assert weakened.add_working_days(date(2026, 9, 30), 5) != date(2026, 10, 13)


def test_sixty_calendar_days_that_end_on_a_holiday_roll_to_the_next_working_day() -> None:
    assert date(2026, 8, 3) + timedelta(days=60) == date(2026, 10, 2)
    assert CALENDAR.add_calendar_days(date(2026, 8, 3), 60) == date(2026, 10, 8)


def test_months_end_on_the_corresponding_day_or_the_months_last() -> None:
    assert CALENDAR.add_months(date(2026, 10, 19), 3) == date(2027, 1, 19)
    assert CALENDAR.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert CALENDAR.add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert CALENDAR.add_months(date(2026, 6, 22), 6) == date(2026, 12, 22)
    assert CALENDAR.add_months(date(2025, 12, 15), 12) == date(2026, 12, 15)


def test_months_roll_only_when_asked() -> None:
    assert CALENDAR.add_months(date(2026, 4, 3), 6) == date(2026, 10, 3)
    assert CALENDAR.add_months(date(2026, 4, 3), 6, roll=True) == date(2026, 10, 8)


def test_working_days_between_leaves_out_the_start_and_counts_the_end() -> None:
    assert CALENDAR.working_days_between(date(2026, 9, 30), date(2026, 10, 13)) == 5
    assert CALENDAR.working_days_between(date(2026, 10, 13), date(2026, 9, 30)) == -5
    assert CALENDAR.working_days_between(date(2026, 9, 30), date(2026, 9, 30)) == 0


def test_a_day_so_many_working_days_earlier() -> None:
    assert CALENDAR.subtract_working_days(date(2026, 10, 13), 3) == date(2026, 10, 9)


def test_zero_working_days_end_on_the_day_itself_or_the_next_working_day() -> None:
    assert CALENDAR.add_working_days(date(2026, 10, 1), 0) == date(2026, 10, 8)
    assert CALENDAR.add_working_days(date(2026, 10, 8), 0) == date(2026, 10, 8)


def test_negative_periods_are_refused() -> None:
    for count in (CALENDAR.add_working_days, CALENDAR.add_calendar_days, CALENDAR.add_months):
        with pytest.raises(ValueError, match="negative"):
            count(date(2026, 10, 1), -1)


def test_dates_in_a_projected_year_are_provisional() -> None:
    assert not CALENDAR.provisional(date(2026, 11, 1), date(2026, 12, 31))
    assert CALENDAR.provisional(date(2026, 12, 9), date(2027, 1, 4))
    assert CALENDAR.provisional(date(2027, 1, 4), date(2026, 12, 9))


@pytest.mark.parametrize("day", [date(2003, 12, 31), date(2041, 1, 3), date(2041, 1, 1)])
def test_an_unknown_year_is_refused_with_what_to_do(day: date) -> None:
    with pytest.raises(CalendarUnknown, match=f"{day.year}.*import the State Council holiday notice"):
        CALENDAR.is_working_day(day)


def test_every_way_of_counting_refuses_an_unknown_year() -> None:
    last = date(2040, 12, 30)
    for count in (
        lambda: CALENDAR.add_working_days(last, 5),
        lambda: CALENDAR.add_calendar_days(last, 5),
        lambda: CALENDAR.add_months(last, 1),
        lambda: CALENDAR.working_days_between(last, date(2041, 1, 5)),
        lambda: CALENDAR.provisional(last, date(2041, 1, 5)),
        lambda: CALENDAR.subtract_working_days(date(2004, 1, 2), 1),
    ):
        with pytest.raises(CalendarUnknown):
            count()


def test_a_year_that_is_published_is_no_longer_provisional() -> None:
    published = published_2027({date(2027, 1, 1): "rest", date(2027, 1, 2): "work"})
    assert published.is_working_day(date(2027, 1, 2))
    assert not CALENDAR.is_working_day(date(2027, 1, 2))
    assert not published.provisional(date(2027, 1, 1), date(2027, 12, 31))
    assert published.is_working_day(date(2027, 2, 5))


def published_2027(days: dict[date, DayKind]) -> WorkingCalendar:
    """The calendar once the State Council has published the days of 2027."""
    kept = {day: kind for day, kind in CALENDAR.exceptions.items() if day.year != 2027}
    return WorkingCalendar(kept | days, CALENDAR.official_years | {2027}, CALENDAR.projected_years - {2027})


def test_a_table_with_two_rows_for_a_day_or_two_minds_about_a_year_is_refused() -> None:
    row = ExceptionDay(date(2026, 1, 1), "rest", "test", "official")
    with pytest.raises(ValueError, match="twice"):
        calendar_from_rows([row, row])
    with pytest.raises(ValueError, match="both official and projected"):
        calendar_from_rows([row, replace(row, day=date(2026, 1, 2), standing="projected")])
    with pytest.raises(ValueError, match="neither"):
        WorkingCalendar({date(2026, 1, 1): "rest"}, frozenset(), frozenset())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("date,kind,source\n", "unknown columns"),
        ("date,kind,source,standing\n2026-01-01,feast,test,official\n", "unknown kind"),
        ("date,kind,source,standing\n2026-01-01,rest,test,likely\n", "unknown kind or standing"),
    ],
)
def test_a_damaged_table_is_refused(text: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "exceptions.csv").write_text(text, encoding="utf-8")
    monkeypatch.setattr(rules, "files", lambda package: tmp_path)
    with pytest.raises(ValueError, match=says):
        load_seed()


# Clocks -------------------------------------------------------------------------------------------

FIVE_DAYS = Limit(5, "working_days")


def test_a_clock_is_due_after_its_limit() -> None:
    clock = start(CALENDAR, "acceptance", limit=FIVE_DAYS, today=date(2026, 9, 30))
    assert (clock.due_on, clock.state, clock.used) == (date(2026, 10, 13), "running", 0)


def test_a_pause_moves_the_due_day_by_the_working_days_paused() -> None:
    clock = start(CALENDAR, "decision", limit=Limit(20, "working_days"), today=date(2026, 11, 9))
    paused = pause(CALENDAR, clock, today=date(2026, 11, 18))
    assert (paused.used, paused.due_on, paused.state) == (7, None, "paused")
    resumed = resume(CALENDAR, paused, today=date(2026, 11, 25))
    assert resumed.due_on == CALENDAR.add_working_days(clock.due_on or date.min, 5)
    assert resumed.due_on == CALENDAR.add_working_days(date(2026, 11, 25), 13)


def test_a_pause_and_resumption_on_one_day_changes_nothing() -> None:
    clock = start(CALENDAR, "decision", limit=FIVE_DAYS, today=date(2026, 9, 30))
    again = resume(CALENDAR, pause(CALENDAR, clock, today=date(2026, 10, 9)), today=date(2026, 10, 9))
    assert again.due_on == clock.due_on


def test_a_month_clock_moves_by_the_calendar_days_paused() -> None:
    clock = start(CALENDAR, "suspension", limit=Limit(3, "months"), today=date(2026, 6, 1))
    assert clock.due_on == date(2026, 9, 1)
    paused = pause(CALENDAR, clock, today=date(2026, 6, 10))
    assert resume(CALENDAR, paused, today=date(2026, 6, 24)).due_on == date(2026, 9, 15)


def test_a_clock_paused_when_overdue_is_overdue_by_as_much_after_resuming() -> None:
    clock = start(CALENDAR, "decision", limit=FIVE_DAYS, today=date(2026, 11, 2))
    paused = pause(CALENDAR, clock, today=date(2026, 11, 11))
    assert paused.used == 7
    resumed = resume(CALENDAR, paused, today=date(2026, 11, 20))
    assert CALENDAR.working_days_between(resumed.due_on or date.max, date(2026, 11, 20)) == 2


def test_a_clock_paused_before_its_rolled_due_day_is_not_overdue() -> None:
    clock = start(CALENDAR, "registration", limit=Limit(60, "calendar_days"), today=date(2026, 8, 3))
    assert clock.due_on == date(2026, 10, 8)
    resumed = resume(CALENDAR, pause(CALENDAR, clock, today=date(2026, 10, 5)), today=date(2026, 10, 20))
    assert resumed.due_on == date(2026, 10, 20)


def test_reminders_fall_at_half_four_fifths_due_and_one_working_day_over() -> None:
    clock = start(CALENDAR, "decision", limit=Limit(10, "working_days"), today=date(2026, 4, 30))
    assert reminder_days(CALENDAR, clock) == {
        "half": CALENDAR.add_working_days(date(2026, 4, 30), 5),
        "four_fifths": CALENDAR.add_working_days(date(2026, 4, 30), 8),
        "due": date(2026, 5, 18),
        "overdue": date(2026, 5, 19),
    }


def test_a_reminder_point_passed_before_the_pause_falls_on_the_resumption() -> None:
    clock = start(CALENDAR, "decision", limit=Limit(10, "working_days"), today=date(2026, 11, 2))
    resumed = resume(CALENDAR, pause(CALENDAR, clock, today=date(2026, 11, 11)), today=date(2026, 11, 18))
    assert reminder_days(CALENDAR, resumed) == {
        "half": date(2026, 11, 18),
        "four_fifths": date(2026, 11, 19),
        "due": date(2026, 11, 23),
        "overdue": date(2026, 11, 24),
    }


def test_a_new_holiday_table_moves_running_clocks_only() -> None:
    running = start(CALENDAR, "decision", limit=FIVE_DAYS, today=date(2026, 12, 30))
    published = published_2027({date(2027, 1, 1): "rest", date(2027, 1, 4): "rest", date(2027, 1, 9): "work"})
    assert running.due_on == date(2027, 1, 7)
    assert recompute(published, running).due_on == date(2027, 1, 8)
    paused = pause(CALENDAR, running, today=date(2026, 12, 31))
    assert recompute(published, paused) == paused
    assert recompute(published, stop(running)) == stop(running)


def test_a_stopped_clock_keeps_its_due_day() -> None:
    clock = start(CALENDAR, "decision", limit=FIVE_DAYS, today=date(2026, 9, 30))
    assert stop(clock).due_on == date(2026, 10, 13)
    assert stop(clock).state == "stopped"


def test_clocks_refuse_what_their_state_does_not_allow() -> None:
    clock = start(CALENDAR, "decision", limit=FIVE_DAYS, today=date(2026, 9, 30))
    paused = pause(CALENDAR, clock, today=date(2026, 10, 9))
    for act in (
        lambda: pause(CALENDAR, paused, today=date(2026, 10, 10)),
        lambda: pause(CALENDAR, clock, today=date(2026, 9, 29)),
        lambda: resume(CALENDAR, clock, today=date(2026, 10, 10)),
        lambda: resume(CALENDAR, stop(clock), today=date(2026, 10, 10)),
        lambda: stop(stop(clock)),
        lambda: reminder_days(CALENDAR, paused),
        lambda: reminder_days(CALENDAR, stop(clock)),
    ):
        with pytest.raises(ClockRefused, match="decision"):
            act()


def test_a_limit_of_no_length_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Limit(0, "working_days")
