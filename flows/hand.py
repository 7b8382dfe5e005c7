"""What the relay holds in its hands while Prefect carries it: the claimed errands, and what became of each.

Flow and task parameters are ids and case numbers only; the errands themselves never leave this process.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from flows.errands import Outcome, Render, carry, draw
from services.database.engine import Database
from services.database.work import run
from services.errors import Broken
from services.outbox.commands import note_flow_run
from services.outbox.rules import Errand


@dataclass
class Hand:
    """One batch of claimed errands; `outcomes` has an entry for each that was carried.

    No errand is begun once `stop` is set or `seconds` have gone by since the claim: its lease might have ended.
    """

    database: Database
    errands: Sequence[Errand]
    now: datetime
    seconds: float
    render: Render = draw
    stop: threading.Event = field(default_factory=threading.Event)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    begun: float = field(default_factory=time.monotonic)

    def carry(self, errand: Errand) -> Outcome | None:
        """Carry one errand and keep its outcome; None when it was left for later."""
        if self.stop.is_set() or time.monotonic() - self.begun > self.seconds:
            return None
        outcome = carry(self.database, errand, now=self.now, render=self.render)
        self.outcomes[errand.id] = outcome
        return outcome

    def note_flow_run(self, errand_ids: list[str], flow_run: str) -> None:
        """Note on the errands which flow run carries them, so that a person finds it."""
        run(self.database, self.now, lambda work: note_flow_run(work, errand_ids, flow_run))


_held: dict[str, tuple[Hand, Errand]] = {}


@contextmanager
def holding(hand: Hand) -> Iterator[None]:
    """While the block runs, flows and tasks of this process find the hand's errands by their ids."""
    ours = {errand.id: (hand, errand) for errand in hand.errands}
    _held.update(ours)
    try:
        yield
    finally:
        for errand_id in ours:
            _held.pop(errand_id, None)


def held(errand_id: str) -> tuple[Hand, Errand] | None:
    """The errand and the hand it lies in; None when nobody in this process holds it (any more)."""
    return _held.get(errand_id)


_lent: list[tuple[Database, datetime]] = []


@contextmanager
def lending(database: Database, now: datetime) -> Iterator[None]:
    """While the block runs, the day's chores of this process find the database and the instant."""
    _lent.append((database, now))
    try:
        yield
    finally:
        _lent.pop()


def lent() -> tuple[Database, datetime]:
    """The database and the instant lent to a chore; Broken outside of the relay, which runs the chores itself."""
    if not _lent:
        raise Broken("chores are run by the relay")
    return _lent[-1]
