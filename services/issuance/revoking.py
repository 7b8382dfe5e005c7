"""The revocation list as it is kept: which papers no longer hold, when the list is due again, and the latest one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select

from documents.revocations import Entry, hash_of
from services.database.base import Moment, new_id
from services.database.work import Work
from services.issuance.models import document_changes, issued_documents, revocation_lists

AGAIN_AFTER = timedelta(days=1)
"""A list says how old it is, so it is signed anew each day even when nothing happened."""


@dataclass(frozen=True, slots=True)
class KeptList:
    """The list as it was signed: when, with how many entries, its text."""

    as_of: datetime
    entries: int
    content: str


def revoked_entries(work: Work) -> tuple[Entry, ...]:
    """Every paper that is revoked, replaced or void, by number."""
    after = issued_documents.alias("after")
    asked = (
        select(issued_documents, after.c.number.label("successor"), document_changes.c.decided_at.label("changed_at"))
        .outerjoin(after, after.c.id == issued_documents.c.replaced_by_id)
        .outerjoin(
            document_changes,
            (document_changes.c.document_id == issued_documents.c.id) & (document_changes.c.standing == "done"),
        )
        .where(issued_documents.c.standing.in_(("revoked", "replaced", "void")))
        .order_by(issued_documents.c.number)
    )
    return tuple(
        Entry(
            number=row.number, code_hash=hash_of(row.verify_code), standing=row.standing,
            at=row.revoked_at or row.changed_at or row.decided_at, replaced_by=row.successor or "",
        )
        for row in work.connection.execute(asked)
    )  # fmt: skip


def list_is_due(work: Work) -> bool:
    """Whether a list must be signed: there is none, something was revoked since, or it is a day old."""
    kept = work.connection.execute(select(revocation_lists.c.as_of, revocation_lists.c.newest_at)).one_or_none()
    return kept is None or kept.newest_at != newest_change(work) or work.now - kept.as_of >= AGAIN_AFTER


def newest_change(work: Work) -> datetime | None:
    """When a paper last ceased to hold."""
    revoked = work.connection.scalar(select(func.max(issued_documents.c.revoked_at, type_=Moment)))
    changed = work.connection.scalar(
        select(func.max(document_changes.c.decided_at, type_=Moment)).where(document_changes.c.standing == "done")
    )
    return max((one for one in (revoked, changed) if one is not None), default=None)


def keep_list(work: Work, content: str, *, entries: int) -> None:
    """Keep this list in place of the one before."""
    work.connection.execute(delete(revocation_lists))
    work.connection.execute(
        insert(revocation_lists).values(
            id=new_id(), as_of=work.now, entries=entries, newest_at=newest_change(work), content=content
        )
    )


def kept_list(work: Work) -> KeptList | None:
    """The latest list; None where none was ever signed."""
    row = work.connection.execute(select(revocation_lists)).one_or_none()
    return None if row is None else KeptList(row.as_of, row.entries, row.content)
