"""The province: founded once a session, asked by everybody; whatever an answer writes is undone."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from services.database.engine import Database, open_database
from services.settings import settings
from tests.access.province import Province, found_province
from tests.web.conftest import SITE, token_of
from web.app import create_app


@dataclass
class Door:
    """The application over the province, and a quick way to knock as anybody."""

    province: Province
    app: FastAPI
    client: TestClient

    def ask(self, username: str, method: str, path: str, **given: object) -> Response:
        """Ask as that person (nobody when empty), with what a browser or a program sends along."""
        headers = {"origin": SITE} | dict(given.pop("headers", {}))  # type: ignore[call-overload]
        if path.startswith("/api/"):
            headers.pop("origin")
            headers |= {"authorization": f"Bearer {token_of(username)}"} if username else {}
        elif username:
            headers["cookie"] = f"chuke={token_of(username)}; language=zh"
        return self.client.request(method, path, headers=headers, **given)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def founded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Province]:
    """The database file with the whole province in it, and what is where."""
    path = tmp_path_factory.mktemp("province") / "chuke.sqlite"
    shutil.copyfile(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    province = found_province(database)
    database.close()
    return path, province


def open_door(province: Province, database: Database, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """The application over that database, with the clock of the province and no limit on how often one may ask."""
    unlimited = settings().model_copy(update={"interface_per_minute": 0, "verify_per_minute": 0, "site": SITE})
    monkeypatch.setattr("web.app.settings", lambda: unlimited)
    return create_app(database, clock=lambda: province.city.now)


@pytest.fixture
def door(founded: tuple[Path, Province], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    """A door behind which nothing is ever kept: what would be committed is rolled back."""
    path, province = founded
    copied = tmp_path / "chuke.sqlite"
    shutil.copyfile(path, copied)
    database = open_database(f"sqlite:///{copied}")
    app = open_door(province, database, monkeypatch)
    with TestClient(app, base_url=SITE, follow_redirects=False, raise_server_exceptions=False) as client:
        # Whatever is committed from here on is undone instead.
        database.engine.dialect.do_commit = database.engine.dialect.do_rollback  # type: ignore[method-assign]
        yield Door(province, app, client)
    database.close()
