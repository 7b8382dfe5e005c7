"""Every daily page sends the same number of statements to the database with one row on it and with thirty."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, select

from services.cases.remarks import write_remark
from services.database.engine import Database, open_database
from services.database.recording import recording
from services.database.work import reading, run, unit_of_work
from services.notices.models import notices
from services.people.queries import actor_named
from services.people.sign_ins import open_sign_in
from services.samples.loading import load
from tests.database_fixtures import NOW
from tests.web.conftest import SITE, Scene
from web.app import create_app
from web.pages import board as board_page

PAGES = ("/cases", "/cases?text=-20", "/search?text=-20", "/board", "/organizations")


def statements(database: Database, browser: TestClient, path: str) -> int:
    """How many statements the whole page sends; asked once before, so that nothing is read for the first time."""
    assert browser.get(path).status_code == 200
    with recording(database) as sent:
        assert browser.get(path).status_code == 200
    return len(sent)


def manager_of(database: Database) -> TestClient:
    client = TestClient(create_app(database, clock=lambda: NOW), base_url=SITE, follow_redirects=False)
    with reading(database, NOW) as work:
        manager = actor_named(work, "manager1").id
    client.cookies.set("chuke", run(database, NOW, lambda work: open_sign_in(work, manager)).token)
    return client


@pytest.fixture(scope="module")
def towns(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Database]]:
    """A town with exactly one case, and one with exactly thirty."""
    made = []
    for scale in (1, 30):
        path = tmp_path_factory.mktemp("town") / "chuke.sqlite"
        shutil.copyfile(sqlite_template, path)
        made.append(open_database(f"sqlite:///{path}"))
        load(made[-1], scale=scale, seed=5, now=NOW)
    yield made[0], made[1]
    for database in made:
        database.close()


@pytest.mark.parametrize("path", PAGES)
def test_one_row_and_thirty_rows_cost_the_same(towns: tuple[Database, Database], path: str) -> None:
    few, many = (statements(database, manager_of(database), path) for database in towns)
    assert few == many < 30


def test_there_really_is_one_row_and_there_really_are_thirty(towns: tuple[Database, Database]) -> None:
    for database, number in zip(towns, (1, 30), strict=True):
        browser = manager_of(database)
        for path in ("/cases", "/cases?text=-20"):
            assert f"共{number}件" in browser.get(path).text


def test_a_page_that_asks_for_each_row_would_be_seen(
    towns: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: the board looks every overdue case up once more."""
    honest = board_page.filtered

    def greedy(work, *more, **how):  # type: ignore[no-untyped-def]
        found = honest(work, *more, **how)
        for _ in found:
            work.connection.execute(select(notices.c.id).limit(1))
        return found

    monkeypatch.setattr(board_page, "filtered", greedy)
    with pytest.raises(AssertionError):
        test_one_row_and_thirty_rows_cost_the_same(towns, "/board")


@pytest.mark.parametrize("username", ["ma", "clerk", "manager"])
def test_a_case_costs_the_same_with_one_and_with_thirty_messages_and_whatever_was_moved(
    username: str, scene: Scene
) -> None:
    city, number = scene.city, scene.numbers["draft"]

    def write(text: str) -> None:
        send = {"number": number, "audience": "applicant", "text": text, "request_id": text}
        write_remark(city.database, city.actor("manager"), now=city.now, **send)

    def cost() -> int:
        # What people were told of the moves meanwhile is the mark in the bar, not a row of this page.
        with unit_of_work(city.database, city.now) as work:
            work.connection.execute(delete(notices))
        return statements(city.database, scene.browser(username), f"/cases/{number}")

    city.provide(number, "ma")
    city.move(number, "submit", "ma", privacy_notice_accepted=True, commitments_accepted=True)
    write("第一条")
    few = cost()
    item = {"field": "章程", "problem": "缺页", "how_to_fix": "补"}
    for _ in range(2):
        city.move(number, "request_correction", "clerk", items=[item])
        city.move(number, "resubmit", "ma", answers=[{"answer": "已补"}])
    for place in range(2, 31):
        write(f"第{place}条")
    assert city.version(number) == 5
    assert cost() == few < 60
