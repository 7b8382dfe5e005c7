"""The working calendar as the database holds it, read again only when the table was changed."""

from datetime import date

from sqlalchemy import bindparam, select

from services.calendar.models import calendar_days, calendar_years
from services.calendar.rules import DayKind, WorkingCalendar
from services.database.counters import counters
from services.database.work import Work

STAMP = "calendar"
"""The counter row that holds the stamp of the table's content: a random number, new with every import."""

_STAMP_NOW = select(counters.c.last).where(counters.c.series == bindparam("series"))
# Keyed by a number that no two contents share, so that it serves several databases and survives a rolled back import.
_known: dict[int, WorkingCalendar] = {}
_KEPT = 8


def load_calendar(work: Work) -> WorkingCalendar:
    """Rest and working days of every year the table holds; costs one row as long as nothing was imported."""
    stamp = work.connection.scalar(_STAMP_NOW, {"series": STAMP})
    known = _known.get(stamp) if stamp is not None else None
    if known is not None:
        return known
    calendar = _read(work)
    if stamp is not None:
        if len(_known) >= _KEPT:
            _known.clear()
        _known[stamp] = calendar
    return calendar


def _read(work: Work) -> WorkingCalendar:
    years: dict[str, set[int]] = {"official": set(), "projected": set()}
    for year, standing in work.connection.execute(select(calendar_years.c.year, calendar_years.c.standing)):
        years[standing].add(year)
    days = work.connection.execute(select(calendar_days.c.day, calendar_days.c.kind))
    exceptions: dict[date, DayKind] = {day: "rest" if kind == "rest" else "work" for day, kind in days}
    return WorkingCalendar(exceptions, frozenset(years["official"]), frozenset(years["projected"]))


def year_sources(work: Work) -> dict[int, tuple[str, str]]:
    """Year to (official or projected, the notice it rests on), of every year the table holds."""
    rows = work.connection.execute(select(calendar_years).order_by(calendar_years.c.year))
    return {row.year: (row.standing, row.source) for row in rows}
