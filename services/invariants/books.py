"""I8 to I13: the book balances, agrees with the budget lines and the instalments, and its vouchers have no gap."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from services.cases.models import case_moves, cases
from services.database.counters import counters
from services.database.work import Work
from services.funding.models import awards, budget_lines, instalments, recoveries, recovery_cases, refunds
from services.funding.rules import Account, Balances, floor_reasons, identity_holds
from services.invariants.ceilings import check_ceilings
from services.invariants.findings import Report
from services.ledger.models import ledger_entries, ledger_postings
from statemachines.registry import process_of
from statemachines.table import Release

_VOUCHER = re.compile(r"^记-(\d{4})-(\d{4,})$")
_PAID = ("PAID", "CONFIRMED")
_AT_BANK = ("INSTRUCTED", "SENT", "UNKNOWN", *_PAID)


def check_books(work: Work, report: Report) -> None:
    """Everything about money; one grouped pass over the postings, one over the instalments."""
    _entries(work, report)
    _lines(work, report)
    check_ceilings(work, report)
    _instalments(work, report)
    _sums(work, report)
    _vouchers(work, report)
    _returns(work, report)
    _recoveries(work, report)


def _rows(work: Work, statement: Any) -> Iterator[Any]:
    with work.connection.execute(statement.execution_options(yield_per=1_000)) as rows:
        yield from rows


def _entries(work: Work, report: Report) -> None:
    unbalanced = (
        select(ledger_postings.c.entry_id, ledger_postings.c.budget_line_id)
        .group_by(ledger_postings.c.entry_id, ledger_postings.c.budget_line_id)
        .having(func.sum(ledger_postings.c.amount_fen) != 0)
    )
    for row in _rows(work, unbalanced):
        report.add("I8", f"entry {row.entry_id} does not sum to zero on line {row.budget_line_id}")
    empty = (
        select(ledger_entries.c.voucher)
        .outerjoin(ledger_postings, ledger_postings.c.entry_id == ledger_entries.c.id)
        .where(ledger_postings.c.id.is_(None))
    )
    for row in _rows(work, empty):
        report.add("I8", f"{row.voucher} has no postings")


def _lines(work: Work, report: Report) -> None:
    known = {row.id: row for row in work.connection.execute(select(budget_lines))}
    sums = (
        select(
            ledger_postings.c.budget_line_id, ledger_postings.c.award_id, ledger_postings.c.account,
            func.sum(ledger_postings.c.amount_fen).label("fen"),
        )
        .group_by(ledger_postings.c.budget_line_id, ledger_postings.c.award_id, ledger_postings.c.account)
        .order_by(ledger_postings.c.budget_line_id)
    )  # fmt: skip
    for line_id, rows in groupby(_rows(work, sums), key=lambda row: row.budget_line_id):
        amounts = {(Account(row.account), line_id, row.award_id): int(row.fen) for row in rows}
        _line(known.pop(line_id), Balances(amounts), report)
    for line_id in known:
        report.add("I10", f"budget line {line_id} is not in the book")


def _line(line: Any, book: Balances, report: Report) -> None:
    broken = set(floor_reasons(book, line.id, None))
    awarded: dict[str, dict[Any, int]] = {}
    for (account, _, award_id), amount in book.amounts.items():
        if award_id is not None:
            awarded.setdefault(award_id, {})[(account, line.id, award_id)] = amount
    for award_id, amounts in awarded.items():
        for reason in set(floor_reasons(Balances(amounts), line.id, award_id)) - {"ledger.available_below_zero"}:
            report.add("I9", f"award {award_id} on line {line.id}: {reason}")
    for reason in sorted(broken):
        report.add("I9", f"line {line.id}: {reason}")
    figures = book.figures(line_id=line.id)
    used = figures.committed + figures.payable + figures.net_paid
    if not identity_holds(book, line_id=line.id) or figures.appropriated != line.amount_fen:
        report.add("I10", f"line {line.id}: appropriated {figures.appropriated} fen is not what its parts add up to")
    if line.used_fen != used or not 0 <= line.used_fen <= line.amount_fen:
        report.add("I10", f"line {line.id} says {line.used_fen} fen are used, the book says {used}")


def _sums(work: Work, report: Report) -> None:
    shares = (
        select(
            awards.c.case_id,
            awards.c.amount_fen,
            awards.c.committed_at,
            func.sum(instalments.c.amount_fen).label("fen"),
        )
        .outerjoin(instalments, instalments.c.award_id == awards.c.case_id)
        .group_by(awards.c.case_id, awards.c.amount_fen, awards.c.committed_at)
    )
    for row in _rows(work, shares):
        due = row.amount_fen if row.committed_at is not None else 0
        if int(row.fen or 0) != due:
            report.add("I11", f"award {row.case_id}: instalments of {row.fen or 0} fen, {due} fen approved")


def _instalments(work: Work, report: Report) -> None:
    """Each instalment's own standing against the vouchers on it and the move that earned it."""
    earning = cases.alias()
    statement = (
        select(
            instalments, cases.c.number.label("case_number"), cases.c.state, case_moves.c.row.label("earned_row"),
            earning.c.kind.label("earned_kind"), earning.c.edition,
            _posted(("pay", "reversal"), Account.PAID).label("paid_fen"),
            _posted(("release_commitment",), Account.AVAILABLE).label("cancelled_fen"),
        )
        .join(cases, cases.c.id == instalments.c.case_id)
        .outerjoin(earning, earning.c.id == instalments.c.earned_by_case_id)
        .outerjoin(
            case_moves,
            (case_moves.c.case_id == instalments.c.earned_by_case_id)
            & (case_moves.c.sequence == instalments.c.earned_by_sequence),
        )
    )  # fmt: skip
    for row in _rows(work, statement):
        paid = int(row.paid_fen or 0)
        if paid != (row.amount_fen if row.state in _PAID else 0):
            report.add(
                "I12",
                f"{row.case_number} ({row.state}): {paid} fen paid by the book, the instalment is {row.amount_fen}",
            )
        if int(row.cancelled_fen or 0) != (row.amount_fen if row.state == "CANCELLED" else 0):
            report.add("I12", f"{row.case_number} ({row.state}): {row.cancelled_fen or 0} fen given back on the books")
        if (row.bank_serial is not None) != (row.state in _PAID):
            report.add("I12", f"{row.case_number} ({row.state}): bank serial and state disagree")
        if row.earned_on is None and row.state in _AT_BANK:
            report.add("I12", f"{row.case_number} went to the bank without being earned")
        if row.earned_on is not None and not _earns(row):
            report.add("I12", f"{row.case_number}: no move on record earned it")


