"""The rulings on objections to what a case publishes now, for the guards of every kind of case that publishes."""

from sqlalchemy import select

from services.cases.models import objections
from services.cases.turn import Subject
from services.database.work import Work


def rulings_of(work: Work, subject: Subject) -> tuple[str | None, ...]:
    """One for each objection lodged since the case came into its present state: upheld, dismissed, or None as yet."""
    since = subject.entered.sequence if subject.entered else 0
    ruled = select(objections.c.ruling).where(
        objections.c.case_id == subject.case.id, objections.c.move_sequence >= since
    )
    return tuple(work.connection.scalars(ruled))
