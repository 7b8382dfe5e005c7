"""Counting days: what must hold for every date, checked against a naive model that steps day by day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.calendar.rules import Limit, calendar_from_rows, load_seed, pause, reminder_days, resume, start

CALENDAR = calendar_from_rows(load_seed())
DAYS = st.dates(date(2004, 6, 1), date(2026, 6, 30))
COUNTS = st.integers(1, 60)
LIMITS = st.one_of(
    st.builds(Limit, COUNTS, st.sampled_from(["working_days", "calendar_days"])),
    st.builds(Limit, st.integers(1, 6), st.just("months")),
)


@given(DAYS, COUNTS)
def test_the_last_day_works_and_exactly_that_many_working_days_lie_after_the_start(day: date, count: int) -> None:
    last = CALENDAR.add_working_days(day, count)
    assert CALENDAR.is_working_day(last)
    assert CALENDAR.working_days_between(day, last) == count
    assert CALENDAR.working_days_between(day, last - timedelta(days=1)) == count - 1


@given(DAYS, COUNTS, COUNTS)
def test_two_periods_in_a_row_are_one_long_period(day: date, first: int, second: int) -> None:
    in_two = CALENDAR.add_working_days(CALENDAR.add_working_days(day, first), second)
    assert in_two == CALENDAR.add_working_days(day, first + second)


@given(DAYS, COUNTS)
def test_counting_back_leaves_as_many_working_days(day: date, count: int) -> None:
    earlier = CALENDAR.subtract_working_days(day, count)
    assert CALENDAR.is_working_day(earlier)
    on_or_before = day - timedelta(days=1)
    assert CALENDAR.working_days_between(earlier - timedelta(days=1), on_or_before) == count


@given(DAYS, st.integers(0, 200))
def test_calendar_days_never_end_on_a_rest_day_nor_skip_a_working_one(day: date, count: int) -> None:
    plain, last = day + timedelta(days=count), CALENDAR.add_calendar_days(day, count)
    assert last >= plain
    assert CALENDAR.is_working_day(last)
    assert CALENDAR.working_days_between(plain, last) == (0 if last == plain else 1)


@given(DAYS, LIMITS, st.integers(0, 90), st.integers(0, 90))
@settings(deadline=None)
def test_a_pause_never_shortens_a_limit_and_reminders_come_in_order(
    day: date, limit: Limit, before: int, paused_for: int
) -> None:
    clock = start(CALENDAR, "any", limit=limit, today=day)
    pause_on = day + timedelta(days=before)
    resumed = resume(CALENDAR, pause(CALENDAR, clock, today=pause_on), today=pause_on + timedelta(days=paused_for))
    assert clock.due_on is not None
    assert resumed.due_on is not None
    if pause_on <= clock.due_on:
        assert resumed.due_on >= clock.due_on
    days = reminder_days(CALENDAR, resumed)
    assert days["half"] <= days["four_fifths"] <= days["due"] < days["overdue"]
