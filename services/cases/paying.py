"""付款批次: batches one person makes and another releases, their file, and what was read off the bank's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from services.actors import Actor
from services.audit.queries import entries_of
from services.authority.rules import demand
from services.cases.advance import AdvanceCase, advance
from services.cases.banking import SEND
from services.cases.commands import advance_case
from services.cases.payment_lists import PaymentLine, lines, numbers_of
from services.database.engine import Database
from services.database.work import OFFICE_TIME, Work, run
from services.errors import Refused
from services.outbox.commands import leave_errand
from services.payments import commands
from services.payments.files import MEDIA, SUFFIX, Sheet, make_file
from services.payments.queries import Batch, batch_named, batches, contradicted, instruction_of, orders_of
from services.people.acts import act, allowed, hold, note, told
from services.people.queries import names_of
from services.settings import settings

READ, MAKE, RELEASE = "payment:read", "payment:make", "payment:release"
DOWNLOAD, ANSWER = "payment:download", "payment:answer"
MOST = 200
"""More payments than this do not go into one batch."""

TRIGGERS = {"paid": "record_payment", "refused": "record_bank_return", "unknown": "mark_unknown"}


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One batch with its payments; `downloads` are the moments at which its file was fetched, and by whom."""

    batch: Batch
    made_by: str
    released_by: str | None
    lines: tuple[PaymentLine, ...]
    downloads: tuple[tuple[datetime, str], ...]


