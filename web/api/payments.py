"""付款: what waits for the bank, batches, their files, and what the bank's page said."""

from base64 import b64encode
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from services.cases import paying, payment_lists
from services.cases.paying import Result
from services.cases.payment_lists import HeldLine, PaymentLine
from services.payments.queries import Batch as Known
from web.interface.case_shapes import Reason
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Number, Reply
from web.visitor import Visitor, visiting
from web.wording import said

router = APIRouter(prefix="/api/v1", tags=["payments"], route_class=RepeatableRoute)
Reference = Annotated[str, Field(min_length=1, max_length=35)]


class PaymentReply(Reply):
    """One attempt to pay; the account by its last four digits. `next`: what an unknown one waits for."""

    reference: str
    attempt: int
    case: str
    state: str
    organization: str
    project: str
    number: int
    of: int
    amount_fen: int
    holder: str
    bank: str
    account_tail: str
    outcome: str
    sent_at: datetime | None
    bank_serial: str | None
    value_date: date | None
    why: str
    issued: bool
    next: Literal["statement", "propose", "agree"] | None


class HeldReply(Reply):
    """One held instalment; `held_by` is null when the rules held it."""

    case: str
    organization: str
    project: str
    number: int
    amount_fen: int
    reason: str
    since: datetime
    held_by: str | None
    lifters: list[str]


class BatchReply(Reply):
    """One batch of payments."""

    number: str
    channel: str
    format: str
    state: str
    made_at: datetime
    made_by: str
    released_at: datetime | None
    released_by: str | None
    count: int
    total_fen: int
    file_hash: str | None


class BatchWhole(BatchReply):
    """One batch with its payments, and when its file was fetched."""

    payments: list[PaymentReply]
    fetched_at: list[datetime]


class Overview(Reply):
    """What waits for a batch, what is unknown, what is held, what the bank contradicts, and the batches."""

    waiting: list[PaymentReply]
    unknown: list[PaymentReply]
    held: list[HeldReply]
    contradicted: list[PaymentReply]
    batches: list[BatchReply]


class Chosen(Body):
    """The payments of a batch, by their references."""

    references: list[Reference]


class Again(Body):
    """Why a file is fetched again, or once its batch is settled; empty the first time."""

    reason: Annotated[str, Field(max_length=200)] = ""


class FileReply(Reply):
    """The file of a batch, in base64."""

    name: str
    media_type: str
    content: str


class Told(Body):
    """What the bank's page says of one payment."""

    reference: Reference
    outcome: Literal["paid", "refused", "unknown"]
    bank_serial: Annotated[str, Field(max_length=60)] = ""
    value_date: date | None = None
    reason: Annotated[str, Field(max_length=400)] = ""


class ToldAll(Body):
    """What the bank's page says."""

    results: Annotated[list[Told], Field(max_length=200)]


class RecordedReply(Reply):
    """What became of one result: the state its instalment came into (or null), or why not."""

    reference: str
    state: str | None
    reasons: list[Reason]


class RecordedAll(Reply):
    """What became of each."""

    results: list[RecordedReply]


@router.get("/payments", summary="Payments")
def payments(visitor: Visitor = Depends(visiting)) -> Overview:
    """What waits for the bank, what is unknown and what to do, what is held and why."""
    with visitor.reading() as work:
        person = visitor.person
        return Overview(
            waiting=[_payment(one) for one in payment_lists.waiting(work, person)],
            unknown=[_payment(one) for one in payment_lists.unknown(work, person)],
            held=[_held(one) for one in payment_lists.held(work, person)],
            contradicted=[_payment(one) for one in paying.contradictions(work, person)],
            batches=[BatchReply(**_batch(*one)) for one in paying.batch_list(work, person)],
        )


@router.post("/payments/batches", status_code=201, summary="Make a payment batch", dependencies=[repeatable])
def make_batch(body: Chosen, visitor: Visitor = Depends(visiting)) -> BatchWhole:
    """For the bank of the settings; somebody else releases it."""
    number = paying.make_batch(visitor.database, visitor.person, body.references, now=visitor.now)
    return _whole(visitor, number)


