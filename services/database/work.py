"""The unit of work: the only place where anything is committed."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from services.database.engine import Database
from services.database.points import reach
from services.errors import Unavailable

ResultT = TypeVar("ResultT")
OFFICE_TIME = ZoneInfo("Asia/Shanghai")
"""Dates of acts, numbers and deadlines are those of the office, whatever machine decides."""

# Serialization failure, deadlock, lock not available: the whole unit may simply be run again.
_RETRY_STATES = {"40001", "40P01", "55P03"}


# Several statements of one page must see the same moment; SQLite's readers do so by themselves.
_ONE_VIEW = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


@dataclass(frozen=True, slots=True)
class Work:
    """What one unit of work has at hand: its connection and the instant it happens at (UTC)."""

    connection: Connection
    now: datetime

    @property
    def today(self) -> date:
        """The office's date at that instant."""
        return self.now.astimezone(OFFICE_TIME).date()


def office_now() -> datetime:
    """The present instant; the edges read it once and pass it on as a value."""
    return datetime.now(UTC)


def office_instant(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """The instant at which the office's clock shows that day and hour."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=OFFICE_TIME).astimezone(UTC)


@contextmanager
def unit_of_work(database: Database, now: datetime) -> Iterator[Work]:
    """Everything done inside commits together when the block ends, or not at all when it raises."""
    with database.writing or nullcontext():
        with database.engine.connect().execution_options(writing=True) as connection:
            transaction = connection.begin()
            try:
                yield Work(connection, now)
                reach("commit:before")
                transaction.commit()
            except BaseException:
                transaction.rollback()
                raise
        reach("commit:after")


@contextmanager
def reading(database: Database, now: datetime | None = None) -> Iterator[Work]:
    """A consistent look at the database; whatever is tried to write is rolled back."""
    options = {} if database.is_sqlite else _ONE_VIEW
    with database.engine.connect().execution_options(**options) as connection:
        transaction = connection.begin()
        try:
            yield Work(connection, now or office_now())
        finally:
            transaction.rollback()


def _may_run_again(error: DBAPIError) -> bool:
    if getattr(error.orig, "sqlstate", None) in _RETRY_STATES:
        return True
    return "database is locked" in str(error.orig)


def run(database: Database, now: datetime, unit: Callable[[Work], ResultT], *, tries: int = 5) -> ResultT:
    """Run `unit` in a unit of work, again from the start when the database asks for it.

    Raises Unavailable when it still asks after `tries` times; any other error passes through unchanged.
    """
    for attempt in range(tries):
        try:
            with unit_of_work(database, now) as work:
                return unit(work)
        except DBAPIError as error:
            if not _may_run_again(error):
                raise
            time.sleep(random.uniform(0.005, 0.02) * 2**attempt)
    raise Unavailable("database.busy")


class _Undone(Exception):
    """Carries the answer of a unit that was only tried out."""

    def __init__(self, answer: object) -> None:
        super().__init__("tried out")
        self.answer = answer


def try_out(database: Database, now: datetime, unit: Callable[[Work], ResultT]) -> ResultT:
    """Run `unit` and undo all it wrote; answers what it answered. Errors pass through unchanged."""

    def undone(work: Work) -> None:
        raise _Undone(unit(work))

    try:
        run(database, now, undone)
    except _Undone as tried:
        return tried.answer  # type: ignore[return-value]
    raise AssertionError("a unit that is tried out ends by being undone")
