"""Reads of people: actors with the roles of the day, and who holds a role where."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from services.actors import SYSTEM, SYSTEM_ID, Actor, Grant
from services.database.work import Work
from services.errors import NotFound
from services.people.models import persons, role_grants
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


def _valid(day: date) -> tuple[object, ...]:
    return (role_grants.c.valid_from <= day, or_(role_grants.c.valid_to.is_(None), role_grants.c.valid_to >= day))


def actor_by_id(work: Work, person_id: str) -> Actor:
    """The actor with the grants valid on the office's today; NotFound when unknown, disabled people hold no role."""
    if person_id == SYSTEM_ID:
        return SYSTEM
    rows = work.connection.execute(
        select(persons.c.id, persons.c.username, persons.c.name, persons.c.language, persons.c.disabled,
               role_grants.c.role, role_grants.c.office, role_grants.c.organization_id, role_grants.c.division_code)
        .outerjoin(role_grants, (role_grants.c.person_id == persons.c.id) & _conjunction(work.today))
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


def _conjunction(day: date):  # type: ignore[no-untyped-def]
    first, second = _valid(day)
    return first & second  # type: ignore[operator]


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
        .where(role_grants.c.role == role.value, persons.c.disabled.is_(False), _conjunction(work.today))
        .order_by(persons.c.username)
    )  # fmt: skip
    found: dict[str, PersonLine] = {}
    for row in work.connection.execute(statement):
        if row.organization_id is not None and row.organization_id != organization_id:
            continue
        if row.division_code is not None and not (division_code or "").startswith(row.division_code):
            continue
        found[row.id] = PersonLine(row.id, row.username, row.name, row.language, False, (role.value,))
    return tuple(found.values())


def people(work: Work) -> tuple[PersonLine, ...]:
    """Every person but the system, with today's roles, ordered by username."""
    roles: dict[str, list[str]] = {}
    for row in work.connection.execute(
        select(role_grants.c.person_id, role_grants.c.role).where(_conjunction(work.today))
    ):
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
