"""Writes of delivery: a paper is put into a drawer, opened, set out to be served, and served; called by acts above."""

from datetime import date, datetime

from sqlalchemy import insert, select, update

from services.actors import Actor
from services.calendar.queries import load_calendar
from services.database.base import new_id
from services.database.work import OFFICE_TIME, Work
from services.delivery.models import delivery_tries, paper_deliveries, paper_openings
from services.delivery.queries import represented
from services.delivery.rules import DAYS_TO_SERVE, MUST_BE_SERVED, Result, Way
from services.rulesets.rules import Rules


def put_in_drawer(work: Work, *, document_id: str, code: str, organization_id: str, rules: Rules) -> bool:
    """Put a drawn paper into an organization's drawer; answers False when it lies there already.

    A paper that must be served is from now on to be served, by a day counted from today.
    """
    where = (paper_deliveries.c.document_id == document_id, paper_deliveries.c.organization_id == organization_id)
    if work.connection.execute(select(paper_deliveries.c.id).where(*where)).first():
        return False
    must = code in MUST_BE_SERVED
    due_on = load_calendar(work).add_working_days(work.today, rules.limit(DAYS_TO_SERVE)[0]) if must else None
    work.connection.execute(
        insert(paper_deliveries).values(
            id=new_id(), document_id=document_id, organization_id=organization_id, put_at=work.now,
            standing="to_serve" if must else "kept", due_on=due_on,
        )
    )  # fmt: skip
    return True


def note_opened(work: Work, actor: Actor, document_id: str) -> None:
    """Note that somebody of the organization opened the paper; each person's first time counts. It serves nothing."""
    drawers = select(paper_deliveries.c.id).where(
        paper_deliveries.c.document_id == document_id,
        paper_deliveries.c.organization_id.in_(sorted(represented(actor))),
    )
    for (delivery_id,) in work.connection.execute(drawers).all():
        known = select(paper_openings.c.person_id).where(
            paper_openings.c.delivery_id == delivery_id, paper_openings.c.person_id == actor.id
        )
        if work.connection.execute(known).first() is None:
            values = {"delivery_id": delivery_id, "person_id": actor.id, "opened_at": work.now}
            work.connection.execute(insert(paper_openings).values(**values))


def note_confirmed(work: Work, actor: Actor, *, delivery_id: str, document_id: str) -> None:
    """Note who confirmed the receipt, and when."""
    note_opened(work, actor, document_id)
    work.connection.execute(
        update(paper_openings)
        .where(
            paper_openings.c.delivery_id == delivery_id, paper_openings.c.person_id == actor.id,
            paper_openings.c.confirmed_at.is_(None),
        )
        .values(confirmed_at=work.now)
    )  # fmt: skip


def mark_served(work: Work, *, delivery_id: str, mode: str, at: datetime) -> bool:
    """The paper is served, once: answers False when it was already. Tries that are still on their way are overtaken."""
    day = at.astimezone(OFFICE_TIME).date()
    once = update(paper_deliveries).where(
        paper_deliveries.c.id == delivery_id, paper_deliveries.c.standing.in_(("to_serve", "under_way", "returned"))
    )
    served = work.connection.execute(once.values(standing="served", served_on=day, served_at=at, mode=mode))
    if served.rowcount != 1:
        return False
    work.connection.execute(
        update(delivery_tries)
        .where(delivery_tries.c.delivery_id == delivery_id, delivery_tries.c.outcome.is_(None))
        .values(outcome="overtaken", ended_on=work.today, ended_at=work.now)
    )
    return True


def begin_try(
    work: Work, actor: Actor, *, try_id: str, delivery_id: str, way: Way, begun_on: date, proof_id: str | None
) -> None:
    """Note that the office sets out to serve the paper, with the proof of service that goes along."""
    work.connection.execute(
        insert(delivery_tries).values(
            id=try_id, delivery_id=delivery_id, mode=way.mode, begun_on=begun_on, place=way.place,
            tracking=way.tracking, reason=way.reason, proof_id=proof_id, begun_by=actor.id, begun_at=work.now,
        )
    )  # fmt: skip
    work.connection.execute(
        update(paper_deliveries).where(paper_deliveries.c.id == delivery_id).values(standing="under_way")
    )


def end_try(
    work: Work, actor: Actor, *, delivery_id: str, try_id: str, result: Result, scan: tuple[str, str] | None
) -> None:
    """Write down what came of a try, with its scan (hash, extension); the delivery itself is marked by the caller."""
    work.connection.execute(
        update(delivery_tries)
        .where(delivery_tries.c.id == try_id)
        .values(
            outcome=result.outcome, ended_on=result.at.astimezone(OFFICE_TIME).date(),
            received_at=result.at if result.outcome in ("served", "left") else None, receiver=result.receiver,
            relation=result.relation, refusal=result.refusal, witnesses=list(result.witnesses) or None,
            scan_sha256=scan[0] if scan else None, scan_extension=scan[1] if scan else "", ended_by=actor.id,
            ended_at=work.now,
        )
    )  # fmt: skip
    if result.outcome == "returned":
        returned = update(paper_deliveries).where(paper_deliveries.c.id == delivery_id)
        work.connection.execute(returned.values(standing="returned"))
