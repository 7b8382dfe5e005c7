"""I6 and I7: what the moves owe exists exactly once, what is done left its result, and nothing waits unseen."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, literal, or_, select

from services.assessments.models import assessments
from services.cases.addressees import recipients
from services.cases.models import cases
from services.cases.objections import TELL
from services.cases.payee_accounts import NOTICES as ACCOUNT_NOTICES
from services.cases.recusals import NOTICES as RECUSAL_NOTICES
from services.cases.turn import load_subject
from services.database.work import Work
from services.desk.rules import NOTICES as DESK_NOTICES
from services.invariants.batches import Batch
from services.invariants.findings import Report
from services.issuance.models import issued_documents
from services.notices.models import notices
from services.outbox.models import errands, errands_by_hand
from statemachines.registry import process_of
from statemachines.roles import Role
from statemachines.table import Book, Issue, Release

GRACE = timedelta(seconds=60)
LEASE = timedelta(seconds=300)
_ONCE = ("commit", "release_commitment")
_BOOKED = (*_ONCE, "instruct", "pay", "bank_return")
_RECOVERED = {"recovery_decided": "recovery", "recovery_repaid": "repayment", "recovery_written_off": "write_off"}
"""Entry of a recovery to its kind in the book; a repayment has the key of its slip: only their number is compared."""

_REVERSAL = ("reverse", "reversal")
"""The key of a reversal names the entry it undoes, so only how many there are is compared."""


def check_owed(batch: Batch, report: Report) -> None:
    """Errands, papers and vouchers of every case against what its moves owe by their table."""
    for case in batch.cases:
        owed, papers, booked = _owed(batch, case)
        _same(
            case,
            "errand",
            owed,
            [(one.key, one.effect) for one in batch.errands.get(case.id, []) if not _beside(one)],
            report,
        )
        made = [
            (one.move_sequence, one.kind) for one in batch.documents.get(case.id, []) if one.move_sequence is not None
        ]
        certificates = [one for one in made if one[1] == "graduation_certificate"]
        if sorted(certificates) != sorted(one for one in papers if one[1] == "graduation_certificate"):
            report.add("I15", f"{case.number}: graduation certificates {certificates} do not match its graduations")
        else:
            _same(case, "paper", papers, made, report)
        vouchers = [
            ("repayment" if one.kind == "repayment" else one.key, one.kind)
            for one in batch.vouchers.get(case.id, [])
            if one.kind in (*_BOOKED, *_RECOVERED.values())
        ]
        if case.kind == "instalment":
            vouchers += [_REVERSAL for one in batch.vouchers.get(case.id, []) if one.kind == "reversal"]
        _same(case, "voucher", booked, vouchers, report)
        _papers_drawn(batch, case, report)


def _owed(batch: Batch, case: Any) -> tuple[list[Any], list[Any], list[Any]]:
    """What the moves of a case owe by their table: errands (key, effect), papers (move, kind), vouchers (key, kind)."""
    process = process_of(case.kind, case.edition)
    rows = {move.code: move for move in process.moves}
    stamped = {(one.earned_by_sequence, one.number) for one in batch.earned.get(case.id, [])}
    owed: list[Any] = []
    papers: list[Any] = []
    booked: list[Any] = []
    for move in batch.moves.get(case.id, []):
        effects = rows[move.row].then if move.row in rows else ()
        for position, effect in enumerate(effects, start=1):
            if isinstance(effect, Issue):
                papers.append((move.sequence, effect.document))
            elif isinstance(effect, Book) and effect.entry == "reverse_payment":
                booked.append(_REVERSAL)
            elif isinstance(effect, Book):
                booked.append(_voucher(case, move, effect.entry))
            # A release that found nothing to earn owes nothing.
            nothing = isinstance(effect, Release) and (move.sequence, effect.number) not in stamped
            if not effect.inside and not nothing:
                owed.append((f"{case.id}:{move.sequence}:{position}", effect.name))
    return owed, papers, booked


def _voucher(case: Any, move: Any, entry: str) -> tuple[str, str]:
    """Key and kind of the voucher a move's entry is booked under."""
    if entry in _RECOVERED:
        kind = _RECOVERED[entry]
        return ("repayment" if kind == "repayment" else f"{kind}:{case.id}"), kind
    suffix = "" if entry in _ONCE else f":{move.sequence}"
    return f"{entry}:{case.id}{suffix}", entry


def _beside(errand: Any) -> bool:
    """Whether no move owes it but the calendar, an objection, a correction of the book or an occasion."""
    first = {"remind": "remind:", TELL: "objection:", "advance_case": "advance:", "issue_document": "paper:"}.get(
        errand.effect
    )
    return first is not None and errand.key.startswith(first)


def _same(case: Any, what: str, owed: list[Any], found: list[Any], report: Report) -> None:
    missing, surplus = _without(owed, found), _without(found, owed)
    for one in missing:
        report.add("I6", f"{case.number}: {what} {one[0]} ({one[1]}) is owed and missing")
    for one in surplus:
        report.add("I6", f"{case.number}: {what} {one[0]} ({one[1]}) is owed by no move")


def _without(some: list[Any], others: list[Any]) -> list[Any]:
    left = list(others)
    rest = []
    for one in some:
        if one in left:
            left.remove(one)
        else:
            rest.append(one)
    return rest


