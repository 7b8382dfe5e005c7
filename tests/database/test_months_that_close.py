"""A closed month refuses whatever is posted into it, in the service and in the database; two people close it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from services.database.base import new_id
from services.database.engine import Database
from services.database.work import unit_of_work
from services.errors import Forbidden, Refused, ServiceError
from services.funding import bookkeeping
from services.ledger.models import ledger_entries
from services.ledger.queries import carried_forward
from services.ledger.rules import days_of, month_of
from tests.database.book import LINE_FEN, PAID_FEN, Book, kept_book
from tests.database.office import trail

ON_ONE = pytest.mark.parametrize("backend", ["sqlite"])
"""Nothing in these depends on the database."""


@pytest.fixture
def book(database: Database) -> Book:
    return kept_book(database)


def codes(act, *given, **named) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    with pytest.raises(ServiceError) as refused:
        act(*given, **named)
    return refused.value.codes


def test_a_closed_month_refuses_posting_until_two_people_reopen_it(book: Book) -> None:
    book.on(2026, 11, 30)
    book.close("2026-11")
    assert codes(book.post) == ("ledger.period_closed",)
    book.on(2026, 12, 1)
    assert book.post().startswith("记-2026-")
    late = date(2026, 11, 30)
    assert codes(book.post, on=late) == ("ledger.period_closed",)
    book.reopen("2026-11")
    assert book.post(on=late)
    told = [(action, result) for action, _, result, _ in trail(book.database, "ledger:confirm_close")]
    assert [one[0] for one in told] == ["ledger:confirm_close"]


def test_the_database_refuses_too_whoever_asks(book: Book) -> None:
    book.on(2026, 11, 30)
    book.close("2026-11")
    entry = {
        "id": new_id(), "voucher": "记-2026-9999", "key": "x", "kind": "x", "posted_on": date(2026, 11, 3),
        "at": book.now, "memo": "",
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="month is closed"), unit_of_work(book.database, book.now) as work:
        work.connection.execute(insert(ledger_entries), entry)
    more = (
        "insert into ledger_postings (id, entry_id, line_number, account, budget_line_id, amount_fen) "
        "select entry_id, entry_id, 99, account, budget_line_id, amount_fen from ledger_postings where line_number = 1"
    )
    with pytest.raises(IntegrityError, match="month is closed"), unit_of_work(book.database, book.now) as work:
        work.connection.execute(text(more))


@ON_ONE
def test_the_same_person_never_proposes_and_closes(book: Book) -> None:
    book.on(2026, 11, 30)
    maker = book.people["maker"]
    book.people["both"] = type(maker)(
        maker.id, maker.username, maker.name, "zh", (*maker.grants, *book.people["checker"].grants)
    )
    proposal = bookkeeping.propose_closing(book.database, maker, month="2026-11", now=book.now)
    assert codes(book.confirm, proposal, by="both") == ("case.duties_must_be_separate",)
    with pytest.raises(Forbidden):
        book.confirm(proposal, by="payer")
    assert codes(bookkeeping.propose_closing, book.database, maker, month="2026-11", now=book.now) == (
        "ledger.proposal_waits",
    )
    bookkeeping.turn_down(book.database, book.people["checker"], proposal_id=proposal, now=book.now)
    assert codes(book.confirm, proposal) == ("ledger.proposal_decided",)
    assert book.post()


@ON_ONE
def test_months_close_in_their_order_and_reopen_backwards(book: Book) -> None:
    book.on(2026, 11, 20)
    assert codes(book.close, "2026-11") == ("period.not_over",)
    book.on(2026, 12, 31)
    book.post()
    assert codes(book.close, "2026-12") == ("period.earlier_open",)
    book.close("2026-11")
    assert codes(book.close, "2026-11") == ("period.already_closed",)
    assert codes(book.reopen, "2026-12") == ("period.not_closed",)
    book.close("2026-12")
    assert codes(book.reopen, "2026-11") == ("period.later_closed",)


@ON_ONE
@pytest.mark.parametrize("month", ["2026-13", "2026-1", "11-2026", "２０２６-11", ""])
def test_what_is_no_month_is_refused(book: Book, month: str) -> None:
    assert codes(book.close, month) == ("input.not_a_date",)


@ON_ONE
def test_the_last_month_closes_the_year_and_says_what_is_carried_forward(book: Book) -> None:
    book.on(2027, 1, 4)
    book.close("2026-11")
    with unit_of_work(book.database, book.now) as work:
        (line,) = carried_forward(work, 2026)
    assert line.fen == {"APPROPRIATED": -LINE_FEN, "AVAILABLE": LINE_FEN - PAID_FEN, "PAID": PAID_FEN}
    # What is posted in the new year changes nothing of it.
    book.refund()
    with unit_of_work(book.database, book.now) as work:
        assert carried_forward(work, 2026) == (line,)


@ON_ONE
def test_the_fiscal_year_is_the_office_s_calendar_year(book: Book) -> None:
    book.now = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    assert book.post().startswith("记-2026-")
    book.now = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert book.post() == "记-2027-0001"


def test_a_month_knows_its_days() -> None:
    assert days_of("2028-02") == (date(2028, 2, 1), date(2028, 2, 29))
    assert days_of("2026-12") == (date(2026, 12, 1), date(2026, 12, 31))
    assert month_of(date(2026, 12, 31)) == "2026-12"


@ON_ONE
def test_a_refused_posting_takes_no_number(book: Book) -> None:
    book.on(2026, 11, 30)
    before = book.post()
    book.close("2026-11")
    with pytest.raises(Refused):
        book.post()
    book.on(2026, 12, 1)
    assert int(book.post()[-4:]) == int(before[-4:]) + 1
