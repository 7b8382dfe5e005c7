"""The relay: claims what cases owe the world, has it carried, and gives back what was not begun."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Protocol

from flows.chores import close_what_is_overdue, scrub_files, seal_audit
from flows.errands import Render, draw
from flows.hand import Hand
from services.database.engine import Database
from services.database.work import reading, run
from services.outbox.commands import claim_errands, release_leases
from services.outbox.queries import next_due
from services.outbox.rules import Errand
from services.settings import settings

MANY = 20
"""With more errands than this in hand, one flow run carries them all; else each move has a flow run of its own."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Errands that travel in one flow run: those of one move, or (without a case number) a whole batch."""

    case_number: str
    move_sequence: int | None
    errands: tuple[Errand, ...]


class Carrier(Protocol):
    """How errands are carried: through Prefect, or by plain calls."""

    def ready(self) -> bool:
        """True when errands may be claimed for it."""
        ...

    def carry(self, hand: Hand, bundles: tuple[Bundle, ...]) -> None:
        """Carry the bundles of the hand; whatever the hand has no outcome for afterwards was not begun."""
        ...


class ChoreCarrier(Carrier, Protocol):
    """A carrier that also runs the chores of the day."""

    def chore(self, name: str, database: Database, now: datetime) -> None:
        """Run the chore of that name (close_overdue, scrub_files, seal_log)."""
        ...


class InProcess:
    """Carries by plain calls, one errand after the other: for tests, repairs and machines that have no Prefect."""

    def ready(self) -> bool:
        """Always."""
        return True

    def carry(self, hand: Hand, bundles: tuple[Bundle, ...]) -> None:
        """Carry every bundle in turn."""
        for bundle in bundles:
            for errand in bundle.errands:
                hand.carry(errand)

    def chore(self, name: str, database: Database, now: datetime) -> None:
        """Run the chore by a plain call."""
        if name == "close_overdue":
            close_what_is_overdue(database, now=now)
        elif name == "scrub_files":
            scrub_files(database, now=now)
        else:
            seal_audit(database, now=now, everything=True)


@dataclass(frozen=True, slots=True)
class DrainReport:
    """What one drain did with what it claimed; `waiting` counts what failed or was given back, to be tried again."""

    claimed: int = 0
    done: int = 0
    waiting: int = 0
    parked: int = 0

    def __add__(self, other: "DrainReport") -> "DrainReport":
        return DrainReport(
            self.claimed + other.claimed,
            self.done + other.done,
            self.waiting + other.waiting,
            self.parked + other.parked,
        )


def drain(
    database: Database,
    *,
    now: datetime,
    worker: str,
    through: Carrier,
    limit: int = 100,
    lease_seconds: int | None = None,
    render: Render = draw,
    stop: threading.Event | None = None,
) -> DrainReport:
    """Claim at most `limit` due errands and have them carried; nothing is claimed while the carrier is not ready.

    Each errand ends done, waiting or parked in a transaction of its own, guarded by the fence it was claimed with. A
    crash at any point leaves leases that run out: then the errand is claimed again and carried to the same end.
    """
    if not through.ready():
        return DrainReport()
    lease = lease_seconds or settings().relay_lease_seconds
    claimed = run(database, now, lambda work: claim_errands(work, worker=worker, limit=limit, lease_seconds=lease))
    if not claimed:
        return DrainReport()
    # An errand begun late in its lease could be claimed by another worker before it is done.
    hand = Hand(database, claimed, now=now, seconds=lease * 0.5, render=render, stop=stop or threading.Event())
    through.carry(hand, bundled(claimed))
    if len(hand.outcomes) < len(claimed):
        run(database, now, lambda work: release_leases(work, worker=worker))
    ended = list(hand.outcomes.values())
    done, parked = ended.count("done"), ended.count("parked")
    return DrainReport(len(claimed), done, len(claimed) - done - parked, parked)


def bundled(errands: tuple[Errand, ...]) -> tuple[Bundle, ...]:
    """The errands by move, each in the order of its table row; all in one bundle when there are many."""
    ordered = sorted(errands, key=_place)
    if len(ordered) > MANY:
        return (Bundle("", None, tuple(ordered)),)
    return tuple(_by_move(ordered))


def _by_move(ordered: list[Errand]) -> Iterator[Bundle]:
    for (case_number, sequence), group in groupby(ordered, key=lambda one: (one.case_number, one.move_sequence)):
        yield Bundle(case_number, sequence, tuple(group))


def _place(errand: Errand) -> tuple[str, int, int, str]:
    """Where the errand comes: by case, move, and the position its key ends in (a reminder's key ends in its mark)."""
    last = errand.key.rpartition(":")[2]
    return errand.case_number, errand.move_sequence or 0, int(last) if last.isdigit() else 0, errand.key


def drain_until_quiet(
    database: Database,
    *,
    now: datetime,
    through: Carrier,
    worker: str = "drain",
    rounds: int = 1_000,
    limit: int = 100,
    render: Render = draw,
) -> DrainReport:
    """Drain until nothing that is due at `now` waits, at most `rounds` times; answers the totals.

    What failed and is to be tried later stays waiting. What an errand leaves behind is carried too.
    """
    total = DrainReport()
    for _ in range(rounds):
        one = drain(database, now=now, worker=worker, through=through, limit=limit, render=render)
        if not one.claimed:
            break
        total += one
    return total


def anything_due(database: Database, now: datetime) -> bool:
    """True when some errand waits and its time has come; a read that costs nothing while nothing waits."""
    with reading(database, now) as work:
        due = next_due(work)
    return due is not None and due <= now
