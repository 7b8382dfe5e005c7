"""Writes of payments: what was approved, each attempt with its reference, batches, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import exists, func, insert, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.counters import next_number
from services.database.work import Work
from services.errors import Refused
from services.payments.models import bank_answers, bank_instructions, payment_approvals, payment_batches
from services.payments.queries import Batch, payment_of
from services.payments.rules import Answer, reference

OPEN = ("open", "unknown")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: paid (with serial and day), refused, unknown, absent or recalled."""

    outcome: str
    bank_serial: str | None = None
    value_date: date | None = None
    reason: str = ""


def note_approval(work: Work, *, actor: Actor, case_id: str, sequence: int) -> None:
    """Keep what the checker approved with move `sequence` of the instalment."""
    digest = payment_of(work, case_id).digest
    work.connection.execute(
        insert(payment_approvals).values(
            case_id=case_id, sequence=sequence, digest=digest, approved_by=actor.id, approved_at=work.now
        )
    )


def begin_attempt(work: Work, *, actor: Actor, case_id: str) -> str:
    """Write down that the bank is to pay the instalment, under a reference of its own; answers the reference.

    A second attempt beside one that is under way or paid is refused by the table itself.
    """
    payment = payment_of(work, case_id)
    last = work.connection.scalar(
        select(func.max(bank_instructions.c.attempt)).where(bank_instructions.c.case_id == case_id)
    )
    name = reference(work.today.year, next_number(work, f"payment-{work.today.year}"))
    work.connection.execute(
        insert(bank_instructions).values(
            id=new_id(), case_id=case_id, attempt=(last or 0) + 1, reference=name, amount_fen=payment.amount_fen,
            account_id=payment.payee.account_id, holder_name=payment.payee.holder_name, bank=payment.payee.bank,
            account_tail=payment.payee.account_tail, digest=payment.digest, made_by=actor.id, made_at=work.now,
            outcome="open",
        )
    )  # fmt: skip
    return name


def mark_sent(work: Work, *, case_id: str) -> None:
    """The attempt leaves with its released batch. Refused("payment.no_attempt_open") when there is none to leave."""
    one = bank_instructions.c
    _one_changed(
        work.connection.execute(
            update(bank_instructions)
            .where(one.case_id == case_id, one.outcome == "open", one.sent_at.is_(None), one.batch_id.is_not(None))
            .values(sent_at=work.now)
        ).rowcount
    )


def end_attempt(work: Work, found: Outcome, *, actor: Actor, case_id: str) -> None:
    """Write what became of the attempt that is under way; its batch is done once all are known.

    Refused("payment.no_attempt_open") when there is none.
    """
    one = bank_instructions.c
    _one_changed(
        work.connection.execute(
            update(bank_instructions)
            .where(one.case_id == case_id, one.outcome.in_(OPEN))
            .values(
                outcome=found.outcome, bank_serial=found.bank_serial, value_date=found.value_date, decided_by=actor.id,
                decided_at=work.now, reason=found.reason[:400],
            )
        ).rowcount
    )  # fmt: skip
    _settle_batches(work)


def reopen_attempt(work: Work, *, actor: Actor, case_id: str, sequence: int, reason: str) -> None:
    """A payment was wrongly recorded: its attempt is open again, and what was recorded stays among the answers."""
    one = bank_instructions.c
    paid = work.connection.execute(select(bank_instructions).where(one.case_id == case_id, one.outcome == "paid")).one()
    work.connection.execute(
        insert(bank_answers).values(
            id=new_id(), instruction_id=paid.id, key=f"reversed:{case_id}:{sequence}", source="person", said="reversed",
            amount_fen=paid.amount_fen, bank_serial=paid.bank_serial, value_date=paid.value_date, words=reason[:400],
            at=work.now, by_id=actor.id,
        )
    )  # fmt: skip
    again = {"outcome": "open", "bank_serial": None, "value_date": None, "decided_by": None, "decided_at": None}
    work.connection.execute(update(bank_instructions).where(one.id == paid.id).values(**again, reason=""))
    of_it = payment_batches.c.id == paid.batch_id
    work.connection.execute(update(payment_batches).where(of_it).values(state="released"))


