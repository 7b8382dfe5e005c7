"""A mark kept elsewhere proves that no voucher up to it was altered, put between or taken away, whoever could have."""

from datetime import date

import pytest
from sqlalchemy import text

from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Invalid
from services.ledger.marks import kept, marks
from tests.database.book import Book, kept_book

OF = "entry_id = (select id from ledger_entries where voucher = '{voucher}')"
TAMPERED = (
    "update ledger_entries set memo = '改过' where voucher = '{voucher}'",
    f"update ledger_postings set amount_fen = amount_fen * 2 where {OF}",
    f"update ledger_postings set account = 'PAID' where account = 'PAYABLE' and {OF}",
    f"delete from ledger_postings where {OF}",
)


@pytest.fixture
def book(database: Database) -> Book:
    return kept_book(database)


def mark_of(book: Book) -> str:
    with reading(book.database) as work:
        return marks(work)[-1]


def stands(book: Book, mark: str) -> bool:
    with reading(book.database) as work:
        return kept(work, mark)


def test_what_is_posted_later_leaves_a_mark_standing(book: Book) -> None:
    book.post()
    mark = mark_of(book)
    book.post()
    book.refund()
    assert mark_of(book) != mark
    assert stands(book, mark)


def test_a_year_has_a_mark_of_its_own(book: Book) -> None:
    first = mark_of(book)
    book.on(book.now.year + 1, 1, 4)
    book.post()
    with reading(book.database) as work:
        assert [one[:4] for one in marks(work)] == [str(book.now.year - 1), str(book.now.year)]
    assert stands(book, first)


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("tampering", TAMPERED)
def test_whoever_takes_the_triggers_off_and_tampers_is_found_out(book: Book, tampering: str) -> None:
    voucher = book.post()
    mark = mark_of(book)
    with unit_of_work(book.database, book.now) as work:
        for table in ("ledger_entries", "ledger_postings"):
            for act in ("update", "delete"):
                work.connection.execute(text(f"drop trigger {table}_refuses_{act}"))
        work.connection.execute(text(tampering.format(voucher=voucher)))
    assert not stands(book, mark)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_vouchers_that_are_gone_break_the_mark_and_words_are_none(book: Book) -> None:
    year, count, digest = mark_of(book).split("-")
    assert not stands(book, f"{year}-{int(count) + 1}-{digest}")
    assert not stands(book, f"{date(2031, 1, 1).year}-1-{digest}")
    with pytest.raises(Invalid) as refused:
        stands(book, "2026")
    assert refused.value.codes == ("ledger.no_mark",)
