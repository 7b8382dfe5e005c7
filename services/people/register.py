"""The register of people as administrators read it: who has an account, with which roles, and when it was last used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from services.actors import SYSTEM_ID
from services.database.work import Work
from services.errors import NotFound
from services.people.models import persons, role_grants, sign_ins
from services.people.queries import in_force
from statemachines.roles import Role


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person with today's roles and the beginning of the latest sign-in."""

    id: str
    username: str
    name: str
    language: str
    disabled: bool
    created_at: datetime
    roles: tuple[Role, ...]
    last_sign_in_at: datetime | None


def register(
    work: Work, *, find: str = "", role: str = "", standing: str = "", limit: int = 200
) -> tuple[PersonEntry, ...]:
    """The people whose name or user name contains `find`, who hold `role` today; `standing` is able or disabled."""
    statement = select(persons).where(persons.c.id != SYSTEM_ID).order_by(persons.c.username).limit(limit)
    if find:
        statement = statement.where(
            or_(persons.c.name.contains(find, autoescape=True), persons.c.username.contains(find, autoescape=True))
        )
    if role:
        holders = select(role_grants.c.person_id).where(role_grants.c.role == role, in_force(work))
        statement = statement.where(persons.c.id.in_(holders))
    if standing in ("able", "disabled"):
        statement = statement.where(persons.c.disabled.is_(standing == "disabled"))
    rows = work.connection.execute(statement).all()
    ids = [row.id for row in rows]
    roles, last = _roles(work, ids), _last_sign_ins(work, ids)
    return tuple(
        PersonEntry(row.id, row.username, row.name, row.language, row.disabled, row.created_at,
                    tuple(sorted(set(roles.get(row.id, ())))), last.get(row.id))
        for row in rows
    )  # fmt: skip


def registered(work: Work, person_id: str) -> PersonEntry:
    """One person; NotFound for an unknown one and for the system."""
    row = work.connection.execute(select(persons).where(persons.c.id == person_id)).one_or_none()
    if row is None or person_id == SYSTEM_ID:
        raise NotFound("person.not_found")
    roles, last = _roles(work, [person_id]), _last_sign_ins(work, [person_id])
    return PersonEntry(row.id, row.username, row.name, row.language, row.disabled, row.created_at,
                       tuple(sorted(set(roles.get(row.id, ())))), last.get(row.id))  # fmt: skip


def _roles(work: Work, ids: Sequence[str]) -> dict[str, list[Role]]:
    found: dict[str, list[Role]] = {}
    held = select(role_grants.c.person_id, role_grants.c.role).where(role_grants.c.person_id.in_(ids), in_force(work))
    for person_id, role in work.connection.execute(held):
        found.setdefault(person_id, []).append(Role(role))
    return found


def _last_sign_ins(work: Work, ids: Sequence[str]) -> Mapping[str, datetime]:
    began = func.max(sign_ins.c.began_at, type_=sign_ins.c.began_at.type)
    statement = select(sign_ins.c.person_id, began).where(sign_ins.c.person_id.in_(ids)).group_by(sign_ins.c.person_id)
    return {row[0]: row[1] for row in work.connection.execute(statement)}
