"""Attempts to pay against the states of their instalments: what is at the bank, what is paid, and by which attempt."""

from typing import Any

from sqlalchemy import func, select

from services.cases.models import cases
from services.database.work import Work
from services.funding.models import instalments
from services.invariants.findings import Report
from services.payments.models import bank_instructions, payment_approvals, payment_batches

LEFT = {"INSTRUCTED": "open", "SENT": "open", "UNKNOWN": "unknown", "PAID": "paid", "CONFIRMED": "paid"}
"""State of an instalment to the outcome its one living attempt must have; in every other state there is none."""


def check_payments(work: Work, report: Report) -> None:
    """Each instalment has just the attempt its state says, as it was approved; batches hold what they say."""
    one, part = bank_instructions.c, instalments.c
    alive = bank_instructions.select().where(one.outcome.in_(("open", "unknown", "paid"))).subquery()
    approved = select(payment_approvals.c.digest).where(
        payment_approvals.c.case_id == alive.c.case_id, payment_approvals.c.digest == alive.c.digest
    )
    statement = (
        select(
            cases.c.number, cases.c.state, alive.c.outcome, alive.c.sent_at,
            alive.c.digest, approved.limit(1).scalar_subquery().label("approved"), alive.c.reference,
        )
        .join(instalments, part.case_id == cases.c.id)
        .outerjoin(alive, alive.c.case_id == cases.c.id)
    )  # fmt: skip
    with work.connection.execute(statement.execution_options(yield_per=1_000)) as rows:
        for row in rows:
            if wrong := _wrong(row):
                report.add("attempts", f"{row.number} ({row.state}): {wrong}")
    _batches(work, report)


def _wrong(row: Any) -> str:
    """Whether a payment on the books has its attempt at the bank, amount and serial is asked with the book (I14)."""
    paid = LEFT.get(row.state) == "paid"
    if row.outcome != LEFT.get(row.state) and not paid:
        return f"the attempt at the bank stands as {row.outcome}"
    if row.outcome is None:
        return ""
    if row.digest and row.approved is None:
        return f"{row.reference} is not what was approved"
    if (row.sent_at is None) != (row.state == "INSTRUCTED"):
        return f"{row.reference} and the state disagree about whether it was sent"
    return ""


def _batches(work: Work, report: Report) -> None:
    one = bank_instructions.c
    found = (
        select(
            payment_batches.c.number, payment_batches.c.count.label("said"), payment_batches.c.total_fen,
            func.count(one.id).label("counted"), func.sum(one.amount_fen).label("fen"),
        )
        .join(bank_instructions, one.batch_id == payment_batches.c.id)
        .group_by(payment_batches.c.id, payment_batches.c.number, payment_batches.c.count, payment_batches.c.total_fen)
    )  # fmt: skip
    for row in work.connection.execute(found):
        if (row.said, row.total_fen) != (row.counted, int(row.fen)):
            report.add(
                "attempts",
                f"{row.number} says {row.said} payments of {row.total_fen} fen, holds {row.counted} of {row.fen}",
            )
