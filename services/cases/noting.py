"""How an act on a case that is no move of it is noted in the case's audit trail, done or refused."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select

from services.actors import Actor
from services.audit.commands import record
from services.cases.models import cases
from services.cases.turn import Subject
from services.database.engine import Database
from services.database.work import Work, run
from services.errors import Refused

ResultT = TypeVar("ResultT")


def noted(
    database: Database, actor: Actor, unit: Callable[[Work], ResultT], *, now: datetime, number: str, action: str,
    request_id: str = "", note: bool = True, spared: tuple[type[Refused], ...] = (),
) -> ResultT:  # fmt: skip
    """Run one act on a case in its own unit of work; a refusal is noted in the case's audit trail and raised again.

    Of the kinds in `spared` no refusal is noted: whoever only wrote something wrongly did nothing wrong.
    """
    try:
        return run(database, now, unit)
    except spared:
        raise
    except Refused as refused:
        if note:
            _note_refusal(database, actor, refused, now=now, number=number, action=action, request_id=request_id)
        raise


def _note_refusal(
    database: Database, actor: Actor, refused: Refused, *, now: datetime, number: str, action: str, request_id: str
) -> None:
    def unit(work: Work) -> None:
        known = work.connection.execute(select(cases.c.id).where(cases.c.number == number).with_for_update()).scalar()
        if known is None:
            return
        role = min((one.value for one in actor.roles), default="")
        record(
            work, stream=known, actor=actor, role=role, action=action[:80], object=number, result="refused",
            reasons=refused.codes, request_id=request_id,
        )  # fmt: skip

    run(database, now, unit)


def acted(work: Work, actor: Actor, subject: Subject, action: str, details: dict[str, Any]) -> None:
    """Add the act's entry to the case's audit trail; the caller holds the lock of the case."""
    role = next((one.value for one in sorted(actor.roles)), "")
    record(
        work, stream=subject.case.id, actor=actor, role=role, action=action, object=subject.case.number, details=details
    )
