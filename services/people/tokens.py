"""Tokens for programs: named, narrowed to some scopes, expiring, shown once and kept as a hash only."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from services.actors import Actor
from services.authority.rules import scopes_on_offer
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.people.acts import act, note, told, unfit
from services.people.models import access_tokens, persons
from services.people.queries import actor_by_id

PREFIX = "chuke_"
"""What every token begins with, so that scanners of published files find one that was left lying about."""

LONGEST_DAYS = 366
MOST_TOKENS = 20


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token as its owner sees it: `ending` are its last characters, `live` says whether it still works."""

    id: str
    name: str
    ending: str
    scopes: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    live: bool


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made: the secret is here and nowhere else, ever."""

    id: str
    secret: str
    expires_at: datetime


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_token(
    database: Database, actor: Actor, *, name: str, scopes: Iterable[str], days: int, now: datetime
) -> NewToken:
    """Make a token that may do what both the person and the scopes allow, for so many days.

    Refuses a scope the person has not ("token.scope_not_held"), no scope at all, more than LONGEST_DAYS, more than
    MOST_TOKENS at a time, and whoever acts by a token.
    """
    called = told(("名称", "name"), name, longest=60)
    wanted = sorted(set(scopes))
    if not 1 <= days <= LONGEST_DAYS:
        raise unfit("input.out_of_range", ("有效天数", "days"))
    if not wanted:
        raise Invalid("token.no_scope")

    def unit(work: Work) -> NewToken:
        if actor.only is not None or actor.is_system:
            raise Forbidden("access.token_never")
        if missing := [one for one in wanted if one not in scopes_on_offer(actor)]:
            raise Forbidden("token.scope_not_held", scope=missing[0])
        if sum(one.live for one in tokens_of(work, actor.id)) >= MOST_TOKENS:
            raise Refused("token.too_many", most=MOST_TOKENS)
        made = NewToken(new_id(), PREFIX + secrets.token_urlsafe(32), work.now + timedelta(days=days))
        work.connection.execute(
            insert(access_tokens).values(
                id=made.id, person_id=actor.id, name=called, token_hash=token_hash(made.secret),
                ending=made.secret[-4:], scopes=wanted, made_at=work.now, expires_at=made.expires_at,
            )
        )  # fmt: skip
        details = {"name": called, "scopes": wanted, "expires_at": made.expires_at.isoformat()}
        note(work, actor, "token:create", stream=f"person:{actor.id}", object=made.id, details=details)
        return made

    return act(database, actor, unit, now=now, action="token:create", stream=f"person:{actor.id}", object=called)


def revoke_token(database: Database, actor: Actor, token_id: str, *, now: datetime) -> None:
    """End one of the person's own tokens at once; NotFound for any other, and one that has ended stays ended."""

    def unit(work: Work) -> None:
        changed = work.connection.execute(
            update(access_tokens)
            .where(access_tokens.c.id == token_id, access_tokens.c.person_id == actor.id)
            .where(access_tokens.c.ended_at.is_(None))
            .values(ended_at=work.now)
        ).rowcount
        if not changed:
            raise NotFound("access.not_found")
        note(work, actor, "token:revoke", stream=f"person:{actor.id}", object=token_id)

    act(database, actor, unit, now=now, action="token:revoke", stream=f"person:{actor.id}", object=token_id)


def tokens_of(work: Work, person_id: str) -> tuple[AccessToken, ...]:
    """The person's tokens that were not revoked, the latest first."""
    rows = work.connection.execute(
        select(access_tokens)
        .where(access_tokens.c.person_id == person_id, access_tokens.c.ended_at.is_(None))
        .order_by(access_tokens.c.made_at.desc(), access_tokens.c.id.desc())
    )
    return tuple(
        AccessToken(
            row.id, row.name, row.ending, tuple(row.scopes), row.made_at, row.expires_at, row.used_at,
            work.now < row.expires_at,
        )
        for row in rows
    )  # fmt: skip


def actor_by_token(work: Work, token: str) -> Actor | None:
    """The person behind a program's token with today's roles, narrowed to its scopes; None when it does not work."""
    row = work.connection.execute(
        select(access_tokens, persons.c.disabled)
        .join(persons, persons.c.id == access_tokens.c.person_id)
        .where(access_tokens.c.token_hash == token_hash(token))
    ).one_or_none()
    if row is None or row.ended_at is not None or row.disabled or work.now >= row.expires_at:
        return None
    return replace(actor_by_id(work, row.person_id), only=frozenset(row.scopes))


def note_used(work: Work, token: str) -> None:
    """Keep when the token was last used."""
    work.connection.execute(
        update(access_tokens).where(access_tokens.c.token_hash == token_hash(token)).values(used_at=work.now)
    )
