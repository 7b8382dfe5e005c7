"""What a file of cases tells beside the list on the screen: who leads each organization, masked or in full."""

from collections.abc import Sequence

from sqlalchemy import select

from services.actors import Actor
from services.authority.rules import scopes
from services.cases.lists import CaseLine
from services.cases.models import cases
from services.database.work import Work
from services.organizations.models import organizations
from services.organizations.queries import leader_phone_of
from services.protection.rules import mask_name, mask_phone

PART = 500
"""Cases asked for at once."""


def tells_leaders(actor: Actor) -> bool:
    """Whether this person's files name the leaders at all: only for who may look one up, one at a time."""
    return bool(scopes(actor, "contact:reveal"))


def leaders_of(work: Work, lines: Sequence[CaseLine], *, unmasked: bool) -> dict[str, tuple[str, str]]:
    """Case id to the leader's name and telephone; masked unless two people agreed to more."""
    found: dict[str, tuple[str, str]] = {}
    ids = [one.id for one in lines]
    for start in range(0, len(ids), PART):
        rows = work.connection.execute(
            select(cases.c.id.label("case_id"), organizations)
            .join(organizations, organizations.c.id == cases.c.organization_id)
            .where(cases.c.id.in_(ids[start : start + PART]))
        )
        for row in rows:
            name, phone = row.leader_name, leader_phone_of(row)
            found[row.case_id] = (name, phone) if unmasked else (mask_name(name), mask_phone(phone) if phone else "")
    return found
