"""E5: every order that changes something leaves exactly one entry in the audit log, in the same transaction.

Generated from the routes, so that a new endpoint is asked too. Each order is given with the smallest body that fits,
by somebody who may give it, on a case of every situation; what its transaction wrote is watched at the database.
"""

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from services.audit.commands import record
from services.database.work import Work
from tests.access.conftest import Door
from tests.access.oracle import IN
from tests.access.test_matrix import ASIDE, Cell, _right, cells, knock

NIGHTLY = bool(os.environ.get("CHUKE_NIGHTLY"))
EACH = 4
"""So many people and cases a route are asked on each push; every one by CHUKE_NIGHTLY=1."""

_WRITES = re.compile(r"\s*(insert\s+into|insert\s+or\s+\w+\s+into|update|delete\s+from)\s+\"?(\w+)", re.IGNORECASE)
LOG = "audit_entries"
BESIDE = frozenset({
    # Who is signed in, and what is asked before somebody is.
    "sign_ins", "sign_in_failures", "sign_in_steps", "counters", "progress_questions", "code_factors",
    # The own surface: what one looked at, how the page behaves, the language, drafts that nobody else sees.
    "notices", "case_looks", "desk_filters", "desk_settings", "persons", "score_sheets", "replies",
})  # fmt: skip
"""Tables whose change alone is no act of the office."""

NO_ACT = frozenset({
    # A draft is kept by whoever writes it and is no act until it is locked.
    "/assessments/{assessment_id}/draft", "/assessments/{assessment_id}/sheet",
    "/api/v1/assessments/{assessment_id}/sheet",
    # A form without a name is shown again before anybody is asked.
    "/cases/{number}/panels",
})  # fmt: skip
"""Orders on a case whose refusal is noted nowhere, each with the reason."""


@dataclass
class Watched:
    """What each transaction of the requests wrote: committed or tried."""

    committed: list[dict[str, int]] = field(default_factory=list)
    broken: bool = False


@contextmanager
def watching(engine: Engine, *, broken: bool = False) -> Iterator[Watched]:
    """Watch every transaction; with `broken`, no entry can be written into the log."""
    seen = Watched(broken=broken)

    def wrote(connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        found = _WRITES.match(statement)
        if found is None:
            return
        table = found[2].lower()
        if seen.broken and table == LOG:
            raise RuntimeError("the audit log is away")
        connection.info.setdefault("wrote", defaultdict(int))[table] += 1

    def ended(connection: Connection) -> None:
        written = connection.info.pop("wrote", None)
        if written:
            seen.committed.append(dict(written))

    def undone(connection: Connection) -> None:
        connection.info.pop("wrote", None)

    heard = (("before_cursor_execute", wrote), ("commit", ended), ("rollback", undone))
    for name, listener in heard:
        event.listen(engine, name, listener)
    try:
        yield seen
    finally:
        for name, listener in heard:
            event.remove(engine, name, listener)


def orders(door: Door) -> list[Cell]:
    """For each route that changes something, people who may and cases of every situation: the same on every machine."""
    by_route: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells(door.province):
        if cell.method == "GET" or cell.path in ASIDE or IN not in _right(cell):
            continue
        by_route[cell.method, cell.path].append(cell)
    found: list[Cell] = []
    for some in by_route.values():
        some.sort(key=lambda one: hashlib.sha256(str(one).encode()).digest())
        found += some if NIGHTLY else some[:EACH]
    return found


def faults(cell: Cell, status: int, seen: Watched) -> list[str]:
    """What is wrong with what the order left behind."""
    entries = [written.get(LOG, 0) for written in seen.committed]
    found = [
        f"{cell.method} {cell.path} ({status}) wrote {', '.join(sorted(business(written)))} with {count} entries"
        for written, count in zip(seen.committed, entries, strict=True)
        if business(written) and count != 1
    ]
    if sum(entries) > 1:
        found.append(f"{cell.method} {cell.path} ({status}) left {sum(entries)} entries")
    noted = cell.case is not None and status in (403, 409, 412) and cell.path not in NO_ACT
    if noted and sum(entries) != 1:
        found.append(f"{cell.method} {cell.path} ({status}) was refused and left {sum(entries)} entries")
    return found


def business(written: dict[str, int]) -> set[str]:
    """The tables of a transaction that hold what the office does."""
    return written.keys() - BESIDE - {LOG}


def given(door: Door, asked: list[Cell], *, broken: bool = False) -> Iterator[tuple[Cell, int, Watched]]:
    """Each order with its status and what it left behind."""
    engine = door.app.state.database.engine
    for cell in asked:
        with watching(engine, broken=broken) as seen:
            status = knock(door, cell).status_code
        yield cell, status, seen


@pytest.mark.timeout(1800 if NIGHTLY else 300)
def test_every_order_leaves_one_entry_in_its_transaction_or_nothing_at_all(door: Door) -> None:
    found, acting = list[str](), list[Cell]()
    refused: set[str] = set()
    for cell, status, seen in given(door, orders(door)):
        found += faults(cell, status, seen)
        acting += [cell] * any(business(written) for written in seen.committed)
        refused |= {cell.path} if status in (403, 409, 412) else set()
    assert not found, "\n".join(found)
    assert len({cell.path for cell in acting}) >= 15
    assert len(refused) >= 30
    # Without the log nothing is done: what was written goes with the entry that could not be.
    for cell, status, seen in given(door, acting, broken=True):
        assert status >= 500, f"{cell}: {status}"
        assert not any(business(written) for written in seen.committed), str(cell)


def one_of(door: Door, method: str, path: str) -> list[Cell]:
    """Orders of that kind that are carried out."""
    asked = [one for one in cells(door.province) if (one.method, one.path) == (method, path) and IN in _right(one)][:2]
    assert asked
    assert [line for cell, status, seen in given(door, asked) for line in faults(cell, status, seen)] == []
    return asked


@pytest.mark.parametrize("times", [0, 2])
def test_an_act_that_notes_nothing_or_twice_is_caught(door: Door, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    asked = one_of(door, "POST", "/api/v1/cases/{number}/midterm-report")
    monkeypatch.setattr("services.cases.noting.record", lambda *a, **k: [record(*a, **k) for _ in range(times)])
    found = [line for cell, status, seen in given(door, asked) for line in faults(cell, status, seen)]
    assert any(f"with {times} entries" in line for line in found)


def test_an_entry_in_a_transaction_of_its_own_is_caught(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = one_of(door, "POST", "/api/v1/cases/{number}/midterm-report")

    def apart(work: Work, **told: Any) -> None:
        work.connection.commit()
        work.connection.begin()
        record(work, **told)

    monkeypatch.setattr("services.cases.noting.record", apart)
    found = [line for cell, status, seen in given(door, asked) for line in faults(cell, status, seen)]
    assert any("with 0 entries" in line for line in found)
