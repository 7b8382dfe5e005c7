"""Reads of people: actors with the roles of the day, and who holds a role where."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, RowMapping, Table, and_, or_, select

from services.actors import SYSTEM, SYSTEM_ID, Actor, Grant
from services.authority.rules import holds_all_below
from services.database.work import Work
from services.errors import NotFound
from services.people.models import grant_proposals, person_proposals, persons, role_grants
from services.people.rules import ADMINISTRATORS
from statemachines.roles import Role


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in a list."""

    id: str
    username: str
    name: str
    language: str
    disabled: bool
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A role that a person holds, held or will hold; `running` says whether it is in force today."""

    id: str
    role: Role
    office: str
    organization_id: str | None
    division_code: str | None
    valid_from: date
    valid_to: date | None
    ended_at: datetime | None
    running: bool


@dataclass(frozen=True, slots=True)
class GrantProposal:
    """A role that waits for a second administrator: for whom, what, why, and who proposed it."""

    id: str
    person_id: str
    person: str
    role: Role
    office: str
    organization_id: str | None
    division_code: str | None
    valid_from: date
    valid_to: date | None
    reason: str
    proposed_by: str
    proposer: str
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class PersonProposal:
    """An account that waits for a second administrator."""

    id: str
    username: str
    name: str
    language: str
    reason: str
    proposed_by: str
    proposer: str
    proposed_at: datetime


def in_force(work: Work) -> ColumnElement[bool]:
    """Grants in force: within their days, and not ended before."""
    return and_(
        role_grants.c.valid_from <= work.today,
        or_(role_grants.c.valid_to.is_(None), role_grants.c.valid_to >= work.today),
        or_(role_grants.c.ended_at.is_(None), role_grants.c.ended_at > work.now),
    )


def actor_by_id(work: Work, person_id: str) -> Actor:
    """The actor with the grants valid on the office's today; NotFound when unknown, disabled people hold no role."""
    if person_id == SYSTEM_ID:
        return SYSTEM
    rows = work.connection.execute(
        select(persons.c.id, persons.c.username, persons.c.name, persons.c.language, persons.c.disabled,
               role_grants.c.role, role_grants.c.office, role_grants.c.organization_id, role_grants.c.division_code)
        .outerjoin(role_grants, (role_grants.c.person_id == persons.c.id) & in_force(work))
        .where(persons.c.id == person_id)
    ).all()  # fmt: skip
    if not rows:
        raise NotFound("person.not_found")
    first = rows[0]
    grants = (
        ()
        if first.disabled
        else tuple(
            Grant(Role(row.role), row.office, row.organization_id, row.division_code) for row in rows if row.role
        )
    )
    return Actor(first.id, first.username, first.name, first.language, grants, work.today)


def actor_named(work: Work, username: str) -> Actor:
    """The actor of that username; NotFound when there is none."""
    if username == SYSTEM.username:
        return SYSTEM
    found = work.connection.execute(select(persons.c.id).where(persons.c.username == username)).scalar()
    if found is None:
        raise NotFound("person.not_found", username=username)
    return actor_by_id(work, found)


def people_holding(
    work: Work, role: Role, *, organization_id: str | None = None, division_code: str | None = None
) -> tuple[PersonLine, ...]:
    """Who holds the role today: for the organization when it is held per organization, over the territory when it is
    held per territory (a division holds all below it), else at large; ordered by username.
    """
    statement = (
        select(persons.c.id, persons.c.username, persons.c.name, persons.c.language, role_grants.c.organization_id,
               role_grants.c.division_code)
        .join(role_grants, role_grants.c.person_id == persons.c.id)
        .where(role_grants.c.role == role.value, persons.c.disabled.is_(False), in_force(work))
        .order_by(persons.c.username)
    )  # fmt: skip
    found: dict[str, PersonLine] = {}
    for row in work.connection.execute(statement):
        if row.organization_id is not None and row.organization_id != organization_id:
            continue
        if row.division_code is not None and not holds_all_below(row.division_code, division_code or ""):
            continue
        found[row.id] = PersonLine(row.id, row.username, row.name, row.language, False, (role.value,))
    return tuple(found.values())


