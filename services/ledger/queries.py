"""Reads of the book: balances derived from postings, and the postings behind every figure."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from services.database.work import Work
from services.ledger.models import ledger_entries, ledger_postings


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One posting with its entry, for drilling down."""

    voucher: str
    posted_on: date
    kind: str
    memo: str
    account: str
    budget_line_id: str
    award_id: str | None
    amount_fen: int


def balances(work: Work, *, budget_line_id: str | None = None, award_id: str | None = None) -> dict[str, int]:
    """Account to balance in fen, over everything, one budget line or one award; accounts without any are left out."""
    statement = select(ledger_postings.c.account, func.sum(ledger_postings.c.amount_fen)).group_by(
        ledger_postings.c.account
    )
    if budget_line_id:
        statement = statement.where(ledger_postings.c.budget_line_id == budget_line_id)
    if award_id:
        statement = statement.where(ledger_postings.c.award_id == award_id)
    return {account: int(total) for account, total in work.connection.execute(statement)}


def balances_by_line(work: Work, *, until: date | None = None) -> dict[str, dict[str, int]]:
    """Budget line id to account to balance in fen, of everything or of what belongs to days up to `until`."""
    statement = select(
        ledger_postings.c.budget_line_id, ledger_postings.c.account, func.sum(ledger_postings.c.amount_fen)
    ).group_by(ledger_postings.c.budget_line_id, ledger_postings.c.account)
    if until is not None:
        statement = statement.join(ledger_entries, ledger_entries.c.id == ledger_postings.c.entry_id)
        statement = statement.where(ledger_entries.c.posted_on <= until)
    found: dict[str, dict[str, int]] = {}
    for line_id, account, total in work.connection.execute(statement):
        found.setdefault(line_id, {})[account] = int(total)
    return found


def entries(work: Work, *, award_id: str | None = None, limit: int = 200) -> tuple[EntryLine, ...]:
    """The latest postings with their entries, newest voucher first."""
    statement = (
        select(ledger_entries, ledger_postings)
        .join(ledger_postings, ledger_postings.c.entry_id == ledger_entries.c.id)
        .order_by(ledger_entries.c.voucher.desc(), ledger_postings.c.line_number)
        .limit(limit)
    )
    if award_id:
        statement = statement.where(ledger_postings.c.award_id == award_id)
    return tuple(
        EntryLine(row.voucher, row.posted_on, row.kind, row.memo, row.account, row.budget_line_id, row.award_id,
                  row.amount_fen)
        for row in work.connection.execute(statement)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineBalances:
    """Account to balance in fen of one budget line; accounts that came to nothing are left out."""

    budget_line_id: str
    fen: dict[str, int]


def carried_forward(work: Work, year: int) -> tuple[LineBalances, ...]:
    """What each budget line takes into the next year: its balances on the last day of this one."""
    lines = balances_by_line(work, until=date(year, 12, 31))
    return tuple(
        LineBalances(line, {account: fen for account, fen in sorted(of.items()) if fen})
        for line, of in sorted(lines.items())
    )
