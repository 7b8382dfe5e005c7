"""The log of what was told to whom: every notice, about which case, by console or e-mail, how that went, when read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from services.cases.models import cases
from services.database.work import Work
from services.notices.models import mails, notices
from services.outbox.models import errands
from services.people.models import persons


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One notice; `mail` is empty (console only), queued, failed (tried again later), parked, sent or not_needed."""

    id: str
    told_at: datetime
    person: str
    title: str
    case_number: str
    read_at: datetime | None
    mail: str
    mailed_at: datetime | None
    reason: str


def told_lines(
    work: Work, *, person: str = "", case_number: str = "", mail: str = "", before: str = "", limit: int = 50
) -> tuple[ToldLine, ...]:
    """The latest notices that fit, newest first; `before` is the id of the last one seen."""
    statement = (
        select(notices, persons.c.name, cases.c.number, mails.c.sent_at.label("mailed_at"), errands.c.attempts,
               errands.c.parked_at, errands.c.done_at, errands.c.last_reason, mails.c.errand_id)
        .join(persons, persons.c.id == notices.c.person_id)
        .outerjoin(cases, cases.c.id == notices.c.case_id)
        .outerjoin(mails, mails.c.notice_id == notices.c.id)
        .outerjoin(errands, errands.c.id == mails.c.errand_id)
        .order_by(notices.c.id.desc())
        .limit(limit)
    )  # fmt: skip
    if person:
        statement = statement.where(persons.c.name.contains(person, autoescape=True))
    if case_number:
        statement = statement.where(cases.c.number == case_number)
    if mail:
        statement = statement.where(mails.c.errand_id.is_not(None))
    if before:
        statement = statement.where(notices.c.id < before)
    return tuple(
        ToldLine(
            row.id, row.sent_at, row.name, row.title, row.number or "", row.read_at,
            _standing(row.errand_id, row.mailed_at, row.done_at, row.parked_at, row.attempts), row.mailed_at,
            row.last_reason or "",
        )
        for row in work.connection.execute(statement)
    )  # fmt: skip


def _standing(
    errand_id: str | None, mailed_at: datetime | None, done_at: datetime | None, parked_at: datetime | None,
    attempts: int | None,
) -> str:  # fmt: skip
    if errand_id is None:
        return ""
    if mailed_at is not None:
        return "sent"
    if done_at is not None:
        return "not_needed"
    if parked_at is not None:
        return "parked"
    return "failed" if attempts else "queued"
