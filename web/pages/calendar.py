"""The working calendar: a year at a glance, and the import of the yearly notice, first tried out, then confirmed."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.calendar.notice import listed_days
from services.calendar.queries import load_calendar, year_sources
from services.calendar.rules import DayKind, YearStanding, notice_days
from services.cases.recalendar import import_calendar_year, preview_calendar_year, recount_clocks
from services.errors import Invalid, Refused
from web.forms.posted import Posted, posted
from web.forms.tables import rows_under, table_of
from web.rendering import MONTHS, go, refusal, show
from web.visitor import Visitor, visiting
from web.wording import said

router = APIRouter(prefix="/working-days")
Days = tuple[tuple[date, DayKind], ...]
STANDINGS: dict[str, YearStanding] = {"official": "official", "projected": "projected"}


@dataclass(frozen=True, slots=True)
class Month:
    """One small month: its number and its weeks of (day or None, rest, work or nothing)."""

    number: int
    weeks: tuple[tuple[tuple[date | None, str], ...], ...]


@router.get("")
def calendar(
    request: Request, year: int | None = None, done: str = "", visitor: Visitor = Depends(visiting)
) -> Response:
    """The twelve months of a year, what differs from the plain week marked by shape and word."""
    shown = year if year is not None and 2000 <= year <= 2100 else visitor.today.year
    with visitor.reading() as work:
        days, sources = load_calendar(work).exceptions, year_sources(work)
    marked = {day: kind for day, kind in days.items() if day.year == shown}
    return show(
        request, visitor, "calendar/page.html", year=shown, years=_near(visitor.today.year, shown, sources),
        source=sources.get(shown), months=_months(shown, marked), names=MONTHS, done=done,
        rest=_stretches(marked, "rest"), working=_stretches(marked, "work"),
    )  # fmt: skip


def _near(present: int, shown: int, known: Iterable[int]) -> list[int]:
    """The years that are one press away: those around the present one, and the one on the page."""
    return sorted({year for year in known if abs(year - present) <= 2} | {shown})


def _months(year: int, marked: dict[date, DayKind]) -> tuple[Month, ...]:
    weeks = Calendar().monthdatescalendar
    return tuple(
        Month(
            month,
            tuple(
                tuple((day, str(marked.get(day, ""))) if day.month == month else (None, "") for day in week)
                for week in weeks(year, month)
            ),
        )
        for month in range(1, 13)
    )


def _stretches(marked: dict[date, DayKind], kind: str) -> list[tuple[date, date]]:
    """The days of that kind as (first, last); days of rest that only a weekend parts are one stretch."""
    found: list[tuple[date, date]] = []
    for day in sorted(day for day, one in marked.items() if one == kind):
        gap = (day - found[-1][1]).days if found else 0
        near = gap == 1 or (kind == "rest" and found and gap <= 3 and day.weekday() == 0)
        found[-1:] = [(found[-1][0], day)] if near else [*found[-1:], (day, day)]
    return found


@router.get("/import")
def new(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """The form for a notice."""
    return _form(request, visitor)


def _form(
    request: Request, visitor: Visitor, *, form: Posted | None = None, error: Refused | None = None,
    faults: tuple[str, ...] = (),
) -> Response:  # fmt: skip
    problems = (*refusal(error, visitor), *faults) if error else ()
    return show(
        request, visitor, "calendar/import.html", status=error.http_status if error else 200, problems=problems,
        form=form or Posted({}),
    )  # fmt: skip


@router.post("/import")
def check(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Try the import out: which days differ, which due days would move. Nothing is written."""
    try:
        days = _days(form)
        year, moved = preview_calendar_year(visitor.database, visitor.person, now=visitor.now, **_wanted(form, days))
    except Refused as error:
        return _form(request, visitor, form=form, error=error, faults=_faults(error, visitor.lang))
    kinds = dict(days)
    return show(
        request, visitor, "calendar/preview.html", year=year, moved=moved, form=form,
        changed=[(day, kinds.get(day, "")) for day in year.changed],
        text="\n".join(f"{day.isoformat()} {kind}" for day, kind in days),
    )  # fmt: skip


def _wanted(form: Posted, days: Days) -> dict[str, Any]:
    standing = STANDINGS.get(form.text("standing"))
    if standing is None:
        raise Invalid("input.not_a_choice", field="standing", label="性质", label_en="standing")
    return {"rows": days, "standing": standing, "source": form.text("source")}


def _days(form: Posted) -> Days:
    if form.file:
        rows = rows_under(table_of(form.file), ("date", "kind"))
        listed = listed_days(["", *(f"{row['date']} {row['kind']}" for _, row in rows)])
    else:
        listed = listed_days(form.text("days").splitlines())
    days, faults = notice_days(listed)
    if faults:
        raise Invalid("calendar.rows_refused", faults=faults, count=len({one.line for one in faults}))
    return days


def _faults(error: Refused, lang: str) -> tuple[str, ...]:
    return tuple(
        f"{one.line}: {said(one.code, lang, **one.facts)}" for one in tuple(error.facts.get("faults", ()))[:20]
    )


@router.post("/import/confirmation")
def confirm(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Import what was checked, then count every running clock anew."""
    try:
        done = import_calendar_year(visitor.database, visitor.person, now=visitor.now, **_wanted(form, _days(form)))
    except Refused as error:
        return _form(request, visitor, form=form, error=error, faults=_faults(error, visitor.lang))
    recount_clocks(visitor.database, visitor.person, now=visitor.now)
    return go(f"/working-days?year={done.year}", note="calendar_imported")
