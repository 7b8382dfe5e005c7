"""Writes of notices: telling a person once per business key, and noting that it was read."""

from sqlalchemy import insert, select, update

from services.database.base import new_id
from services.database.work import Work
from services.notices.mail import queue_mail
from services.notices.models import notices


def tell(work: Work, *, key: str, person_id: str, case_id: str | None, message: str, title: str, body: str) -> bool:
    """Put a notice into the person's list, and an e-mail about it into the queue where the person has an address.

    Answers False when that person was already told under this key.
    """
    known = work.connection.execute(
        select(notices.c.id).where(notices.c.key == key, notices.c.person_id == person_id)
    ).first()
    if known:
        return False
    identity = new_id()
    work.connection.execute(
        insert(notices).values(
            id=identity, key=key, person_id=person_id, case_id=case_id, message=message, title=title, body=body,
            sent_at=work.now,
        )
    )  # fmt: skip
    queue_mail(work, notice_id=identity, person_id=person_id)
    return True


def mark_read(work: Work, *, person_id: str, notice_id: str) -> None:
    """Note that the person opened the notice; an unknown one, or someone else's, changes nothing."""
    work.connection.execute(
        update(notices)
        .where(notices.c.id == notice_id, notices.c.person_id == person_id, notices.c.read_at.is_(None))
        .values(read_at=work.now)
    )
