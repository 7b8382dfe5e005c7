"""Personal data that people type is found nowhere in clear: planted, then looked for in whatever is left behind."""

import base64
import io
import json
import logging
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from httpx2 import Response
from sqlalchemy import insert
from starlette.testclient import TestClient

from services.audit.search import Wanted, search
from services.cases import applying, payee_accounts
from services.database.base import new_id
from services.database.engine import Database, open_database
from services.database.schema import upgrade
from services.database.work import reading, unit_of_work
from services.notices.models import notices
from services.organizations import acts
from services.organizations.commands import NewOrganization
from services.organizations.queries import account_lines
from services.people.commands import add_person, grant_role
from statemachines.roles import Role
from tests.access.conftest import open_door
from tests.access.planting import found, left_in
from tests.access.province import Province
from tests.flows.conftest import free_port
from tests.web.city import ELSEWHERE, City, found_city
from tests.web.conftest import SITE, _sign_everybody_in, token_of

EACH = 45
PEOPLE = {"leader_name": "马跃", "leader_phone": "19900000001"}
KINDS = (
    "phone", "contact", "account", "password", "wrong password", "token", "identity number", "address",
    "password as a name", "account looked for", "number of somebody else",
)  # fmt: skip


@dataclass
class Story:
    """What was planted, and everything that is left of it."""

    city: City
    planted: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    number: str = ""
    log: io.StringIO = field(default_factory=io.StringIO)
    files: dict[str, bytes] = field(default_factory=dict)

    def plant(self, kind: str, position: int, text: str) -> str:
        self.planted[f"{kind} {position}"] = text
        return text

    def keep(self, answer: Response, *, shown_back: str = "") -> None:
        """Keep what was answered, with where it sends the browser; `shown_back` is what a form may show its writer."""
        if shown_back:
            assert answer.status_code < 500, answer.text
        else:
            self.answers.append(answer.text)
        self.answers.append(answer.headers.get("location", ""))


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Story]:
    """A small office in which all of it was typed once, through forms and commands."""
    database = open_database(f"sqlite:///{tmp_path}/chuke.sqlite")
    upgrade(database)
    told = Story(found_city(database))
    listening = logging.StreamHandler(told.log)
    logging.getLogger().addHandler(listening)
    logging.getLogger().setLevel(logging.DEBUG)
    # What this test itself asks for is no log of the product.
    monkeypatch.setattr(logging.getLogger("httpx2"), "disabled", True)
    told.number = told.city.published("zhou")
    _enter(told, database)
    _apply(told, database)
    app = open_door(Province(told.city), database, monkeypatch)
    with TestClient(app, base_url=SITE, follow_redirects=False, raise_server_exceptions=False) as client:
        client.headers["origin"] = SITE
        _object(told, client)
        _mistype(told, client)
        _look(told, client)
        _sign_in(told, client, database)
        monkeypatch.setattr("web.pages.objections.lodge_objection", None)
        _crash(told, client)
    yield told
    logging.getLogger().removeHandler(listening)
    database.close()


def _enter(story: Story, database: Database) -> None:
    city = story.city
    for position in range(EACH):
        phone = story.plant("phone", position, f"198{70000000 + position * 12347}")
        identity = acts.enter_organization(
            database, city.actor("clerk"),
            NewOrganization(
                name=f"甲社{position}", legal_form="none", legal_status="UNFILED", category="SERVICE", subtype="互助",
                home_division=ELSEWHERE, leader_name="周暖", leader_phone=phone, members=20,
            ),
            now=city.tick(),
        )  # fmt: skip
        account = story.plant("account", position, f"6217{830000000000 + position * 98765431}")
        new = payee_accounts.NewAccount(
            identity, identity, account, "青檐银行", "custody", "桦林街道办事处", basis="reimbursement",
            holder_division=ELSEWHERE,
        )  # fmt: skip
        payee_accounts.enter_account(database, city.actor("maker"), new, now=city.tick())
        with pytest.raises(Exception, match="account"):
            payee_accounts.enter_account(database, city.actor("maker"), new, now=city.tick())


