"""Writes of calendar feeds: give a person a secret address, and end it; one person has one address at most."""

import hashlib
import secrets

from sqlalchemy import insert, update

from services.database.base import new_id
from services.database.work import Work
from services.feeds.models import calendar_feeds as table


def open_feed(work: Work, *, person_id: str) -> str:
    """Give the person a new secret and answer it, once; the address before is dead."""
    end_feed(work, person_id=person_id)
    secret = secrets.token_urlsafe(32)
    work.connection.execute(
        insert(table).values(
            id=new_id(), person_id=person_id, secret_hash=hashed(secret), created_at=work.now
        )
    )  # fmt: skip
    return secret


def end_feed(work: Work, *, person_id: str) -> None:
    """End the person's address; without one nothing changes."""
    work.connection.execute(
        update(table).where(table.c.person_id == person_id, table.c.ended_at.is_(None)).values(ended_at=work.now)
    )


def hashed(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
