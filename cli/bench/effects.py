"""`chuke bench effects`: errands from the commit that leaves them to the commit that books them as done."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cli.bench.advance import Timing, journeys, prepare
from cli.bench.city import City
from cli.bench.kept import Result
from cli.bench.places import Place, opened
from cli.demo.acting import LETTERS_LEAVE
from flows.errands import Outcome, Render, draw
from flows.hand import Hand
from flows.relay import Bundle, Carrier, InProcess, drain
from services.database.engine import Database
from services.database.work import office_now, reading
from services.issuance.commands import Drawn
from services.issuance.queries import DocumentToDraw
from services.outbox.queries import errands
from services.outbox.rules import Errand

DRAWN = 40
"""Papers drawn for real: enough to see the engine's pace, few enough to wait for."""


def measure(place: Place, *, cases: int, prefect: Carrier | None) -> Result:
    """Leave the errands of that many cases and carry them, by plain calls and through Prefect; and draw some papers."""
    start = place.fresh()
    numbers, city = prepare(start, cases)
    rows = [_row("plain calls, papers not drawn", _carried(place, start, numbers, city, InProcess(), _not_drawn))]
    few = numbers[: DRAWN // 2]
    rows.append(_row("plain calls, papers drawn", _carried(place, start, few, city, InProcess(), draw)))
    notes = [f"{place.engine} {place.version}; five errands a case, two of them papers; claimed 100 at a time."]
    if prefect is not None:
        notes.append("The CPU of the Prefect server is not counted.")
        rows.append(
            _row("through Prefect, papers not drawn", _carried(place, start, numbers, city, prefect, _not_drawn))
        )
    else:
        notes.append("Not measured through Prefect.")
    notes.append(
        "The wait is from the commit of the move to the commit of the errand, the whole backlog being left first."
    )
    return Result(
        "effects", place.engine, ("what", "errands", "a second", "CPU µs", "p50 s", "p95 s"), tuple(rows), tuple(notes)
    )


def _row(name: str, found: tuple[Timing, int]) -> tuple[object, ...]:
    timing, _ = found
    return (name, timing.acts, timing.rate, timing.cpu_us, timing.quantile(50) / 1e3, timing.quantile(95) / 1e3)


def _not_drawn(paper: DocumentToDraw) -> Drawn:
    from hashlib import sha256

    content = f"%PDF-1.7 {paper.id}".encode()
    return Drawn(content, sha256(content).hexdigest(), 1, "none")


class _Noting:
    """A carrier like the other, that notes when each errand was done."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self.done: dict[str, datetime] = {}

    def ready(self) -> bool:
        return self._carrier.ready()

    def carry(self, hand: Hand, bundles: tuple[Bundle, ...]) -> None:
        plain = hand.carry

        def noted(errand: Errand) -> Outcome | None:
            outcome = plain(errand)
            if outcome == "done":
                self.done[errand.id] = office_now()
            return outcome

        # Both ways of carrying end in the hand, whichever process or flow run called it.
        hand.carry = noted  # type: ignore[method-assign]
        self._carrier.carry(hand, bundles)


def _carried(
    place: Place, start: str, numbers: list[str], city: City, carrier: Carrier, render: Render
) -> tuple[Timing, int]:
    database = opened(place.copy(start))
    # The present instant each time: what is measured is the time from one commit to another.
    for journey in journeys(database, numbers, city, clock=office_now):
        for act in journey:
            act()
    server, client, began = place.server_cpu(), time.process_time(), time.perf_counter()
    noting = _Noting(carrier)
    _drain(database, noting, render)
    seconds = time.perf_counter() - began
    cpu = time.process_time() - client + place.server_cpu() - server
    waits = _waits(database, noting.done)
    database.close()
    return Timing(len(waits), seconds, cpu, waits), len(waits)


def _drain(database: Database, carrier: Carrier, render: Render) -> None:
    for _ in range(10_000):
        report = drain(database, now=office_now() + LETTERS_LEAVE, worker="bench", through=carrier, render=render)
        if not report.claimed:
            return


def _waits(database: Database, done: dict[str, datetime]) -> tuple[float, ...]:
    with reading(database) as work:
        all_of_them = errands(work, standing="done", limit=1_000_000)
    return tuple((done[one.id] - one.created_at).total_seconds() for one in all_of_them if one.id in done)


@contextmanager
def prefect_carrier() -> Iterator[Carrier | None]:
    """A Prefect server of our own for the whole measurement, and the carrier by way of it; None when it does not start.

    One server for all engines: this process keeps talking to the first it was connected to.
    """
    from flows.prefect_server import EmbeddedServer, connect

    with tempfile.TemporaryDirectory(prefix="chuke-bench-prefect-") as folder:
        server = EmbeddedServer(Path(folder), 4977 + os.getpid() % 500)
        server.start()
        try:
            if not server.wait(120):
                yield None
                return
            connect(server.environment())
            from flows.through_prefect import ThroughPrefect

            yield ThroughPrefect(server.ready)
        finally:
            server.stop()