def _posted(kinds: tuple[str, ...], account: Account) -> Any:
    return (
        select(func.sum(ledger_postings.c.amount_fen))
        .join(ledger_entries, ledger_entries.c.id == ledger_postings.c.entry_id)
        .where(
            ledger_entries.c.case_id == instalments.c.case_id,
            ledger_entries.c.kind.in_(kinds),
            ledger_postings.c.account == account.value,
        )
        .scalar_subquery()
    )


def _earns(row: Any) -> bool:
    if row.earned_row is None:
        return False
    moves = process_of(row.earned_kind, row.edition).moves
    effects = next((move.then for move in moves if move.code == row.earned_row), ())
    return any(isinstance(effect, Release) and effect.number == row.number for effect in effects)


def _vouchers(work: Work, report: Report) -> None:
    """Numbers are unique by constraint, so a year without gap has as many vouchers as its highest number."""
    count: dict[str, int] = {}
    highest: dict[str, int] = {}
    for row in _rows(work, select(ledger_entries.c.voucher)):
        found = _VOUCHER.match(row.voucher)
        if found is None:
            report.add("I13", f"{row.voucher} is no voucher number")
            continue
        year = found[1]
        count[year] = count.get(year, 0) + 1
        highest[year] = max(highest.get(year, 0), int(found[2]))
    given = {
        row.series.removeprefix("voucher-"): int(row.last)
        for row in work.connection.execute(select(counters).where(counters.c.series.like("voucher-%")))
    }
    for year in sorted(count.keys() | given.keys()):
        if not count.get(year, 0) == highest.get(year, 0) == given.get(year, 0):
            report.add(
                "I13",
                f"{year}: {count.get(year, 0)} vouchers up to {highest.get(year, 0)}, {given.get(year, 0)} given out",
            )


def _returns(work: Work, report: Report) -> None:
    returned = (
        select(
            awards.c.case_id,
            select(func.sum(refunds.c.amount_fen))
            .where(refunds.c.award_id == awards.c.case_id)
            .scalar_subquery()
            .label("back"),
            select(func.sum(ledger_postings.c.amount_fen))
            .where(ledger_postings.c.award_id == awards.c.case_id, ledger_postings.c.account == Account.RETURNED.value)
            .scalar_subquery()
            .label("returned"),
            select(func.sum(ledger_postings.c.amount_fen))
            .where(ledger_postings.c.award_id == awards.c.case_id, ledger_postings.c.account == Account.PAID.value)
            .scalar_subquery()
            .label("paid"),
        )
    )  # fmt: skip
    for row in _rows(work, returned):
        back, paid = int(row.back or 0), int(row.paid or 0)
        if back > paid:
            report.add("I13", f"award {row.case_id}: {back} fen came back, {paid} fen were paid")
        elif back != -int(row.returned or 0):
            report.add("I13", f"award {row.case_id}: {back} fen came back, the book says {-int(row.returned or 0)}")


def _recoveries(work: Work, report: Report) -> None:
    """What a recovery says came back and is still to come against the slips and the book."""
    back = select(func.sum(refunds.c.amount_fen)).where(refunds.c.recovery_id == recoveries.c.id)
    receivable = select(func.sum(ledger_postings.c.amount_fen)).where(
        ledger_postings.c.award_id == recoveries.c.award_id, ledger_postings.c.account == Account.RECEIVABLE.value
    )
    decided = select(
        recoveries, recovery_cases.c.closed_on, back.scalar_subquery().label("back"),
        receivable.scalar_subquery().label("receivable"),
    ).outerjoin(recovery_cases, recovery_cases.c.recovery_id == recoveries.c.id)  # fmt: skip
    for row in _rows(work, decided):
        if int(row.back or 0) != row.repaid_fen:
            report.add("I13", f"recovery {row.id} says {row.repaid_fen} fen repaid, {row.back or 0} came back")
        # What is closed with a rest was written off.
        rest = 0 if row.closed_on is not None else row.amount_fen - row.repaid_fen
        if int(row.receivable or 0) != rest:
            report.add("I13", f"recovery {row.id} has {rest} fen to come, the book says {row.receivable or 0}")
