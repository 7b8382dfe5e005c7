"""Sets the stage for the demo: a fresh database, the example seal, and the carrier through which the flows work."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from cli.asking import SetUpMissing
from cli.demo.acting import Settle
from cli.demo.city import Founded, found
from services.database.engine import Database, open_database
from services.database.schema import standing, upgrade
from services.settings import Settings, settings

SERVER_STARTS_WITHIN = 180.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the demo plays: its folder, its database, the city as founded, and how errands are carried."""

    home: Path
    database: Database
    founded: Founded
    settle: Settle
    carrier: Literal["prefect", "in-process"]


def prepare_settings(home: Path) -> Settings:
    """Point this process at the demo's own folder, with the example seal drawn on papers."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ["CHUKE_HOME"] = str(home.resolve())
    os.environ["CHUKE_SEAL"] = "sample"
    os.environ["CHUKE_SEAL_MODE"] = "demo"
    settings.cache_clear()
    return settings()


def fresh_database(home: Path) -> Database:
    """An empty, migrated database: under the demo's folder (an earlier demo's is replaced), or the one that was named.

    Raises SetUpMissing when the named database holds anything, so that no demonstration ever meets real cases.
    """
    named = settings().database_url
    if not named:
        for name in ("chuke.db", "chuke.db-wal", "chuke.db-shm"):
            (home / name).unlink(missing_ok=True)
    database = open_database(settings().database)
    if standing(database).current is not None:
        database.close()
        raise SetUpMissing(
            "演示需要空数据库；CHUKE_DATABASE_URL 指定的数据库已有内容 · "
            "the demo needs an empty database; the one CHUKE_DATABASE_URL names is not"
        )
    upgrade(database)
    return database


@contextmanager
def set_up(home: Path, *, carrier: Literal["prefect", "in-process"]) -> Iterator[Stage]:
    """The stage, ready to be played on. The Prefect server starts while the city is founded, and stops at the end."""
    prepare_settings(home)
    server = _start_server(home) if carrier == "prefect" else None
    try:
        database = fresh_database(home)
        try:
            founded = found(database)
            through = _through_prefect(server) if carrier == "prefect" else _in_process()
            yield Stage(home, database, founded, _settle(database, through), carrier)
        finally:
            database.close()
    finally:
        if server is not None:
            server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start_server(home: Path) -> Any:
    """Our own Prefect server, unless the settings name one; None then."""
    from flows import prefect_server

    named = settings().prefect_api_url
    if named:
        prefect_server.connect(prefect_server.client_environment(named, home=home / "prefect"))
        return None
    server = prefect_server.EmbeddedServer(home / "prefect", _free_port())
    prefect_server.connect(server.environment())
    server.start()
    return server


def _through_prefect(server: Any) -> Any:
    from flows.through_prefect import ThroughPrefect

    if server is None:
        from flows.prefect_server import answers

        return Together(ThroughPrefect(lambda: answers(settings().prefect_api_url)))
    if not server.wait(SERVER_STARTS_WITHIN):
        raise SetUpMissing(f"Prefect 未能启动，请看 Prefect did not start, see: {server.home / 'server.log'}")
    return Together(ThroughPrefect(server.ready))


class Together:
    """Sends what a rest of the story owes in one flow run, its tasks named by case number, when it is many moves.

    A flow run costs Prefect ten times what a task run does; the relay does the same from its own mark on.
    """

    FEW = 3

    def __init__(self, carrier: Any) -> None:
        self.carrier = carrier

    def ready(self) -> bool:
        """As the carrier behind it."""
        return bool(self.carrier.ready())

    def carry(self, hand: Any, bundles: tuple[Any, ...]) -> None:
        """A few bundles as they are, more of them as one."""
        from flows.relay import Bundle

        if len(bundles) > self.FEW:
            bundles = (Bundle("", None, tuple(errand for bundle in bundles for errand in bundle.errands)),)
        self.carrier.carry(hand, bundles)


def _in_process() -> Any:
    from flows.relay import InProcess

    return InProcess()


def _settle(database: Database, through: Any) -> Settle:
    from flows.relay import drain_until_quiet

    def settle(now: datetime) -> int:
        for patience in range(6):
            report = drain_until_quiet(database, now=now, through=through, worker="demo")
            if through.ready():
                return report.done
            # A busy machine may answer late; nothing was claimed meanwhile.
            time.sleep(2**patience)
        raise SetUpMissing("Prefect 没有应答 Prefect does not answer")

    return settle
