"""Every entry reversed twice at the same moment: each once, the other refused, no fen left over, no voucher missing."""

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from cli.bench.city import actors, build
from services.actors import Actor
from services.database.base import new_id
from services.database.engine import Database, open_database
from services.database.work import Work, reading, run
from services.errors import Refused
from services.invariants.books import check_books
from services.invariants.findings import Report
from services.ledger import commands
from services.ledger.models import ledger_entries, ledger_postings, ledger_reversals
from services.ledger.rules import Line
from tests.crash.harness import in_child
from tests.database_fixtures import NOW, PostgresServer, text_of
from tests.races.conftest import NIGHTLY
from tests.races.together import THREADS, together

ENTRIES = 2_000 if NIGHTLY else 48
POSTED_EACH = 60 if NIGHTLY else 8
pytestmark = pytest.mark.timeout(1800 if NIGHTLY else 300)


def opened_book(database: Database) -> tuple[str, dict[str, Actor]]:
    """A budget line and the people of the city."""
    city = build(database, organizations_count=1, now=NOW)
    return city.budget_line_id, actors(database, now=NOW, organizations_count=1)


def pair(line: str, fen: int) -> tuple[Line, Line]:
    return Line("PAYABLE", line, None, -fen), Line("COMMITTED", line, None, fen)


def post_many(database: Database, *, count: int) -> tuple[list[str], dict[str, Actor]]:
    """So many entries, a hundred in a unit of work."""
    line, people = opened_book(database)
    made: list[str] = []
    for first in range(0, count, 100):

        def unit(work: Work, first: int = first) -> list[str]:
            return [
                commands.post(
                    work, actor=people["maker"], key=f"e{one}", kind="test", memo="", lines=pair(line, one + 1)
                )
                for one in range(first, min(first + 100, count))
            ]

        made += run(database, NOW, unit)
    return made, people


def reverse_all_twice(database: Database, vouchers: list[str], people: dict[str, Actor]) -> tuple[int, list[Any]]:
    """Sixteen workers take every entry twice, all at once; how many were reversed, and how the others ended."""
    waiting = iter([voucher for voucher in vouchers for _ in range(2)])
    guard, done, others = threading.Lock(), [0], list[Any]()

    def worker(_: int) -> None:
        while True:
            with guard:
                voucher = next(waiting, None)
            if voucher is None:
                return

            def unit(work: Work, voucher: str = voucher) -> str:
                return commands.reverse_entry(
                    work, actor=people["checker"], voucher=voucher, proposed_by=people["maker"].id, reason="试"
                )

            try:
                run(database, NOW, unit, tries=20)
            except Exception as error:
                with guard:
                    others.append(error)
            else:
                with guard:
                    done[0] += 1

    assert together(worker) == [None] * THREADS
    return done[0], others


def sums(database: Database) -> tuple[int, int, int]:
    """(reversals, postings left over per account and line, broken invariants of the entries and the vouchers)."""
    with reading(database, NOW) as work:
        reversals = work.connection.scalar(select(func.count()).select_from(ledger_reversals)) or 0
        left = select(func.sum(ledger_postings.c.amount_fen)).where(
            ledger_postings.c.account.in_(("PAYABLE", "COMMITTED"))
        ).group_by(ledger_postings.c.account)  # fmt: skip
        over = [fen for fen in work.connection.scalars(left) if fen]
        report = Report()
        check_books(work, report)
    return reversals, len(over), len(report.findings())


def test_each_entry_is_reversed_once_however_many_try_at_once(database: Database) -> None:
    vouchers, people = post_many(database, count=ENTRIES)
    done, others = reverse_all_twice(database, vouchers, people)
    assert done == ENTRIES
    assert len(others) == ENTRIES
    assert {(type(one), one.codes) for one in others} == {(Refused, ("ledger.already_reversed",))}
    assert sums(database) == (ENTRIES, 0, 0)


def without_uniqueness(work: Work, *, actor: Actor, voucher: str, proposed_by: str, reason: str) -> str:
    """The classic mistake: a flag beside the entry instead of a pair that can only be there once."""
    entry = work.connection.execute(select(ledger_entries).where(ledger_entries.c.voucher == voucher)).one()
    memo = f"冲销 {voucher}"
    known = select(ledger_entries.c.id).where(ledger_entries.c.memo == memo)
    if work.connection.execute(known).first():
        raise Refused("ledger.already_reversed", voucher=voucher)
    lines = commands.undone(commands.lines_of(work, entry.id))
    return commands.post(work, actor=actor, key=new_id(), kind="reversal", memo=memo, lines=lines)


def test_a_reversal_without_uniqueness_would_be_seen(postgres: PostgresServer, tmp_path: Path) -> None:
    """On SQLite one writer at a time hides it."""
    address = text_of(postgres.migrated_copy())

    def act() -> dict[str, Any]:
        database = open_database(address)
        vouchers, people = post_many(database, count=48)
        commands.reverse_entry = without_uniqueness  # type: ignore[assignment]
        done, _ = reverse_all_twice(database, vouchers, people)
        return {"done": done, "left": sums(database)[1]}

    found = in_child(tmp_path, act)
    assert found.status == 0, found.answer
    assert found.answer["done"] > 48
    assert found.answer["left"] > 0


# Vouchers -------------------------------------------------------------------------------------------


class GaveUp(Exception):
    """The act failed after its voucher was taken."""


def post_together(database: Database) -> list[str]:
    """Sixteen threads post; every tenth unit of work is undone after it took its voucher."""
    line, people = opened_book(database)
    kept: list[str] = []
    guard = threading.Lock()

    def one(thread: int) -> None:
        for attempt in range(POSTED_EACH):

            def unit(work: Work, attempt: int = attempt) -> str:
                key = f"{thread}:{attempt}"
                made = commands.post(work, actor=people["maker"], key=key, kind="test", memo="", lines=pair(line, 1))
                if (thread + attempt) % 10 == 0:
                    raise GaveUp
                return made

            try:
                made = run(database, NOW, unit, tries=20)
            except GaveUp:
                continue
            with guard:
                kept.append(made)

    ended = together(one)
    assert ended == [None] * THREADS, [one for one in ended if one is not None][:3]
    return kept


def numbers(database: Database) -> list[int]:
    with reading(database, NOW) as work:
        return sorted(int(one[-4:]) for one in work.connection.scalars(select(ledger_entries.c.voucher)))


def test_vouchers_have_no_gap_though_every_tenth_act_is_undone(database: Database) -> None:
    kept = post_together(database)
    assert numbers(database) == list(range(1, len(kept) + 2))  # one more: the appropriation of the city
    undone = sum((thread + attempt) % 10 == 0 for thread in range(THREADS) for attempt in range(POSTED_EACH))
    assert len(kept) == THREADS * POSTED_EACH - undone


def highest_and_one(work: Work, _series: str) -> int:
    """The classic mistake: the highest voucher there is, and one more."""
    known = [int(one[-4:]) for one in work.connection.scalars(select(ledger_entries.c.voucher))]
    return max(known, default=0) + 1


def test_the_highest_and_one_more_would_be_seen(postgres: PostgresServer, tmp_path: Path) -> None:
    """Two take the same number, and one of them breaks on the constraint."""
    address = text_of(postgres.migrated_copy())

    def act() -> str:
        database = open_database(address)
        commands.next_number = highest_and_one
        try:
            post_together(database)
        except AssertionError as seen:
            return str(seen)[:4000]
        return ""

    found = in_child(tmp_path, act)
    assert found.status == 0, found.answer
    assert "uq_ledger_entries_voucher" in found.answer
