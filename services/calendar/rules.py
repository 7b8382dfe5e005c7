"""Working days, legal time limits and the clocks of a case, counted over a given calendar; no clock is read here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from services.errors import RowFault

DayKind = Literal["rest", "work"]
YearStanding = Literal["official", "projected"]
Unit = Literal["working_days", "calendar_days", "months"]
ClockState = Literal["running", "paused", "stopped"]

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


class CalendarUnknown(ValueError):
    """A day was asked about in a year that the holiday table does not hold."""

    def __init__(self, year: int) -> None:
        """Name the missing `year` and what an administrator does about it."""
        super().__init__(
            f"the working-day table holds no days of {year}: "
            f"import the State Council holiday notice for {year}, or its projection, and try again"
        )
        self.year = year


class ClockRefused(ValueError):
    """A clock was asked for something its state does not allow."""


@dataclass(frozen=True, slots=True)
class ExceptionDay:
    """One row of the holiday table: a day that differs from the plain Monday to Friday week."""

    day: date
    kind: DayKind
    source: str
    standing: YearStanding


@dataclass(frozen=True)
class WorkingCalendar:
    """Rest and working days of the years it holds.

    `exceptions` lists only the days that differ from Monday to Friday. A projected year is computed from the
    statutory days before the yearly notice is published; every date that touches one is provisional.
    """

    exceptions: Mapping[date, DayKind]
    official_years: frozenset[int]
    projected_years: frozenset[int]

    def __post_init__(self) -> None:
        """Refuse (ValueError) a year that is called both official and projected, or an exception outside the years."""
        both = self.official_years & self.projected_years
        if both:
            raise ValueError(f"years both official and projected: {sorted(both)}")
        stray = {day.year for day in self.exceptions} - self.official_years - self.projected_years
        if stray:
            raise ValueError(f"exceptions lie in years that are neither official nor projected: {sorted(stray)}")
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))

    def is_working_day(self, day: date) -> bool:
        """True when offices work on `day`. Refuses (CalendarUnknown) a year the table does not hold."""
        kind = self.exceptions.get(day)
        if kind is not None:
            return kind == "work"
        self._know(day.year)
        return day.weekday() < _SATURDAY

    def next_working_day(self, day: date) -> date:
        """`day` itself when it is a working day, else the first working day after it (Civil Code Art. 203)."""
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def add_working_days(self, start: date, days: int) -> date:
        """The last day of a period of `days` working days; the day of the event is not counted (Civil Code Art. 201).

        Zero days end on `start`, moved on to a working day. Refuses a negative number (ValueError) and an unknown
        year (CalendarUnknown).
        """
        _refuse_negative(days)
        if days == 0:
            return self.next_working_day(start)
        self._know(start.year)
        return self._walk(start, days, step=_ONE_DAY)

    def subtract_working_days(self, end: date, days: int) -> date:
        """The working day from which exactly `days` working days remain until `end`; `end` itself is not counted.

        Used for "no later than three working days before". Zero days give `end`. Refuses as `add_working_days`.
        """
        _refuse_negative(days)
        self._know(end.year)
        return self._walk(end, days, step=-_ONE_DAY)

    def add_calendar_days(self, start: date, days: int) -> date:
        """The last day of a period of `days` calendar days; a last day of rest moves on to the next working day.

        Source: Civil Code Art. 201 and 203. Refuses a negative number (ValueError), an unknown year (CalendarUnknown).
        """
        _refuse_negative(days)
        return self.next_working_day(start + timedelta(days=days))

    def add_months(self, start: date, months: int, *, roll: bool = False) -> date:
        """The corresponding day `months` later, or the month's last day where there is none (Civil Code Art. 202).

        With `roll` a last day of rest moves on to the next working day (Art. 203): wanted for time limits, not for
        terms of an agreement. Refuses a negative number (ValueError) and an unknown year (CalendarUnknown).
        """
        _refuse_negative(months)
        day = months_later(start, months)
        self._know(day.year)
        return self.next_working_day(day) if roll else day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`; negative when `end` comes first."""
        if end < start:
            return -self.working_days_between(end, start)
        self._know(start.year)
        span = (end - start).days
        return sum(self.is_working_day(start + timedelta(days=offset)) for offset in range(1, span + 1))

    def provisional(self, first: date, last: date) -> bool:
        """True when the stretch from `first` to `last` touches a projected year: the date may still move.

        Refuses (CalendarUnknown) when it touches a year that the table does not hold at all.
        """
        years = range(min(first, last).year, max(first, last).year + 1)
        for year in years:
            self._know(year)
        return any(year in self.projected_years for year in years)

    def knows(self, first: date, last: date) -> bool:
        """Whether the table holds every year from the one day to the other."""
        years = range(min(first, last).year, max(first, last).year + 1)
        return all(year in self.official_years or year in self.projected_years for year in years)

    def _know(self, year: int) -> None:
        if year not in self.official_years and year not in self.projected_years:
            raise CalendarUnknown(year)

    def _walk(self, day: date, days: int, *, step: timedelta) -> date:
        while days:
            day += step
            days -= self.is_working_day(day)
        return day


