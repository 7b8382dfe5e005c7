"""Opens the database, SQLite or PostgreSQL, with the settings that keep a commit a commit."""

import sqlite3
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url

SYNCHRONOUS = "FULL"
"""A commit is on the disk before it is answered, so that a power cut loses nothing that was acknowledged."""


@dataclass(frozen=True)
class Database:
    """One opened database; `writing` is the process-wide lock that keeps SQLite's single writer fast and fair."""

    engine: Engine
    url: URL
    writing: AbstractContextManager[Any] | None = field(default=None, compare=False)

    @property
    def is_sqlite(self) -> bool:
        """True on the embedded default."""
        return self.url.get_backend_name() == "sqlite"

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _sqlite_connected(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver must not begin transactions on its own, else SELECTs stay outside and savepoints break.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        f"synchronous={SYNCHRONOUS}",
        "cache_size=-16384",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "trusted_schema=OFF",
        # Else INSERT OR REPLACE would delete rows of append-only tables without asking their triggers.
        "recursive_triggers=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def open_database(url: str) -> Database:
    """Open `url` (sqlite:///… or postgresql+psycopg://…); makes the folder of a SQLite file, creates no table."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, pool_size=8, max_overflow=24, query_cache_size=2000)
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begin)
        return Database(engine, parsed, threading.RLock())
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(parsed, pool_size=8, max_overflow=24, pool_pre_ping=True, query_cache_size=2000)
    return Database(engine, parsed)
