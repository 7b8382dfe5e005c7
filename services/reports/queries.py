"""The figures of the board for one person: stages, funnel, cycle times, what is overdue, load and places."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, func, select

from services.actors import Actor
from services.applications.queries import RatingTotals
from services.assessments.models import assessments, seats
from services.authority.rules import demand, scopes
from services.calendar.queries import load_calendar
from services.cases.lists import OCCUPYING, STATES_OF, figure, leavings, opened_since, owing_sheets, visible
from services.cases.models import case_moves, cases
from services.cases.rating import levels_since
from services.database.work import Work
from services.organizations.queries import centre_lines
from services.people.models import persons
from services.people.queries import names_of
from services.reports.rules import DayCount, Spread, spread
from statemachines.registry import CURRENT
from statemachines.table import State

FUNNEL_DAYS, CYCLE_DAYS, STAYS = 365, 365, 200
"""Days of opening that the funnel looks back on; days of leaving, and stays at most, that the cycle times do."""
CYCLED = ("入驻", "孵化", "评估")
"""Stages a case leaves; nobody leaves the last one."""


@dataclass(frozen=True, slots=True)
class StateFigure:
    """How many cases stand in a state, and how many of them are overdue."""

    state: State
    cases: int
    overdue: int


@dataclass(frozen=True, slots=True)
class StageFigure:
    """How many cases stand in a stage, state by state."""

    stage: str
    states: tuple[StateFigure, ...]

    @property
    def cases(self) -> int:
        """In all its states."""
        return sum(one.cases for one in self.states)


@dataclass(frozen=True, slots=True)
class Milestone:
    """How many of the cases opened in the period ever came into the state."""

    state: State
    cases: int


@dataclass(frozen=True, slots=True)
class Cycle:
    """Working days that cases spent in a stage they have left lately."""

    stage: str
    cases: int
    days: Spread
    since: date


@dataclass(frozen=True, slots=True)
class Load:
    """What lies with one person: open cases (or cases with a sheet to lock), and how many of them are overdue."""

    person_id: str
    name: str
    cases: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Places:
    """A centre's places and how many cases take one."""

    centre_id: str
    centre: str
    places: int
    taken: int


@dataclass(frozen=True, slots=True)
class Board:
    """The board as it stands at one instant for one person; every figure is that of a list of cases."""

    as_of: datetime
    stages: tuple[StageFigure, ...]
    open: int
    overdue: int
    unmanaged: int
    funnel: tuple[Milestone, ...]
    funnel_since: date
    cycles: tuple[Cycle, ...]
    managers: tuple[Load, ...]
    evaluators: tuple[Load, ...]
    places: tuple[Places, ...]
    ratings: tuple[RatingTotals, ...]
    """Since `funnel_since`; none for who may not read ratings."""


def board(work: Work, actor: Actor) -> Board:
    """The board of the cases this person may see. Forbidden for who may read no reports."""
    demand(actor, "report:read")
    since = work.today - timedelta(days=FUNNEL_DAYS)
    tally = _tally(work, actor)
    unmanaged = (one for one in tally if one.live and one.manager_id is None and one.kind == "incubation")
    return Board(
        as_of=work.now,
        stages=_stages(tally),
        open=sum(one.number for one in tally if one.live),
        overdue=sum(one.late for one in tally),
        unmanaged=sum(one.number for one in unmanaged),
        funnel=_funnel(work, actor, since),
        funnel_since=since,
        cycles=_cycles(work, actor),
        managers=_managers(work, tally),
        evaluators=_evaluators(work, actor),
        places=_places(work, tally) if "centre" in scopes(actor, "case:list") else (),
        ratings=levels_since(work, actor, since),
    )


@dataclass(frozen=True, slots=True)
class Pile:
    """Cases that are the same in everything the figures ask for: how many, and how many of them overdue."""

    kind: str
    state: str
    live: bool
    centre_id: str
    manager_id: str | None
    number: int
    late: int


def _tally(work: Work, actor: Actor) -> list[Pile]:
    """Cases counted once by everything the figures ask for, so that one index is read from end to end."""
    by = cases.c.kind, cases.c.state, cases.c.live, cases.c.centre_id, cases.c.manager_id
    late = func.sum(case((figure("overdue", work.today), 1), else_=0))
    statement = select(*by, func.count(), late).where(visible(actor, whole=True)).group_by(*by)
    return [Pile(*row) for row in work.connection.execute(statement)]


