"""What the office does about the pool: adds and ends terms, records contacts and ties that conflicts are found by.

Each act is its own unit of work with permission from the policy table and exactly one entry in the audit log, which
never holds the value of a contact.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, or_, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work
from services.errors import Invalid, NotFound, Refused
from services.evaluators.models import contacts, pool_terms, ties
from services.evaluators.rules import BETWEEN_BODIES, CONTACT_KINDS, KINDS
from services.organizations.models import organizations
from services.organizations.rules import fold
from services.people.acts import act, allowed, hold, note, told
from services.people.models import persons
from services.people.queries import actor_by_id, actor_named
from services.protection.sealing import blind_index, seal
from statemachines.roles import Role

FIELDS = ("SERVICE", "CULTURE_SPORT", "CHARITY", "SUPPORT_HUB")
"""Fields of service an evaluator knows: the categories of organizations."""

RECORDED = tuple(kind for kind in KINDS if kind in ("family", "founder", "donor", "supplier", "paid", "rival"))
"""Kinds of ties the office writes down; what an evaluator declares is written by the declaration."""

KEEP = "evaluator:keep"
MOST_SEATS = 50


@dataclass(frozen=True, slots=True)
class NewTerm:
    """An appointment to the pool (D41): who, for which fields, from when to when, and for how many seats at once."""

    username: str
    fields: tuple[str, ...]
    term_from: date
    term_to: date
    most_seats: int = 5
    body: str = ""
    appointment: str = ""


@dataclass(frozen=True, slots=True)
class Appointed:
    """A term that is being added: its id and the person, for whoever issues the letter."""

    term_id: str
    person: Actor


Letter = Callable[[Work, Appointed], str]
"""Issues the letter of appointment (D41) inside the unit of work and answers its number, or nothing."""


@dataclass(frozen=True, slots=True)
class NewTie:
    """A recorded tie: between two people (family), a person and an organization, or two organizations.

    `username` or `body` names one end, `relative` or `organization` the other; organizations by id or exact name.
    """

    kind: str
    source: str
    username: str = ""
    body: str = ""
    relative: str = ""
    organization: str = ""
    held_to: date | None = None


def add_term(database: Database, actor: Actor, new: NewTerm, *, now: datetime, letter: Letter | None = None) -> str:
    """Add a term to the pool; answers its id. `letter` is asked where no letter's number was given.

    Invalid for unknown fields, dates out of order, seats out of range; Refused for one who is no evaluator today
    (evaluator.role_missing) and for a term that meets another of the same person (evaluator.term_overlaps).
    """
    body = told(("工作单位", "employer"), new.body, longest=80, needed=False)
    appointment = told(("聘书编号", "number of the appointment"), new.appointment, longest=40, needed=False)
    if not new.fields or not set(new.fields) <= set(FIELDS):
        raise Invalid("evaluator.fields_unknown")
    if new.term_to < new.term_from:
        raise Invalid("evaluator.dates_wrong")
    if not 1 <= new.most_seats <= MOST_SEATS:
        raise Invalid("evaluator.seats_out_of_range", most=MOST_SEATS)

    def unit(work: Work) -> str:
        allowed(work, actor, KEEP)
        person = actor_named(work, new.username)
        hold(work, f"pool:{person.id}")
        if Role.EVALUATOR not in person.roles:
            raise Refused("evaluator.role_missing", name=person.name)
        _refuse_overlap(work, person, new)
        identity = new_id()
        number = appointment or (letter(work, Appointed(identity, person)) if letter else "")
        work.connection.execute(
            insert(pool_terms).values(
                id=identity, person_id=person.id, fields=sorted(set(new.fields)), body=body, appointment=number,
                term_from=new.term_from, term_to=new.term_to, most_seats=new.most_seats, added_by=actor.id,
                added_at=work.now,
            )
        )  # fmt: skip
        details = {"fields": sorted(set(new.fields)), "from": str(new.term_from), "to": str(new.term_to)}
        details |= {"most_seats": str(new.most_seats), "appointment": number}
        note(work, actor, "evaluator:add", stream=f"pool:{person.id}", object=person.username, details=details)
        return identity

    return act(database, actor, unit, now=now, action="evaluator:add", stream="pool", object=new.username)


def _refuse_overlap(work: Work, person: Actor, new: NewTerm) -> None:
    held = select(pool_terms.c.term_from, pool_terms.c.term_to, pool_terms.c.ended_on).where(
        pool_terms.c.person_id == person.id
    )
    for one in work.connection.execute(held):
        last = one.term_to if one.ended_on is None else min(one.term_to, one.ended_on)
        if one.term_from <= new.term_to and new.term_from <= last:
            raise Refused("evaluator.term_overlaps", name=person.name)


def end_term(
    database: Database, actor: Actor, *, term_id: str, reason: str, now: datetime,
    also: Callable[[Work, str], object] | None = None,
) -> None:  # fmt: skip
    """End a term today, with a reason; seats already held stay. Refused("evaluator.term_over") when it is over.

    `also` is done in the same commit with the reason: taking back the letter.
    """
    why = told(("理由", "reason"), reason, longest=200)

    def unit(work: Work) -> None:
        allowed(work, actor, KEEP)
        row = work.connection.execute(select(pool_terms).where(pool_terms.c.id == term_id)).one_or_none()
        if row is None:
            raise NotFound("evaluator.term_not_found")
        hold(work, f"pool:{row.person_id}")
        open_term = (pool_terms.c.id == term_id, pool_terms.c.ended_on.is_(None), pool_terms.c.term_to >= work.today)
        ended = {"ended_on": work.today, "ended_by": actor.id, "ended_reason": why}
        if work.connection.execute(update(pool_terms).where(*open_term).values(ended)).rowcount != 1:
            raise Refused("evaluator.term_over")
        if also is not None:
            also(work, why)
        username = actor_by_id(work, row.person_id).username
        details = {"term": term_id, "reason": why}
        note(work, actor, "evaluator:end", stream=f"pool:{row.person_id}", object=username, details=details)

    act(database, actor, unit, now=now, action="evaluator:end", stream="pool", object=term_id)


def note_contact(
    database: Database, actor: Actor, *, username: str = "", organization: str = "", kind: str, value: str,
    held_to: date | None = None, now: datetime,
) -> str:  # fmt: skip
    """Keep a telephone, an address or an account of a person or an organization sealed, with its keyed index.

    Answers its id; the value is never shown again, only compared. Invalid for an unknown kind or a value too short.
    """
    if kind not in CONTACT_KINDS:
        raise Invalid("evaluator.contact_kind_unknown")
    text = comparable(kind, told(("联系方式", "contact"), value, longest=200))
    if len(text) < 4:
        raise Invalid("evaluator.contact_too_short")

    def unit(work: Work) -> str:
        allowed(work, actor, KEEP)
        owner = _party(work, username=username, organization=organization)
        identity = new_id()
        work.connection.execute(
            insert(contacts).values(
                id=identity, kind=kind, held_to=held_to, noted_by=actor.id, noted_at=work.now,
                value_sealed=seal("contacts", identity, "value", text), **_indexes(kind, text), **owner,
            )
        )  # fmt: skip
        named = username or organization
        note(work, actor, "evaluator:contact", stream="pool", object=named, details={"kind": kind, "contact": identity})
        return identity

    return act(
        database, actor, unit, now=now, action="evaluator:contact", stream="pool", object=username or organization
    )


def _indexes(kind: str, text: str) -> dict[str, str]:
    """What an equal value is found by: among contacts, and where organizations keep one of that kind."""
    found = {"value_index": blind_index("contacts", "value", text)}
    if kind == "phone":
        found["value_leader_phone_index"] = blind_index("organizations", "leader_phone", text)
    if kind == "account":
        found["value_account_number_index"] = blind_index("payee_accounts", "account_number", text)
    return found


def comparable(kind: str, text: str) -> str:
    """How a contact is written to be compared: digits of a telephone or an account, an address without white space."""
    if kind == "address":
        return fold(text)
    digits = re.sub(r"\D", "", text)
    return digits[2:] if kind == "phone" and len(digits) == 13 and digits.startswith("86") else digits


def _party(work: Work, *, username: str, organization: str) -> dict[str, str]:
    if bool(username) == bool(organization):
        raise Invalid("evaluator.one_party_needed")
    if username:
        return {"person_id": _person(work, username)}
    return {"organization_id": _organization(work, organization)}


def _person(work: Work, username: str) -> str:
    found = work.connection.execute(select(persons.c.id).where(persons.c.username == username)).scalar()
    if found is None:
        raise NotFound("person.not_found", username=username)
    return str(found)


def _organization(work: Work, named: str) -> str:
    """The organization of that id or exact name; NotFound for none, and for a name that several bear."""
    by = organizations.c.id == named if re.fullmatch(r"[0-9a-f-]{36}", named) else organizations.c.name == named
    found = work.connection.execute(select(organizations.c.id).where(by).limit(2)).scalars().all()
    if len(found) != 1:
        raise NotFound("organization.not_found")
    return str(found[0])


def record_tie(database: Database, actor: Actor, new: NewTie, *, now: datetime) -> str:
    """Record a tie with where it is known from; answers its id. Invalid when the ends do not fit its kind."""
    source = told(("来源", "source"), new.source, longest=200)
    if new.kind not in RECORDED:
        raise Invalid("evaluator.tie_kind_unknown")
    between = (bool(new.username), bool(new.body), bool(new.relative), bool(new.organization))
    people, to_body, bodies = (True, False, True, False), (True, False, False, True), (False, True, False, True)
    fitting = {"family": (people,), "rival": (bodies,)}.get(new.kind) or (
        (to_body, bodies) if new.kind in BETWEEN_BODIES else (to_body,)
    )
    if between not in fitting:
        raise Invalid("evaluator.tie_ends_wrong")

    def unit(work: Work) -> str:
        allowed(work, actor, KEEP)
        ends: dict[str, Any] = _party(work, username=new.username, organization="") if new.username else {}
        if new.body:
            ends["body_id"] = _organization(work, new.body)
        if new.relative:
            ends["other_person_id"] = _person(work, new.relative)
        if new.organization:
            ends["organization_id"] = _organization(work, new.organization)
        if len(set(ends.values())) < 2:
            raise Invalid("evaluator.tie_ends_wrong")
        identity = write_tie(work, actor, kind=new.kind, source=source, held_to=new.held_to, **ends)
        details = {"kind": new.kind, "tie": identity, "source": source}
        note(work, actor, "evaluator:tie", stream="pool", object=new.username or new.body, details=details)
        return identity

    return act(database, actor, unit, now=now, action="evaluator:tie", stream="pool", object=new.username or new.body)


def write_tie(work: Work, actor: Actor, *, kind: str, source: str, held_to: date | None = None, **ends: str) -> str:
    """Write a tie between the ends given by their columns; answers its id. The caller notes the act."""
    identity = new_id()
    values = {"id": identity, "kind": kind, "source": source, "held_to": held_to, "noted_by": actor.id}
    work.connection.execute(insert(ties).values(**values, noted_at=work.now, **ends))
    return identity


def end_tie(database: Database, actor: Actor, *, tie_id: str, held_to: date, now: datetime) -> None:
    """Note when a tie ended; it counts for two years more. Refused when an end was noted before."""

    def unit(work: Work) -> None:
        allowed(work, actor, KEEP)
        row = work.connection.execute(select(ties.c.kind).where(ties.c.id == tie_id)).one_or_none()
        if row is None:
            raise NotFound("evaluator.tie_not_found")
        still = (ties.c.id == tie_id, or_(ties.c.held_to.is_(None), ties.c.held_to > work.today))
        if work.connection.execute(update(ties).where(*still).values(held_to=held_to)).rowcount != 1:
            raise Refused("evaluator.tie_over")
        details = {"tie": tie_id, "held_to": str(held_to)}
        note(work, actor, "evaluator:end_tie", stream="pool", object=row.kind, details=details)

    act(database, actor, unit, now=now, action="evaluator:end_tie", stream="pool", object=tie_id)
