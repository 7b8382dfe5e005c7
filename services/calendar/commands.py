"""Writes of the working calendar: a year as published by the State Council, in place of what was projected."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, select, update

from services.actors import Actor
from services.calendar.models import calendar_days, calendar_years
from services.calendar.queries import STAMP
from services.calendar.rules import DayKind, YearStanding
from services.database.counters import counters
from services.database.work import Work
from services.errors import Invalid, Refused


@dataclass(frozen=True, slots=True)
class YearImported:
    """What an import did, for the audit entry: which year, by whom, and the days that are no longer what they were."""

    year: int
    standing: YearStanding
    source: str
    by: str
    changed: tuple[date, ...]


def import_year(
    work: Work, *, actor: Actor, rows: Iterable[tuple[date, DayKind]], standing: YearStanding, source: str
) -> YearImported:
    """Replace the days of one year by `rows`: its days of rest and its working weekends, as the notice lists them.

    Days that only repeat the plain week may be listed and are not kept. The caller audits it and has the running clocks
    counted anew. Refuses (Invalid) no rows, rows of several years, a day listed twice; (calendar.year_official) a
    projection for a year whose notice is already here. A corrected notice replaces an earlier one.
    """
    days, year = _days_of_one_year(rows)
    # The stamp first: its row keeps two imports apart and makes every process read the table again.
    work.connection.execute(update(counters).where(counters.c.series == STAMP).values(last=secrets.randbits(62)))
    known = work.connection.scalar(select(calendar_years.c.standing).where(calendar_years.c.year == year))
    if known == "official" and standing == "projected":
        raise Refused("calendar.year_official", year=year)
    within = calendar_days.c.day.between(date(year, 1, 1), date(year, 12, 31))
    stored = select(calendar_days.c.day, calendar_days.c.kind).where(within)
    before = dict(work.connection.execute(stored).all())
    work.connection.execute(delete(calendar_days).where(within))
    work.connection.execute(delete(calendar_years).where(calendar_years.c.year == year))
    work.connection.execute(insert(calendar_years), {"year": year, "standing": standing, "source": source})
    if days:
        entries = [{"day": day, "kind": kind, "standing": standing, "source": source} for day, kind in days.items()]
        work.connection.execute(insert(calendar_days), entries)
    changed = tuple(sorted(day for day in before.keys() | days.keys() if before.get(day) != days.get(day)))
    return YearImported(year, standing, source, actor.id, changed)


def _days_of_one_year(rows: Iterable[tuple[date, DayKind]]) -> tuple[dict[date, DayKind], int]:
    """The listed days that differ from Monday to Friday, and their year."""
    listed: dict[date, DayKind] = {}
    for day, kind in rows:
        if day in listed:
            raise Invalid("calendar.day_twice", day=day)
        listed[day] = kind
    years = {day.year for day in listed}
    if len(years) != 1:
        raise Invalid("calendar.one_year_at_a_time", years=sorted(years))
    return {day: kind for day, kind in listed.items() if (kind == "work") != (day.weekday() < 5)}, years.pop()
