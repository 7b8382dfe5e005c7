"""Reads of the desk: who holds a case, what colleagues were asked, who was told, which filters a person keeps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func, literal, or_, select, union_all

from services.database.work import Work
from services.desk.models import desk_claims, desk_copies, desk_filters, desk_nudges, desk_requests, desk_settings
from services.desk.rules import minutes_held
from services.people.models import persons, role_grants
from statemachines.roles import Role

_NAMES = persons.alias("asker"), persons.alias("asked")


@dataclass(frozen=True, slots=True)
class Claim:
    """Who holds a case since when; `minutes` is for how much longer the claim keeps others away (0: it only warns)."""

    case_id: str
    person_id: str
    name: str
    version: int
    claimed_at: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request to a colleague: hand_over, delegate or countersign, and what came of it."""

    id: str
    case_id: str
    kind: str
    by_id: str
    by_name: str
    to_id: str
    to_name: str
    question: str
    asked_at: datetime
    standing: str
    opinion: str | None
    answer: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One thing done at the desk, as the history of the case tells it: what, who, to whom, when, in which words."""

    act: str
    at: datetime
    by_name: str
    to_name: str
    text: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the offices one may turn to."""

    username: str
    name: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class FilterLine:
    """A saved filter: the person's own, or one shared with a role the person holds."""

    id: str
    name: str
    query: str
    own: bool
    role: str | None
    default: bool


_CLAIM = (
    select(desk_claims, persons.c.name)
    .join(persons, persons.c.id == desk_claims.c.person_id)
    .where(desk_claims.c.case_id == bindparam("of_case"), desk_claims.c.ended_at.is_(None))
)
_OPEN_COUNTERSIGNATURES = (
    select(persons.c.name)
    .join(desk_requests, desk_requests.c.to_id == persons.c.id)
    .where(
        desk_requests.c.case_id == bindparam("of_case"), desk_requests.c.kind == "countersign",
        desk_requests.c.standing == "open",
    )
    .order_by(desk_requests.c.asked_at)
)  # fmt: skip


def claim_on(work: Work, case_id: str) -> Claim | None:
    """The claim that stands on the case, if any."""
    row = work.connection.execute(_CLAIM, {"of_case": case_id}).one_or_none()
    if row is None:
        return None
    minutes = minutes_held(row.touched_at, work.now)
    return Claim(row.case_id, row.person_id, row.name, row.version, row.claimed_at, minutes)


def countersigners_waited_for(work: Work, case_id: str) -> tuple[str, ...]:
    """Names of those whose opinion was asked for on this case and has not come yet."""
    return tuple(work.connection.scalars(_OPEN_COUNTERSIGNATURES, {"of_case": case_id}))


def requests_on(work: Work, case_id: str) -> tuple[RequestLine, ...]:
    """Every request on the case, oldest first."""
    return _requests(work, desk_requests.c.case_id == case_id)


def request_line(work: Work, request_id: str) -> RequestLine | None:
    """One request by its id; None when there is none."""
    return next(iter(_requests(work, desk_requests.c.id == request_id)), None)


def _requests(work: Work, condition: ColumnElement[bool]) -> tuple[RequestLine, ...]:
    by, to = _NAMES
    rows = work.connection.execute(
        select(desk_requests, by.c.name.label("by_name"), to.c.name.label("to_name"))
        .join(by, by.c.id == desk_requests.c.by_id)
        .join(to, to.c.id == desk_requests.c.to_id)
        .where(condition)
        .order_by(desk_requests.c.asked_at, desk_requests.c.id)
    )
    return tuple(
        RequestLine(
            row.id, row.case_id, row.kind, row.by_id, row.by_name, row.to_id, row.to_name, row.question, row.asked_at,
            row.standing, row.opinion, row.answer, row.closed_at,
        )
        for row in rows
    )  # fmt: skip


