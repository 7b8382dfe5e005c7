"""The city each web test gets: founded once a session, copied for every test, with everybody signed in."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import insert

from services.database.engine import open_database
from services.database.work import Work, unit_of_work
from services.issuance.commands import Drawn, deliver, store_drawn
from services.issuance.queries import documents_of
from services.outbox.commands import claim_errands, fail_errand
from services.people.models import sign_ins
from services.people.queries import people
from tests.web.city import City, found_city
from web.app import create_app

SITE = "http://127.0.0.1:8010"


def one_page() -> bytes:
    """An honest PDF with one empty A4 page."""
    made, out = pypdfium2.PdfDocument.new(), BytesIO()
    made.new_page(595, 842)
    made.save(out)
    made.close()
    return out.getvalue()


PDF = one_page()


@dataclass
class Scene:
    """The city with one case in each situation the pages distinguish, and a browser for everybody."""

    city: City
    numbers: dict[str, str] = field(default_factory=dict)
    paper: str = ""
    parked: str = ""
    app: FastAPI = field(default_factory=FastAPI)

    def browser(self, username: str = "", *, lang: str = "zh") -> TestClient:
        """A browser of that person (nobody: not signed in) that sends what browsers send."""
        client = TestClient(self.app, base_url=SITE, follow_redirects=False, raise_server_exceptions=False)
        client.headers["origin"] = SITE
        client.cookies.set("language", lang)
        if username:
            client.cookies.set("chuke", token_of(username))
        return client

    def program(self, username: str = "") -> TestClient:
        """A program that calls the interface with that person's token."""
        client = self.browser()
        client.cookies.clear()
        client.headers.pop("origin")
        if username:
            client.headers["authorization"] = f"Bearer {token_of(username)}"
        return client


def token_of(username: str) -> str:
    """The token with which the person is signed in in every test."""
    return f"token-of-{username}"


@pytest.fixture(scope="session")
def staged(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scene]:
    """The database file with everything in it, and what is where."""
    path = tmp_path_factory.mktemp("city") / "chuke.sqlite"
    shutil.copyfile(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    scene = Scene(found_city(database))
    city = scene.city
    scene.numbers["draft"] = city.draft("ma")
    scene.numbers["review"] = city.under_review("qin")
    scene.numbers["publicity"] = city.published("zhou")
    with unit_of_work(database, city.tick()) as work:
        _sign_everybody_in(work, city)
        paper = documents_of(work)[0]
        store_drawn(work, paper.id, Drawn(PDF, hashlib.sha256(PDF).hexdigest(), 1, "test"))
        errand = claim_errands(work, worker="test", limit=1)[0]
        fail_errand(work, errand.id, fence=errand.fence, reason="打印机着火了", retry=False)
        scene.paper, scene.parked = paper.id, errand.id
        leader = next(one.id for one in people(work) if one.username == "qin")
        deliver(work, document_id=paper.id, person_id=leader)
    database.close()
    return path, scene


def _sign_everybody_in(work: Work, city: City) -> None:
    for one in people(work):
        work.connection.execute(
            insert(sign_ins).values(
                token_hash=hashlib.sha256(token_of(one.username).encode()).hexdigest(), person_id=one.id,
                began_at=city.now, seen_at=city.now, expires_at=city.now + timedelta(hours=12),
                factor_at=city.now,
            )
        )  # fmt: skip


@pytest.fixture(scope="session")
def app(staged: tuple[Path, Scene]) -> FastAPI:
    """One application; each test puts its own database and clock into it."""
    return create_app(staged[1].city.database)


@pytest.fixture
def scene(staged: tuple[Path, Scene], app: FastAPI, tmp_path: Path) -> Iterator[Scene]:
    """A copy of the city that the test may change."""
    path, founded = staged
    copied = tmp_path / "chuke.sqlite"
    shutil.copyfile(path, copied)
    database = open_database(f"sqlite:///{copied}")
    city = replace(founded.city, database=database)
    app.state.database, app.state.clock = database, lambda: city.now
    yield replace(founded, city=city, app=app)
    database.close()
