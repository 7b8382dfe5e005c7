"""`chuke calendar`: the working-day table of a year, its import, and the due day of a period."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from cli.asking import Asking, Plain, acting_on, instant, opened, rows_given
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


@app.command(name="import")
def import_(
    file: Path,
    /,
    *,
    source: str,
    projected: Annotated[bool, Parameter(name="--projected", negative="")] = False,
    dry_run: Annotated[bool, Parameter(name="--dry-run", negative="")] = False,
    asking: Asking = Asking(),
) -> int:
    """导入一年的放假安排 · Take over one year's days of rest and working weekends; due days that rest on them move.

    Parameters
    ----------
    file:
        CSV 文件，列为 date,kind；kind 为 rest 放假、work 上班 a CSV file with a day and rest or work on each line.
    source:
        通知的文号 number of the notice, as 国办发明电〔2026〕1号.
    projected:
        尚未公布，仅为推算 not published yet: the days are a projection.
    dry_run:
        只核对，不写入 check every line and say which days would change, but write nothing.
    asking:
        通用选项 common options.
    """
    from services.calendar.rules import notice_days
    from services.cases.recalendar import MovedDay, import_calendar_year, recount_clocks
    from services.errors import Invalid

    now = instant(asking)
    listed = ((line, row["date"], row["kind"]) for line, row in rows_given(file, ("date", "kind")))
    days, faults = notice_days(listed)
    if faults:
        raise Invalid("calendar.rows_refused", faults=faults, count=len(faults))
    moved: tuple[MovedDay, ...] = ()
    with acting_on(asking) as (database, actor):
        done = import_calendar_year(
            database, actor, rows=days, standing="projected" if projected else "official", source=source, now=now,
            dry_run=dry_run,
        )  # fmt: skip
        if not dry_run:
            moved = recount_clocks(database, actor, now=now)
    if asking.json:
        show_json({"dry_run": dry_run, "year": done.year, "changed": done.changed, "moved": moved})
        return 0
    note = "（未写入 nothing written）" if dry_run else ""
    print(f"{done.year} {done.standing}，变动 changed {len(done.changed)} 天 days{note}")
    for one in moved:
        print(f"  {one.case_number}  {one.clock}  {one.before} → {one.now}")
    return 0
