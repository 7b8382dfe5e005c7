"""Numbers of a series: none twice, none left out, whoever asks at once and whoever gives up (会计法 art. 15)."""

import random
import threading

from sqlalchemy import func, select

from services.database.counters import counters, next_number
from services.database.engine import Database, open_database
from services.database.work import Work, reading, run, unit_of_work
from tests.database_fixtures import NOW, last_number, text_of

SERIES = "certificate:2026"
WORKERS, EACH = 8, 30


class GivenUp(Exception):
    """The unit of work ended without a decision."""


def number_from(database: Database, take: object, seed: int, taken: list[int]) -> None:
    """Ask for EACH numbers; one time in ten the unit is given up after it had one."""
    dice, got = random.Random(seed), 0
    while got < EACH:
        give_up = dice.random() < 0.1

        def unit(work: Work, give_up: bool = give_up) -> int:
            number: int = take(work, SERIES)  # type: ignore[operator]
            if give_up:
                raise GivenUp
            return number

        try:
            taken.append(run(database, NOW, unit, tries=20))
            got += 1
        except GivenUp:
            continue


def numbers_taken(database: Database, take: object) -> list[int]:
    """Every number that WORKERS asking at once came to hold, in the order they were given to each."""
    others = [open_database(text_of(database.url)) for _ in range(WORKERS)]
    taken: list[int] = []
    threads = [
        threading.Thread(target=number_from, args=(other, take, seed, taken)) for seed, other in enumerate(others)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.close()
    return taken


def test_a_series_starts_at_one_and_goes_on(work: Work) -> None:
    assert last_number(work, SERIES) == 0
    assert [next_number(work, SERIES) for _ in range(3)] == [1, 2, 3]
    assert next_number(work, "voucher:2026") == 1
    assert last_number(work, SERIES) == 3


def test_many_at_once_get_each_number_once_and_leave_none_out(database: Database) -> None:
    taken = numbers_taken(database, next_number)
    assert sorted(taken) == list(range(1, WORKERS * EACH + 1))
    with reading(database) as work:
        assert last_number(work, SERIES) == WORKERS * EACH


def test_one_more_than_the_highest_would_be_given_twice(database: Database) -> None:
    """The usual mistake: read the highest, then write one more. The test above must be able to see it."""
    if database.is_sqlite:
        return  # one writer at a time: the mistake has no room there
    with unit_of_work(database, NOW) as work:
        next_number(work, SERIES)
    meet = threading.Barrier(WORKERS)

    def highest_and_one(work: Work, series: str) -> int:
        highest = work.connection.scalar(select(func.max(counters.c.last)).where(counters.c.series == series)) or 0
        if highest == 1:
            meet.wait(timeout=10)
        work.connection.execute(counters.update().where(counters.c.series == series).values(last=highest + 1))
        return int(highest) + 1

    taken = numbers_taken(database, highest_and_one)
    assert len(set(taken)) < len(taken)
