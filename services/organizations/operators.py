"""Which organization operates a centre, and since when: it may not be awarded or sold anything by it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import insert, or_, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work
from services.errors import NotFound, Refused
from services.organizations.models import centre_operators, centres, organizations
from services.people.acts import act, allowed, hold, note


@dataclass(frozen=True, slots=True)
class OperatorLine:
    """Who operates a centre from which day; `operates_to` is empty for the present one."""

    centre: str
    organization: str
    operates_from: date
    operates_to: date | None


def operates(work: Work, *, centre_id: str, organization_id: str) -> bool:
    """Whether the organization operates that centre today."""
    found = work.connection.execute(
        select(centre_operators.c.id)
        .where(
            centre_operators.c.centre_id == centre_id, centre_operators.c.organization_id == organization_id,
            centre_operators.c.operates_from <= work.today,
            or_(centre_operators.c.operates_to.is_(None), centre_operators.c.operates_to >= work.today),
        )
        .limit(1)
    ).first()  # fmt: skip
    return found is not None


def operators(work: Work) -> tuple[OperatorLine, ...]:
    """Every operator of every centre, by centre and day."""
    rows = work.connection.execute(
        select(centres.c.name, organizations.c.name.label("organization"), centre_operators.c.operates_from,
               centre_operators.c.operates_to)
        .join(centres, centres.c.id == centre_operators.c.centre_id)
        .join(organizations, organizations.c.id == centre_operators.c.organization_id)
        .order_by(centres.c.name, centre_operators.c.operates_from)
    )  # fmt: skip
    return tuple(OperatorLine(row.name, row.organization, row.operates_from, row.operates_to) for row in rows)


def name_operator(
    database: Database, actor: Actor, *, centre_id: str, organization_id: str, operates_from: date, now: datetime
) -> str:
    """Enter who operates a centre from that day on; whoever did before ends with the day before. Answers the id.

    NotFound for an unknown centre or organization; Refused("centre.operator_known") for the one that does already,
    and for a day not after the one the present operator began on.
    """

    def unit(work: Work) -> str:
        allowed(work, actor, "centre:manage")
        hold(work, f"operator:{centre_id}")
        for table, wanted in ((centres, centre_id), (organizations, organization_id)):
            if work.connection.execute(select(table.c.id).where(table.c.id == wanted)).first() is None:
                raise NotFound("organization.not_found")
        known = centre_operators.c
        present = work.connection.execute(
            select(centre_operators).where(known.centre_id == centre_id, known.operates_to.is_(None))
        ).one_or_none()
        if present is not None:
            if present.organization_id == organization_id or present.operates_from >= operates_from:
                raise Refused("centre.operator_known")
            last = operates_from - timedelta(days=1)
            work.connection.execute(update(centre_operators).where(known.id == present.id).values(operates_to=last))
        identity = new_id()
        work.connection.execute(
            insert(centre_operators).values(
                id=identity, centre_id=centre_id, organization_id=organization_id, operates_from=operates_from,
                entered_by=actor.id,
            )
        )  # fmt: skip
        details = {"organization": organization_id, "from": operates_from.isoformat()}
        note(work, actor, "centre:name_operator", stream=f"centre:{centre_id}", object=centre_id, details=details)
        return identity

    return act(
        database, actor, unit, now=now, action="centre:name_operator", stream=f"centre:{centre_id}", object=centre_id
    )
