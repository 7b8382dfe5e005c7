"""I14: after reconciliation every line of the bank is one booking and every booking is one line."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from services.database.work import Work
from services.funding.models import instalments, refunds
from services.invariants.findings import Report
from services.ledger.models import ledger_entries, ledger_postings, ledger_reversals
from services.payments.models import bank_instructions
from services.reconciliation.models import reconciled_months, statement_items, statement_lines, statement_matches


def check_bank_book(work: Work, report: Report) -> None:
    """Matches hold wherever there are any; in months that two people signed off they are one to one, both ways."""
    _matches(work, report)
    _refunds(work, report)
    for row in work.connection.execute(select(reconciled_months).where(reconciled_months.c.approved_at.is_not(None))):
        first = date.fromisoformat(f"{row.month}-01")
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        _lines_of(work, report, row.account_id, first, last)
    _payments_of(work, report)


def _matches(work: Work, report: Report) -> None:
    """The lines of an instruction sum to what it paid; one recorded as paid is booked with the bank's serial."""
    rows = work.connection.execute(
        select(
            bank_instructions.c.reference, bank_instructions.c.amount_fen, bank_instructions.c.outcome,
            bank_instructions.c.case_id, bank_instructions.c.bank_serial, statement_lines.c.serial,
            statement_lines.c.amount_fen.label("line_fen"), statement_matches.c.by,
        )
        .join(statement_matches, statement_matches.c.instruction_id == bank_instructions.c.id)
        .join(statement_lines, statement_lines.c.id == statement_matches.c.line_id)
        .order_by(bank_instructions.c.reference)
    )  # fmt: skip
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.reference].append(row)
    booked = _booked(work)
    for reference, lines in found.items():
        one, moved = lines[0], sum(int(line.line_fen) for line in lines)
        if moved != -one.amount_fen:
            report.add("I14", f"{reference}: {moved} fen on the statement, {one.amount_fen} fen instructed")
        if one.outcome == "paid" and booked.get(one.case_id, 0) != one.amount_fen:
            report.add(
                "I14", f"{reference}: the bank paid {one.amount_fen} fen, the book says {booked.get(one.case_id, 0)}"
            )
        serials = {line.serial for line in lines}
        if one.outcome == "paid" and one.by != "hand" and one.bank_serial not in serials and serials != {""}:
            report.add("I14", f"{reference}: recorded under another serial than the bank's")


def _booked(work: Work) -> dict[str, int]:
    """What is paid on the books by instalment, entries that were reversed left out."""
    reversed_ = select(ledger_reversals.c.reverses)
    rows = work.connection.execute(
        select(ledger_entries.c.case_id, func.sum(ledger_postings.c.amount_fen))
        .join(ledger_postings, ledger_postings.c.entry_id == ledger_entries.c.id)
        .where(
            ledger_entries.c.kind == "pay", ledger_postings.c.account == "PAID", ledger_entries.c.id.not_in(reversed_)
        )
        .group_by(ledger_entries.c.case_id)
    )
    return {row[0]: int(row[1]) for row in rows}


def _refunds(work: Work, report: Report) -> None:
    """What came back is on one line, with its amount."""
    rows = work.connection.execute(
        select(refunds.c.bank_serial, refunds.c.amount_fen, statement_lines.c.amount_fen.label("line_fen"))
        .join(statement_matches, statement_matches.c.refund_id == refunds.c.id)
        .join(statement_lines, statement_lines.c.id == statement_matches.c.line_id)
    )
    seen: set[str] = set()
    for row in rows:
        if row.line_fen != row.amount_fen or row.bank_serial in seen:
            report.add("I14", f"refund {row.bank_serial}: {row.amount_fen} fen booked, the bank says {row.line_fen}")
        seen.add(row.bank_serial)


def _lines_of(work: Work, report: Report, account_id: str, first: date, last: date) -> None:
    """Every line of a signed month is matched, or a person has said what it is."""
    explained = {
        line
        for lines in work.connection.scalars(
            select(statement_items.c.lines).where(statement_items.c.resolution == "explained")
        )
        for line in lines
    }
    loose = select(statement_lines.c.id, statement_lines.c.row, statement_lines.c.booked_on).where(
        statement_lines.c.account_id == account_id, statement_lines.c.booked_on.between(first, last),
        statement_lines.c.id.not_in(select(statement_matches.c.line_id)),
    )  # fmt: skip
    for row in work.connection.execute(loose):
        if row.id not in explained:
            report.add("I14", f"row {row.row} of {row.booked_on}: signed off, and nothing on the books")


def _payments_of(work: Work, report: Report) -> None:
    """Every payment and refund booked on a day of a month that all accounts have signed off is on a statement."""
    months = _signed_by_all(work)
    matched = select(statement_matches.c.instruction_id).where(statement_matches.c.instruction_id.is_not(None))
    paid = (
        select(bank_instructions.c.reference, bank_instructions.c.value_date)
        .join(instalments, instalments.c.case_id == bank_instructions.c.case_id)
        .where(bank_instructions.c.outcome == "paid", bank_instructions.c.id.not_in(matched))
    )
    for row in work.connection.execute(paid):
        if f"{row.value_date:%Y-%m}" in months:
            report.add("I14", f"{row.reference}: paid on the books on {row.value_date}, on no statement")
    back = select(statement_matches.c.refund_id).where(statement_matches.c.refund_id.is_not(None))
    for row in work.connection.execute(
        select(refunds.c.bank_serial, refunds.c.received_on).where(refunds.c.id.not_in(back))
    ):
        if f"{row.received_on:%Y-%m}" in months:
            report.add("I14", f"refund {row.bank_serial}: received on the books on {row.received_on}, on no statement")


def _signed_by_all(work: Work) -> frozenset[str]:
    rows = work.connection.execute(
        select(reconciled_months.c.month, func.count(reconciled_months.c.approved_at), func.count()).group_by(
            reconciled_months.c.month
        )
    ).all()
    return frozenset(month for month, signed, all_of_them in rows if signed == all_of_them)
