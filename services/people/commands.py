"""Writes of people: adding persons, granting dated roles, signing in and out."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

from pwdlib import PasswordHash
from sqlalchemy import delete, insert, select, update

from services.actors import SYSTEM, Actor
from services.audit.commands import record
from services.database.base import new_id
from services.database.counters import next_number
from services.database.engine import Database
from services.database.work import Work, reading, run
from services.errors import Forbidden, Invalid, Refused
from services.people.models import persons, role_grants, sign_in_failures, sign_ins
from services.people.queries import actor_by_id
from services.people.rules import ABSOLUTE, IDLE, HeldRole, kept_apart_from, may_try_from, password_faults
from statemachines.roles import ROLES, Role


@lru_cache(maxsize=1)
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe(16))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh sign-in: the token goes into the cookie and is never stored, only its hash is."""

    token: str
    actor: Actor
    expires_at: datetime


def add_person(work: Work, *, username: str, name: str, password: str | None = None, language: str = "zh") -> str:
    """Add a person and answer the id; Invalid when the password is too weak. A taken username is a database refusal."""
    if password is not None and (faults := password_faults(password, username)):
        raise Invalid(*faults)
    identity = new_id()
    work.connection.execute(
        insert(persons).values(
            id=identity,
            username=username,
            name=name,
            password_hash=_hasher().hash(password) if password else None,
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


def end_sign_ins(work: Work, person_id: str, *, but: str = "") -> int:
    """End every sign-in of the person at once, except the one with the token `but`; answers how many ended."""
    return work.connection.execute(
        update(sign_ins)
        .where(
            sign_ins.c.person_id == person_id, sign_ins.c.ended_at.is_(None), sign_ins.c.token_hash != _token_hash(but)
        )
        .values(ended_at=work.now)
    ).rowcount


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(database: Database, *, username: str, password: str, now: datetime) -> SignedIn | None:
    """Check name and password; answers a fresh sign-in, or None when they do not match (the failure is counted).

    Raises Forbidden("sign_in.throttled") while the growing wait of that name lasts. An unknown name costs as much time
    as a known one and reads the same. The slow check runs outside of any write, so that nobody waits for it; success
    and failure are both noted in the sign-in trail, without the password and without telling which was wrong.
    """
    with reading(database, now) as work:
        person = _person_to_check(work, username)
    stored = person.password_hash if person is not None and person.password_hash else _nobody()
    matches = _hasher().verify(password, stored)
    known = person is not None and person.password_hash is not None and not person.disabled
    identity = str(person.id) if person is not None and known and matches else None
    return run(database, now, lambda work: _let_in(work, username[:60], identity))


def _person_to_check(work: Work, username: str) -> Any:
    failures = work.connection.execute(
        select(sign_in_failures).where(sign_in_failures.c.subject == username[:60])
    ).one_or_none()
    if failures is not None and work.now < (until := may_try_from(failures.failures, failures.last_at)):
        raise Forbidden("sign_in.throttled", seconds=int((until - work.now).total_seconds()) + 1)
    return work.connection.execute(select(persons).where(persons.c.username == username)).one_or_none()


def _let_in(work: Work, username: str, person_id: str | None) -> SignedIn | None:
    if person_id is None:
        _count_failure(work, username)
        _note_sign_in(work, Actor("", username, username), result="refused")
        return None
    work.connection.execute(delete(sign_in_failures).where(sign_in_failures.c.subject == username))
    signed_in = open_sign_in(work, person_id)
    _note_sign_in(work, signed_in.actor, result="done")
    return signed_in


def open_sign_in(work: Work, person_id: str) -> SignedIn:
    """A fresh sign-in of that person, whoever has proved to be it; NotFound for an unknown person."""
    token, expires_at = secrets.token_urlsafe(32), work.now + ABSOLUTE
    work.connection.execute(
        insert(sign_ins).values(
            token_hash=_token_hash(token),
            person_id=person_id,
            began_at=work.now,
            seen_at=work.now,
            expires_at=expires_at,
        )
    )
    return SignedIn(token, actor_by_id(work, person_id), expires_at)


def _note_sign_in(work: Work, actor: Actor, *, result: Literal["done", "refused"]) -> None:
    # One trail a day; its counter row is what keeps two sign-ins from taking the same place in it.
    stream = f"sign-in-{work.today.isoformat()}"
    next_number(work, stream)
    who = actor if actor.id else SYSTEM
    reasons = () if result == "done" else ("sign_in.failed",)
    record(
        work, stream=stream, actor=who, role="", action="person:sign_in", object=actor.username[:80], result=result,
        reasons=reasons,
    )  # fmt: skip


def _count_failure(work: Work, subject: str) -> None:
    changed = work.connection.execute(
        update(sign_in_failures)
        .where(sign_in_failures.c.subject == subject)
        .values(failures=sign_in_failures.c.failures + 1, last_at=work.now)
    ).rowcount
    if not changed:
        work.connection.execute(insert(sign_in_failures).values(subject=subject, failures=1, last_at=work.now))


def actor_behind(work: Work, token: str) -> Actor | None:
    """The person behind a cookie, with today's roles; None when ended, idle too long, expired or disabled.

    Notes that the sign-in was used (at most once a minute).
    """
    row = work.connection.execute(
        select(sign_ins, persons.c.disabled)
        .join(persons, persons.c.id == sign_ins.c.person_id)
        .where(sign_ins.c.token_hash == _token_hash(token))
    ).one_or_none()
    if row is None or row.ended_at is not None or row.disabled:
        return None
    if work.now >= row.expires_at or work.now - row.seen_at > IDLE:
        return None
    return actor_by_id(work, row.person_id)


def note_seen(work: Work, token: str) -> None:
    """Keep the sign-in from idling out."""
    work.connection.execute(
        update(sign_ins).where(sign_ins.c.token_hash == _token_hash(token)).values(seen_at=work.now)
    )


def sign_out(work: Work, token: str) -> None:
    """End the sign-in at once; an unknown token changes nothing."""
    work.connection.execute(
        update(sign_ins)
        .where(sign_ins.c.token_hash == _token_hash(token), sign_ins.c.ended_at.is_(None))
        .values(ended_at=work.now)
    )


def set_password(work: Work, person_id: str, *, username: str, password: str) -> None:
    """Replace the password and end every sign-in of that person; Invalid when it is too weak."""
    if faults := password_faults(password, username):
        raise Invalid(*faults)
    work.connection.execute(
        update(persons).where(persons.c.id == person_id).values(password_hash=_hasher().hash(password))
    )
    end_sign_ins(work, person_id)
