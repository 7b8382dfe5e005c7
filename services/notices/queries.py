"""Reads of notices."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from services.database.work import Work
from services.notices.models import notices


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice as its addressee sees it."""

    id: str
    case_id: str | None
    message: str
    title: str
    body: str
    sent_at: datetime
    read_at: datetime | None


def notices_for(work: Work, person_id: str, *, limit: int = 50) -> tuple[NoticeLine, ...]:
    """The person's latest notices, newest first."""
    rows = work.connection.execute(
        select(notices)
        .where(notices.c.person_id == person_id)
        .order_by(notices.c.sent_at.desc(), notices.c.id.desc())
        .limit(limit)
    )
    return tuple(
        NoticeLine(row.id, row.case_id, row.message, row.title, row.body, row.sent_at, row.read_at) for row in rows
    )


def unread(work: Work, person_id: str) -> int:
    """How many notices the person has not opened."""
    statement = select(func.count()).where(notices.c.person_id == person_id, notices.c.read_at.is_(None))
    return int(work.connection.execute(statement).scalar_one())
