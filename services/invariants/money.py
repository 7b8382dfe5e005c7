"""The proof of the book: I8 to I14 over any database, each with what was counted for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select, text

from services.database.engine import Database
from services.database.work import Work, office_now, reading
from services.funding.models import awards, budget_lines, funding_ceilings, instalments, refunds
from services.invariants.bank import check_bank, check_corrections
from services.invariants.bank_book import check_bank_book
from services.invariants.books import check_books
from services.invariants.findings import INVARIANTS, Report
from services.ledger.models import ledger_entries, ledger_periods, ledger_postings, ledger_reversals
from services.payments.models import bank_instructions
from services.reconciliation.models import statement_lines, statement_matches

MONEY = ("I8", "I9", "I10", "I11", "I12", "I13", "I14")


@dataclass(frozen=True, slots=True)
class Proof:
    """One invariant of money: what it says, what was counted for it, and the first rows that break it."""

    code: str
    zh: str
    en: str
    counted: dict[str, int]
    rows: tuple[str, ...]
    broken: int


def check_money(work: Work, report: Report) -> None:
    """Everything about money, within an open transaction."""
    check_books(work, report)
    check_corrections(work, report)
    check_bank(work, report)
    check_bank_book(work, report)


def prove(database: Database, *, now: datetime | None = None) -> tuple[Proof, ...]:
    """Check I8 to I14 in one consistent look at the database; changes nothing."""
    report = Report()
    with reading(database, now or office_now()) as work:
        if not database.is_sqlite:
            work.connection.execute(text("set transaction isolation level repeatable read, read only"))
        check_money(work, report)
        counted = _counted(work)
    found = {one.code: one for one in report.findings()}
    return tuple(
        Proof(code, *INVARIANTS[code], counted[code], found[code].rows if code in found else (),
              found[code].count if code in found else 0)
        for code in MONEY
    )  # fmt: skip


def _counted(work: Work) -> dict[str, dict[str, int]]:
    def number(table: Table, *where: ColumnElement[Any]) -> int:
        return int(work.connection.scalar(select(func.count()).select_from(table).where(*where)) or 0)

    outcome = bank_instructions.c.outcome
    vouchers, lines = number(ledger_entries), number(budget_lines)
    return {
        "I8": {"vouchers": vouchers, "postings": number(ledger_postings)},
        "I9": {"budget_lines": lines, "awards": number(awards)},
        "I10": {"budget_lines": lines, "ceilings": number(funding_ceilings)},
        "I11": {"awards": number(awards), "instalments": number(instalments)},
        "I12": {"instalments": number(instalments)},
        "I13": {
            "vouchers": vouchers, "reversals": number(ledger_reversals), "refunds": number(refunds),
            "closed_months": number(ledger_periods, ledger_periods.c.standing == "closed"),
        },
        "I14": {
            "paid": number(bank_instructions, outcome == "paid"),
            "held": number(bank_instructions, outcome == "unknown"), "statement_lines": number(statement_lines),
            "matched": number(statement_matches),
        },
    }  # fmt: skip
