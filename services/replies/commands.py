"""Writes of kept answers: take a key before the work, keep the answer after it, let go when nothing was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from services.database.work import Work
from services.errors import Invalid, Refused
from services.replies.models import kept_replies as table

KEPT = timedelta(hours=48)
"""Longer than the day that is promised, so that a key taken late in a night shift outlives the next one."""

_TAKE = {
    "sqlite": sqlite.insert(table).on_conflict_do_nothing(index_elements=[table.c.key]).returning(table.c.key),
    "postgresql": postgresql.insert(table).on_conflict_do_nothing(index_elements=[table.c.key]).returning(table.c.key),
}


@dataclass(frozen=True, slots=True)
class KeptReply:
    """An answer as it was given the first time."""

    status: int
    headers: Mapping[str, str]
    body: str


def take_key(work: Work, *, key: str, person_id: str, digest: str) -> KeptReply | None:
    """Take the key for a request with this content; answers the kept answer when it was answered already.

    Invalid("request.key_reused") when the key was used for other content, Refused("request.in_work") while the first
    request has no answer. What the person sent more than KEPT ago is forgotten.
    """
    work.connection.execute(delete(table).where(table.c.person_id == person_id, table.c.begun_at < work.now - KEPT))
    values = {"key": key, "person_id": person_id, "digest": digest, "begun_at": work.now}
    if work.connection.execute(_TAKE[work.connection.dialect.name], values).first() is not None:
        return None
    row = work.connection.execute(select(table).where(table.c.key == key)).one()
    if row.digest != digest:
        raise Invalid("request.key_reused")
    if row.status is None:
        raise Refused("request.in_work")
    return KeptReply(row.status, row.headers, row.body)


def keep_reply(work: Work, *, key: str, reply: KeptReply) -> None:
    """Keep the answer under its key."""
    work.connection.execute(
        update(table)
        .where(table.c.key == key)
        .values(status=reply.status, headers=dict(reply.headers), body=reply.body)
    )


def let_go(work: Work, *, key: str) -> None:
    """Give the key back: nothing was done under it, so the same request may be tried again."""
    work.connection.execute(delete(table).where(table.c.key == key, table.c.status.is_(None)))
