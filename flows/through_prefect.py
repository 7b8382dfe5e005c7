"""Carries errands through Prefect: real flow and task runs, in this process, named by case number."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from prefect.events.worker import EventsWorker
from prefect.logging.handlers import APILogWorker

from flows.carry_batch import carry_batch
from flows.carry_move import carry_move
from flows.close_overdue import close_overdue
from flows.hand import Hand, holding, lending
from flows.log import log
from flows.relay import Bundle
from flows.scrub_files import scrub_files
from flows.seal_log import seal_log
from services.database.engine import Database
from services.database.work import OFFICE_TIME

FLOWS_ON_SQLITE = 1
FLOWS_ON_POSTGRESQL = 4
"""Flow runs at once: a Prefect server on SQLite answers "locked" from two on; on PostgreSQL four is the best."""

CHORES = {"close_overdue": close_overdue, "scrub_files": scrub_files, "seal_log": seal_log}

_log = log(__name__)


class ThroughPrefect:
    """A carrier by way of the Prefect server this process is connected to; `ready` says whether that one answers."""

    def __init__(self, ready: Callable[[], bool], *, flows_at_once: int = FLOWS_ON_SQLITE) -> None:
        self._ready = ready
        self._flows_at_once = flows_at_once

    def ready(self) -> bool:
        """True while the server answers: nothing is claimed for a server that is away."""
        return self._ready()

    def carry(self, hand: Hand, bundles: tuple[Bundle, ...]) -> None:
        """One flow run for each bundle. What Prefect fails to start stays without an outcome and is given back."""
        with holding(hand):
            asyncio.run(self._carry(bundles))

    def chore(self, name: str, database: Database, now: datetime) -> None:
        """Run the chore as a flow run named by the office's day; when Prefect fails to, the next minute tries again."""
        chore: Any = CHORES[name]
        with lending(database, now):
            try:
                asyncio.run(chore(day=now.astimezone(OFFICE_TIME).date().isoformat(), return_state=True))
            except Exception as error:
                _log.warning("prefect_failed", chore=name, error=type(error).__name__)

    async def _carry(self, bundles: tuple[Bundle, ...]) -> None:
        turns = asyncio.Semaphore(self._flows_at_once)
        await asyncio.gather(*(self._one(bundle, turns) for bundle in bundles))

    async def _one(self, bundle: Bundle, turns: asyncio.Semaphore) -> None:
        async with turns:
            # A server that went away costs one failed try, not one for each bundle.
            if not self._ready():
                return
            try:
                await _run_flow(bundle)
            except Exception as error:
                _log.warning("prefect_failed", case=bundle.case_number, error=type(error).__name__)


async def _run_flow(bundle: Bundle) -> None:
    ids = [errand.id for errand in bundle.errands]
    # Prefect's overloads do not know that both may be awaited for their state.
    of_move: Any = carry_move
    of_batch: Any = carry_batch
    if bundle.case_number:
        await of_move(bundle.case_number, bundle.move_sequence, ids, return_state=True)
    else:
        await of_batch(len(ids), ids, return_state=True)


def hand_in_records(seconds: float = 5.0) -> None:
    """Give the server the last events and logs of this process, before either of the two stops; waits `seconds`."""
    for service in (EventsWorker, APILogWorker):
        service.drain_all(timeout=seconds)