def _apply(story: Story, database: Database) -> None:
    """What people write into an application beyond what was asked: the number and the address of a founder."""
    city, number = story.city, story.city.draft("ma")
    applying.begin_form(database, city.actor("ma"), number=number, now=city.tick())
    agreed = {"agreed": "yes"}
    applying.save_section(
        database, city.actor("ma"), number=number, section="consent", typed=agreed, seen=0, now=city.tick()
    )
    for position in range(10):
        identity = story.plant("identity number", position, f"22990219{70 + position}0101{position * 37 + 1000}")
        address = story.plant("address", position, f"桦林街道铁东里{position * 13 + 101}号楼{position + 2}单元")
        typed = {**PEOPLE, "leader_work": identity, "founders": [{"name": "马跃", "part": address}]}
        applying.save_section(
            database, city.actor("ma"), number=number, section="people", typed=typed, seen=position, now=city.tick()
        )


def _object(story: Story, client: TestClient) -> None:
    for position in range(EACH):
        contact = story.plant("contact", position, f"reach{position * 7919 + 100003}@example.cn")
        form = {"by_name": "王某", "contact": contact, "text": "名册不实"}
        answer = client.post(f"/publicity/{story.number}", data=form)
        assert answer.status_code == 200
        story.keep(answer)
        # So many from one place make the next one wait.
        story.city.now += timedelta(minutes=16)


def _crash(story: Story, client: TestClient) -> None:
    """Something breaks while the form of somebody is in hand: neither page nor trace tells what was in it."""
    form = {"by_name": "王某", "contact": story.planted["contact 0"], "text": story.planted["phone 0"]}
    answer = client.post(f"/publicity/{story.number}", data=form)
    assert answer.status_code == 500
    assert "Traceback" in story.log.getvalue()
    story.answers.append(answer.text)


def _mistype(story: Story, client: TestClient) -> None:
    """People type the password where the name belongs, and the wrong number where they ask how far their case is."""
    for position in range(10):
        secret = story.plant("password as a name", position, f"Hail-{position * 104729 + 777}-gate-bell")
        story.keep(client.post("/sign-in", data={"username": secret, "password": "x"}), shown_back=secret)
        other = story.plant("number of somebody else", position, f"197{60000000 + position * 12347}")
        story.keep(client.post("/progress", data={"number": story.number, "phone": other}), shown_back=other)
        # So many failures from one place make the next one wait.
        story.city.now += timedelta(minutes=40)


def _look(story: Story, client: TestClient) -> None:
    """People paste an account into whatever looks for something, and take the list along."""
    enter_everybody(story)
    for position in range(10):
        pasted = story.plant("account looked for", position, f"6228{480000000000 + position * 98765431}")
        for username, path in (
            ("clerk", "/search?text={}"), ("clerk", "/cases?text={}"), ("clerk", "/organizations?find={}"),
            ("clerk", "/cases/export.csv?text={}"), ("clerk", "/cases/export.xlsx?text={}"),
            ("log", "/audit?object={}"), ("log", "/audit?person={}"),
        ):  # fmt: skip
            client.cookies.set("chuke", token_of(username))
            story.keep(client.get(path.format(pasted)), shown_back=pasted)
            if "/export" in path:
                story.keep(client.post(path.format(pasted), data={"reason": "核对"}))
        asked = {"object": pasted, "person": pasted, "reason": "核对"}
        client.cookies.set("chuke", token_of("log"))
        story.keep(client.post("/audit/export", data=asked))
        headers = {"authorization": f"Bearer {token_of('clerk')}", "idempotency-key": f"k{position}"}
        client.cookies.clear()
        wrong = {"organization_id": pasted, "centre_id": 7}
        story.keep(client.post("/api/v1/cases", json=wrong, headers=headers), shown_back=pasted)
    for username, path in (("clerk", "/cases/export.csv"), ("clerk", "/cases/export.xlsx")):
        client.cookies.set("chuke", token_of(username))
        story.files[path] = client.post(path, data={"reason": "核对"}).content
    client.cookies.set("chuke", token_of("log"))
    story.files["/audit/export"] = client.post("/audit/export", data={"reason": "核对"}).content
    client.cookies.clear()


def enter_everybody(story: Story) -> None:
    """Sign every one in who acts in this story."""
    with unit_of_work(story.city.database, story.city.tick()) as work:
        _sign_everybody_in(work, story.city)


