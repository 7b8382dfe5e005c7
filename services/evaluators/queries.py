"""Reads of the pool: terms with how they stand today, contacts without their values, recorded ties, and who may sit."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import select

from services.actors import Actor
from services.authority.rules import demand
from services.database.work import Work
from services.evaluators.models import contacts, pool_terms, ties
from services.organizations.models import organizations
from services.people.models import persons

Standing = Literal["running", "coming", "over", "ended"]
MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class TermLine:
    """One term of the pool."""

    id: str
    person_id: str
    username: str
    name: str
    fields: tuple[str, ...]
    body: str
    appointment: str
    term_from: date
    term_to: date
    most_seats: int
    ended_on: date | None
    ended_reason: str
    contacts: tuple[str, ...] = ()

    def standing(self, today: date) -> Standing:
        """How the term stands on that day."""
        if self.ended_on is not None:
            return "ended"
        if self.term_to < today:
            return "over"
        return "coming" if today < self.term_from else "running"


@dataclass(frozen=True, slots=True)
class TieLine:
    """One recorded tie with the names of its ends."""

    id: str
    kind: str
    one: str
    other: str
    held_to: date | None
    source: str


def pool_lines(work: Work, actor: Actor) -> tuple[TermLine, ...]:
    """Every term, running ones first; Forbidden for who may not know the pool."""
    demand(actor, "evaluator:list")
    found = _terms(work)
    order = ("running", "coming", "over", "ended")
    return tuple(sorted(found, key=lambda one: (order.index(one.standing(work.today)), one.username, one.term_from)))


def running_terms(work: Work) -> dict[str, TermLine]:
    """The person's id to the term that runs today."""
    return {one.person_id: one for one in _terms(work) if one.standing(work.today) == "running"}


def _terms(work: Work) -> list[TermLine]:
    kept: dict[str, set[str]] = {}
    noted = select(contacts.c.person_id, contacts.c.kind).where(contacts.c.person_id.is_not(None))
    for one in work.connection.execute(noted):
        kept.setdefault(one.person_id, set()).add(one.kind)
    rows = work.connection.execute(
        select(pool_terms, persons.c.username, persons.c.name)
        .join(persons, persons.c.id == pool_terms.c.person_id)
        .order_by(pool_terms.c.id)
    )
    return [
        TermLine(
            row.id, row.person_id, row.username, row.name, tuple(row.fields), row.body, row.appointment, row.term_from,
            row.term_to, row.most_seats, row.ended_on, row.ended_reason, tuple(sorted(kept.get(row.person_id, ()))),
        )
        for row in rows
    ]  # fmt: skip


def tie_lines(work: Work, actor: Actor) -> tuple[TieLine, ...]:
    """Every recorded tie, newest first; Forbidden for who may not know the pool."""
    demand(actor, "evaluator:list")
    person, other = persons.alias(), persons.alias()
    body, organization = organizations.alias(), organizations.alias()
    rows = work.connection.execute(
        select(ties, person.c.name.label("person"), other.c.name.label("relative"), body.c.name.label("body"),
               organization.c.name.label("organization"))
        .outerjoin(person, person.c.id == ties.c.person_id)
        .outerjoin(other, other.c.id == ties.c.other_person_id)
        .outerjoin(body, body.c.id == ties.c.body_id)
        .outerjoin(organization, organization.c.id == ties.c.organization_id)
        .order_by(ties.c.id.desc())
        .limit(MOST_LINES)
    )  # fmt: skip
    return tuple(_tie(row) for row in rows)


def _tie(row: Any) -> TieLine:
    one, other = row.person or row.body, row.relative or row.organization
    return TieLine(row.id, row.kind, one, other, row.held_to, row.source)
