"""What every test folder shares: the databases, and the rule that unit and property tests reach none."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event

from services.database import engine
from services.people import passwords
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


LONG = ("crash", "journeys", "races", "browser", "access", "interface", "flows", "documents", "property", "cli")
"""Folders whose files take long, longest first: two workers that begin with them end together."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; each file keeps its order."""
    rank = {folder: place for place, folder in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.nodeid.split("/")[1], len(LONG)))


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
