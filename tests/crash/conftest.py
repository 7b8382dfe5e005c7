"""What the crash tests share: a place to copy databases in, and which points to die at."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.places import FilePlace, Place, ServerPlace
from tests.database_fixtures import BACKENDS, TRIED, text_of

NIGHTLY = bool(os.environ.get("CHUKE_NIGHTLY"))
EVERY = 61


def template_of(backend: str, request: pytest.FixtureRequest) -> tuple[Place, str]:
    """A place to copy in and the address of a migrated, empty database."""
    if backend == "sqlite":
        folder: Path = request.getfixturevalue("tmp_path")
        return FilePlace(folder), f"sqlite:///{request.getfixturevalue('sqlite_template')}"
    server = request.getfixturevalue("postgres")
    return ServerPlace(server), text_of(server.url.set(database=server.template))


@pytest.fixture(params=BACKENDS)
def place(request: pytest.FixtureRequest) -> tuple[Place, str]:
    """On both databases."""
    return template_of(request.param, request)


@pytest.fixture(params=TRIED)
def each_place(request: pytest.FixtureRequest) -> tuple[Place, str]:
    """On SQLite with each push, on both databases every night."""
    return template_of(request.param, request)


@pytest.fixture
def file_place(request: pytest.FixtureRequest) -> tuple[Place, str]:
    """On SQLite only."""
    return template_of("sqlite", request)


@pytest.fixture
def server_place(request: pytest.FixtureRequest) -> tuple[Place, str]:
    """On PostgreSQL only."""
    return template_of("postgresql", request)


@pytest.fixture
def sample() -> Callable[[int], bool]:
    """One point in EVERY from a random one on, printed so that it can be had again; every point in the nightly run."""
    if NIGHTLY:
        return lambda number: True
    offset = int(os.environ.get("CHUKE_CRASH_OFFSET") or random.randrange(EVERY))
    print(f"points {offset} + {EVERY}n; CHUKE_CRASH_OFFSET={offset} gives the same ones again")
    return lambda number: number % EVERY == offset