def _papers_drawn(batch: Batch, case: Any, report: Report) -> None:
    documents = {one.id: one for one in batch.documents.get(case.id, [])}
    for errand in batch.errands.get(case.id, []):
        if errand.effect != "issue_document":
            continue
        paper = documents.get(errand.payload.get("document_id"))
        if paper is None:
            report.add("I6", f"{case.number}: errand {errand.key} is about a paper that does not exist")
        elif errand.done_at is not None and paper.file_sha256 is None:
            report.add("I6", f"{case.number}: errand {errand.key} is done, but {paper.number} was not drawn")
        elif errand.done_at is None and paper.file_sha256 is not None:
            report.add("I6", f"{case.number}: {paper.number} is drawn, but errand {errand.key} is not done")


def check_occasions(work: Work, report: Report) -> None:
    """Every paper that no move of a case earned is owed by its one errand, and drawn when that is done."""
    paper = issued_documents.c
    found = (
        select(paper.number, paper.file_sha256, paper.replaced_by_id, errands.c.done_at, errands.c.key)
        .outerjoin(errands, errands.c.key == literal("paper:").concat(paper.occasion))
        .where(paper.occasion.is_not(None), paper.standing.in_(("decided", "issued")))
    )
    with work.connection.execute(found.execution_options(yield_per=500)) as rows:
        for row in rows:
            if row.key is None:
                report.add("I6", f"{row.number} was issued on an occasion, but no errand owes it")
            elif (row.done_at is None) != (row.file_sha256 is None):
                report.add("I6", f"errand {row.key} and the drawing of {row.number} do not agree")


TOLD_AT_ONCE = (*DESK_NOTICES, *RECUSAL_NOTICES, *ACCOUNT_NOTICES)


def check_results(work: Work, report: Report) -> None:
    """Notices and assessment rounds against the errands that owe them.

    What colleagues tell one another, and what is told of recusals and payee accounts, needs none.
    """
    for key in _keys(
        work,
        select(notices.c.key)
        .outerjoin(errands, errands.c.key == notices.c.key)
        .where(errands.c.done_at.is_(None), notices.c.message.not_in(TOLD_AT_ONCE))
        .distinct(),
    ):
        report.add("I6", f"notices were sent under {key}, which is no errand that is done")
    silent = (
        select(errands)
        .outerjoin(notices, notices.c.key == errands.c.key)
        .where(
            errands.c.effect.in_(("send_notice", "open_assessment")),
            errands.c.done_at.is_not(None),
            notices.c.id.is_(None),
            # What a person did instead left no notice here, but its reason.
            errands.c.id.not_in(select(errands_by_hand.c.errand_id)),
        )
    )
    with work.connection.execute(silent.execution_options(yield_per=500)) as rows:
        for row in rows:
            if row.effect == "send_notice" and _anyone(work, row):
                report.add("I6", f"errand {row.key} is done, but nobody was told")
            elif row.effect == "open_assessment" and not _opened(work, row):
                report.add("I6", f"errand {row.key} is done, but no assessment is open and nobody was told")


def _keys(work: Work, statement: Any) -> Iterator[str]:
    with work.connection.execute(statement.execution_options(yield_per=500)) as rows:
        for row in rows:
            yield str(row[0])


def _anyone(work: Work, errand: Any) -> bool:
    """Whether somebody could have been told on the day it was done."""
    then = Work(work.connection, errand.done_at)
    subject = load_subject(then, case_id=errand.case_id)
    return any(recipients(then, subject, Role(role)) for role in errand.payload.get("to", ()))


def _opened(work: Work, errand: Any) -> bool:
    found = select(assessments.c.id).where(
        assessments.c.case_id == errand.case_id,
        assessments.c.form == errand.payload.get("form"),
        assessments.c.opened_at.is_not(None),
    )
    return work.connection.execute(found.limit(1)).first() is not None


def check_waiting(work: Work, report: Report, *, now: datetime) -> None:
    """I7: nothing is overdue by more than its lease and a minute, unless parked with a reason a person can read."""
    late = select(errands.c.key, errands.c.due_at, errands.c.lease_until).where(
        errands.c.done_at.is_(None),
        errands.c.parked_at.is_(None),
        func.coalesce(errands.c.lease_until, errands.c.due_at) < now - GRACE,
        errands.c.due_at < now - GRACE - LEASE,
    )
    for row in work.connection.execute(late.execution_options(yield_per=500)):
        report.add(
            "I7",
            f"errand {row.key} was due at {row.due_at.isoformat(timespec='seconds')} and is neither done nor parked",
        )
    mute = select(errands.c.key).where(
        errands.c.parked_at.is_not(None), or_(errands.c.last_reason.is_(None), errands.c.last_reason == "")
    )
    for row in work.connection.execute(mute.execution_options(yield_per=500)):
        report.add("I7", f"errand {row.key} is parked without a reason")


def check_releases(work: Work, report: Report) -> None:
    """A release that is done has opened its instalments: none of them is still planned."""
    done = select(errands).where(errands.c.effect == "release_instalment", errands.c.done_at.is_not(None))
    with work.connection.execute(done.execution_options(yield_per=500)) as rows:
        for row in rows:
            still = select(cases.c.number).where(cases.c.id.in_(row.payload["instalments"]), cases.c.state == "PLANNED")
            for number in work.connection.scalars(still):
                report.add("I6", f"errand {row.key} is done, but {number} was not released")