def months_later(start: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day where it has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(start.day, (following - _ONE_DAY).day))


def calendar_from_rows(rows: Iterable[ExceptionDay]) -> WorkingCalendar:
    """Build the calendar from rows of the holiday table; a year is known as soon as it has one row.

    Refuses (ValueError) two rows for one day and a year whose rows differ in standing.
    """
    exceptions: dict[date, DayKind] = {}
    years: dict[YearStanding, set[int]] = {"official": set(), "projected": set()}
    for row in rows:
        if row.day in exceptions:
            raise ValueError(f"{row.day} stands twice in the holiday table")
        exceptions[row.day] = row.kind
        years[row.standing].add(row.day.year)
    return WorkingCalendar(exceptions, frozenset(years["official"]), frozenset(years["projected"]))


def load_seed() -> tuple[ExceptionDay, ...]:
    """The shipped holiday table, in order of date: 2004 to 2026 as published, 2027 to 2040 projected.

    Refuses (ValueError) a damaged file: unknown column, kind or standing.
    """
    text = files("services.calendar").joinpath("exceptions.csv").read_text(encoding="utf-8")
    header, *lines = text.splitlines()
    if header != "date,kind,source,standing":
        raise ValueError(f"unknown columns in the shipped holiday table: {header}")
    return tuple(_row(line) for line in lines)


def _row(line: str) -> ExceptionDay:
    day, kind, source, standing = line.split(",")
    if kind not in ("rest", "work") or standing not in ("official", "projected"):
        raise ValueError(f"unknown kind or standing in the shipped holiday table: {line}")
    return ExceptionDay(
        date.fromisoformat(day),
        "rest" if kind == "rest" else "work",
        source,
        "official" if standing == "official" else "projected",
    )


def notice_days(rows: Iterable[tuple[int, str, str]]) -> tuple[tuple[tuple[date, DayKind], ...], tuple[RowFault, ...]]:
    """The days of a notice from (line, day as 2027-01-01, rest or work), and what is wrong with its lines.

    Codes: `calendar.row_malformed`, `calendar.day_twice`, `calendar.one_year_at_a_time` (another year than line one's).
    """
    days: dict[date, DayKind] = {}
    faults: list[RowFault] = []
    for line, day_text, kind in rows:
        try:
            day = date.fromisoformat(day_text)
        except ValueError:
            faults.append(RowFault(line, "calendar.row_malformed", {"day": day_text}))
            continue
        if kind not in ("rest", "work"):
            faults.append(RowFault(line, "calendar.row_malformed", {"day": day_text}))
        elif day in days:
            faults.append(RowFault(line, "calendar.day_twice", {"day": day_text}))
        elif days and day.year != next(iter(days)).year:
            faults.append(RowFault(line, "calendar.one_year_at_a_time", {"day": day_text}))
        else:
            days[day] = "rest" if kind == "rest" else "work"
    return tuple(days.items()), tuple(faults)


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: `length` of `unit`. Refuses (ValueError) a length below one."""

    length: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse a limit that is already over when it starts."""
        if self.length < 1:
            raise ValueError(f"a time limit lasts at least one of {self.unit}, not {self.length}")