def _stages(tally: Sequence[Pile]) -> tuple[StageFigure, ...]:
    number, late, process = Counter[str](), Counter[str](), CURRENT["incubation"]
    for one in tally:
        if one.kind == "incubation":
            number[one.state] += one.number
            late[one.state] += one.late
    return tuple(
        StageFigure(stage, tuple(StateFigure(process.state(name), number[name], late[name]) for name in names))
        for stage, names in STATES_OF.items()
        if stage not in ("无", "退出")
    )


def _funnel(work: Work, actor: Actor, since: date) -> tuple[Milestone, ...]:
    opened = cases.c.kind == "incubation", opened_since(since), visible(actor, whole=True)
    statement = select(cases.c.furthest, func.count()).where(*opened).group_by(cases.c.furthest)
    stopped = [(furthest, number) for furthest, number in work.connection.execute(statement)]
    process = CURRENT["incubation"]
    return tuple(
        Milestone(process.state(name), sum(number for furthest, number in stopped if furthest >= place))
        for place, name in enumerate(process.milestones, start=1)
    )


def _cycles(work: Work, actor: Actor) -> tuple[Cycle, ...]:
    begun = {stage: _stays(work, actor, stage) for stage in CYCLED}
    first = min((stay.entered for stays, _ in begun.values() for stay in stays), default=work.today)
    days = DayCount(load_calendar(work), first, work.today)
    return tuple(
        Cycle(
            stage,
            len({stay.case_id for stay in stays}),
            spread(days.between(stay.entered, stay.left) for stay in stays),
            since,
        )
        for stage, (stays, since) in begun.items()
    )


def _stays(work: Work, actor: Actor, stage: str) -> tuple[list[Row[Any]], date]:
    """The latest stays that ended, and since which day they are all of them.

    A stay goes from the day the case came into the stage (or was submitted) to the day it left. Only whole days count:
    when there are more than STAYS, those of the day on which the last of them ended are left out.
    """
    inside, came, begun = STATES_OF[stage], case_moves.alias("came"), case_moves.alias("begun")
    own = came.c.case_id == case_moves.c.case_id, came.c.sequence < case_moves.c.sequence
    entered = select(func.max(came.c.on_date)).where(*own, came.c.dest.in_(inside), came.c.source.not_in(inside))
    submitted = select(begun.c.on_date).where(begun.c.case_id == case_moves.c.case_id, begun.c.sequence == 1)
    beginning = func.coalesce(entered.scalar_subquery(), submitted.scalar_subquery()).label("entered")
    since = work.today - timedelta(days=CYCLE_DAYS)
    statement = (
        leavings(stage, since)
        .with_only_columns(case_moves.c.case_id, beginning, case_moves.c.on_date.label("left"))
        .join(cases, cases.c.id == case_moves.c.case_id)
        .where(visible(actor), cases.c.kind == "incubation")
        .order_by(case_moves.c.on_date.desc())
        .limit(STAYS + 1)
    )
    found = list(work.connection.execute(statement))
    if len(found) <= STAYS:
        return found, since
    last = found[-1].left
    return [stay for stay in found if stay.left > last], last + timedelta(days=1)


def _managers(work: Work, tally: Sequence[Pile]) -> tuple[Load, ...]:
    number, late = Counter[str](), Counter[str]()
    for one in tally:
        if one.live and one.manager_id is not None:
            number[one.manager_id] += one.number
            late[one.manager_id] += one.late
    names = names_of(work, set(number))
    loads = [Load(key, names.get(key, "—"), count, late[key]) for key, count in number.items()]
    return tuple(sorted(loads, key=lambda one: (-one.cases, one.person_id)))


def _evaluators(work: Work, actor: Actor) -> tuple[Load, ...]:
    late = func.count(case((figure("overdue", work.today), cases.c.id)).distinct())
    owed = (
        owing_sheets()
        .with_only_columns(seats.c.person_id, func.count(cases.c.id.distinct()).label("number"), late.label("late"))
        .join(cases, cases.c.id == assessments.c.case_id)
        .where(visible(actor))
        .group_by(seats.c.person_id)
        .subquery()
    )
    statement = (
        select(persons.c.id, persons.c.name, owed.c.number, owed.c.late)
        .join(owed, owed.c.person_id == persons.c.id)
        .order_by(owed.c.number.desc(), persons.c.username)
    )
    return tuple(Load(*row) for row in work.connection.execute(statement))


def _places(work: Work, tally: Sequence[Pile]) -> tuple[Places, ...]:
    taken = Counter[str]()
    for one in tally:
        if one.kind == "incubation" and one.state in OCCUPYING:
            taken[one.centre_id] += one.number
    return tuple(Places(one.id, one.name, one.places, taken[one.id]) for one in centre_lines(work))
