"""A wrong entry is never edited: two people reverse it, once, to the fen, and what stands beside it stays true."""

from datetime import date

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from services.cases.opening import open_recovery
from services.cases.turn import load_subject
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import ServiceError
from services.funding import bookkeeping
from services.funding.bookkeeping import Correction
from services.funding.commands import book_recovery, decide_recovery, record_repayment
from services.funding.models import recoveries, refunds, reversed_refunds
from services.invariants.books import check_books
from services.invariants.findings import Report
from services.ledger.models import ledger_entries, ledger_reversals
from tests.database.book import LINE_FEN, PAID_FEN, Book, kept_book

ON_ONE = pytest.mark.parametrize("backend", ["sqlite"])
"""Nothing in these depends on the database."""


@pytest.fixture
def book(database: Database) -> Book:
    return kept_book(database)


def codes(act, *given, **named) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    with pytest.raises(ServiceError) as refused:
        act(*given, **named)
    return refused.value.codes


def broken(book: Book) -> list[str]:
    """The award of the test has no instalments of its own, so I11 is left out."""
    report = Report()
    with reading(book.database, book.now) as work:
        check_books(work, report)
    return [one.code for one in report.findings() if one.code != "I11"]


def test_a_refund_is_reversed_and_its_slip_can_be_booked_where_it_belongs(book: Book) -> None:
    wrong = book.refund(100_000, "R1")
    assert book.line() == (LINE_FEN, PAID_FEN - 100_000)
    reversal = book.confirm(book.propose(wrong))
    assert book.line() == (LINE_FEN, PAID_FEN)
    assert book.balances() == {"APPROPRIATED": -LINE_FEN, "AVAILABLE": LINE_FEN - PAID_FEN, "PAID": PAID_FEN}
    with reading(book.database) as work:
        assert work.connection.scalar(select(reversed_refunds.c.bank_serial)) == "R1"
        assert work.connection.scalar(select(func.count()).select_from(refunds)) == 0
        entry = work.connection.execute(select(ledger_entries).where(ledger_entries.c.voucher == reversal)).one()
    assert (entry.kind, entry.case_id, entry.memo) == ("reversal", book.award_id, f"冲销 {wrong}")
    assert book.refund(90_000, "R1") != wrong
    assert book.line() == (LINE_FEN, PAID_FEN - 90_000)
    assert broken(book) == []


@ON_ONE
def test_a_repayment_is_reversed_and_owed_again(book: Book) -> None:
    people = book.people
    with unit_of_work(book.database, book.now) as work:
        award = load_subject(work, case_id=book.award_id)
        case_id = open_recovery(work, actor=people["keeper"], award=award, cause="misuse").id
        decide_recovery(
            work, actor=people["bureau"], case_id=case_id, proposed_by=people["keeper"].id, amount_fen=200_000,
            reason="挪作他用",
        )  # fmt: skip
        book_recovery(work, actor=people["bureau"], case_id=case_id, entry="recovery_decided")
        record_repayment(
            work, actor=people["payer"], case_id=case_id, amount_fen=50_000, bank_serial="B1", received_on=work.today
        )
        entry = "recovery_repaid"
        wrong = book_recovery(work, actor=people["payer"], case_id=case_id, entry=entry, bank_serial="B1")
    book.confirm(book.propose(wrong))
    with reading(book.database) as work:
        assert work.connection.scalar(select(recoveries.c.repaid_fen)) == 0
    assert book.balances()["RECEIVABLE"] == 200_000
    assert book.line() == (LINE_FEN, PAID_FEN)
    assert broken(book) == []


@ON_ONE
def test_an_appropriation_in_use_stays(book: Book) -> None:
    assert codes(lambda: book.confirm(book.propose("记-2026-0001"))) == ("ledger.appropriation_in_use",)
    assert book.line() == (LINE_FEN, PAID_FEN)


@ON_ONE
def test_an_entry_is_reversed_once_and_a_reversal_never(book: Book) -> None:
    wrong = book.refund()
    proposal = book.propose(wrong)
    assert codes(book.propose, wrong) == ("ledger.proposal_waits",)
    reversal = book.confirm(proposal)
    assert codes(book.confirm, proposal) == ("ledger.proposal_decided",)
    assert codes(book.propose, wrong) == ("ledger.already_reversed",)
    assert codes(book.propose, reversal) == ("ledger.reversal_not_reversed",)
    assert codes(book.propose, "记-2026-7777") == ("ledger.voucher_not_found",)


@ON_ONE
def test_what_a_move_of_a_case_wrote_is_corrected_by_that_case(book: Book) -> None:
    assert codes(book.propose, book.vouchers["pay"]) == ("ledger.moved_by_case",)


@ON_ONE
def test_money_used_again_is_not_taken_back(book: Book) -> None:
    wrong = book.refund()
    with unit_of_work(book.database, book.now) as work:
        work.connection.exec_driver_sql("update budget_lines set used_fen = amount_fen")
    assert codes(book.confirm, book.propose(wrong)) == ("ledger.money_used_again",)


@ON_ONE
def test_the_day_of_a_reversal_lies_between_the_entry_and_today(book: Book) -> None:
    book.on(2026, 11, 10)
    wrong = book.refund()
    book.on(2026, 12, 2)
    for day in (date(2026, 11, 9), date(2026, 12, 3)):
        assert codes(book.propose, wrong, day) == ("ledger.reversal_day_unfit",)
    reversal = book.confirm(book.propose(wrong, date(2026, 11, 30)))
    with reading(book.database) as work:
        day = work.connection.scalar(select(ledger_entries.c.posted_on).where(ledger_entries.c.voucher == reversal))
    assert day == date(2026, 11, 30)


@ON_ONE
def test_one_person_never_does_both_and_a_reason_is_needed(book: Book) -> None:
    wrong, maker = book.refund(), book.people["maker"]
    nothing = Correction(wrong, " ")
    assert codes(bookkeeping.propose_reversal, book.database, maker, nothing, now=book.now) == ("input.missing",)
    book.people["both"] = type(maker)(
        maker.id, maker.username, maker.name, "zh", (*maker.grants, *book.people["checker"].grants)
    )
    assert codes(book.confirm, book.propose(wrong), by="both") == ("case.duties_must_be_separate",)


def test_the_database_takes_only_what_undoes_the_entry_exactly(book: Book) -> None:
    """Not a second reversal, not one of a fen less, not one of a reversal: whoever asks."""
    wrong = book.refund()
    reversal = book.confirm(book.propose(wrong))
    other = book.post(7)
    with reading(book.database) as work:
        ids = {row.voucher: row.id for row in work.connection.execute(select(ledger_entries))}
    people = {"reason": "x", "proposed_by": book.people["maker"].id, "approved_by": book.people["payer"].id}
    for entry, reverses in ((other, wrong), (other, reversal), (other, book.vouchers["pay"])):
        row = {"entry_id": ids[entry], "reverses": ids[reverses]} | people
        with pytest.raises(IntegrityError), unit_of_work(book.database, book.now) as work:
            work.connection.execute(insert(ledger_reversals), row)
