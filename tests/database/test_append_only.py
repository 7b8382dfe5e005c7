"""The books refuse changes in the database itself, whoever asks; on PostgreSQL the right is taken too."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import JSON, BigInteger, Connection, Date, Integer, Uuid, func, insert, select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from services.database.base import Moment, new_id
from services.database.books import APPEND_ONLY, guarded, rights
from services.database.engine import Database, open_database
from services.database.tables import all_tables
from services.database.work import reading, unit_of_work
from services.errors import ServiceError
from services.ledger.models import ledger_entries
from tests.database.book import kept_book
from tests.database.conftest import without_guards
from tests.database_fixtures import NOW, PostgresServer, text_of

GRANTS = Path(__file__).resolve().parents[2] / "deploy" / "grants.sql"


def some_value(column: Any) -> Any:
    """Anything the column's type takes."""
    kinds = (
        (Moment, NOW), (Date, date(2026, 11, 23)), (JSON, {}), (Uuid, new_id()), (Integer, 1), (BigInteger, 1),
    )  # fmt: skip
    return next((value for kind, value in kinds if isinstance(column.type, kind)), "x")


def fill(connection: Connection) -> None:
    """A row in every book, sensible or not. Triggers of SQLite only look at rows; PostgreSQL's look at statements."""
    connection.exec_driver_sql("pragma ignore_check_constraints = on")
    connection.exec_driver_sql("drop trigger ledger_reversals_undoes")
    for name in APPEND_ONLY:
        table = all_tables().tables[name]
        if not connection.scalar(select(func.count()).select_from(table)):
            connection.execute(insert(table), {column.name: some_value(column) for column in table.c})


def test_no_row_of_any_book_is_changed_or_deleted(database: Database) -> None:
    if database.is_sqlite:
        without_guards(database, fill, triggers=True)
    for name in APPEND_ONLY:
        column = all_tables().tables[name].c.keys()[-1]
        acts = [f"update {name} set {column} = {column}", f"delete from {name}"]
        if not database.is_sqlite:
            acts.append(f"truncate {name} cascade")
        for act in acts:
            with pytest.raises(IntegrityError, match="append-only"), unit_of_work(database, NOW) as work:
                work.connection.execute(text(act))


def test_the_list_of_books_names_every_table_that_refuses_change(database: Database) -> None:
    with reading(database) as work:
        assert guarded(work) == set(APPEND_ONLY)


def test_a_trigger_that_is_gone_is_told(database: Database) -> None:
    name = "ledger_entries_refuses_update" if database.is_sqlite else "ledger_entries_refuses_change"
    of = "" if database.is_sqlite else " on ledger_entries"
    with unit_of_work(database, NOW) as work:
        work.connection.execute(text(f"drop trigger {name}{of}"))
    with pytest.raises(RuntimeError, match="ledger_entries"):
        rights(database)


# The application's own user -------------------------------------------------------------------------


@pytest.fixture
def small(postgres: PostgresServer) -> Iterator[tuple[Database, Database]]:
    """A database as its owner and as the application's user, who was given what deploy/grants.sql gives."""
    owner = open_database(text_of(postgres.migrated_copy()))
    role = f"{owner.url.database}_app"
    plain = text_of(owner.url.set(drivername="postgresql"))
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"create role {role} login password 'x'".encode())
        connection.execute(GRANTS.read_text(encoding="utf-8").replace(':"role"', role).encode())
    application = open_database(text_of(owner.url.set(username=role, password="x")))
    yield owner, application
    application.close()
    owner.close()
    postgres.drop(str(owner.url.database))
    postgres.connection.execute(f"drop role {role}".encode())


def test_the_application_s_user_keeps_books_and_changes_none(small: tuple[Database, Database]) -> None:
    """It books, closes and reverses as ever; nothing it could say changes or removes a row of a book."""
    owner, application = small
    book = kept_book(application)
    wrong = book.refund()
    book.confirm(book.propose(wrong))
    book.on(2026, 11, 30)
    book.close("2026-11")
    with pytest.raises(ServiceError):
        book.post()
    for name in APPEND_ONLY:
        column = all_tables().tables[name].c.keys()[-1]
        for act in (f"update {name} set {column} = {column}", f"delete from {name}", f"truncate {name} cascade"):
            with pytest.raises(ProgrammingError, match="permission denied"), unit_of_work(application, NOW) as work:
                work.connection.execute(text(act))
    for act in (
        "alter table ledger_entries disable trigger all", "set session_replication_role = replica",
        "drop trigger ledger_entries_refuses_change on ledger_entries",
    ):  # fmt: skip
        with pytest.raises(ProgrammingError), unit_of_work(application, NOW) as work:
            work.connection.execute(text(act))
    with reading(owner) as work:
        assert work.connection.scalar(select(func.count()).select_from(ledger_entries)) > 4
    assert "_app" in rights(application)


def test_a_user_who_may_change_a_book_or_lacks_a_right_is_told(small: tuple[Database, Database]) -> None:
    owner, application = small
    role = application.url.username
    with pytest.raises(RuntimeError, match=r"grants\.sql"):
        rights(owner)
    with unit_of_work(owner, NOW) as work:
        work.connection.execute(text(f"revoke insert on notices from {role}"))
    with pytest.raises(RuntimeError, match="notices"):
        rights(application)
    with unit_of_work(owner, NOW) as work:
        work.connection.execute(text(f"grant update on ledger_postings to {role}"))
    with pytest.raises(RuntimeError, match="may change the books"):
        rights(application)


def test_the_shipped_grants_take_exactly_the_books() -> None:
    taken = re.search(r"revoke update, delete, truncate on(.*?)from", GRANTS.read_text(encoding="utf-8"), re.S)
    assert taken
    assert tuple(one.strip() for one in taken[1].split(",")) == APPEND_ONLY
