"""作废与重发: papers made void or issued anew by the office, with a reason; certificates and decisions by two people.

Everything shows from the commit of the act on: the number stays and says what became of it, the successor is named on
the verification page, with the case and in the drawer. Each act has one entry in the audit log.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from documents.registry import kind_of
from services.actors import Actor
from services.cases.addressees import recipients
from services.cases.queries import case_number_of, document_for
from services.cases.turn import load_subject
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, NotFound, Refused
from services.issuance.changing import (
    Successor,
    changeable,
    corrected_inputs,
    occasion_of,
    reissue_document,
    two_people_for,
    void_document,
)
from services.issuance.models import document_changes, issued_documents
from services.issuance.queries import DocumentLine, addressees_of
from services.messages import notice
from services.notices.commands import tell
from services.outbox.commands import leave_errand
from services.outbox.queries import errand_about
from services.people.acts import act, allowed, note, told
from services.people.queries import actor_by_id
from statemachines.roles import Role

CHANGE, CONFIRM = "document:change", "document:confirm_change"
STREAM = "documents"
REASON, TEXT, CORRECTED = ("理由", "reason"), ("原文", "text"), ("更正为", "correction")
LONGEST = 400
NOTICES = ("paper_void", "paper_replaced")
"""What addressees are told; of the new paper itself they hear when it is drawn."""


def propose_void(database: Database, actor: Actor, *, document_id: str, reason: str, now: datetime) -> str:
    """Make a paper void, or ask a second person to (certificates and decisions); answers the id of the change.

    Refused for a paper that no longer holds and while another change waits; NotFound for what may not be read.
    """
    return _propose(database, actor, document_id, "void", reason, {}, now)


def propose_reissue(
    database: Database, actor: Actor, *, document_id: str, reason: str, corrections: Mapping[str, str], now: datetime
) -> str:
    """Issue a paper anew with corrected texts, or ask a second person to; answers the id of the change.

    `corrections`: text as it stands to what it should be. Invalid for one that finds nothing or does not fit.
    """
    wanted = {
        told(TEXT, text, longest=4000): told(CORRECTED, correct, longest=4000)
        for text, correct in corrections.items()
    }  # fmt: skip
    return _propose(database, actor, document_id, "reissue", reason, wanted, now)


def confirm_change(database: Database, actor: Actor, *, change_id: str, now: datetime) -> Successor | None:
    """Carry out what somebody else proposed; answers the new paper of a reissue. Forbidden for who proposed it."""

    def unit(work: Work) -> Successor | None:
        row, paper = _waiting(work, actor, change_id)
        if row.proposed_by == actor.id:
            raise Forbidden("document.two_people")
        return _carry_out(work, actor, row, paper)

    return act(database, actor, unit, now=now, action=CONFIRM, stream=STREAM, object=change_id)


def refuse_change(database: Database, actor: Actor, *, change_id: str, reason: str, now: datetime) -> None:
    """Let the paper stand, with the reason; whoever proposed may take it back so too."""
    said = told(REASON, reason, longest=LONGEST)

    def unit(work: Work) -> None:
        row, paper = _waiting(work, actor, change_id)
        _decide(work, row.id, actor, standing="refused", decided_because=said)
        note(
            work, actor, "document:refuse_change", stream=STREAM, object=paper.number,
            details={"change": row.id, "act": row.act, "reason": said},
        )  # fmt: skip

    act(database, actor, unit, now=now, action="document:refuse_change", stream=STREAM, object=change_id)


def _propose(
    database: Database, actor: Actor, document_id: str, deed: str, reason: str, corrections: Mapping[str, str],
    now: datetime,
) -> str:  # fmt: skip
    said = told(REASON, reason, longest=LONGEST)

    def unit(work: Work) -> str:
        allowed(work, actor, CHANGE)
        paper = document_for(work, actor, document_id)
        row, kind = changeable(work, document_id), kind_of(paper.kind)
        if deed == "reissue":
            corrected_inputs(kind, row.inputs, corrections)
        if waiting_on(work, document_id) is not None:
            raise Refused("document.change_waits", number=paper.number)
        two, identity = two_people_for(kind), new_id()
        values = {
            "id": identity, "document_id": document_id, "act": deed, "reason": said, "two_people": two,
            "corrections": [{"text": text, "correct": correct} for text, correct in corrections.items()],
            "proposed_by": actor.id, "proposed_at": work.now, "standing": "waiting",
        }  # fmt: skip
        work.connection.execute(insert(document_changes).values(**values))
        if not two:
            _carry_out(work, actor, _row(work, identity), paper)
            return identity
        note(
            work, actor, f"document:propose_{deed}", stream=STREAM, object=paper.number,
            details={"change": identity, "reason": said},
        )  # fmt: skip
        return identity

    return act(database, actor, unit, now=now, action=f"document:propose_{deed}", stream=STREAM, object=document_id)


def _carry_out(work: Work, actor: Actor, row: Row[Any], paper: DocumentLine) -> Successor | None:
    successor = None
    if row.act == "void":
        void_document(work, paper.id)
    else:
        wanted = {one["text"]: one["correct"] for one in row.corrections}
        successor = reissue_document(work, paper.id, wanted)
        _draw_and_deliver(work, paper, successor)
    _decide(work, row.id, actor, standing="done", successor_id=successor.id if successor else None)
    _tell(work, paper, row, successor)
    note(
        work, actor, f"document:{row.act}", stream=STREAM, object=paper.number,
        details={"change": row.id, "reason": row.reason, "successor": successor.number if successor else ""},
    )  # fmt: skip
    return successor


def _draw_and_deliver(work: Work, paper: DocumentLine, successor: Successor) -> None:
    """Owe the drawing of the new paper, and its delivery to whom the old one was owed."""
    beside = paper.case_id
    leave_errand(
        work, key=f"paper:{occasion_of(paper.id)}", effect="issue_document", case_id=beside,
        case_number=case_number_of(work, beside) if beside else "", move_sequence=None,
        payload={
            "document_id": successor.id, "document": paper.kind, "number": successor.number,
            "people": list(_addressed(work, paper)),
        },
    )  # fmt: skip


def _addressed(work: Work, paper: DocumentLine) -> tuple[str, ...]:
    """The people in whose drawers the paper lies, else those it is still owed to."""
    lying = addressees_of(work, paper.id)
    owed = errand_about(work, paper.id)
    if lying or owed is None:
        return lying
    if paper.case_id is None or "people" in owed.payload:
        return tuple(owed.payload["people"])
    subject = load_subject(work, case_id=paper.case_id)
    people = [one.id for role in owed.payload["to"] for one in recipients(work, subject, Role(role))]
    return tuple(dict.fromkeys(people))


def _tell(work: Work, paper: DocumentLine, row: Row[Any], successor: Successor | None) -> None:
    message = "paper_replaced" if successor else "paper_void"
    facts = {
        "reason": row.reason, "document_number": paper.number, "successor": successor.number if successor else "",
    }  # fmt: skip
    for person_id in _addressed(work, paper):
        title, body = notice(message, actor_by_id(work, person_id).language, **facts)
        tell(
            work, key=f"{message}:{row.id}", person_id=person_id, case_id=paper.case_id, message=message, title=title,
            body=body,
        )  # fmt: skip


def _waiting(work: Work, actor: Actor, change_id: str) -> tuple[Row[Any], DocumentLine]:
    """The change that waits and its paper, which this person may decide on; the paper's row is locked."""
    row = _row(work, change_id)
    if row is None:
        raise NotFound("document.change_not_found")
    allowed(work, actor, CHANGE if row.proposed_by == actor.id else CONFIRM)
    paper = document_for(work, actor, row.document_id)
    work.connection.execute(
        select(issued_documents.c.id).where(issued_documents.c.id == paper.id).with_for_update()
    ).one()
    row = _row(work, change_id)
    if row.standing != "waiting":
        raise Refused("document.change_decided")
    return row, paper


def _decide(work: Work, change_id: str, actor: Actor, **values: Any) -> None:
    work.connection.execute(
        update(document_changes)
        .where(document_changes.c.id == change_id)
        .values(decided_by=actor.id, decided_at=work.now, **values)
    )


def _row(work: Work, change_id: str) -> Any:
    return work.connection.execute(select(document_changes).where(document_changes.c.id == change_id)).one_or_none()


def waiting_on(work: Work, document_id: str) -> str | None:
    """The id of the change of the paper that waits for a second person; None when none does."""
    return work.connection.execute(
        select(document_changes.c.id).where(
            document_changes.c.document_id == document_id, document_changes.c.standing == "waiting"
        )
    ).scalar()
