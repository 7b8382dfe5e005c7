"""Starts, pauses, resumes and stops the clocks of a case as it goes from state to state."""

from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, update

from services.calendar import rules as calendar_rules
from services.calendar.rules import Clock, WorkingCalendar
from services.calendar.rules import Limit as Length
from services.cases.models import case_clocks, cases
from services.cases.turn import Subject, Turn, clocks_of
from services.database.work import Work
from services.rulesets.rules import Rules
from statemachines.table import Limit, State

_BEGIN = insert(case_clocks)
_STORE = (
    update(case_clocks)
    .where(case_clocks.c.case_id == bindparam("of_case"), case_clocks.c.key == bindparam("of_key"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("used", "running_since", "due_on", "standing", "length", "provisional")
        }
    )
)
_FORGET = delete(case_clocks).where(
    case_clocks.c.case_id == bindparam("of_case"), case_clocks.c.key == bindparam("of_key")
)


def as_clock(row: Row[Any]) -> Clock:
    """The stored row as the pure value the calendar rules work on."""
    length = Length(row.length, row.unit)
    return Clock(row.key, length, row.started_on, row.used, row.running_since, row.due_on, row.standing)


def _store(work: Work, case_id: str, clock: Clock, *, provisional: bool) -> None:
    values = {
        "of_case": case_id,
        "of_key": clock.key,
        "new_used": clock.used,
        "new_running_since": clock.running_since,
        "new_due_on": clock.due_on,
        "new_standing": clock.state,
        "new_length": clock.limit.length,
        "new_provisional": provisional,
    }
    work.connection.execute(_STORE, values)


def _begin(turn: Turn, limit: Limit, clock: Clock) -> None:
    last = clock.due_on or turn.work.today
    # A day that is a fact of the case may lie years ahead, where no holidays are announced: it needs none.
    counted = not limit.dated or turn.calendar.knows(clock.started_on, last)
    if limit.key in turn.subject.clocks:
        turn.work.connection.execute(_FORGET, {"of_case": turn.case.id, "of_key": limit.key})
    values = {
        "case_id": turn.case.id,
        "key": limit.key,
        "length": clock.limit.length,
        "unit": clock.limit.unit,
        "started_on": clock.started_on,
        "used": clock.used,
        "running_since": clock.running_since,
        "due_on": clock.due_on,
        "provisional": counted and turn.calendar.provisional(clock.started_on, last),
        "fires": limit.fires,
        "standing": "running",
    }
    turn.work.connection.execute(_BEGIN, values)


def turn_clocks(turn: Turn, *, dated: dict[str, date | None]) -> tuple[date | None, date | None]:
    """Stop or pause the clocks of the state left, start or resume those of the state entered.

    `dated` gives the due day of limits whose day is a fact of the case (None: that limit does not run). Answers
    (earliest due day, first day on which a timer should try), each None when nothing runs. Staying in a state leaves
    its clocks alone, and a clock that both states have runs on.
    """
    process, today = turn.subject.process, turn.work.today
    source, dest = process.state(turn.source), process.state(turn.dest)
    if turn.source != turn.dest:
        shared = {limit.key for limit in source.limits} & {limit.key for limit in dest.limits}
        _leave(turn, source, dest, shared)
        for limit in dest.limits:
            if limit.key not in shared:
                _enter(turn, limit, dated, today)
    return _nearest(turn.work, turn.case.id)


def _leave(turn: Turn, source: State, dest: State, shared: set[str]) -> None:
    for limit in source.limits:
        row = turn.subject.clocks.get(limit.key)
        if row is None or row.standing != "running" or limit.key in shared:
            continue
        clock = as_clock(row)
        if limit.key in dest.pauses:
            clock = calendar_rules.pause(turn.calendar, clock, today=turn.work.today)
        else:
            clock = calendar_rules.stop(clock)
        _store(turn.work, turn.case.id, clock, provisional=row.provisional)


def _enter(turn: Turn, limit: Limit, dated: dict[str, date | None], today: date) -> None:
    if limit.dated:
        due_on = dated.get(limit.key)
        if due_on is not None:
            length = Length(max((due_on - today).days, 0), "calendar_days")
            _begin(turn, limit, Clock(limit.key, length, today, 0, today, due_on, "running"))
        return
    row = turn.subject.clocks.get(limit.key)
    if row is not None and row.standing == "paused":
        clock = calendar_rules.resume(turn.calendar, as_clock(row), today=today)
        provisional = turn.calendar.provisional(today, clock.due_on or today)
        _store(turn.work, turn.case.id, clock, provisional=provisional)
        return
    length_days, unit = turn.rules.limit(limit.key)
    _begin(turn, limit, calendar_rules.start(turn.calendar, limit.key, limit=Length(length_days, unit), today=today))  # type: ignore[arg-type]


