"""What every test folder shares: the databases, and the rule that unit and property tests reach none."""

import atexit
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from services.database import engine
from services.people import passwords
from services.settings import settings
from tests.database_fixtures import (
    backend,
    database,
    empty_database,
    postgres,
    shared_postgresql,
    shared_sqlite,
    sqlite_template,
    work,
)

__all__ = [
    "backend",
    "database",
    "empty_database",
    "postgres",
    "shared_postgresql",
    "shared_sqlite",
    "sqlite_template",
    "work",
]

# Every process of a test run opens what the others sealed; an installation keeps its keys under its home folder.
if "CHUKE_KEYS" not in os.environ:
    _keys = tempfile.mkdtemp(prefix="chuke-keys-")
    os.environ["CHUKE_KEYS"] = f"{_keys}/keys.json"
    atexit.register(shutil.rmtree, _keys, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def in_a_hurry() -> Iterator[None]:
    """No test cuts the power and few ask what a guess costs, so neither is paid for thousands of times.

    What ships is held by tests/database/test_opening.py and tests/unit/test_passwords.py.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "SYNCHRONOUS", "OFF")
        patch.setattr(passwords, "COST", passwords.Cost(passes=1, memory_kib=64, lanes=1))
        yield


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation that signs with demonstration keys, made at the first use in the folder given."""
    monkeypatch.setenv("CHUKE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CHUKE_SEAL_MODE", "demo")
    settings.cache_clear()
    yield tmp_path / "home" / "seal"
    settings.cache_clear()


LONG = ("crash", "journeys", "races", "browser", "access", "interface", "flows", "documents", "property", "cli")
"""Folders whose files take long, longest first: workers that begin with them end together."""


HALF = "CHUKE_TEST_HALF"
"""Which half of what is shared out between two days belongs to this run of everything: 0 or 1."""

SHARED_OUT = ("tests/database/", "tests/crash/test_every_point.py")
"""Where PostgreSQL is tried on every other day; SQLite is every day."""

EVERY_ROUTE = (
    "tests/web/test_routes.py::test_the_policy_decides_on_every_route[",
    "tests/web/test_routes.py::test_every_page_is_well_formed[",
)
"""Each route asked by some people today and by the others tomorrow; tests/access asks for everybody, in part, daily."""


def pytest_configure(config: pytest.Config) -> None:
    """A run of everything tries those tests on SQLite today, and every other one on PostgreSQL; tomorrow the rest."""
    everything = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if not hasattr(config, "workerinput") and everything and not os.environ.get("CHUKE_NIGHTLY"):
        os.environ.setdefault(HALF, str(datetime.now(UTC).toordinal() % 2))


def pytest_report_header() -> list[str]:
    """Say it, and how to have the same half or both."""
    half = os.environ.get(HALF)
    shared = f"PostgreSQL in {', '.join(SHARED_OUT)}, every route, pages in a browser"
    return [f"{shared}: half {half} of 0 and 1 (CHUKE_NIGHTLY=1: both)"] if half else []


def _left_out(nodeid: str) -> bool:
    half = os.environ.get(HALF)
    shared = "[postgresql" in nodeid and nodeid.startswith(SHARED_OUT)
    if not half or not (shared or nodeid.startswith(EVERY_ROUTE)):
        return False
    return "test_migrations" not in nodeid and str(zlib.crc32(nodeid.encode()) % 2) != half


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long files first, each in its own order, without the half that is left to the next day."""
    rank = {folder: place for place, folder in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.nodeid.split("/")[1], len(LONG)))
    left = [item for item in items if _left_out(item.nodeid)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not _left_out(item.nodeid)]


WITHOUT_DATABASE = ("tests/unit/", "tests/property/")
_running: list[str] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Any:
    """Remember which test runs, so that a connection knows who opens it."""
    _running[:] = [item.nodeid]
    return (yield)


@event.listens_for(Engine, "do_connect")
def _refuse_pure_tests(*_arguments: Any) -> None:
    if _running and _running[0].startswith(WITHOUT_DATABASE):
        raise AssertionError(f"{_running[0]} opened a database; tests of pure code have none")
