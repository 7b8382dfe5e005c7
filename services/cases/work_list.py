"""The work list of one person: what waits, was done, was started, was copied; filtered, counted and in pages."""

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true, union

from services.actors import Actor, Grant
from services.assessments.models import assessments, score_sheets, seats
from services.authority.rules import demand, policy, scopes, shared_digits
from services.calendar.queries import load_calendar
from services.cases.lists import finds, inside_of, visible
from services.cases.models import case_moves, cases
from services.database.work import Work
from services.desk.absences import acting_for
from services.desk.models import acted_for, desk_claims, desk_copies, desk_requests
from services.desk.rules import SOON, Lamp, lamp, minutes_held
from services.errors import Invalid
from services.organizations.models import centres, divisions, organizations
from services.organizations.rules import fold
from services.people.models import persons
from services.reviews.queries import votes_waiting_for
from statemachines.registry import EDITIONS, process_of
from statemachines.roles import ROLES, Role

TABS = ("waiting", "done", "started", "copied")
DUE = ("overdue", "soon", "later", "none")
HOLDERS = ("me", "nobody", "others")
PORTION = 50
LIST = "case:list"
_LOCKED = exists().where(score_sheets.c.seat_id == seats.c.id, score_sheets.c.locked_at.is_not(None))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list: the tab, the filters (empty: no filter), and where the page before ended."""

    tab: str = "waiting"
    kind: str = ""
    stage: str = ""
    state: str = ""
    due: str = ""
    holder: str = ""
    centre: str = ""
    division: str = ""
    text: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One case in the work list; `asked` says what colleagues wait for: (kind, by, to) of each open request."""

    id: str
    number: str
    kind: str
    edition: int
    state: str
    state_zh: str
    state_en: str
    stage: str
    organization: str
    category: str
    version: int
    moved_at: datetime
    due_on: date | None
    days: int
    lamp: Lamp
    waits_for: tuple[Role, ...]
    holder_id: str
    holder: str
    minutes: int
    asked: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class WorkList:
    """One page of a list, how many cases each tab holds, and where the next page begins (empty: nowhere)."""

    lines: tuple[WorkLine, ...]
    counts: dict[str, int]
    next: str


@dataclass(frozen=True, slots=True)
class Places:
    """The centres and streets one may filter by: (id or code, name)."""

    centres: tuple[tuple[str, str], ...]
    streets: tuple[tuple[str, str], ...]


def work_list(work: Work, actor: Actor, wanted: Wanted, *, portion: int = PORTION) -> WorkList:
    """One page of the person's list, in a constant number of queries; Invalid for a cursor that is none."""
    demand(actor, LIST)
    tabs = _tabs(work, actor)
    asked = _filtered(work, actor, select(cases.c.id).where(tabs[wanted.tab]), wanted)
    rows = _portion(work, asked, wanted, portion)
    shown = rows[:portion]
    more = _cursor(wanted.tab, shown[-1]) if len(rows) > portion else ""
    return WorkList(_lines(work, shown), _counts(work, tabs), more)


def places(work: Work) -> Places:
    """What one may filter by."""
    centre_rows = work.connection.execute(select(centres.c.id, centres.c.name).order_by(centres.c.name))
    streets = select(divisions.c.code, divisions.c.name).where(divisions.c.level == "street").order_by(divisions.c.code)
    rows = work.connection.execute(streets)
    return Places(tuple((row.id, row.name) for row in centre_rows), tuple((row.code, row.name) for row in rows))


# The four tabs -------------------------------------------------------------------------------------


