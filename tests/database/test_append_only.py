"""The books refuse changes in the database itself, whoever asks."""

import pytest
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from services.actors import SYSTEM
from services.audit.commands import record, seal
from services.cases.models import case_moves
from services.database.base import new_id
from services.database.engine import Database
from services.database.tables import all_tables
from services.database.work import Work, unit_of_work
from services.ledger.models import ledger_entries
from services.payments.models import bank_answers, payment_approvals
from services.reviews.models import review_ballots
from tests.database.conftest import without_guards
from tests.database_fixtures import NOW

BOOKS = (
    "ledger_entries",
    "ledger_postings",
    "audit_entries",
    "log_leaves",
    "case_moves",
    "review_ballots",
    "payment_approvals",
    "bank_answers",
)


def write_one_of_each(database: Database) -> None:
    """A row in every book; foreign keys of the books are not what is tested here."""
    with unit_of_work(database, NOW) as work:
        record(work, stream="sign-in", actor=SYSTEM, role="system", action="sign-in:begin", object="person:1")
    seal(database, NOW)
    without_guards(database, fill, triggers=True)


def fill(connection: Connection) -> None:
    work = Work(connection, NOW)
    entry = {"id": new_id(), "voucher": "1", "key": "k", "kind": "appropriation", "posted_on": work.today, "at": NOW}
    work.connection.execute(insert(ledger_entries), entry | {"memo": ""})
    posting = {"id": new_id(), "entry_id": entry["id"], "line_number": 1, "account": "AVAILABLE", "amount_fen": 1}
    work.connection.execute(insert(all_tables().tables["ledger_postings"]), posting | {"budget_line_id": new_id()})
    move = {"id": new_id(), "case_id": new_id(), "sequence": 1, "row": "T01", "trigger": "submit", "source": "DRAFT"}
    move |= {"dest": "SUBMITTED", "actor_id": SYSTEM.id, "role": "system", "duty": "apply", "at": NOW}
    work.connection.execute(insert(case_moves), move | {"on_date": work.today, "details": {}, "request_id": "r"})
    ballot = {"id": new_id(), "case_id": new_id(), "member_id": new_id(), "result": "upheld", "reason": "r"}
    work.connection.execute(insert(review_ballots), ballot | {"cast_at": NOW})
    approval = {"case_id": new_id(), "sequence": 1, "digest": "d", "approved_by": SYSTEM.id, "approved_at": NOW}
    work.connection.execute(insert(payment_approvals), approval)
    answer = {"id": new_id(), "instruction_id": new_id(), "key": "k", "source": "bank", "said": "nothing", "at": NOW}
    work.connection.execute(insert(bank_answers), answer | {"by_id": SYSTEM.id, "words": ""})


@pytest.mark.parametrize("book", BOOKS)
def test_a_row_of_the_books_is_neither_changed_nor_deleted(database: Database, book: str) -> None:
    write_one_of_each(database)
    table = all_tables().tables[book]
    column = next(column.name for column in table.c if column.name not in {"id", "position"})
    acts = [f"update {book} set {column} = {column}", f"delete from {book}"]
    if not database.is_sqlite:
        acts.append(f"truncate {book} cascade")
    for act in acts:
        with pytest.raises(IntegrityError, match="append-only"), unit_of_work(database, NOW) as work:
            work.connection.execute(text(act))
    with unit_of_work(database, NOW) as work:
        assert work.connection.scalar(select(func.count()).select_from(table)) == 1