def _sign_in(story: Story, client: TestClient, database: Database) -> None:
    for position in range(EACH // 3):
        password = story.plant("password", position, f"Rain-{position * 104729 + 777}-house-door")
        wrong = story.plant("wrong password", position, f"Snow-{position * 104729 + 777}-roof-wall")
        with unit_of_work(database, story.city.tick()) as work:
            person = add_person(work, username=f"u{position}", name="某人", password=password)
            grant_role(work, person, Role.DONOR, valid_from=date(2025, 11, 23))
        for said in (wrong, password):
            answer = client.post("/sign-in", data={"username": f"u{position}", "password": said})
            story.answers.append(answer.text)
            client.cookies.clear()
            # So many failures from one place make the next one wait.
            story.city.now += timedelta(minutes=40)
        token = answer.cookies.get("chuke")
        assert token, answer.status_code
        story.plant("token", position, token)


def artefacts(story: Story) -> dict[str, bytes]:
    """Everything that is left: the files of the database, its dump, the log, the answers, what a command prints."""
    database = story.city.database
    left = left_in(Path(str(database.url.database)).parent)
    left["log"] = story.log.getvalue().encode()
    left["answers"] = "\n".join(story.answers).encode()
    with reading(database, story.city.now) as work:
        lines = account_lines(work, story.city.actor("maker"))
    left["export"] = json.dumps([str(one) for one in lines], ensure_ascii=False).encode()
    return left | story.files


@pytest.mark.timeout(400)
def test_what_people_typed_lies_nowhere_in_clear(story: Story) -> None:
    assert {name.rpartition(" ")[0] for name in story.planted} == set(KINDS)
    assert len(story.planted) >= 200
    left = artefacts(story)
    assert {"chuke.sqlite", "chuke.sqlite-wal", "chuke.sqlite dump", "log", "answers", "export"} <= set(left)
    assert {"/cases/export.csv", "/cases/export.xlsx", "/audit/export"} <= set(left)
    assert found(story.planted, left) == []
    _a_leak_is_seen(story)


def _a_leak_is_seen(story: Story) -> None:
    """The planted bug: one notice that tells too much, in a form nobody reads at once."""
    secret = base64.b64encode(f"tel {story.planted['phone 3']} end".encode()).decode()
    with unit_of_work(story.city.database, story.city.tick()) as work:
        leak = {"key": "leak", "person_id": story.city.actor("zhou").id, "message": "case_lapsed", "title": "提醒"}
        work.connection.execute(insert(notices).values(id=new_id(), body=secret, sent_at=work.now, **leak))
    assert {line.partition(" in ")[0] for line in found(story.planted, artefacts(story))} == {"phone 3"}


def _trail_of_an_audit(story: Story) -> list[str]:
    with reading(story.city.database, story.city.now) as work:
        return [str(one.object) for one in search(work, Wanted(action="person:sign_in"), limit=200)]


def test_a_name_nobody_has_is_known_again_by_its_mark_alone(story: Story) -> None:
    marks = [one for one in _trail_of_an_audit(story) if one.startswith("?")]
    assert len(marks) == len(set(marks)) == 10
    assert "u1" in _trail_of_an_audit(story)


def test_the_console_writes_no_address_into_any_log(tmp_path: Path) -> None:
    """The server as `chuke serve` starts it: what stands in an address, a search or the key of a calendar, is told by
    nobody.
    """
    port, pasted = free_port(), "6228480000000001"
    environment = {**os.environ, "CHUKE_HOME": str(tmp_path), "CHUKE_DATABASE": f"sqlite:///{tmp_path}/chuke.db"}
    database = open_database(environment["CHUKE_DATABASE"])
    upgrade(database)
    database.close()
    with subprocess.Popen(
        [sys.executable, "-m", "flows.child", "console", "127.0.0.1", str(port)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment,
    ) as console:  # fmt: skip
        _until(lambda: _asked(port, "/livez") == 200)
        assert _asked(port, f"/search?text={pasted}") == 200
        assert _asked(port, f"/calendar/{pasted}.ics") == 404
        assert _asked(port, f"/api/v1/search?text={pasted}") == 401
        said, _ = console.communicate(timeout=30)
    assert found({"pasted": pasted}, {"log": said} | left_in(tmp_path)) == []


def _asked(port: int, path: str) -> int:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code
    except URLError:
        return 0


def _until(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_every_form_of_a_text_is_found() -> None:
    planted = {"x": "19870012347"}
    for place, content in {
        "plain": b"a19870012347b", "hex": b"19870012347".hex().encode(), "base64": base64.b64encode(b"ab19870012347c"),
        "address": b"/?q=19870012347", "packed": zlib.compress(b"19870012347"),
    }.items():  # fmt: skip
        assert found(planted, {place: content}) == [f"x in {place}"]