def _tabs(work: Work, actor: Actor) -> dict[str, ColumnElement[bool]]:
    """The condition of each tab; none shows what the person may not see."""
    moved = select(case_moves.c.case_id).where(case_moves.c.actor_id == actor.id)
    for_me = select(acted_for.c.case_id).where(acted_for.c.person_id == actor.id)
    scored = _seated(actor).where(_LOCKED)
    first = moved.where(case_moves.c.sequence == 1)
    asked_by_me = select(desk_requests.c.case_id).where(desk_requests.c.by_id == actor.id)
    own = [grant.organization_id for grant in actor.grants if grant.organization_id]
    started: list[ColumnElement[bool]] = [cases.c.id.in_(union(first, asked_by_me))]
    if own:
        started.append(cases.c.organization_id.in_(own))
    mine = _seen(actor)
    return {
        "waiting": _any_of(tuple(_waiting(work, actor, mine)), whole="centre" in scopes(actor, LIST)),
        "done": and_(mine, cases.c.id.in_(union(moved, for_me, scored))),
        "started": and_(mine, or_(*started)),
        "copied": and_(mine, cases.c.id.in_(select(desk_copies.c.case_id).where(desk_copies.c.to_id == actor.id))),
    }


def _any_of(terms: tuple[ColumnElement[bool], ...], *, whole: bool) -> ColumnElement[bool]:
    """Any of the terms: side by side for who lists everything, else each found by its own index and then united."""
    if whole:
        return or_(*terms)
    return cases.c.id.in_(union(*[select(cases.c.id).where(term).correlate(None) for term in terms]))


def _seen(actor: Actor) -> ColumnElement[bool]:
    """What the person may list; the seats of an evaluator are found out once a statement, not once a tab."""
    if "seated" not in scopes(actor, LIST):
        return visible(actor)
    mine = select(cases.c.id).where(visible(actor)).cte("mine")
    return cases.c.id.in_(select(mine.c.id))


def _waiting(work: Work, actor: Actor, mine: ColumnElement[bool]) -> Iterator[ColumnElement[bool]]:
    """Why a case may wait for the person: an own role, a role exercised for somebody, a colleague's question."""
    listing = {role for role in actor.roles if (LIST, role.value) in policy()}
    yield from _by_roles(actor, tuple(grant for grant in actor.grants if grant.role in listing), mine)
    for one in acting_for(work, actor.id):
        yield from (and_(mine, term) for term in _by_roles(actor, _lent(one.absent.grants, one.roles), mine))
    open_to_me = and_(desk_requests.c.to_id == actor.id, desk_requests.c.standing == "open")
    yield and_(mine, cases.c.id.in_(select(desk_requests.c.case_id).where(open_to_me)))


def _by_roles(actor: Actor, grants: tuple[Grant, ...], mine: ColumnElement[bool]) -> Iterator[ColumnElement[bool]]:
    """One term a place the roles are held for; what a role reaches, its holder may list."""
    scoped: dict[tuple[str, str], set[Role]] = {}
    for grant in grants:
        scoped.setdefault(_where(grant), set()).add(grant.role)
    for (scope, place), roles in scoped.items():
        if scope != "case":
            yield and_(_states_waiting_for(frozenset(roles)), _inside(scope, place))
        for role in roles if scope == "case" else ():
            yield and_(_states_waiting_for(frozenset({role})), mine, cases.c.id.in_(_own_part(actor, role)))


def _lent(grants: tuple[Grant, ...], roles: tuple[Role, ...]) -> tuple[Grant, ...]:
    return tuple(grant for grant in grants if grant.role in roles)


def _where(grant: Grant) -> tuple[str, str]:
    scope = ROLES[grant.role].scope
    place = {"organization": grant.organization_id, "territory": grant.division_code}.get(scope)
    return scope, place or ""


def _states_waiting_for(roles: frozenset[Role]) -> ColumnElement[bool]:
    """One term a kind of case while its editions agree, so that the index on kind and state answers."""
    terms: list[ColumnElement[bool]] = []
    for kind, editions in EDITIONS.items():
        by_names: dict[tuple[str, ...], list[int]] = {}
        for edition, process in editions.items():
            names = tuple(state.name for state in process.states if roles.intersection(state.waits_for))
            by_names.setdefault(names, []).append(edition)
        for names, of_editions in by_names.items():
            if names:
                term = and_(cases.c.kind == kind, cases.c.state.in_(names))
                whole = len(by_names) == 1
                terms.append(term if whole else and_(term, cases.c.edition.in_(of_editions)))
    return or_(*terms) if terms else false()


