"""The last day of a remedy on days nobody thought of: a working day, never too early, never earlier for the later."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.calendar.rules import calendar_from_rows, load_seed
from services.delivery.rules import remedy_until

CALENDAR = calendar_from_rows(load_seed())
DAYS = st.dates(date(2010, 1, 1), date(2037, 12, 31))


@given(DAYS, st.integers(1, 60))
def test_working_days_of_a_remedy_are_counted_one_by_one(served_on: date, length: int) -> None:
    until = remedy_until(CALENDAR, {"period": f"{length}个工作日"}, served_on)
    assert until is not None
    counted = [
        day
        for day in (served_on + timedelta(days=ahead) for ahead in range(1, (until - served_on).days + 1))
        if CALENDAR.is_working_day(day)
    ]
    assert len(counted) == length
    assert counted[-1] == until


@given(DAYS, st.integers(1, 180))
def test_calendar_days_end_on_a_working_day_and_never_early(served_on: date, length: int) -> None:
    until = remedy_until(CALENDAR, {"period": f"{length}日"}, served_on)
    assert until is not None
    assert CALENDAR.is_working_day(until)
    last = served_on + timedelta(days=length)
    assert until >= last
    assert not any(CALENDAR.is_working_day(last + timedelta(days=ahead)) for ahead in range((until - last).days))


@given(DAYS, st.integers(0, 40))
def test_who_is_served_later_never_has_less_time(served_on: date, later: int) -> None:
    period = {"period": "10个工作日"}
    first = remedy_until(CALENDAR, period, served_on)
    second = remedy_until(CALENDAR, period, served_on + timedelta(days=later))
    assert first is not None
    assert second is not None
    assert second >= first
