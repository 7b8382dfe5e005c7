"""Writes of people that every founding begins with: adding persons and granting dated roles."""

from datetime import date

from sqlalchemy import insert, select

from services.database.base import new_id
from services.database.work import Work
from services.errors import Refused
from services.people.models import persons, role_grants
from services.people.passwords import password_hash
from services.people.rules import HeldRole, kept_apart_from
from statemachines.roles import ROLES, Role


def add_person(work: Work, *, username: str, name: str, password: str | None = None, language: str = "zh") -> str:
    """Add a person and answer the id; Invalid when the password is too weak. A taken username is a database refusal."""
    identity = new_id()
    work.connection.execute(
        insert(persons).values(
            id=identity,
            username=username,
            name=name,
            password_hash=password_hash(password, username) if password else None,
            language=language,
            disabled=False,
            created_at=work.now,
        )
    )
    return identity


def grant_role(
    work: Work,
    person_id: str,
    role: Role,
    *,
    valid_from: date,
    valid_to: date | None = None,
    office: str = "",
    organization_id: str | None = None,
    division_code: str | None = None,
) -> str:
    """Grant a role between two dates for an office, an organization or a territory; answers the id of the grant.

    Refused("person.administrators_apart") when the person would be two of the three administrators at one time.
    """
    demand_apart(work, person_id, HeldRole(role, valid_from, valid_to))
    identity = new_id()
    work.connection.execute(
        insert(role_grants).values(
            id=identity,
            person_id=person_id,
            role=role.value,
            office=office,
            organization_id=organization_id,
            division_code=division_code,
            valid_from=valid_from,
            valid_to=valid_to,
        )
    )
    return identity


def demand_apart(work: Work, person_id: str, wanted: HeldRole) -> None:
    """Refused("person.administrators_apart") when the wanted role would meet another administrator's of that person."""
    held = work.connection.execute(
        select(role_grants.c.role, role_grants.c.valid_from, role_grants.c.valid_to).where(
            role_grants.c.person_id == person_id, role_grants.c.ended_at.is_(None)
        )
    )
    clash = kept_apart_from(wanted, [HeldRole(Role(row.role), row.valid_from, row.valid_to) for row in held])
    if clash is not None:
        row = ROLES[clash.role]
        raise Refused("person.administrators_apart", role=row.zh, role_en=row.en)
