"""Reads of calendar feeds: whose an address is, and since when a person has one."""

from datetime import datetime

from sqlalchemy import select

from services.database.work import Work
from services.feeds.commands import hashed
from services.feeds.models import calendar_feeds as table


def person_behind(work: Work, secret: str) -> str | None:
    """The id of the person whose address holds this secret; None when it was ended or never was."""
    statement = select(table.c.person_id).where(table.c.secret_hash == hashed(secret), table.c.ended_at.is_(None))
    found = work.connection.execute(statement).scalar()
    return None if found is None else str(found)


def feed_since(work: Work, person_id: str) -> datetime | None:
    """Since when the person has an address; None without one."""
    statement = select(table.c.created_at).where(table.c.person_id == person_id, table.c.ended_at.is_(None))
    found: datetime | None = work.connection.execute(statement).scalar()
    return found
