"""A year of the working calendar is imported: the notice is taken over, then every running clock is counted anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update

from services.actors import Actor
from services.calendar.commands import YearImported, import_year
from services.calendar.queries import load_calendar
from services.calendar.rules import DayKind, YearStanding
from services.cases.clocks import recount
from services.cases.models import cases
from services.cases.turn import load_subject
from services.database.engine import Database
from services.database.work import Work, reading, run, try_out
from services.people.acts import act, allowed, note, told
from statemachines.registry import process_of


@dataclass(frozen=True, slots=True)
class MovedDay:
    """A due day that the new calendar moved."""

    case_number: str
    clock: str
    before: date | None
    now: date | None


def import_calendar_year(
    database: Database, actor: Actor, *, rows: Iterable[tuple[date, DayKind]], standing: YearStanding, source: str,
    now: datetime, dry_run: bool = False,
) -> YearImported:  # fmt: skip
    """Take over one year as the State Council published it (official) or as projected; `source` names the notice.

    Refuses as `services.calendar.commands.import_year` does. The clocks are counted anew by `recount_clocks`, which
    comes after it: a case that moves meanwhile then already reads the new calendar.
    """
    days = tuple(rows)
    cited = told(("来源", "source"), source, longest=200)

    def unit(work: Work) -> YearImported:
        allowed(work, actor, "calendar:manage")
        done = import_year(work, actor=actor, rows=days, standing=standing, source=cited)
        details = {
            "standing": standing, "source": cited, "days": len(days),
            "changed": [day.isoformat() for day in done.changed],
        }  # fmt: skip
        note(work, actor, "calendar:import", stream="calendar", object=str(done.year), details=details)
        return done

    return act(
        database, actor, unit, now=now, action="calendar:import", stream="calendar", object="calendar", dry_run=dry_run
    )


def preview_calendar_year(
    database: Database, actor: Actor, *, rows: Iterable[tuple[date, DayKind]], standing: YearStanding, source: str,
    now: datetime,
) -> tuple[YearImported, tuple[MovedDay, ...]]:  # fmt: skip
    """What an import would change and which due days would move; everything is tried and nothing is kept.

    Refuses as `import_calendar_year` does.
    """
    days = tuple(rows)
    cited = told(("来源", "source"), source, longest=200)

    def unit(work: Work) -> tuple[YearImported, tuple[MovedDay, ...]]:
        allowed(work, actor, "calendar:manage")
        done = import_year(work, actor=actor, rows=days, standing=standing, source=cited)
        return done, tuple(one for case_id in _unfinished(work) for one in _recount(work, actor, case_id))

    return try_out(database, now, unit)


def _unfinished(work: Work) -> list[str]:
    """Every case that has not come to its end."""
    rows = work.connection.execute(select(cases.c.id, cases.c.kind, cases.c.edition, cases.c.state)).all()
    return [row.id for row in rows if not process_of(row.kind, row.edition).state(row.state).final]


def recount_clocks(database: Database, actor: Actor, *, now: datetime) -> tuple[MovedDay, ...]:
    """Count the running clocks of every case anew, each case in its own unit of work; answers the due days that moved.

    A case whose due day moved gets one entry in its own audit trail. Doing it again changes nothing, so that one that
    was stopped halfway is simply done again.
    """
    moved: list[MovedDay] = []
    with reading(database, now) as work:
        waiting = _unfinished(work)
    for identity in waiting:
        moved += run(database, now, lambda work, case_id=identity: _recount(work, actor, case_id))
    return tuple(moved)


def _recount(work: Work, actor: Actor, case_id: str) -> list[MovedDay]:
    allowed(work, actor, "calendar:manage")
    subject = load_subject(work, case_id=case_id, lock=True)
    moved, (due_on, timer_on) = recount(work, load_calendar(work), subject)
    if (due_on, timer_on) != (subject.case.due_on, subject.case.timer_on):
        work.connection.execute(update(cases).where(cases.c.id == case_id).values(due_on=due_on, timer_on=timer_on))
    if not moved:
        return []
    number = subject.case.number
    details = {key: {"before": str(before), "now": str(after)} for key, (before, after) in moved.items()}
    note(work, actor, "case:recount_clocks", stream=case_id, object=number, details=details)
    return [MovedDay(number, key, before, after) for key, (before, after) in moved.items()]