@router.get("/payments/batches/{number}", summary="One payment batch")
def batch(number: Number, visitor: Visitor = Depends(visiting)) -> BatchWhole:
    """With its payments and their outcomes."""
    return _whole(visitor, number)


@router.post("/payments/batches/{number}/release", summary="Release a payment batch")
def release(number: Number, visitor: Visitor = Depends(visiting)) -> BatchWhole:
    """Every payment moves to SENT, all or none."""
    paying.release_batch(visitor.database, visitor.person, number, now=visitor.now)
    return _whole(visitor, number)


@router.post("/payments/batches/{number}/drop", summary="Drop a payment batch")
def drop(number: Number, visitor: Visitor = Depends(visiting)) -> BatchWhole:
    """Before it is released; its payments wait again."""
    paying.drop_batch(visitor.database, visitor.person, number, now=visitor.now)
    return _whole(visitor, number)


@router.post("/payments/batches/{number}/file", summary="Fetch the file of a batch")
def fetch(number: Number, body: Again, visitor: Visitor = Depends(visiting)) -> FileReply:
    """For the bank's own page, accounts in full; again, or once settled, only with a reason. Every fetch is noted."""
    found = paying.fetch_file(visitor.database, visitor.person, number, reason=body.reason, now=visitor.now)
    return FileReply(name=found.name, media_type=found.media_type, content=b64encode(found.content).decode())


@router.post("/payments/batches/{number}/results", summary="Record what the bank's page says")
def results(number: Number, body: ToldAll, visitor: Visitor = Depends(visiting)) -> RecordedAll:
    """Each payment in its own transaction; one that is refused stops no other."""
    _whole(visitor, number)
    told = [Result(one.reference, one.outcome, one.bank_serial, one.value_date, one.reason) for one in body.results]
    found = paying.record_results(visitor.database, visitor.person, told, now=visitor.now)
    return RecordedAll(results=[_recorded(one, visitor.lang) for one in found])


def _recorded(one: paying.Recorded, lang: str) -> RecordedReply:
    refused = one.refused
    codes = refused.codes if refused is not None else ()
    facts = refused.facts if refused is not None else {}
    reasons = [Reason(code=code, sentence=said(code, lang, **facts)) for code in codes]
    return RecordedReply(reference=one.reference, state=one.state or None, reasons=reasons)


def _whole(visitor: Visitor, number: str) -> BatchWhole:
    with visitor.reading() as work:
        page = paying.batch_page(work, visitor.person, number)
    head = _batch(page.batch, page.made_by, page.released_by)
    return BatchWhole(
        **head, payments=[_payment(one) for one in page.lines], fetched_at=[at for at, _ in page.downloads]
    )


def _batch(one: Known, made_by: str, released_by: str | None) -> dict[str, Any]:
    return {
        "number": one.number, "channel": one.channel, "format": one.format, "state": one.state,
        "made_at": one.made_at, "made_by": made_by, "released_at": one.released_at, "released_by": released_by,
        "count": one.count, "total_fen": one.total_fen, "file_hash": one.file_hash,
    }  # fmt: skip


def _payment(one: PaymentLine) -> PaymentReply:
    return PaymentReply(
        reference=one.reference, attempt=one.attempt, case=one.case_number, state=one.state,
        organization=one.organization, project=one.project, number=one.number, of=one.of, amount_fen=one.amount_fen,
        holder=one.holder_name, bank=one.bank, account_tail=one.account_tail, outcome=one.outcome,
        sent_at=one.sent_at, bank_serial=one.bank_serial, value_date=one.value_date, why=one.why, issued=one.issued,
        next=one.next if one.outcome == "unknown" else None,  # type: ignore[arg-type]
    )  # fmt: skip


def _held(one: HeldLine) -> HeldReply:
    return HeldReply(
        case=one.case_number, organization=one.organization, project=one.project, number=one.number,
        amount_fen=one.amount_fen, reason=one.reason, since=one.since, held_by=one.held_by,
        lifters=[role.value for role in one.lifters],
    )  # fmt: skip
