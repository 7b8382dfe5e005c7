"""The working calendar and the tree of divisions, taken over from rows: tried out first, then kept."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from services.calendar.queries import load_calendar, year_sources
from services.calendar.rules import DayKind, notice_days
from services.cases.recalendar import MovedDay, import_calendar_year, preview_calendar_year, recount_clocks
from services.errors import Invalid
from services.organizations.acts import import_divisions
from services.organizations.rules import Division
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["set-up"], route_class=RepeatableRoute)


class OtherDay(Reply):
    """A day that differs from the plain week."""

    day: date
    kind: str


class CalendarYear(Reply):
    """A year of the calendar; `standing` is null for a year the table does not hold."""

    year: int
    standing: str | None
    source: str | None
    days: list[OtherDay]


class NoticeDay(Body):
    """A day that is free, or worked although it is a weekend."""

    day: Day
    kind: Literal["rest", "work"]


class PublishedYear(Body):
    """One year as it was published or projected."""

    rows: Annotated[list[NoticeDay], Field(min_length=1, max_length=200)]
    standing: Literal["official", "projected"]
    source: Annotated[str, Field(min_length=1, max_length=200), Clean]
    dry_run: bool = True


class MovedDue(Reply):
    """A due day that the new calendar moves."""

    case: str
    clock: str
    before: date | None
    now: date | None


class YearTaken(Reply):
    """Which days are no longer what they were, which due days moved, and whether that is kept."""

    year: int
    changed: list[date]
    moved: list[MovedDue]
    kept: bool


class DivisionRow(Body):
    """One division; `parent_code` is null at the top of the tree."""

    code: Annotated[str, Field(min_length=1, max_length=12), Clean]
    name: Annotated[str, Field(min_length=1, max_length=80), Clean]
    level: Annotated[str, Field(min_length=1, max_length=20), Clean]
    kind: Annotated[str, Field(max_length=20), Clean] = ""
    parent_code: Annotated[str, Field(min_length=1, max_length=12), Clean] | None = None


class DivisionRows(Body):
    """Divisions to be taken over together."""

    rows: Annotated[list[DivisionRow], Field(min_length=1, max_length=2000)]
    dry_run: bool = True


class DivisionsTaken(Reply):
    """The codes that were added or brought up to it, how many stood just so, and whether that is kept."""

    added: list[str]
    changed: list[str]
    unchanged: int
    kept: bool


@router.get("/working-days", summary="A year of the working calendar")
def working_days(
    visitor: Visitor = Depends(visiting), year: Annotated[int | None, Query(ge=2000, le=2100)] = None
) -> CalendarYear:
    """The days that differ from Monday to Friday; the present year if none is named."""
    shown = year or visitor.today.year
    with visitor.reading() as work:
        days, sources = load_calendar(work).exceptions, year_sources(work)
    standing, source = sources.get(shown, (None, None))
    return CalendarYear(
        year=shown, standing=standing, source=source,
        days=[OtherDay(day=day, kind=kind) for day, kind in sorted(days.items()) if day.year == shown],
    )  # fmt: skip


@router.post("/working-days/import", summary="Take a year over", dependencies=[repeatable])
def take_year(body: PublishedYear, visitor: Visitor = Depends(visiting)) -> YearTaken:
    """Tried out unless `dry_run` is false; kept, every running clock is counted anew."""
    listed = [(place, one.day.isoformat(), one.kind) for place, one in enumerate(body.rows)]
    days, faults = notice_days(listed)
    if faults:
        raise Invalid("calendar.rows_refused", faults=faults, count=len({one.line for one in faults}))
    return _kept(visitor, body, days) if not body.dry_run else _tried(visitor, body, days)


def _tried(visitor: Visitor, body: PublishedYear, days: tuple[tuple[date, DayKind], ...]) -> YearTaken:
    year, moved = preview_calendar_year(
        visitor.database, visitor.person, rows=days, standing=body.standing, source=body.source, now=visitor.now
    )
    return YearTaken(year=year.year, changed=list(year.changed), moved=_moved(moved), kept=False)


def _kept(visitor: Visitor, body: PublishedYear, days: tuple[tuple[date, DayKind], ...]) -> YearTaken:
    year = import_calendar_year(
        visitor.database, visitor.person, rows=days, standing=body.standing, source=body.source, now=visitor.now
    )
    moved = recount_clocks(visitor.database, visitor.person, now=visitor.now)
    return YearTaken(year=year.year, changed=list(year.changed), moved=_moved(moved), kept=True)


def _moved(moved: tuple[MovedDay, ...]) -> list[MovedDue]:
    return [MovedDue(case=one.case_number, clock=one.clock, before=one.before, now=one.now) for one in moved]


@router.post("/divisions/import", summary="Take divisions over", dependencies=[repeatable])
def take_divisions(body: DivisionRows, visitor: Visitor = Depends(visiting)) -> DivisionsTaken:
    """All or none; tried out unless `dry_run` is false. What is wrong points at its row."""
    rows = [
        (place, Division(one.code, one.name, one.level, one.kind, one.parent_code))
        for place, one in enumerate(body.rows)
    ]
    done = import_divisions(visitor.database, visitor.person, rows, now=visitor.now, dry_run=body.dry_run)
    return DivisionsTaken(
        added=list(done.added), changed=list(done.changed), unchanged=done.unchanged, kept=not body.dry_run
    )
