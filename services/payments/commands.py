"""Writes of payments: what was approved, each attempt with its reference, and what became of it."""

from datetime import date

from sqlalchemy import func, insert, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.counters import next_number
from services.database.work import Work
from services.errors import Refused
from services.payments.models import bank_instructions, payment_approvals
from services.payments.queries import Payment, payment_of
from services.payments.rules import fingerprint, reference


def note_approval(work: Work, *, actor: Actor, case_id: str, sequence: int) -> None:
    """Keep what the checker approved with move `sequence` of the instalment."""
    payment = payment_of(work, case_id)
    work.connection.execute(
        insert(payment_approvals).values(
            case_id=case_id, sequence=sequence, digest=_digest(payment), approved_by=actor.id, approved_at=work.now
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
            account_tail=payment.payee.account_tail, digest=_digest(payment), made_by=actor.id, made_at=work.now,
            outcome="open",
        )
    )  # fmt: skip
    return name


def end_attempt(
    work: Work, *, actor: Actor, case_id: str, outcome: str, bank_serial: str | None = None,
    value_date: date | None = None, reason: str = "",
) -> None:  # fmt: skip
    """Write what became of the attempt that is under way. Refused("payment.no_attempt_open") when there is none."""
    one = bank_instructions.c
    changed = work.connection.execute(
        update(bank_instructions)
        .where(one.case_id == case_id, one.outcome.in_(("open", "unknown")))
        .values(
            outcome=outcome, bank_serial=bank_serial, value_date=value_date, decided_by=actor.id, decided_at=work.now,
            reason=reason[:400], sent_at=func.coalesce(one.sent_at, work.now),
        )
    ).rowcount  # fmt: skip
    if changed != 1:
        raise Refused("payment.no_attempt_open")


def _digest(payment: Payment) -> str:
    return fingerprint(payment.case_id, payment.amount_fen, payment.payee)