@dataclass(frozen=True, slots=True)
class BankFile:
    """The file of a batch: its name, media type and bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Result:
    """What somebody read off the bank's page about one payment: paid (serial and day), refused or unknown (why)."""

    reference: str
    outcome: str
    bank_serial: str = ""
    value_date: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one result: the state its instalment came into, or why it was refused."""

    reference: str
    state: str
    refused: Refused | None = None


# Reading ------------------------------------------------------------------------------------------


def batch_list(work: Work, actor: Actor) -> tuple[tuple[Batch, str, str | None], ...]:
    """Every batch, the latest first, with the names of who made and who released it."""
    demand(actor, READ)
    found = batches(work)
    names = names_of(work, {one for batch in found for one in (batch.made_by, batch.released_by) if one})
    return tuple((one, names[one.made_by], names.get(one.released_by or "")) for one in found)


def batch_page(work: Work, actor: Actor, number: str) -> BatchPage:
    """One batch with its payments. NotFound when there is none of that number."""
    demand(actor, READ)
    batch = batch_named(work, number)
    names = names_of(work, {batch.made_by, batch.released_by} - {None})  # type: ignore[arg-type]
    return BatchPage(
        batch, names[batch.made_by], names.get(batch.released_by or ""), lines(work, batch_id=batch.id),
        _downloads(work, number),
    )  # fmt: skip


def contradictions(work: Work, actor: Actor) -> tuple[PaymentLine, ...]:
    """Payments of which the bank says that they are paid, though they stand otherwise."""
    demand(actor, READ)
    found = {one.id for one in contradicted(work)}
    return lines(work, ids=tuple(found)) if found else ()


def _downloads(work: Work, number: str) -> tuple[tuple[datetime, str], ...]:
    entries = entries_of(work, _stream(number))
    return tuple((one.at, one.actor_name) for one in entries if (one.action, one.result) == (DOWNLOAD, "done"))


def _stream(number: str) -> str:
    return f"payments:{number}"


# Batches ------------------------------------------------------------------------------------------


def make_batch(database: Database, actor: Actor, references: Sequence[str], *, now: datetime) -> str:
    """Put the chosen attempts into one batch for the bank of the settings; answers its number.

    Refuses none and more than MOST (payment.nothing_chosen, payment.too_many), and an attempt that is in a batch or
    settled already (payment.not_waiting).
    """
    chosen = tuple(dict.fromkeys(references))
    channel = settings().bank_channel

    def unit(work: Work) -> str:
        allowed(work, actor, MAKE)
        if not chosen:
            raise Refused("payment.nothing_chosen")
        if len(chosen) > MOST:
            raise Refused("payment.too_many", most=MOST)
        cases = [instruction_of(work, one).case_id for one in chosen]
        form = settings().bank_file if channel == "file" else ""
        number = commands.make_batch(work, actor=actor, case_ids=cases, channel=channel, form=form)
        note(work, actor, MAKE, stream=_stream(number), object=number, details={"references": list(chosen)})
        return number

    return act(database, actor, unit, now=now, action=MAKE, stream="payments", object="")


def drop_batch(database: Database, actor: Actor, number: str, *, now: datetime) -> None:
    """Take a batch apart that was not released (payment.batch_not_made); its payments wait for another one."""

    def unit(work: Work) -> None:
        allowed(work, actor, MAKE)
        commands.drop_batch(work, batch_named(work, number, lock=True))
        note(work, actor, "payment:drop", stream=_stream(number), object=number)

    act(database, actor, unit, now=now, action="payment:drop", stream=_stream(number), object=number)


def release_batch(database: Database, actor: Actor, number: str, *, now: datetime) -> int:
    """Let a batch go to the bank: every payment of it moves to SENT, all or none; answers how many.

    Refuses who made it (case.duties_must_be_separate), one that is not waiting (payment.batch_not_made), and a payment
    that may not go: its paper is not issued, it differs from what was approved, or no money may flow to its case.
    """

    def unit(work: Work) -> int:
        allowed(work, actor, RELEASE)
        batch = batch_named(work, number, lock=True)
        content = _content(work, batch) if batch.channel == "file" else None
        digest = sha256(content).hexdigest() if content is not None else None
        commands.mark_released(work, batch, actor=actor, file_hash=digest)
        moved = [_send(work, actor, reference, case) for reference, case in numbers_of(work, batch.id)]
        if batch.channel == "simulator":
            leave_errand(
                work, key=f"payments:{batch.id}:0", effect=SEND, case_id=None, case_number=number, move_sequence=None,
                payload={"batch_id": batch.id, "looked": 0},
            )  # fmt: skip
        details = {"count": batch.count, "total_fen": batch.total_fen, "file": digest or ""}
        note(work, actor, RELEASE, stream=_stream(number), object=number, details=details)
        return len(moved)

    return act(database, actor, unit, now=now, action=RELEASE, stream=_stream(number), object=number)


def _send(work: Work, actor: Actor, reference: str, case_number: str) -> str:
    try:
        return advance(work, actor, AdvanceCase(case_number, "send_payment")).state
    except Refused as refused:
        facts = {**refused.facts, "reference": reference, "payment": case_number}
        raise type(refused)("payment.line_refused", *refused.codes, **facts) from refused


# The file -----------------------------------------------------------------------------------------


def fetch_file(database: Database, actor: Actor, number: str, *, reason: str = "", now: datetime) -> BankFile:
    """The file of a released batch, account numbers in full; every fetch is noted.

    Once without a word; again, or once every outcome is known, only with a reason (payment.fetched_already), since a
    file handed in twice pays twice.
    Refused("payment.no_file") for a batch that has none, ("payment.file_changed") when it would be another one.
    """

    def unit(work: Work) -> BankFile:
        allowed(work, actor, DOWNLOAD)
        hold(work, _stream(number))
        batch = batch_named(work, number)
        if batch.channel != "file" or batch.file_hash is None:
            raise Refused("payment.no_file")
        if (batch.state == "done" or _downloads(work, number)) and not reason.strip():
            raise Refused("payment.fetched_already")
        ground = told(("再次下载的理由", "reason for fetching it again"), reason, longest=200, needed=False)
        content = _content(work, batch)
        if sha256(content).hexdigest() != batch.file_hash:
            raise Refused("payment.file_changed")
        note(work, actor, DOWNLOAD, stream=_stream(number), object=number, details={"reason": ground})
        return BankFile(f"{number}{SUFFIX[batch.format]}", MEDIA[batch.format], content)

    return act(database, actor, unit, now=now, action=DOWNLOAD, stream=_stream(number), object=number)


def _content(work: Work, batch: Batch) -> bytes:
    named = settings()
    made_at = batch.made_at.astimezone(OFFICE_TIME)
    sheet = Sheet(
        batch.number, made_at, made_at.date(), named.bank_payer, named.bank_payer_account, named.bank_encoding
    )
    return make_file(batch.format, sheet, orders_of(work, batch.id))


# What the bank's page says ------------------------------------------------------------------------


def record_results(
    database: Database, actor: Actor, results: Sequence[Result], *, now: datetime
) -> tuple[Recorded, ...]:
    """Record what was read off the bank's page, each payment in its own transaction; one refused stops no other."""
    return tuple(_record(database, actor, one, now=now) for one in results)


def _record(database: Database, actor: Actor, result: Result, *, now: datetime) -> Recorded:
    details: dict[str, Any] = {"reason": result.reason}
    if result.outcome == "paid":
        details = {"bank_serial": result.bank_serial, "value_date": result.value_date}
    try:
        number = run(database, now, lambda work: _case_of(work, actor, result.reference))
        moved = advance_case(database, actor, AdvanceCase(number, TRIGGERS[result.outcome], None, details), now=now)
    except Refused as refused:
        return Recorded(result.reference, "", refused)
    return Recorded(result.reference, moved.state)


def _case_of(work: Work, actor: Actor, reference: str) -> str:
    demand(actor, ANSWER)
    (line,) = lines(work, ids=(instruction_of(work, reference).id,))
    return line.case_number