def people(work: Work) -> tuple[PersonLine, ...]:
    """Every person but the system, with today's roles, ordered by username."""
    roles: dict[str, list[str]] = {}
    for row in work.connection.execute(select(role_grants.c.person_id, role_grants.c.role).where(in_force(work))):
        roles.setdefault(row.person_id, []).append(row.role)
    return tuple(
        PersonLine(
            row.id, row.username, row.name, row.language, row.disabled, tuple(sorted(set(roles.get(row.id, ()))))
        )
        for row in work.connection.execute(
            select(persons).where(persons.c.id != SYSTEM_ID).order_by(persons.c.username)
        )
    )


def names_of(work: Work, person_ids: set[str]) -> dict[str, str]:
    """Id to name for these people."""
    if not person_ids:
        return {}
    return {
        row.id: row.name
        for row in work.connection.execute(select(persons.c.id, persons.c.name).where(persons.c.id.in_(person_ids)))
    }


def grants_of(work: Work, person_id: str) -> tuple[GrantLine, ...]:
    """Every role the person holds, held or will hold, the latest first."""
    today = select(role_grants.c.id).where(role_grants.c.person_id == person_id, in_force(work))
    running = set(work.connection.scalars(today))
    return tuple(
        GrantLine(
            row.id, Role(row.role), row.office, row.organization_id, row.division_code, row.valid_from, row.valid_to,
            row.ended_at, row.id in running,
        )
        for row in work.connection.execute(
            select(role_grants)
            .where(role_grants.c.person_id == person_id)
            .order_by(role_grants.c.valid_from.desc(), role_grants.c.id.desc())
        )
    )  # fmt: skip


def administrators(work: Work) -> Mapping[str, frozenset[Role]]:
    """Everyone who holds an administrator's role today, and which; disabled people hold none."""
    found: dict[str, frozenset[Role]] = {}
    for row in work.connection.execute(
        select(role_grants.c.person_id, role_grants.c.role)
        .join(persons, persons.c.id == role_grants.c.person_id)
        .where(role_grants.c.role.in_(ADMINISTRATORS), persons.c.disabled.is_(False), in_force(work))
    ):
        found[row.person_id] = found.get(row.person_id, frozenset()) | {Role(row.role)}
    return found


def _waiting(work: Work, proposals: Table) -> Sequence[RowMapping]:
    proposer = persons.alias("proposer")
    waiting = (
        select(proposals, proposer.c.name.label("proposer"))
        .join(proposer, proposer.c.id == proposals.c.proposed_by)
        .where(proposals.c.outcome.is_(None))
        .order_by(proposals.c.proposed_at, proposals.c.id)
    )
    return work.connection.execute(waiting).mappings().all()


def pending_grants(work: Work) -> tuple[GrantProposal, ...]:
    """Roles that wait for a second administrator, the oldest first."""
    rows = _waiting(work, grant_proposals)
    names = names_of(work, {str(row["person_id"]) for row in rows})
    return tuple(
        GrantProposal(
            row["id"], row["person_id"], names[row["person_id"]], Role(row["role"]), row["office"],
            row["organization_id"], row["division_code"], row["valid_from"], row["valid_to"], row["reason"],
            row["proposed_by"], row["proposer"], row["proposed_at"],
        )
        for row in rows
    )  # fmt: skip


def pending_people(work: Work) -> tuple[PersonProposal, ...]:
    """Accounts that wait for a second administrator, the oldest first."""
    names = ("id", "username", "name", "language", "reason", "proposed_by", "proposer", "proposed_at")
    return tuple(PersonProposal(**{name: row[name] for name in names}) for row in _waiting(work, person_proposals))


def holding_any(
    work: Work, roles: Collection[Role], *, organization_id: str, division_code: str
) -> dict[Role, tuple[str, ...]]:
    """Role to the names of those who hold it today for that organization, over that division or at large; one query."""
    statement = (
        select(persons.c.id, persons.c.name, role_grants.c.role, role_grants.c.organization_id,
               role_grants.c.division_code)
        .join(role_grants, role_grants.c.person_id == persons.c.id)
        .where(role_grants.c.role.in_([one.value for one in roles]), persons.c.disabled.is_(False),
               in_force(work))
        .order_by(persons.c.username)
    )  # fmt: skip
    found: dict[Role, dict[str, str]] = {}
    for row in work.connection.execute(statement):
        elsewhere = row.organization_id is not None and row.organization_id != organization_id
        if elsewhere or not division_code.startswith(row.division_code or ""):
            continue
        found.setdefault(Role(row.role), {})[row.id] = row.name
    return {role: tuple(names.values()) for role, names in found.items()}