@dataclass(frozen=True, slots=True)
class Clock:
    """A running, paused or stopped time limit.

    `used` counts what earlier stretches consumed: working days for a limit in working days, calendar days for the
    other two units. While paused there is no `due_on`; a stopped clock keeps its last one, so that "on time" can
    still be judged.
    """

    key: str
    limit: Limit
    started_on: date
    used: int
    running_since: date | None
    due_on: date | None
    state: ClockState


def start(calendar: WorkingCalendar, key: str, *, limit: Limit, today: date) -> Clock:
    """A clock whose event happened `today`; counting begins the day after. Refuses as the calendar does."""
    due_on = _day_reached(calendar, limit.unit, since=today, ahead=_length(limit, today))
    return Clock(key, limit, today, 0, today, due_on, "running")


def pause(calendar: WorkingCalendar, clock: Clock, *, today: date) -> Clock:
    """Stop counting after `today`: today still counts. Refuses (ClockRefused) a clock that is not running."""
    since, due_on = _running(clock)
    if today < since:
        raise ClockRefused(f"clock {clock.key} cannot pause on {today}: it has been running since {since}")
    if clock.limit.unit == "working_days":
        used = clock.used + calendar.working_days_between(since, today)
    else:
        used = clock.used + (today - since).days
    if today <= due_on:
        # A due day moved on by a run of rest days has more days before it than the limit is long.
        used = min(used, _length(clock.limit, clock.started_on))
    return replace(clock, used=used, running_since=None, due_on=None, state="paused")


def resume(calendar: WorkingCalendar, clock: Clock, *, today: date) -> Clock:
    """Count on from the day after `today` with what was left. Refuses (ClockRefused) a clock that is not paused.

    A clock that was overdue when it paused stays overdue by as much.
    """
    if clock.state != "paused":
        raise ClockRefused(f"clock {clock.key} cannot resume: it is {clock.state}")
    return recompute(calendar, replace(clock, running_since=today, state="running"))


def stop(clock: Clock) -> Clock:
    """End the clock for good, keeping its due day. Refuses (ClockRefused) a clock that is stopped already."""
    if clock.state == "stopped":
        raise ClockRefused(f"clock {clock.key} is stopped already")
    return replace(clock, running_since=None, state="stopped")


def recompute(calendar: WorkingCalendar, clock: Clock) -> Clock:
    """The same clock with its due day counted anew, after the holiday table changed; paused and stopped ones stay."""
    if clock.running_since is None:
        return clock
    ahead = _length(clock.limit, clock.started_on) - clock.used
    return replace(clock, due_on=_day_reached(calendar, clock.limit.unit, since=clock.running_since, ahead=ahead))


def reminder_days(calendar: WorkingCalendar, clock: Clock) -> dict[str, date]:
    """When to remind: `half` (50 %), `four_fifths` (80 %), `due`, and `overdue` one working day after due.

    A point already reached before a pause falls on the day the clock resumed. Refuses (ClockRefused) a clock that
    is not running.
    """
    since, due_on = _running(clock)
    length = _length(clock.limit, clock.started_on)
    days: dict[str, date] = {}
    for name, percent in (("half", 50), ("four_fifths", 80)):
        reached_after = -(-length * percent // 100)
        ahead = max(0, reached_after - clock.used)
        days[name] = min(due_on, _day_reached(calendar, clock.limit.unit, since=since, ahead=ahead))
    return days | {"due": due_on, "overdue": calendar.add_working_days(due_on, 1)}


def _running(clock: Clock) -> tuple[date, date]:
    if clock.running_since is None or clock.due_on is None:
        raise ClockRefused(f"clock {clock.key} is {clock.state}, not running")
    return clock.running_since, clock.due_on


def _length(limit: Limit, started_on: date) -> int:
    """The limit's length in the unit of `Clock.used`."""
    if limit.unit == "months":
        return (months_later(started_on, limit.length) - started_on).days
    return limit.length


def _day_reached(calendar: WorkingCalendar, unit: Unit, *, since: date, ahead: int) -> date:
    if unit != "working_days":
        return calendar.next_working_day(since + timedelta(days=ahead))
    if ahead < 0:
        return calendar.subtract_working_days(since, -ahead)
    return calendar.add_working_days(since, ahead)


def _refuse_negative(length: int) -> None:
    if length < 0:
        raise ValueError(f"a period cannot have a negative length: {length}")