def _own_part(actor: Actor, role: Role) -> Select[Any]:
    """The cases where a seated person has something to do: a sheet to lock, a ballot to cast, a vote to conclude."""
    if role is not Role.REVIEW_MEMBER:
        return _seated(actor).where(assessments.c.concluded_at.is_(None), ~_LOCKED)
    return votes_waiting_for(actor.id)


def _inside(scope: str, place: str) -> ColumnElement[bool]:
    """The cases a role of that scope reaches."""
    if scope == "centre":
        return true()
    if scope == "organization":
        return cases.c.organization_id == place
    if scope == "territory":
        return inside_of(shared_digits(place) or "-")
    return false()


def _seated(actor: Actor) -> Select[Any]:
    """The cases on whose panel the person sits."""
    return (
        select(assessments.c.case_id)
        .join(seats, seats.c.assessment_id == assessments.c.id)
        .where(seats.c.person_id == actor.id, seats.c.vacated_at.is_(None))
    )


def _counts(work: Work, tabs: dict[str, ColumnElement[bool]]) -> dict[str, int]:
    """How many cases each tab holds, in one query."""
    totals = [
        select(func.count()).select_from(cases).where(condition).scalar_subquery().label(name)
        for name, condition in tabs.items()
    ]
    row = work.connection.execute(select(*totals)).one()
    return {name: int(getattr(row, name)) for name in tabs}


# Filters and pages ---------------------------------------------------------------------------------


def _filtered(work: Work, actor: Actor, statement: Select[Any], wanted: Wanted) -> Select[Any]:
    for column, value in ((cases.c.kind, wanted.kind), (cases.c.stage, wanted.stage), (cases.c.state, wanted.state)):
        if value:
            statement = statement.where(column == value)
    if wanted.centre:
        statement = statement.where(cases.c.centre_id == wanted.centre)
    if wanted.due:
        statement = statement.where(_due(work, wanted.due))
    if wanted.holder:
        statement = statement.where(_held(actor, wanted.holder))
    if wanted.division:
        statement = statement.where(inside_of(wanted.division))
    if fold(wanted.text):
        statement = statement.where(finds(wanted.text))
    return statement


def _due(work: Work, due: str) -> ColumnElement[bool]:
    soon = soon_day(work)
    return {
        "overdue": cases.c.due_on < work.today,
        "soon": cases.c.due_on.between(work.today, soon),
        "later": cases.c.due_on > soon,
        "none": cases.c.due_on.is_(None),
    }[due]


def soon_day(work: Work) -> date:
    """The last day whose lamp is amber today."""
    return load_calendar(work).add_working_days(work.today, SOON)


def _held(actor: Actor, holder: str) -> ColumnElement[bool]:
    claimed = select(desk_claims.c.case_id).where(desk_claims.c.ended_at.is_(None))
    if holder == "me":
        return cases.c.id.in_(claimed.where(desk_claims.c.person_id == actor.id))
    if holder == "others":
        return cases.c.id.in_(claimed.where(desk_claims.c.person_id != actor.id))
    return cases.c.id.not_in(claimed)


def _portion(work: Work, statement: Select[Any], wanted: Wanted, portion: int) -> list[Any]:
    """One row more than a page: only then is there a next one."""
    statement = statement.add_columns(cases.c.due_on, cases.c.moved_at)
    if wanted.tab == "waiting":
        statement = statement.order_by(cases.c.due_on.is_(None), cases.c.due_on, cases.c.moved_at, cases.c.id)
    else:
        statement = statement.order_by(cases.c.moved_at.desc(), cases.c.id.desc())
    if wanted.after:
        statement = statement.where(_beyond(wanted))
    return list(work.connection.execute(statement.limit(portion + 1)))


