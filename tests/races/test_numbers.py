"""Sixteen threads take numbers of one series while some of them give up: no gap, no duplicate, in order of time."""

import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from services.database.counters import counters, next_number
from services.database.engine import Database, open_database
from services.database.work import Work, reading, run
from tests.crash.harness import in_child
from tests.database_fixtures import NOW, PostgresServer, last_number, text_of
from tests.races.together import THREADS, together

EACH = 60


class GaveUp(Exception):
    """The act failed after its number was taken."""


def take_numbers(database: Database, take: Any, *, now: datetime = NOW) -> list[tuple[int, int]]:
    """(number, instant it was taken) of all that were committed; every tenth unit of work is undone."""
    kept: list[tuple[int, int]] = []
    guard = threading.Lock()

    def one(thread: int) -> None:
        for attempt in range(EACH):
            try:
                taken = run(database, now, lambda work, attempt=attempt: _act(work, take, (thread + attempt) % 10 == 0))
            except GaveUp:
                continue
            with guard:
                kept.append(taken)

    ended = together(one)
    assert ended == [None] * THREADS, [one for one in ended if one is not None][:3]
    return sorted(kept)


def _act(work: Work, take: Any, give_up: bool) -> tuple[int, int]:
    number = take(work, "race-2026")
    taken_at = time.monotonic_ns()
    if give_up:
        raise GaveUp
    return number, taken_at


def test_no_gap_no_duplicate_in_order_of_time(database: Database) -> None:
    kept = take_numbers(database, next_number)
    expected = THREADS * EACH * 9 // 10
    assert [number for number, _ in kept] == list(range(1, expected + 1))
    assert [at for _, at in kept] == sorted(at for _, at in kept)
    with reading(database) as work:
        assert last_number(work, "race-2026") == expected


def read_then_write(work: Work, series: str) -> int:
    """The classic mistake: look for the last number, and write one more."""
    known = work.connection.execute(select(counters.c.last).where(counters.c.series == series)).scalar_one()
    work.connection.execute(update(counters).where(counters.c.series == series).values(last=known + 1))
    return int(known) + 1


def test_reading_then_writing_would_be_seen(postgres: PostgresServer, tmp_path: Path) -> None:
    """On SQLite one writer at a time hides it; on PostgreSQL two people get the same number."""
    address = text_of(postgres.migrated_copy())

    def act() -> list[int]:
        database = open_database(address)
        run(database, NOW, lambda work: next_number(work, "race-2026"))
        return [number for number, _ in take_numbers(database, read_then_write)]

    found = in_child(tmp_path, act)
    assert found.status == 0, found.answer
    assert len(set(found.answer)) < len(found.answer)
