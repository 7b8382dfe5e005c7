"""The board: every figure is that of the list it opens, for the centre and within a territory, at constant cost."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from services.applications.commands import rate
from services.calendar.queries import load_calendar
from services.cases.lists import CaseFilter, count, filtered
from services.database.engine import Database, open_database
from services.database.recording import recording
from services.database.work import Work, reading, run
from services.people.queries import actor_named
from services.people.sign_ins import open_sign_in
from services.reports import queries
from services.reports.queries import Board, board
from services.samples.loading import load
from tests.database_fixtures import NOW
from tests.web.conftest import SITE
from web.app import create_app


@dataclass
class Town:
    """A loaded town, and a browser for anybody in it."""

    database: Database

    def browser(self, username: str, *, lang: str = "zh") -> TestClient:
        client = TestClient(create_app(self.database, clock=lambda: NOW), base_url=SITE, follow_redirects=False)
        with reading(self.database, NOW) as work:
            person = actor_named(work, username).id
        client.cookies.set("chuke", run(self.database, NOW, lambda work: open_sign_in(work, person)).token)
        client.cookies.set("language", lang)
        return client

    def board(self, username: str) -> Board:
        with reading(self.database, NOW) as work:
            return board(work, actor_named(work, username))

    def count(self, username: str, wanted: CaseFilter) -> int:
        with reading(self.database, NOW) as work:
            return count(work, actor_named(work, username), wanted)


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Three hundred invented cases."""
    path = tmp_path_factory.mktemp("town") / "chuke.sqlite"
    shutil.copyfile(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    load(database, scale=300, seed=5, now=NOW)
    yield Town(database)
    database.close()


FIGURE = re.compile(r'<a href="(/cases\?[^"]*)"><b class="number">(\d+)</b>')
LATE = r'(?:<span class="tag bad">[^<]*</span>)?'
STATE = re.compile(rf'<a href="(/cases\?[^"]*)"><span>[^<]*</span>{LATE}<b class="number">(\d+)</b>')
SINCE = r'(?:<td data-label="起算日">[^<]*</td>)?'
ROW = re.compile(
    rf'<a href="(/cases\?[^"]*)">[^<]*</a></td>{SINCE}<td data-label="(?:个案|已占)" class="amount">(\d+)<'
)


@pytest.mark.parametrize("username", ["manager1", "street1", "bureau1"])
def test_every_figure_opens_exactly_the_cases_it_counts(town: Town, username: str) -> None:
    browser = town.browser(username)
    page = browser.get("/board").text
    links = [*FIGURE.findall(page), *STATE.findall(page), *ROW.findall(page)]
    assert len(links) > 25
    for address, number in links:
        shown = browser.get(unescape(address)).text
        assert f"共{number}件" in shown, address


def test_a_figure_that_counts_too_much_is_found(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: the board forgets to ask who may see what."""
    monkeypatch.setattr(queries, "visible", lambda _actor, **_how: text("1 = 1"))
    with pytest.raises(AssertionError):
        test_every_figure_opens_exactly_the_cases_it_counts(town, "street1")


def test_stages_and_states_add_up_to_what_is_there(town: Town) -> None:
    shown = town.board("manager1")
    for stage in shown.stages:
        assert stage.cases == town.count("manager1", CaseFilter(kind="incubation", stage=stage.stage))
    assert shown.open == town.count("manager1", CaseFilter(figure="open")) > 100
    assert shown.overdue == town.count("manager1", CaseFilter(figure="overdue")) > 0
    assert sum(one.cases for one in shown.managers) + shown.unmanaged <= shown.open


def test_the_funnel_never_widens_and_cycles_are_counted_by_hand(town: Town) -> None:
    shown = town.board("manager1")
    numbers = [one.cases for one in shown.funnel]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] > 20
    expected = by_hand(town, "孵化", shown.cycles[1].since)
    assert shown.cycles[1].days.number == len(expected)
    assert shown.cycles[1].days.median == sorted(expected)[(len(expected) + 1) // 2 - 1]


def by_hand(town: Town, stage: str, since: date) -> list[int]:
    """Working days of each stay in the stage that ended since, walked through move by move."""
    found = []
    with reading(town.database, NOW) as work:
        calendar = load_calendar(work)
        moves: dict[str, list[Any]] = {}
        statement = text(
            "select m.case_id, m.source, m.dest, m.on_date from case_moves m join cases c on c.id = m.case_id"
            " where c.kind = 'incubation' order by m.case_id, m.sequence"
        )
        for row in work.connection.execute(statement):
            moves.setdefault(row.case_id, []).append(row)
        inside = queries.STATES_OF[stage]
        for steps in moves.values():
            entered = None
            for step in steps:
                day = date.fromisoformat(step.on_date)
                if step.dest in inside and step.source not in inside:
                    entered = day
                if step.source in inside and step.dest not in inside and entered is not None and day >= since:
                    found.append(calendar.working_days_between(entered, day))
    return found


def test_places_show_for_the_centre_only(town: Town) -> None:
    assert len(town.board("manager1").places) == 5
    assert town.board("street1").places == ()
    assert town.board("manager1").places[0].taken > 0


def test_ratings_show_as_sums_for_who_may_read_them(town: Town) -> None:
    with reading(town.database, NOW) as work:
        (case_id, other) = work.connection.scalars(text("select id from cases where kind = 'incubation' limit 2")).all()
    before = {one.topic: one.levels for one in town.board("manager1").ratings}

    def unit(work: Work) -> None:
        rate(work, case_id, topic="acceptance", level=5, reasons=(), text="")
        rate(work, other, topic="acceptance", level=1, reasons=("slow",), text="太慢")

    run(town.database, NOW, unit)
    (acceptance,) = [one for one in town.board("manager1").ratings if one.topic == "acceptance"]
    assert acceptance.levels[5] == before["acceptance"][5] + 1
    assert acceptance.levels[1] == before["acceptance"][1] + 1
    page = town.browser("manager1").get("/board").text
    assert "服务评价" in page
    assert "太慢" not in page
    assert town.board("street1").ratings == ()
    assert "服务评价" not in town.browser("street1").get("/board").text


def test_who_reads_no_reports_is_refused(town: Town) -> None:
    assert town.browser("org1").get("/board").status_code == 403
    assert town.browser("evaluator1").get("/board").status_code == 403
    assert "/board" not in town.browser("evaluator1").get("/cases").text


def test_the_board_reads_in_english(town: Town) -> None:
    page = town.browser("manager1", lang="en").get("/board").text
    assert "Time in each stage" in page
    assert "Funnel" in page


@pytest.mark.parametrize("path", ["/board", "/cases", "/cases?text=社", "/search?text=社", "/organizations"])
def test_the_number_of_statements_does_not_grow_with_the_rows(town: Town, path: str) -> None:
    """The manager's page has many rows, the street's a few, the auditor's all: the same statements.

    Places and ratings are not even asked for where they may not be read.
    """
    asked = {}
    for username in ("manager1", "street2", "auditor"):
        browser = town.browser(username)
        browser.get(path)
        with recording(town.database) as sent:
            assert browser.get(path).status_code in (200, 303)
        asked[username] = len([one for one in sent if "sign_ins" not in one.statement])
    assert max(asked.values()) - min(asked.values()) <= (2 if path == "/board" else 1), asked


def test_lists_are_ordered_by_sound_and_by_due_day(town: Town) -> None:
    with reading(town.database, NOW) as work:
        manager = actor_named(work, "manager1")
        due = [one.due_on for one in filtered(work, manager, CaseFilter(figure="overdue", order="due"))]
        assert due == sorted(due, key=str)
    page = town.browser("manager1").get("/cases?order=name&page=2").text
    assert "第101–200件" in page