def _settle_batches(work: Work) -> None:
    one = bank_instructions.c
    waiting = exists().where(one.batch_id == payment_batches.c.id, one.outcome.in_(OPEN))
    work.connection.execute(
        update(payment_batches).where(payment_batches.c.state == "released", ~waiting).values(state="done")
    )


def _one_changed(count: int) -> None:
    if count != 1:
        raise Refused("payment.no_attempt_open")


# Batches ------------------------------------------------------------------------------------------


def make_batch(work: Work, *, actor: Actor, case_ids: Sequence[str], channel: str, form: str) -> str:
    """Put the open attempts of these instalments into one batch; answers its number.

    Refused("payment.not_waiting") when one has none, or it is in a batch already.
    """
    one = bank_instructions.c
    free = (one.case_id.in_(tuple(case_ids))) & (one.outcome == "open") & one.batch_id.is_(None)
    count, total = work.connection.execute(
        select(func.count(), func.coalesce(func.sum(one.amount_fen), 0)).where(free)
    ).one()
    if not count or count != len(set(case_ids)):
        raise Refused("payment.not_waiting")
    identity, year = new_id(), work.today.year
    number = f"FK{year}-{next_number(work, f'payment-batch-{year}'):04d}"
    work.connection.execute(
        insert(payment_batches).values(
            id=identity, number=number, channel=channel, format=form, made_by=actor.id, made_at=work.now, count=count,
            total_fen=total, state="made",
        )
    )  # fmt: skip
    changed = update(bank_instructions).where(free).values(batch_id=identity, channel=channel)
    if work.connection.execute(changed).rowcount != count:
        raise Refused("payment.not_waiting")
    return number


def drop_batch(work: Work, batch: Batch) -> None:
    """Take a batch apart that was not released; its attempts wait for another one. Refused once it was released."""
    _from_made(work, batch, state="dropped")
    mine = bank_instructions.c.batch_id == batch.id
    work.connection.execute(update(bank_instructions).where(mine).values(batch_id=None, channel=None))


def mark_released(work: Work, batch: Batch, *, actor: Actor, file_hash: str | None) -> None:
    """The payer lets the batch go. Refused when its maker is the same person, or it is no longer waiting."""
    if actor.id == batch.made_by:
        raise Refused("case.duties_must_be_separate")
    _from_made(work, batch, state="released", released_by=actor.id, released_at=work.now, file_hash=file_hash)


def _from_made(work: Work, batch: Batch, **values: object) -> None:
    changed = (
        update(payment_batches)
        .where(payment_batches.c.id == batch.id, payment_batches.c.state == "made")
        .values(**values)
    )
    if work.connection.execute(changed).rowcount != 1:
        raise Refused("payment.batch_not_made")


# What the bank says -------------------------------------------------------------------------------


def begin_try(work: Work, instruction_id: str) -> Literal["first", "again", "settled"]:
    """Write down that the bank is about to be asked about an attempt; says whether it was asked before.

    `settled` when its outcome is known by now, or its batch was not released: then nobody may ask.
    """
    one = bank_instructions.c
    waiting = (one.id == instruction_id) & (one.outcome == "open") & one.sent_at.is_not(None)
    first = update(bank_instructions).where(waiting, one.tried_at.is_(None)).values(tried_at=work.now)
    if work.connection.execute(first).rowcount:
        return "first"
    return "again" if work.connection.scalar(select(one.id).where(waiting)) else "settled"


def keep_answer(work: Work, answer: Answer, *, actor: Actor, instruction_id: str, key: str, source: str) -> bool:
    """Keep what the bank said; answers False when that very message was kept before."""
    if work.connection.scalar(select(bank_answers.c.id).where(bank_answers.c.key == key)):
        return False
    work.connection.execute(
        insert(bank_answers).values(
            id=new_id(), instruction_id=instruction_id, key=key, source=source, said=answer.said,
            amount_fen=answer.amount_fen, bank_serial=answer.bank_serial, value_date=answer.value_date,
            words=answer.words[:400], at=work.now, by_id=actor.id,
        )
    )  # fmt: skip
    return True