def _nearest(work: Work, case_id: str) -> tuple[date | None, date | None]:
    running = [row for row in clocks_of(work, case_id).values() if row.standing == "running"]
    due = min((row.due_on for row in running), default=None)
    timer = min((row.due_on for row in running if row.fires), default=None)
    return due, timer


def lengthen(work: Work, calendar: WorkingCalendar, row: Row[Any], *, extra: int) -> date | None:
    """Give a running clock `extra` more of its own unit; answers the new due day."""
    clock = as_clock(row)
    longer = Clock(clock.key, Length(clock.limit.length + extra, clock.limit.unit), clock.started_on, clock.used,
                   clock.running_since, clock.due_on, clock.state)  # fmt: skip
    longer = calendar_rules.recompute(calendar, longer)
    _store(work, row.case_id, longer, provisional=calendar.provisional(longer.started_on, longer.due_on or row.due_on))
    return longer.due_on


def begin_at_delivery(work: Work, calendar: WorkingCalendar, row: Row[Any], *, served_on: date) -> date | None:
    """Count a running clock from the day its paper was served; answers the new due day, None when none of it moves.

    A day that was told is never made an earlier one.
    """
    if row.standing != "running" or row.used or served_on <= row.started_on:
        return None
    clock = calendar_rules.start(calendar, row.key, limit=as_clock(row).limit, today=served_on)
    if clock.due_on is None or clock.due_on <= row.due_on:
        return None
    provisional = calendar.provisional(served_on, clock.due_on)
    _store(work, row.case_id, clock, provisional=provisional)
    where = (case_clocks.c.case_id == row.case_id, case_clocks.c.key == row.key)
    work.connection.execute(update(case_clocks).where(*where).values(started_on=served_on))
    show_nearest(work, row.case_id)
    return clock.due_on


def show_nearest(work: Work, case_id: str) -> None:
    """Show on the case the nearest days its running clocks have, after one of them moved."""
    due_on, timer_on = _nearest(work, case_id)
    work.connection.execute(update(cases).where(cases.c.id == case_id).values(due_on=due_on, timer_on=timer_on))


def redate(work: Work, row: Row[Any], *, due_on: date) -> None:
    """Move a clock whose day is a fact of the case to another day, as a plan agreed on or kept to does."""
    length = Length(max((due_on - row.started_on).days, 0), "calendar_days")
    clock = Clock(row.key, length, row.started_on, row.used, row.running_since, due_on, row.standing)
    _store(work, row.case_id, clock, provisional=row.provisional)


def begin_at_opening(work: Work, calendar: WorkingCalendar, case_id: str, *, key: str, length: Length) -> None:
    """Start the clock of a case that is opened into a state where somebody is waited for, and show its day."""
    clock = calendar_rules.start(calendar, key, limit=length, today=work.today)
    last = clock.due_on or work.today
    values = {
        "case_id": case_id, "key": key, "length": length.length, "unit": length.unit, "started_on": work.today,
        "used": 0, "running_since": work.today, "due_on": clock.due_on,
        "provisional": calendar.provisional(work.today, last), "fires": "", "standing": "running",
    }  # fmt: skip
    work.connection.execute(_BEGIN, values)
    work.connection.execute(update(cases).where(cases.c.id == case_id).values(due_on=clock.due_on))


def recount(
    work: Work, calendar: WorkingCalendar, subject: Subject
) -> tuple[dict[str, tuple[date | None, date | None]], tuple[date | None, date | None]]:
    """Count the running clocks of a locked case anew, after the calendar changed.

    Answers {clock: (due day before, due day now)} of those that moved, and the case's nearest days as `turn_clocks`
    does. A limit whose day is a fact of the case keeps it: the calendar never made that day.
    """
    dated = {limit.key for state in subject.process.states for limit in state.limits if limit.dated}
    moved = {}
    for row in subject.clocks.values():
        if row.standing != "running" or row.key in dated:
            continue
        clock = calendar_rules.recompute(calendar, as_clock(row))
        provisional = calendar.provisional(clock.started_on, clock.due_on or clock.started_on)
        if (clock.due_on, provisional) != (row.due_on, row.provisional):
            _store(work, row.case_id, clock, provisional=provisional)
        if clock.due_on != row.due_on:
            moved[row.key] = (row.due_on, clock.due_on)
    return moved, _nearest(work, subject.case.id)


def length_of(rules: Rules, key: str) -> Length:
    """The length of a clock as the calendar rules want it."""
    number, unit = rules.limit(key)
    return Length(number, unit)  # type: ignore[arg-type]
