"""Fixtures of the flow tests: the ground on each database, one Prefect server for a whole module, a mail server."""

import gc
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope

from flows.prefect_server import EmbeddedServer, connect
from services.database.engine import Database
from services.settings import settings
from tests.database_fixtures import TRIED, opened
from tests.flows.ground import Ground, build


@pytest.fixture
def ground(database: Database) -> Ground:
    """A city with one case, on SQLite and on PostgreSQL."""
    return build(database)


@pytest.fixture(params=TRIED)
def small_ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    """The same on SQLite with each push, for what should have nothing to do with the database; on both every night."""
    for database in opened(request.param, request, tmp_path, migrated=True):
        yield build(database)


@pytest.fixture
def file_ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    """The same on SQLite only, for what looks into the file."""
    for database in opened("sqlite", request, tmp_path, migrated=True):
        yield build(database)


def free_port() -> int:
    """A port nobody listens on, below the range from which the system takes ports for callers."""
    for port in range(20_000, 32_000, 7):
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")


@pytest.fixture(scope="module")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A real Prefect server, started as the product starts it; this process is its client."""
    server = EmbeddedServer(tmp_path_factory.mktemp("prefect"), free_port())
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment().items():
            patch.setenv(name, value)
        server.start()
        connect(server.environment())
        from flows.through_prefect import hand_in_records

        assert server.wait(100), "the Prefect server did not come up"
        yield server
        hand_in_records()
        server.stop()
        gc.collect()


class Postbox:
    """A mail server that keeps what it takes, and takes nothing while `broken`."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.broken = False

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.broken:
            return "451 try again later"
        self.taken.append(envelope)
        return "250 taken"


@pytest.fixture
def postbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setenv("CHUKE_SMTP_URL", f"smtp://127.0.0.1:{port}")
    settings.cache_clear()
    yield box
    controller.stop()
    settings.cache_clear()
