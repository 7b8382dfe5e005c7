"""Finds entries of the audit log by case, person, act and day, newest first, a page at a time; and its newest seal."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select

from services.audit.models import audit_entries, log_heads
from services.audit.queries import AuditEntry, entry_of
from services.database.work import Work, office_instant


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; an empty field asks for nothing. `object` is a case number or the name of a trail."""

    object: str = ""
    person: str = ""
    action: str = ""
    result: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """The newest head of the log: how many entries are under it, their root (hex), and when it was written."""

    size: int
    root: str
    at: datetime


def search(work: Work, wanted: Wanted, *, before: str = "", limit: int = 50) -> tuple[AuditEntry, ...]:
    """The entries that fit, newest first, `limit` of them at most; `before` is the id of the last one seen."""
    statement = select(audit_entries).where(*_conditions(wanted)).order_by(audit_entries.c.id.desc()).limit(limit)
    if before:
        statement = statement.where(audit_entries.c.id < before)
    return tuple(entry_of(row) for row in work.connection.execute(statement))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    column, found = audit_entries.c, list[ColumnElement[bool]]()
    if wanted.object:
        found.append(or_(column.object == wanted.object, column.stream == wanted.object))
    if wanted.person:
        found.append(column.actor_name.contains(wanted.person, autoescape=True))
    if wanted.action:
        found.append(column.action.startswith(wanted.action, autoescape=True))
    if wanted.result:
        found.append(column.result == wanted.result)
    if wanted.first:
        found.append(column.at >= office_instant(wanted.first, 0))
    if wanted.last:
        found.append(column.at < office_instant(wanted.last + timedelta(days=1), 0))
    return found


def newest_seal(work: Work) -> Seal | None:
    """The newest head of the log; None before the first entry was sealed."""
    row = work.connection.execute(
        select(log_heads.c.size, log_heads.c.root, log_heads.c.at).order_by(log_heads.c.size.desc()).limit(1)
    ).one_or_none()
    return None if row is None else Seal(row.size, row.root, row.at)