def desk_history(work: Work, case_id: str, requests: Sequence[RequestLine]) -> tuple[DeskLine, ...]:
    """Everything done at the desk on the case, oldest first; `requests` are those on the case, with their answers."""
    # A case that is handed over or comes back is held by the other one at once; that is no claim somebody made.
    given = {moment for one in requests if one.kind != "countersign" for moment in (one.asked_at, one.closed_at)}
    found = [one for one in _other_acts(work, case_id) if one.act != "claim" or one.at not in given]
    for one in requests:
        found.append(DeskLine(one.kind, one.asked_at, one.by_name, one.to_name, one.question))
        if one.closed_at is not None and one.standing == "answered":
            act = f"{one.kind}_{one.opinion or 'done'}"
            found.append(DeskLine(act, one.closed_at, one.to_name, one.by_name, one.answer))
        elif one.closed_at is not None and one.standing == "withdrawn":
            found.append(DeskLine(f"{one.kind}_withdrawn", one.closed_at, one.by_name, one.to_name, one.answer))
    return tuple(sorted(found, key=lambda line: line.at))


def _other_acts(work: Work, case_id: str) -> list[DeskLine]:
    """Claims, copies and nudges, in one query."""
    by, to = _NAMES
    nobody = literal("")
    claims = (
        select(literal("claim").label("act"), desk_claims.c.claimed_at.label("at"), by.c.name.label("by_name"),
               nobody.label("to_name"), nobody.label("text"))
        .join(by, by.c.id == desk_claims.c.person_id)
        .where(desk_claims.c.case_id == case_id)
    )  # fmt: skip
    copies = (
        select(literal("copy"), desk_copies.c.sent_at, by.c.name, to.c.name, desk_copies.c.note)
        .join(by, by.c.id == desk_copies.c.by_id)
        .join(to, to.c.id == desk_copies.c.to_id)
        .where(desk_copies.c.case_id == case_id)
    )
    nudges = (
        select(literal("nudge"), desk_nudges.c.at, by.c.name, nobody, nobody)
        .join(by, by.c.id == desk_nudges.c.by_id)
        .where(desk_nudges.c.case_id == case_id)
    )
    rows = work.connection.execute(union_all(claims, copies, nudges))
    return [DeskLine(row.act, row.at, row.by_name, row.to_name, row.text) for row in rows]


def people_in(work: Work, roles: Collection[str]) -> tuple[Colleague, ...]:
    """Who holds one of the roles today, by username."""
    ended = or_(role_grants.c.valid_to.is_(None), role_grants.c.valid_to >= work.today)
    rows = work.connection.execute(
        select(persons.c.username, persons.c.name, role_grants.c.role)
        .join(role_grants, role_grants.c.person_id == persons.c.id)
        .where(role_grants.c.role.in_(sorted(roles)), persons.c.disabled.is_(False))
        .where(role_grants.c.valid_from <= work.today, ended)
        .order_by(persons.c.username, role_grants.c.role)
    )
    found: dict[str, Colleague] = {}
    for row in rows:
        known = found.get(row.username)
        held = (*(known.roles if known else ()), Role(row.role))
        found[row.username] = Colleague(row.username, row.name, tuple(dict.fromkeys(held)))
    return tuple(found.values())


def filters_of(work: Work, person_id: str, roles: Collection[str]) -> tuple[FilterLine, ...]:
    """The filters a person may choose: the own ones first, then those shared with one of the roles, by name."""
    chosen = default_filter_id(work, person_id)
    rows = work.connection.execute(
        select(desk_filters)
        .where(or_(desk_filters.c.owner_id == person_id, desk_filters.c.role.in_(sorted(roles))))
        .order_by(desk_filters.c.owner_id != person_id, desk_filters.c.name, desk_filters.c.id)
    )
    return tuple(
        FilterLine(row.id, row.name, row.query, row.owner_id == person_id, row.role, row.id == chosen) for row in rows
    )


def default_filter_id(work: Work, person_id: str) -> str | None:
    """The filter with which the person's list opens; None for none."""
    statement = select(desk_settings.c.filter_id).where(desk_settings.c.person_id == person_id)
    return work.connection.execute(statement).scalar()


def keys_on(work: Work, person_id: str) -> bool:
    """Whether single keys work for this person; they do until switched off."""
    found = work.connection.execute(
        select(desk_settings.c.keys_on).where(desk_settings.c.person_id == person_id)
    ).scalar()
    return True if found is None else bool(found)


def filters_kept(work: Work, person_id: str) -> int:
    """How many filters the person keeps."""
    statement = select(func.count()).where(desk_filters.c.owner_id == person_id)
    return int(work.connection.execute(statement).scalar_one())
