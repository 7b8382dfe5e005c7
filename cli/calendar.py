"""`chuke calendar`: the working-day table of a year, and the due day of a period."""

from datetime import date
from typing import Literal

from cyclopts import App

from cli.asking import Plain, opened
from cli.printing import show_json, show_table

app = App(name="calendar", help="工作日历 · the working-day calendar")


@app.command
def show(year: int, /, *, plain: Plain = Plain()) -> int:
    """列出一年中的调休和放假 · The days of a year that differ from Monday to Friday, and whether they are official."""
    from services.calendar.queries import load_calendar
    from services.calendar.rules import CalendarUnknown
    from services.database.work import reading

    with opened() as database, reading(database) as work:
        calendar = load_calendar(work)
    if year not in calendar.official_years | calendar.projected_years:
        raise CalendarUnknown(year)
    standing = "official" if year in calendar.official_years else "projected"
    days = [(day, kind) for day, kind in sorted(calendar.exceptions.items()) if day.year == year]
    if plain.json:
        show_json({"year": year, "standing": standing, "days": [{"day": day, "kind": kind} for day, kind in days]})
    else:
        print(f"{year} {standing}")
        show_table(("日期 day", "类别 kind"), days)
    return 0


@app.command
def count(
    start: date,
    days: int,
    /,
    *,
    unit: Literal["working_days", "calendar_days", "months"] = "working_days",
    plain: Plain = Plain(),
) -> int:
    """推算期限 · The last day of a period of DAYS that begins after START (Civil Code Art. 201 to 203)."""
    from services.calendar.queries import load_calendar
    from services.database.work import reading

    with opened() as database, reading(database) as work:
        calendar = load_calendar(work)
    if unit == "working_days":
        due = calendar.add_working_days(start, days)
    elif unit == "calendar_days":
        due = calendar.add_calendar_days(start, days)
    else:
        due = calendar.add_months(start, days, roll=True)
    provisional = calendar.provisional(start, due)
    if plain.json:
        show_json({"start": start, "length": days, "unit": unit, "due_on": due, "provisional": provisional})
    else:
        print(f"{due}{'（暂定 provisional）' if provisional else ''}")
    return 0