def _beyond(wanted: Wanted) -> ColumnElement[bool]:
    due_on, moved_at, identity = _read_cursor(wanted)
    if wanted.tab != "waiting":
        return or_(cases.c.moved_at < moved_at, and_(cases.c.moved_at == moved_at, cases.c.id < identity))
    later = or_(cases.c.moved_at > moved_at, and_(cases.c.moved_at == moved_at, cases.c.id > identity))
    if due_on is None:
        return and_(cases.c.due_on.is_(None), later)
    return or_(cases.c.due_on > due_on, and_(cases.c.due_on == due_on, later), cases.c.due_on.is_(None))


def _cursor(tab: str, row: Any) -> str:
    said = [tab, row.due_on.isoformat() if row.due_on else "", row.moved_at.isoformat(), row.id]
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def _read_cursor(wanted: Wanted) -> tuple[date | None, datetime, str]:
    try:
        tab, due_on, moved_at, identity = json.loads(base64.urlsafe_b64decode(wanted.after + "=" * 3))
        found = date.fromisoformat(due_on) if due_on else None, datetime.fromisoformat(moved_at), str(identity)
    except (ValueError, TypeError, binascii.Error):
        raise Invalid("input.cursor_unknown") from None
    if tab != wanted.tab or found[1].tzinfo is None:
        raise Invalid("input.cursor_unknown")
    return found


# What stands in a line -----------------------------------------------------------------------------


def _lines(work: Work, rows: list[Any]) -> tuple[WorkLine, ...]:
    ids = [row.id for row in rows]
    if not ids:
        return ()
    statement = (
        select(
            cases, organizations.c.name, organizations.c.category, desk_claims.c.person_id.label("holder_id"),
            desk_claims.c.touched_at, persons.c.name.label("holder"),
        )
        .join(organizations, organizations.c.id == cases.c.organization_id)
        .outerjoin(desk_claims, and_(desk_claims.c.case_id == cases.c.id, desk_claims.c.ended_at.is_(None)))
        .outerjoin(persons, persons.c.id == desk_claims.c.person_id)
        .where(cases.c.id.in_(ids))
    )  # fmt: skip
    found = {row.id: row for row in work.connection.execute(statement)}
    asked, soon = _asked(work, ids), soon_day(work)
    return tuple(_line(work, found[one], asked.get(one, ()), soon) for one in ids)


def _line(work: Work, row: Any, asked: tuple[tuple[str, str, str, str], ...], soon: date) -> WorkLine:
    state = process_of(row.kind, row.edition).state(row.state)
    return WorkLine(
        row.id, row.number, row.kind, row.edition, row.state, state.zh, state.en, row.stage, row.name, row.category,
        row.version, row.moved_at, row.due_on, (row.due_on - work.today).days if row.due_on else 0,
        lamp(row.due_on, today=work.today, soon=soon), state.waits_for, row.holder_id or "", row.holder or "",
        minutes_held(row.touched_at, work.now) if row.touched_at else 0, asked,
    )  # fmt: skip


def _asked(work: Work, ids: list[str]) -> dict[str, tuple[tuple[str, str, str, str], ...]]:
    by, to = persons.alias("asker"), persons.alias("asked")
    rows = work.connection.execute(
        select(desk_requests.c.case_id, desk_requests.c.kind, by.c.name.label("by_name"), to.c.name.label("to_name"),
               desk_requests.c.to_id)
        .join(by, by.c.id == desk_requests.c.by_id)
        .join(to, to.c.id == desk_requests.c.to_id)
        .where(desk_requests.c.case_id.in_(ids), desk_requests.c.standing == "open")
        .order_by(desk_requests.c.asked_at)
    )  # fmt: skip
    found: dict[str, tuple[tuple[str, str, str, str], ...]] = {}
    for row in rows:
        found[row.case_id] = (*found.get(row.case_id, ()), (row.kind, row.by_name, row.to_name, row.to_id))
    return found
