"""I13 for reversals and closed months, I14 for payments: what was sent and done is what the book says."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from services.database.work import Work
from services.funding.models import instalments
from services.funding.rules import Account
from services.invariants.findings import Report
from services.ledger.models import ledger_entries, ledger_periods, ledger_postings, ledger_reversals
from services.ledger.rules import days_of
from services.payments.models import bank_instructions


def check_corrections(work: Work, report: Report) -> None:
    """Each reversal undoes its entry to the fen and is not reversed; nothing is posted into a closed month."""
    _pairs(work, report)
    closed = select(ledger_periods.c.month, ledger_periods.c.closed_at).where(ledger_periods.c.standing == "closed")
    for month in work.connection.execute(closed).all():
        late = select(ledger_entries.c.voucher).where(
            ledger_entries.c.posted_on.between(*days_of(month.month)), ledger_entries.c.at > month.closed_at
        )
        for row in _rows(work, late):
            report.add("I13", f"{row.voucher} was posted into {month.month} after it was closed")


def _pairs(work: Work, report: Report) -> None:
    pair, line = ledger_reversals.c, ledger_postings.c
    left = (
        select(pair.entry_id)
        .join(ledger_postings, (line.entry_id == pair.entry_id) | (line.entry_id == pair.reverses))
        .group_by(pair.entry_id, line.account, line.budget_line_id, line.award_id)
        .having(func.sum(line.amount_fen) != 0)
    )
    for row in _rows(work, left):
        report.add("I13", f"reversal {row.entry_id} does not undo its entry exactly")
    twice = select(pair.reverses).where(pair.reverses.in_(select(ledger_reversals.c.entry_id)))
    for row in _rows(work, twice):
        report.add("I13", f"reversal {row.reverses} was reversed itself")


def check_bank(work: Work, report: Report) -> None:
    """Every payment of the book is one attempt the bank carried out, of the same amount and serial, and the other way.

    What nobody knows the end of is neither: it is held, and never sent again by software alone.
    """
    booked = (
        select(ledger_entries.c.case_id, func.sum(ledger_postings.c.amount_fen).label("fen"))
        .join(ledger_postings, ledger_postings.c.entry_id == ledger_entries.c.id)
        .where(ledger_postings.c.account == Account.PAID.value, ledger_entries.c.case_id.is_not(None))
        .group_by(ledger_entries.c.case_id)
        .subquery()
    )
    one = bank_instructions.c
    statement = (
        select(
            instalments.c.case_id, instalments.c.bank_serial.label("noted"), booked.c.fen, one.amount_fen,
            one.bank_serial,
        )
        .outerjoin(booked, booked.c.case_id == instalments.c.case_id)
        .outerjoin(bank_instructions, (one.case_id == instalments.c.case_id) & (one.outcome == "paid"))
    )  # fmt: skip
    for row in _rows(work, statement):
        paid, booked_fen = int(row.amount_fen or 0), int(row.fen or 0)
        if paid != booked_fen:
            report.add("I14", f"instalment {row.case_id}: the bank paid {paid} fen, the book says {booked_fen}")
        elif row.noted is not None and row.bank_serial != row.noted:
            report.add("I14", f"instalment {row.case_id}: bank serial {row.noted} here, {row.bank_serial} at the bank")
    nobody = select(ledger_entries.c.voucher).where(
        ledger_entries.c.kind == "pay", ledger_entries.c.case_id.not_in(select(instalments.c.case_id))
    )
    for row in _rows(work, nobody):
        report.add("I14", f"{row.voucher} pays no instalment")


def _rows(work: Work, statement: Any) -> Iterator[Any]:
    with work.connection.execute(statement.execution_options(yield_per=1_000)) as rows:
        yield from rows
