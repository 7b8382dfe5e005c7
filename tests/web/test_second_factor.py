"""The second step of signing in: set up first, then asked for, each code once; recovery codes, step-up, links."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
from fastapi.testclient import TestClient

from services.database.work import reading, unit_of_work
from services.people.factors import factors_of
from services.people.new_passwords import make_link
from services.people.passwords import keep_hash, password_hash
from services.settings import settings
from tests.web.city import PASSWORD
from tests.web.conftest import Scene
from tests.web.reading import Page

SECRET = re.compile(r'<span class="secret" translate="no">([A-Z2-7]{32})</span>')
RECOVERY = re.compile(r'<li class="secret">([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</li>')


def give_password(scene: Scene, username: str) -> None:
    with unit_of_work(scene.city.database, scene.city.now) as work:
        keep_hash(work, scene.city.actor(username).id, password_hash(PASSWORD, username))


def first_step(scene: Scene, username: str = "manager") -> tuple[TestClient, str]:
    client = scene.browser()
    answer = client.post("/sign-in", data={"username": username, "password": PASSWORD, "next": "/cases?stage=入驻"})
    assert answer.status_code == 303, answer.text
    return client, answer.headers["location"]


def code(scene: Scene, secret: str, *, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(scene.city.now.timestamp()) + 30 * steps)


def enrolled(scene: Scene, username: str = "manager") -> tuple[str, list[str]]:
    """The secret and the recovery codes of a person who has just set the second factor up."""
    client, where = first_step(scene, username)
    assert where == "/sign-in/enrolment"
    (secret,) = SECRET.findall(client.get(where).text)
    answer = client.post(where, data={"code": code(scene, secret)})
    assert answer.status_code == 200, answer.text
    scene.city.now += timedelta(minutes=2)
    return secret, RECOVERY.findall(answer.text)


@pytest.fixture
def office(scene: Scene) -> Scene:
    for username in ("manager", "administrator"):
        give_password(scene, username)
    return scene


def test_who_decides_sets_a_second_factor_up_before_anything_else(office: Scene) -> None:
    client, where = first_step(office)
    assert where == "/sign-in/enrolment"
    assert client.get("/cases").headers["location"].startswith("/sign-in?")
    page = client.get(where).text
    assert Page(page).faults == []
    assert "<svg" in page
    (secret,) = SECRET.findall(page)
    assert SECRET.findall(client.get(where).text) == [secret]
    wrong = client.post(where, data={"code": "000000"})
    assert wrong.status_code == 409
    assert "验证码不正确" in wrong.text
    shown = client.post(where, data={"code": code(office, secret)})
    assert len(set(RECOVERY.findall(shown.text))) == 10
    assert Page(shown.text).faults == []
    assert client.get("/cases").status_code == 200


def test_an_applicant_needs_no_second_factor(office: Scene) -> None:
    _, where = first_step(office, "zhou")
    assert where.startswith("/cases?stage=")


def test_with_a_factor_the_password_alone_opens_nothing(office: Scene) -> None:
    secret, _ = enrolled(office)
    client, where = first_step(office)
    assert where == "/sign-in/code"
    assert client.get("/cases").headers["location"].startswith("/sign-in?")
    assert client.get("/sign-in/enrolment").headers["location"] == "/sign-in"
    answer = client.post(where, data={"code": f" {code(office, secret)[:3]} {code(office, secret)[3:]} "})
    assert (answer.status_code, answer.headers["location"][:13]) == (303, "/cases?stage=")
    assert client.get("/cases").status_code == 200


@pytest.mark.parametrize(("steps", "status"), [(-2, 409), (-1, 303), (0, 303), (1, 303), (2, 409)])
def test_a_clock_may_differ_by_half_a_minute_and_no_more(office: Scene, steps: int, status: int) -> None:
    secret, _ = enrolled(office)
    client, where = first_step(office)
    assert client.post(where, data={"code": code(office, secret, steps=steps)}).status_code == status


def test_a_code_lets_in_once(office: Scene) -> None:
    secret, _ = enrolled(office)
    said = code(office, secret)
    for status in (303, 409):
        client, where = first_step(office)
        assert client.post(where, data={"code": said}).status_code == status
    client, where = first_step(office)
    earlier = client.post(where, data={"code": code(office, secret, steps=-1)})
    assert earlier.status_code == 409


def test_a_step_serves_once_and_not_for_long(office: Scene) -> None:
    secret, _ = enrolled(office)
    client, where = first_step(office)
    step = client.cookies["chuke-step"]
    assert client.post(where, data={"code": code(office, secret)}).status_code == 303
    client.cookies.set("chuke-step", step)
    office.city.now += timedelta(minutes=1)
    assert client.post(where, data={"code": code(office, secret)}).status_code == 403
    late, where = first_step(office)
    office.city.now += timedelta(minutes=11)
    answer = late.post(where, data={"code": code(office, secret)})
    assert answer.status_code == 403
    assert "从登录页重新开始" in answer.text


def test_a_recovery_code_lets_in_once_and_new_ones_replace_the_old(office: Scene) -> None:
    _, codes = enrolled(office)
    for status in (303, 409):
        client, where = first_step(office)
        assert client.post(where, data={"code": codes[0].lower()}).status_code == status
    client, where = first_step(office)
    assert client.post(where, data={"code": codes[1].replace("-", " ")}).status_code == 303
    assert "还剩8个" in client.get("/account").text
    renewed = RECOVERY.findall(client.post("/account/factors/recovery-codes").text)
    assert len(set(renewed) - set(codes)) == 10
    client, where = first_step(office)
    assert client.post(where, data={"code": codes[2]}).status_code == 409
    assert client.post(where, data={"code": renewed[0]}).status_code == 303


def test_codes_cannot_be_guessed_and_a_recovery_code_still_lets_in(office: Scene) -> None:
    secret, codes = enrolled(office)
    client, where = first_step(office)
    tested = [client.post(where, data={"code": f"{number:06}"}).status_code for number in range(30)]
    assert tested.count(409) <= 10
    assert tested[-1] == 403
    assert client.post(where, data={"code": code(office, secret)}).status_code == 403
    assert client.post(where, data={"code": codes[0]}).status_code == 303


def test_signing_in_and_proving_again_give_new_tokens_and_the_old_one_is_dead(office: Scene) -> None:
    secret, _ = enrolled(office)
    client, where = first_step(office)
    client.post(where, data={"code": code(office, secret)})
    before = client.cookies["chuke"]
    office.city.now += timedelta(minutes=20)
    stale = client.post("/account/factors/recovery-codes")
    assert stale.status_code == 403
    assert "/account/confirm?next=" in stale.text
    assert client.post("/account/confirm", data={"code": "123456"}).status_code == 409
    proved = client.post("/account/confirm", data={"code": code(office, secret), "next": "/account/factors"})
    assert (proved.status_code, proved.headers["location"]) == (303, "/account/factors")
    assert client.cookies["chuke"] != before
    assert client.post("/account/factors/recovery-codes").status_code == 200
    old = office.browser()
    old.cookies.set("chuke", before)
    assert old.get("/account").status_code == 303


def test_what_moves_public_money_asks_for_a_factor_proved_lately(office: Scene) -> None:
    number = office.numbers["review"]
    client = office.browser("manager")
    fresh = client.post(f"/cases/{number}/moves/approve_payment", data={"seen_version": "1"})
    assert "十五分钟内再次验证" not in fresh.text
    office.city.now += timedelta(minutes=16)
    stale = client.post(f"/cases/{number}/moves/approve_payment", data={"seen_version": "1"})
    assert stale.status_code == 403
    assert "十五分钟内再次验证" in stale.text
    other = client.post(f"/cases/{number}/moves/admit", data={"seen_version": "1"})
    assert "十五分钟内再次验证" not in other.text
    told = office.program("manager").post(
        f"/api/v1/cases/{number}/transitions/approve_payment", json={}, headers={"if-match": '"1"'}
    )
    assert told.json()["codes"] == ["sign_in.factor_stale"]


def test_the_interface_asks_for_the_code_too(office: Scene) -> None:
    ask = lambda **more: office.program().post(  # noqa: E731
        "/api/v1/sign-in", json={"username": "manager", "password": PASSWORD, **more}
    )
    assert ask().json()["codes"] == ["sign_in.enrol_needed"]
    secret, codes = enrolled(office)
    assert (ask().status_code, ask().json()["codes"]) == (401, ["sign_in.code_needed"])
    assert ask(code="000000").json()["codes"] == ["sign_in.failed"]
    said = ask(code=code(office, secret))
    assert said.status_code == 200
    program = office.program()
    program.headers["authorization"] = f"Bearer {said.json()['token']}"
    assert program.get("/api/v1/me").json()["username"] == "manager"
    assert ask(code=codes[0]).status_code == 200


def test_the_last_factor_of_who_needs_one_stays(office: Scene) -> None:
    secret, _ = enrolled(office)
    client, where = first_step(office)
    client.post(where, data={"code": code(office, secret)})
    assert client.post("/account/factors/code/remove").status_code == 409
    with reading(office.city.database, office.city.now) as work:
        assert factors_of(work, office.city.actor("manager").id).code


def test_anybody_may_set_a_factor_up_and_take_it_away(office: Scene) -> None:
    client, _ = first_step(office, "zhou")
    assert client.post("/account/factors/code").status_code == 303
    (secret,) = SECRET.findall(client.get("/account/factors").text)
    assert RECOVERY.findall(client.post("/account/factors/code/confirm", data={"code": code(office, secret)}).text)
    _, where = first_step(office, "zhou")
    assert where == "/sign-in/code"
    assert client.post("/account/factors/code/remove").status_code == 303
    _, where = first_step(office, "zhou")
    assert where.startswith("/cases?stage=")


@pytest.fixture
def optional(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CHUKE_SECOND_FACTOR", "optional")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.usefixtures("optional")
def test_a_demonstration_may_go_without(office: Scene) -> None:
    _, where = first_step(office)
    assert where.startswith("/cases?stage=")


# One-time links -----------------------------------------------------------------------------------


def one_time_link(office: Scene, username: str) -> str:
    city = office.city
    owner = city.actor(username).id
    return make_link(city.database, city.actor("administrator"), owner, reason="忘记密码", now=city.now)


def test_a_link_sets_a_password_once_and_still_asks_for_the_factor(office: Scene) -> None:
    link = one_time_link(office, "manager")
    kept = office.browser("manager")
    client = office.browser()
    page = client.get(f"/sign-in/links/{link}")
    assert Page(page.text).faults == []
    weak = client.post(f"/sign-in/links/{link}", data={"password": "password123", "again": "password123"})
    assert (weak.status_code, "常见密码" in weak.text) == (422, True)
    differ = client.post(f"/sign-in/links/{link}", data={"password": "春天的风很大", "again": "春天的风很小"})
    assert differ.status_code == 422
    said = {"password": "春天里的风吹得很大呀", "again": "春天里的风吹得很大呀"}
    answer = client.post(f"/sign-in/links/{link}", data=said)
    assert answer.headers["location"] == "/sign-in/enrolment"
    assert kept.get("/cases").status_code == 303
    assert client.post(f"/sign-in/links/{link}", data=said).status_code == 403
    assert office.browser().get(f"/sign-in/links/{link}").status_code == 403


def test_a_link_is_over_after_a_day_and_a_later_one_replaces_it(office: Scene) -> None:
    city = office.city
    first, second = one_time_link(office, "zhou"), one_time_link(office, "zhou")
    assert office.browser().get(f"/sign-in/links/{first}").status_code == 403
    assert office.browser().get(f"/sign-in/links/{second}").status_code == 200
    city.now += timedelta(hours=24)
    assert office.browser().get(f"/sign-in/links/{second}").status_code == 403
