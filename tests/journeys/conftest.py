"""The demo city played without Prefect and without the PDF engine, so that a journey takes seconds."""

import hashlib
import shutil
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from cli.demo import story
from cli.demo.acting import City
from cli.demo.city import found
from flows.relay import InProcess, drain_until_quiet
from services.database.engine import Database, open_database
from services.issuance.commands import Drawn
from services.issuance.queries import DocumentToDraw
from tests.database_fixtures import BACKENDS, PostgresServer, text_of


def marks(paper: DocumentToDraw) -> Drawn:
    """Bytes that stand for a drawn paper."""
    content = f"{paper.kind} {paper.number}".encode()
    return Drawn(content, hashlib.sha256(content).hexdigest(), 1, "none")


def settle(database: Database, now: datetime) -> int:
    report = drain_until_quiet(database, now=now, through=InProcess(), render=marks)
    assert report.parked == report.waiting == 0
    return report.done


def founded(database: Database) -> City:
    return City(database, found(database, password=None), partial(settle, database), story.steps()[0].at)


@pytest.fixture(scope="module", params=BACKENDS)
def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The city as founded, one for all tests of a file that follow each other."""
    if request.param == "sqlite":
        path: Path = tmp_path_factory.mktemp("city") / "chuke.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        database = open_database(f"sqlite:///{path}")
        yield founded(database)
        database.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.migrated_copy()
    database = open_database(text_of(url))
    try:
        yield founded(database)
    finally:
        database.close()
        server.drop(str(url.database))
