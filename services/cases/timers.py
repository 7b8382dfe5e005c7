"""What time brings: triggers pulled when a due day has passed, and reminders before and after it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from services.actors import SYSTEM
from services.calendar import rules as calendar_rules
from services.calendar.queries import load_calendar
from services.cases.advance import AdvanceCase, Advanced
from services.cases.clocks import as_clock
from services.cases.commands import advance_case
from services.cases.models import case_clocks, case_moves, cases
from services.database.engine import Database
from services.database.work import Work, reading
from services.errors import Refused
from services.outbox.commands import leave_errand
from services.outbox.models import errands
from statemachines.registry import process_of


@dataclass(frozen=True, slots=True)
class DueCase:
    """A case on which some timer should be tried, with the triggers its running clocks fire."""

    case_id: str
    number: str
    version: int
    triggers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClockHealth:
    """How the timers stand: when one last moved a case, which come next, and how many days have come without a move."""

    last_fired_at: datetime | None
    late: int
    next: tuple[tuple[str, date], ...]


def clock_health(work: Work, *, shown: int = 5) -> ClockHealth:
    """The timers as they stand. A guard may keep a case whose day has come; many of them mean that nothing pulls."""
    fired = select(case_moves.c.at).where(case_moves.c.request_id.startswith("timer:"))
    last = work.connection.execute(fired.order_by(case_moves.c.id.desc()).limit(1)).scalar()
    late = work.connection.scalar(select(func.count()).select_from(cases).where(cases.c.timer_on < work.today)) or 0
    coming = select(cases.c.number, cases.c.timer_on).where(cases.c.timer_on >= work.today)
    rows = work.connection.execute(coming.order_by(cases.c.timer_on, cases.c.number).limit(shown))
    return ClockHealth(last, late, tuple((number, day) for number, day in rows))


def due_cases(work: Work, *, limit: int = 500) -> tuple[DueCase, ...]:
    """Cases with a timed trigger whose day has come, the longest waiting first."""
    rows = work.connection.execute(
        select(cases.c.id, cases.c.number, cases.c.version, case_clocks.c.fires)
        .join(case_clocks, case_clocks.c.case_id == cases.c.id)
        .where(
            cases.c.timer_on <= work.today,
            case_clocks.c.standing == "running",
            case_clocks.c.fires != "",
            case_clocks.c.due_on <= work.today,
        )
        .order_by(cases.c.timer_on, cases.c.id, case_clocks.c.due_on)
        .limit(limit)
    )
    found: dict[str, DueCase] = {}
    for row in rows:
        earlier = found[row.id].triggers if row.id in found else ()
        found[row.id] = DueCase(row.id, row.number, row.version, (*earlier, row.fires))
    return tuple(found.values())


def pull_timers(database: Database, *, now: datetime) -> tuple[Advanced, ...]:
    """Try every due timer once; a guard that says "not yet" leaves the case as it is and is no incident.

    A case that breaks keeps no other one waiting: what broke is raised at the end, the first of it.
    """
    with reading(database, now) as work:
        waiting = due_cases(work)
    moved: list[Advanced] = []
    broken: list[Exception] = []
    for one in waiting:
        for trigger in one.triggers:
            request_id = f"timer:{one.case_id}:{one.version}:{trigger}"
            command = AdvanceCase(one.number, trigger, one.version, {}, request_id)
            try:
                moved.append(advance_case(database, SYSTEM, command, now=now, note_refusal=False))
                break
            except Refused:
                continue
            except Exception as error:
                broken.append(error)
                break
    if broken:
        raise broken[0]
    return tuple(moved)


def leave_reminders(work: Work) -> int:
    """Leave one errand for each mark (half, four fifths, due, overdue) a running clock has reached; answers how many.

    The errand's key names case, clock, start and mark, so each reminder is owed once however often this runs. Only
    the latest mark reached is owed: a case entered late is not flooded with old ones.
    """
    calendar, left = load_calendar(work), 0
    rows = work.connection.execute(
        select(case_clocks, cases.c.number, cases.c.kind, cases.c.edition, cases.c.state, cases.c.version)
        .join(cases, cases.c.id == case_clocks.c.case_id)
        .where(case_clocks.c.standing == "running", cases.c.live.is_(True))
    ).all()
    for row in rows:
        if not calendar.knows(row.started_on, row.due_on + timedelta(days=15)):
            continue  # years ahead: there is nothing to remind of yet
        mark = _latest_mark(calendar_rules.reminder_days(calendar, as_clock(row)), work.today)
        state = process_of(row.kind, row.edition).state(row.state)
        if mark is None or not any(limit.key == row.key for limit in state.limits):
            continue
        payload = {
            "clock": row.key,
            "mark": mark,
            "due_on": row.due_on.isoformat(),
            "to": [role.value for role in state.waits_for],
        }
        key = f"remind:{row.case_id}:{row.key}:{row.started_on}:{mark}"
        if not _owed(work, key):
            leave_errand(
                work, key=key, effect="remind", case_id=row.case_id, case_number=row.number, move_sequence=row.version,
                payload=payload,
            )  # fmt: skip
            left += 1
    return left


def _owed(work: Work, key: str) -> bool:
    return work.connection.execute(select(errands.c.id).where(errands.c.key == key)).first() is not None


def _latest_mark(days: dict[str, date], today: date) -> str | None:
    reached = [(day, mark) for mark, day in days.items() if day <= today]
    if not reached:
        return None
    order = ("half", "four_fifths", "due", "overdue")
    return max(reached, key=lambda one: order.index(one[1]))[1]
