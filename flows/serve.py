"""Starts console, relay and Prefect together and stops them in order: what `chuke serve` does."""

import asyncio
import os
import signal
import socket
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from documents.rendered import RendererUnfit
from flows.children import Child
from flows.chores import Due, due_now, feed_webhooks, seal_audit
from flows.log import log
from flows.prefect_server import EmbeddedServer, answers, client_environment, connect
from flows.relay import ChoreCarrier, DrainReport, anything_due, drain
from flows.renderer import renderer
from flows.revoking import try_to_publish
from services.database.engine import Database, open_database
from services.database.statistics import refresh_statistics
from services.database.work import OFFICE_TIME, office_now
from services.settings import Settings, settings

CHORES_EVERY = timedelta(minutes=1)
FEED_EVERY = timedelta(seconds=5)
REMIND_EVERY = timedelta(hours=1)
SEAL_AFTER = 100
"""So many errands are carried at most before the audit log is sealed."""

STOP_SECONDS = 30.0
"""How long an orderly stop may take; then the process ends at once, and leases that run out do the rest."""

_log = log(__name__)


@dataclass
class Relay:
    """The relay's round: carry what is due, pull timers, remind, seal; it keeps only what it did last and when."""

    database: Database
    through: ChoreCarrier
    stop: threading.Event
    worker: str = field(default_factory=lambda: f"{socket.gethostname()}-{os.getpid()}"[:80])
    clock: Callable[[], datetime] = office_now
    unsealed: int = 0
    chores_at: datetime | None = None
    overdue_at: datetime | None = None
    overdue: Due = ()
    sealed_on: date | None = None
    fed_at: datetime | None = None

    def round(self) -> DrainReport:
        """One look at the database: carry one batch of what is due, and do the chores when their minute has come."""
        now = self.clock()
        if self.fed_at is None or now - self.fed_at >= FEED_EVERY:
            self.fed_at = now
            feed_webhooks(self.database, now=now)
        report = DrainReport()
        if anything_due(self.database, now):
            report = drain(
                self.database, now=now, worker=self.worker, through=self.through, limit=settings().relay_batch,
                stop=self.stop,
            )  # fmt: skip
        self.unsealed += report.claimed
        if self.unsealed >= SEAL_AFTER:
            self._seal(now)
        if self.chores_at is None or now - self.chores_at >= CHORES_EVERY:
            self.chores_at = now
            self.chores(now)
        return report

    def chores(self, now: datetime) -> None:
        """Seal; pull timers and remind when something new is due or an hour has gone by; once a day seal everything and
        let the database
        count its rows, and look at every stored file.
        """
        self._seal(now)
        try_to_publish(self.database, now=now)
        if not self.through.ready():
            return
        due = due_now(self.database, now)
        if due != self.overdue or self.overdue_at is None or now - self.overdue_at >= REMIND_EVERY:
            self.through.chore("close_overdue", self.database, now)
            self.overdue, self.overdue_at = due_now(self.database, now), now
        today = now.astimezone(OFFICE_TIME).date()
        if self.sealed_on != today:
            self.through.chore("seal_log", self.database, now)
            self.through.chore("scrub_files", self.database, now)
            refresh_statistics(self.database, now)
            self.sealed_on = today

    def _seal(self, now: datetime) -> None:
        seal_audit(self.database, now=now)
        self.unsealed = 0


def run_relay(
    database: Database,
    *,
    stop: threading.Event,
    through: ChoreCarrier,
    worker: str | None = None,
    clock: Callable[[], datetime] = office_now,
) -> None:
    """Carry errands until `stop` is set. What is in hand then is finished one by one or given back.

    A database that is away for a while costs a pause, not the relay.
    """
    relay = Relay(database, through, stop, clock=clock)
    if worker:
        relay.worker = worker
    while not stop.is_set():
        try:
            report = relay.round()
        except Exception as error:
            _log.error("relay_round_failed", error=type(error).__name__)
            stop.wait(5.0)
            continue
        if report.done == 0:
            stop.wait(settings().relay_poll_seconds)


def serve(*, with_web: bool = True, host: str | None = None, port: int | None = None) -> int:
    """Run console, relay and Prefect until interrupted or terminated; answers the exit status.

    The console answers at once, while Prefect is still starting. The console is a process of its own, so that it
    loads neither Prefect nor the PDF engine. Stops in order within STOP_SECONDS, else hard.
    """
    conf = settings()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    console = _console(host or conf.host, port or conf.port) if with_web else None
    if console is not None:
        console.start()
    server, ready = _prefect(conf)
    database = open_database(conf.database)
    relay = threading.Thread(target=_relay, args=(database, stop, ready, server is None), name="relay", daemon=True)
    relay.start()
    while not stop.wait(1.0):
        if not relay.is_alive():
            _log.error("relay_ended")
            break
    return _stop_in_order(stop, relay, database, console, server)


def _console(host: str, port: int) -> Child:
    address = f"http://{host if host not in ('0.0.0.0', '::') else '127.0.0.1'}:{port}/livez"
    return Child("console", host, str(port), healthy=lambda: _lives(address), environment=dict(os.environ))


def _lives(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2.0) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _prefect(conf: Settings) -> tuple[EmbeddedServer | None, Callable[[], bool]]:
    """Connect to the server of the settings, else start the embedded one; and a way to ask whether it answers."""
    if conf.prefect_api_url:
        auth = os.environ.get("PREFECT_API_AUTH_STRING", "")
        connect(client_environment(conf.prefect_api_url, auth=auth))
        return None, lambda: answers(conf.prefect_api_url, auth=auth)
    server = EmbeddedServer(conf.home / "prefect", conf.prefect_port)
    server.start()
    connect(server.environment())
    return server, server.ready


def _relay(database: Database, stop: threading.Event, ready: Callable[[], bool], external: bool) -> None:
    # Loaded here, in the relay's own thread: it takes seconds, and Prefect would take our signals in the main one.
    _renderer_ready()
    from flows.automations import install_automations
    from flows.through_prefect import FLOWS_ON_POSTGRESQL, FLOWS_ON_SQLITE, ThroughPrefect, hand_in_records

    while not stop.is_set() and not ready():
        stop.wait(0.25)
    if not stop.is_set():
        try:
            asyncio.run(install_automations())
        except Exception as error:
            _log.warning("automations_not_installed", error=type(error).__name__)
    through = ThroughPrefect(ready, flows_at_once=FLOWS_ON_POSTGRESQL if external else FLOWS_ON_SQLITE)
    run_relay(database, stop=stop, through=through)
    hand_in_records()


def _renderer_ready() -> None:
    """Start the renderer before the first paper asks for it; unfit, it is tried again with each paper, which waits."""
    try:
        _log.info("renderer_started", engine=renderer().start())
    except RendererUnfit as unfit:
        _log.error("renderer_unfit", reason=str(unfit))


def _stop_in_order(
    stop: threading.Event,
    relay: threading.Thread,
    database: Database,
    console: Child | None,
    server: EmbeddedServer | None,
) -> int:
    failed = not stop.is_set()
    stop.set()
    deadline = threading.Timer(STOP_SECONDS, leave, (75,))
    deadline.daemon = True
    deadline.start()
    if console is not None:
        console.stop()
    relay.join(STOP_SECONDS * 0.6)
    late = relay.is_alive()
    if server is not None:
        server.stop()
    if not late:
        database.close()
    deadline.cancel()
    return 75 if failed or late else 0


def leave(status: int) -> None:
    """End the process at once. Prefect would wait for minutes at the end for events its server can no longer take."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
