"""Quantiles, counts of working days and shares, under inputs nobody thought of."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.calendar.rules import calendar_from_rows, load_seed
from services.reports.rules import DayCount, quantile, share, spread

CALENDAR = calendar_from_rows(load_seed())
FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
DAYS = st.dates(FIRST, LAST)
COUNT = DayCount(CALENDAR, FIRST, LAST)


@given(st.lists(st.integers(0, 1000), min_size=1), st.integers(1, 100))
def test_a_quantile_is_the_smallest_value_enough_do_not_exceed(values: list[int], percent: int) -> None:
    ordered = sorted(values)
    found = quantile(ordered, percent)
    assert found in values
    below = sum(one <= found for one in values) * 100
    assert below >= percent * len(values)
    smaller = [one for one in values if one < found]
    assert not smaller or sum(one <= max(smaller) for one in values) * 100 < percent * len(values)


def test_of_nothing_there_is_no_quantile() -> None:
    assert quantile([], 50) is None
    assert (spread([]).number, spread([]).median, spread([]).p90) == (0, None, None)
    with pytest.raises(ValueError):
        quantile([1], 0)


@given(DAYS, st.integers(0, 400))
def test_working_days_are_those_of_the_calendar(start: date, span: int) -> None:
    end = min(start + timedelta(days=span), LAST)
    assert COUNT.between(start, end) == CALENDAR.working_days_between(start, end)
    assert COUNT.between(end, start) == 0


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_share_is_the_nearest_whole_percent(part: int, whole: int) -> None:
    assert abs(share(part, whole) * whole - 100 * part) * 2 <= whole
    assert share(part, 0) == 0
