"""Lists of cases: who may see which, what a filter finds, in which order, and how many there are."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select, true

from services.actors import Actor
from services.assessments.models import assessments, score_sheets, seats
from services.authority.rules import demand, policy, scopes, shared_digits
from services.cases.models import case_moves, cases
from services.database.work import Work, office_instant
from services.errors import NotFound
from services.issuance.models import issued_documents
from services.issuance.rules import printed_number
from services.organizations.models import organization_search, organizations
from services.organizations.queries import find_rank
from services.organizations.rules import fold
from services.purchases.models import purchasers, purchases
from services.reviews.queries import reviewed_cases, seated_reviews
from statemachines.registry import CURRENT, process_of
from statemachines.roles import Role

ORDERS = ("moved", "due", "name", "number")
OCCUPYING = tuple(state.name for state in CURRENT["incubation"].states if "occupy_place" in state.permits)
"""States of an incubation that take a place of the centre."""
STATES_OF = {
    stage: tuple(state.name for state in CURRENT["incubation"].states if state.stage == stage)
    for stage in dict.fromkeys(state.stage for state in CURRENT["incubation"].states)
}
"""Stage to its states, of an incubation."""
LIST = "case:list"
STREET_DIGITS = 9
"""Digits of the code of a street or township."""
FIRST_DAY = date(2000, 1, 1)
"""Before any case."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list."""

    id: str
    number: str
    kind: str
    state: str
    state_zh: str
    state_en: str
    stage: str
    organization: str
    version: int
    moved_at: datetime
    due_on: date | None
    waits_for: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list of cases is narrowed to; empty fields narrow nothing, and unknown words find nothing.

    `figure` names what a figure of the board counts: `open`, `overdue`, `unmanaged`, `resident`. `manager` and
    `evaluator` are ids of people (who looks after the case, who owes it a score sheet), `centre` is the id of one.
    `reached` is a state the case ever came into, `left` a stage it went on from since `since`; with `reached`,
    `since` is the first day of opening that counts.
    """

    kind: str = ""
    stage: str = ""
    state: str = ""
    text: str = ""
    figure: str = ""
    manager: str = ""
    evaluator: str = ""
    centre: str = ""
    reached: str = ""
    left: str = ""
    since: date | None = None
    order: str = ""
    organization: str = ""


def inside_of(division: str, *, whole: bool = False) -> ColumnElement[bool]:
    """The SQL condition on cases whose organization has its home in the division.

    It is asked of each case at hand, which is cheap for the first hundred of many. With `whole`, and for a street or
    less, the few organizations there are found first and then their cases.
    """
    home = organizations.alias("home")
    inside = home.c.home_division.between(division, division.ljust(12, "9"))
    if whole or len(division) >= STREET_DIGITS:
        return cases.c.organization_id.in_(select(home.c.id).where(inside))
    return exists().where(home.c.id == cases.c.organization_id, inside)


def visible(actor: Actor, *, whole: bool = False) -> ColumnElement[bool]:
    """The SQL condition on cases this person may list: the same policy table the code asks, as a row filter.

    `whole` says that all of the cases are wanted, to be counted, and not the first of them.
    """
    reach = scopes(actor, LIST)
    if "centre" in reach:
        return true()
    conditions: list[ColumnElement[bool]] = []
    # Role by role: what one role may list in its own scope does not widen what another one reaches.
    for grant in actor.grants:
        scope = policy().get((LIST, grant.role.value))
        if scope == "own" and grant.organization_id:
            conditions.append(cases.c.organization_id == grant.organization_id)
        elif scope == "territory" and grant.division_code:
            inside = shared_digits(grant.division_code)
            conditions += [inside_of(inside, whole=whole), cases.c.id.in_(_bought_in(inside))]
    if Role.REVIEW_MEMBER in actor.roles:
        # Who reviews a decision must be able to read what it was taken on.
        conditions += [cases.c.id.in_(seated_reviews(actor.id)), cases.c.id.in_(reviewed_cases(actor.id))]
    if Role.EVALUATOR in actor.roles:
        seated = (
            select(assessments.c.case_id)
            .join(seats, seats.c.assessment_id == assessments.c.id)
            .where(seats.c.person_id == actor.id, seats.c.vacated_at.is_(None), seats.c.interest == "none")
        )  # nothing of a case is known before the evaluator declared that there is no interest in it
        conditions.append(cases.c.id.in_(seated))
    return or_(*conditions) if conditions else false()


def _bought_in(division: str) -> Any:
    """Purchases of the offices there, wherever the contractor has its home."""
    inside = purchasers.c.division_code.between(division, division.ljust(12, "9"))
    return select(purchases.c.case_id).join(purchasers, purchasers.c.id == purchases.c.purchaser_id).where(inside)


def line_of(row: Any) -> CaseLine:
    """The line of a row of `lines`."""
    state = process_of(row.kind, row.edition).state(row.state)
    return CaseLine(
        row.id, row.number, row.kind, row.state, state.zh, state.en, row.stage, row.name, row.version, row.moved_at,
        row.due_on, state.waits_for,
    )  # fmt: skip


def lines() -> Any:
    """Every case with the name of its organization, to be narrowed and ordered."""
    return select(cases, organizations.c.name).join(organizations, organizations.c.id == cases.c.organization_id)


def case_list(
    work: Work,
    actor: Actor,
    *,
    kind: str | None = None,
    stage: str | None = None,
    state: str | None = None,
    text: str = "",
    limit: int = 200,
    after: tuple[datetime, str] | None = None,
) -> tuple[CaseLine, ...]:
    """Cases the person may see, the latest moved first; `text` finds part of a name, pinyin, initials or a number.

    `after` goes on behind the case that was last moved then and has that id.
    """
    demand(actor, LIST)
    wanted = CaseFilter(kind or "", stage or "", state or "", text)
    statement = lines().where(*_narrowed(work, actor, wanted)).order_by(*_in_order("moved")).limit(limit)
    if after is not None:
        earlier, same = cases.c.moved_at < after[0], cases.c.moved_at == after[0]
        statement = statement.where(or_(earlier, and_(same, cases.c.id > after[1])))
    return tuple(line_of(row) for row in work.connection.execute(statement))


def filtered(
    work: Work, actor: Actor, wanted: CaseFilter, *, limit: int = 200, offset: int = 0
) -> tuple[CaseLine, ...]:
    """The cases a filter finds for this person, in the order it asks for.

    Without one, what a text finds stands in the order of how surely it was meant (a whole number or name, the
    beginning of one, the rest), everything else with the latest moved first.
    """
    demand(actor, LIST)
    statement = lines().where(*_narrowed(work, actor, wanted))
    order = wanted.order if wanted.order in ORDERS else ""
    if order == "name" or (fold(wanted.text) and not order):
        statement = statement.join(organization_search, organization_search.c.organization_id == organizations.c.id)
    first = (_rank(wanted.text),) if fold(wanted.text) and not order else ()
    ordered = _in_order(order or "moved", dated=wanted.figure == "overdue")
    statement = statement.order_by(*first, *ordered).limit(limit).offset(offset)
    return tuple(line_of(row) for row in work.connection.execute(statement))


def count(work: Work, actor: Actor, wanted: CaseFilter) -> int:
    """How many cases the filter finds for this person."""
    demand(actor, LIST)
    statement = select(func.count()).select_from(cases).where(*_narrowed(work, actor, wanted, whole=True))
    return int(work.connection.execute(statement).scalar_one())


def counts_by_stage(work: Work, actor: Actor) -> dict[tuple[str, str], int]:
    """(kind, stage) to how many cases the person may see there."""
    demand(actor, LIST)
    rows = work.connection.execute(
        select(cases.c.kind, cases.c.stage, func.count())
        .where(visible(actor, whole=True))
        .group_by(cases.c.kind, cases.c.stage)
    )
    return {(kind, stage): number for kind, stage, number in rows}


def _in_order(order: str, *, dated: bool = False) -> tuple[Any, ...]:
    if order == "due":
        # Where every case has a day, the database may read them in the order of its index.
        undated = () if dated else (cases.c.due_on.is_(None),)
        return *undated, cases.c.due_on, cases.c.id
    if order == "name":
        return organization_search.c.sort_key, organizations.c.name, cases.c.id
    if order == "number":
        return cases.c.number, cases.c.id
    return cases.c.moved_at.desc(), cases.c.id


def _narrowed(work: Work, actor: Actor, wanted: CaseFilter, *, whole: bool = False) -> list[ColumnElement[bool]]:
    found = [visible(actor, whole=whole)]
    for column, value in ((cases.c.kind, wanted.kind), (cases.c.stage, wanted.stage), (cases.c.state, wanted.state)):
        if value:
            found.append(column == value)
    ids = (cases.c.manager_id, wanted.manager), (cases.c.centre_id, wanted.centre)
    for column, value in (*ids, (cases.c.organization_id, wanted.organization)):
        if value:
            found.append(column == value)
    if fold(wanted.text):
        found.append(finds(wanted.text))
    if wanted.figure:
        found.append(figure(wanted.figure, work.today))
    if wanted.evaluator:
        found.append(cases.c.id.in_(owing_sheets().where(seats.c.person_id == wanted.evaluator)))
    if wanted.reached:
        found.append(_reached(wanted.reached, wanted.since))
    if wanted.left:
        left = cases.c.id.in_(leavings(wanted.left, wanted.since or FIRST_DAY))
        found.append(and_(cases.c.kind == "incubation", left))
    return found


def figure(name: str, today: date) -> ColumnElement[bool]:
    """The condition on cases a named figure counts; nothing for an unknown name."""
    known: dict[str, ColumnElement[bool]] = {
        "open": cases.c.live.is_(True),
        "overdue": cases.c.due_on < today,
        "unmanaged": and_(cases.c.kind == "incubation", cases.c.live.is_(True), cases.c.manager_id.is_(None)),
        "resident": and_(cases.c.kind == "incubation", cases.c.state.in_(OCCUPYING)),
    }
    return known.get(name, false())


def owing_sheets() -> Any:
    """Cases of open rounds with a seat whose sheet is not locked; to be narrowed to a person."""
    locked = exists().where(score_sheets.c.seat_id == seats.c.id, score_sheets.c.locked_at.is_not(None))
    return (
        select(assessments.c.case_id)
        .join(seats, seats.c.assessment_id == assessments.c.id)
        .where(
            assessments.c.opened_at.is_not(None), assessments.c.concluded_at.is_(None), seats.c.vacated_at.is_(None),
            ~locked,
        )
    )  # fmt: skip


def _reached(state: str, since: date | None) -> ColumnElement[bool]:
    came = cases.c.id.in_(select(case_moves.c.case_id).where(case_moves.c.dest == state))
    return came if since is None else and_(came, opened_since(since))


def opened_since(day: date) -> ColumnElement[bool]:
    """The condition on cases opened on that day of the office or later."""
    return cases.c.opened_at >= office_instant(day, 0)


def leavings(stage: str, since: date) -> Any:
    """The moves of incubations by which a case left the stage for another, since that day."""
    inside = STATES_OF.get(stage, ())
    return select(case_moves.c.case_id).where(
        case_moves.c.on_date >= since, case_moves.c.source.in_(inside), case_moves.c.dest.not_in(inside)
    )


# What a text finds --------------------------------------------------------------------------------


def finds(text: str) -> ColumnElement[bool]:
    """The condition on cases a text finds: by part of a name, its sound, a number of the case or of a paper."""
    wanted = fold(text)
    inside = select(organization_search.c.organization_id).where(
        organization_search.c.folded.contains(wanted, autoescape=True)
    )
    named = cases.c.organization_id.in_(inside)
    if not _may_be_number(wanted):
        return named
    numbered = select(cases.c.id).where(func.lower(cases.c.number).contains(wanted, autoescape=True))
    return or_(named, cases.c.id.in_(numbered.union_all(_with_paper(text))))


def _may_be_number(wanted: str) -> bool:
    """Every number of a case or a paper holds a digit; what holds none need not be looked for among them."""
    return any(one.isdigit() for one in wanted)


def _with_paper(text: str) -> Any:
    return select(issued_documents.c.case_id).where(issued_documents.c.number == printed_number(text))


def _rank(text: str) -> ColumnElement[int]:
    wanted, number = fold(text), func.lower(cases.c.number)
    if not _may_be_number(wanted):
        return find_rank(text)
    return case(
        (number == wanted, 0),
        (cases.c.id.in_(_with_paper(text)), 0),
        (number.startswith(wanted, autoescape=True), 1),
        else_=find_rank(text),
    )


def may_see(work: Work, actor: Actor, number: str) -> bool:
    """Whether the case exists and this person may see it."""
    statement = select(cases.c.id).where(cases.c.number == number, visible(actor))
    return work.connection.execute(statement).first() is not None


def demand_seen(work: Work, actor: Actor, number: str) -> None:
    """Refuse a case that does not exist, or that this person may not know of: NotFound, whichever is the reason."""
    if not may_see(work, actor, number):
        raise NotFound("case.not_found", case_number=number)
