"""Passkeys with a software authenticator: made, named, removed; alone, as the second step, and to prove it again."""

import json
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from services.database.work import reading
from services.people.passkeys import passkeys_of
from tests.web.authenticator import Authenticator
from tests.web.conftest import SITE, Scene
from tests.web.reading import Page
from tests.web.test_second_factor import RECOVERY, code, enrolled, first_step, give_password


@pytest.fixture
def device() -> Authenticator:
    return Authenticator(SITE)


@pytest.fixture
def office(scene: Scene) -> Scene:
    give_password(scene, "manager")
    return scene


def add(client: TestClient, device: Authenticator, name: str = "办公电脑") -> Response:
    asked = client.post("/account/passkeys/options").json()
    said = {"step": asked["step"], "credential": device.make(asked["options"]), "name": name}
    return client.post("/account/factors/passkeys", data=said)


def enter(
    client: TestClient, device: Authenticator, *, options: str = "/sign-in/passkey/options", **said: str
) -> Response:
    asked = client.post(options).json()
    form = {"step": asked["step"], "credential": device.sign(asked["options"]), **said}
    return client.post("/sign-in/passkey", data=form)


def with_passkey(scene: Scene, device: Authenticator, username: str = "zhou") -> TestClient:
    client = scene.browser(username)
    assert add(client, device).status_code == 200
    return client


def test_the_first_passkey_brings_recovery_codes_and_can_be_named_and_removed(
    scene: Scene, device: Authenticator
) -> None:
    client = scene.browser("zhou")
    first = add(client, device)
    assert len(RECOVERY.findall(first.text)) == 10
    assert add(client, Authenticator(SITE), "手机").status_code == 303
    page = client.get("/account/factors").text
    assert Page(page).faults == []
    assert "办公电脑" in page
    assert "手机" in page
    with reading(scene.city.database, scene.city.now) as work:
        one, other = passkeys_of(work, scene.city.actor("zhou").id)
    scene.city.now += timedelta(minutes=1)
    assert client.post(f"/account/factors/passkeys/{one.id}/name", data={"name": "家里"}).status_code == 303
    assert scene.browser("qin").post(f"/account/factors/passkeys/{one.id}/name", data={"name": "x"}).status_code == 404
    assert scene.browser("qin").post(f"/account/factors/passkeys/{one.id}/remove").status_code == 404
    assert client.post(f"/account/factors/passkeys/{other.id}/remove").status_code == 303
    with reading(scene.city.database, scene.city.now) as work:
        assert [line.name for line in passkeys_of(work, scene.city.actor("zhou").id)] == ["家里"]


def test_a_passkey_signs_in_alone(office: Scene, device: Authenticator) -> None:
    with_passkey(office, device, "manager")
    client = office.browser()
    answer = enter(client, device, next="/cases?kind=award")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases?kind=award")
    assert client.get("/cases").status_code == 200
    assert client.post("/account/factors/recovery-codes").status_code == 200, "it is a factor proved just now"


def test_alone_it_must_have_asked_its_owner(office: Scene, device: Authenticator) -> None:
    with_passkey(office, device, "manager")
    device.verifies = False
    answer = enter(office.browser(), device)
    assert answer.status_code == 409
    assert "通行密钥未能通过验证" in answer.text
    client, where = first_step(office)
    assert where == "/sign-in/code"
    assert "/sign-in/code/options" in client.get(where).text
    second = enter(client, device, options="/sign-in/code/options", second="yes")
    assert (second.status_code, second.headers["location"][:13]) == (303, "/cases?stage=")


def test_the_second_step_takes_only_the_person_s_own_passkey(office: Scene, device: Authenticator) -> None:
    with_passkey(office, device, "manager")
    other = Authenticator(SITE)
    with_passkey(office, other, "zhou")
    client, _ = first_step(office)
    assert enter(client, other, options="/sign-in/code/options", second="yes").status_code == 409
    assert client.get("/cases").status_code == 303


def test_an_answer_serves_once_and_only_for_what_was_asked(office: Scene, device: Authenticator) -> None:
    with_passkey(office, device)
    client = office.browser()
    asked = client.post("/sign-in/passkey/options").json()
    said = {"step": asked["step"], "credential": device.sign(asked["options"])}
    assert client.post("/sign-in/passkey", data=said).status_code == 303
    assert office.browser().post("/sign-in/passkey", data=said).status_code == 403
    other = office.browser().post("/sign-in/passkey/options").json()
    replayed = {"step": other["step"], "credential": said["credential"]}
    assert office.browser().post("/sign-in/passkey", data=replayed).status_code == 409
    late = office.browser().post("/sign-in/passkey/options").json()
    office.city.now += timedelta(minutes=5)
    form = {"step": late["step"], "credential": device.sign(late["options"])}
    assert office.browser().post("/sign-in/passkey", data=form).status_code == 403


@pytest.mark.parametrize("forged", [{"host": "evil.example"}, {"challenge": "AAAA"}])
def test_a_forged_answer_is_refused(forged: dict[str, str], office: Scene, device: Authenticator) -> None:
    with_passkey(office, device)
    asked = office.browser().post("/sign-in/passkey/options").json()
    form = {"step": asked["step"], "credential": device.sign(asked["options"], **forged)}
    assert office.browser().post("/sign-in/passkey", data=form).status_code == 409


def test_another_site_s_page_cannot_use_it(office: Scene, device: Authenticator) -> None:
    with_passkey(office, device)
    device.origin = "https://evil.example"
    assert enter(office.browser(), device).status_code == 409


def test_another_key_under_the_same_name_is_refused(office: Scene, device: Authenticator) -> None:
    with_passkey(office, device)
    assert enter(office.browser(), Authenticator(SITE, credential_id=device.credential_id)).status_code == 409


def test_a_copied_passkey_is_noticed_by_its_counter(office: Scene, device: Authenticator) -> None:
    with_passkey(office, device)
    assert enter(office.browser(), device).status_code == 303
    device.counter = 0
    assert enter(office.browser(), device).status_code == 409


@pytest.mark.parametrize(
    "credential", ["", "null", "[]", "{}", '{"id": 7}', "x" * 5000, '{"id": "AAAA", "response": {}}']
)
def test_nonsense_is_refused_in_words(credential: str, office: Scene, device: Authenticator) -> None:
    with_passkey(office, device)
    asked = office.browser().post("/sign-in/passkey/options").json()
    answer = office.browser().post("/sign-in/passkey", data={"step": asked["step"], "credential": credential})
    assert answer.status_code == 409
    mine = office.browser("qin")
    step = mine.post("/account/passkeys/options").json()["step"]
    said = {"step": step, "credential": credential, "name": "x"}
    assert mine.post("/account/factors/passkeys", data=said).status_code == 409


def test_no_wait_stands_in_its_way(office: Scene, device: Authenticator) -> None:
    with_passkey(office, device, "manager")
    for _ in range(30):
        office.browser().post("/sign-in", data={"username": "manager", "password": "wrong"})
    assert office.browser().post("/sign-in", data={"username": "manager", "password": "wrong"}).status_code == 403
    assert enter(office.browser(), device).status_code == 303


def test_it_proves_who_one_is_again(office: Scene, device: Authenticator) -> None:
    secret, _ = enrolled(office)
    client, where = first_step(office)
    client.post(where, data={"code": code(office, secret)})
    assert add(client, device).status_code == 303
    office.city.now += timedelta(minutes=20)
    assert client.post("/account/factors/recovery-codes").status_code == 403
    asked = client.post("/account/confirm/options").json()
    form = {"step": asked["step"], "credential": device.sign(asked["options"]), "next": "/account"}
    before = client.cookies["chuke"]
    assert client.post("/account/confirm/passkey", data=form).headers["location"] == "/account"
    assert client.cookies["chuke"] != before
    assert client.post("/account/factors/recovery-codes").status_code == 200


def test_a_disabled_person_s_passkey_lets_nobody_in(office: Scene, device: Authenticator) -> None:
    from services.people.administration import disable_person

    with_passkey(office, device)
    city = office.city
    disable_person(city.database, city.actor("administrator"), city.actor("zhou").id, reason="离任", now=city.now)
    assert enter(office.browser(), device).status_code == 409


def test_what_is_asked_names_the_site_and_no_person(office: Scene, device: Authenticator) -> None:
    with_passkey(office, device)
    asked = json.loads(office.browser().post("/sign-in/passkey/options").json()["options"])
    assert asked["rpId"] == "127.0.0.1"
    assert asked["userVerification"] == "required"
    assert asked.get("allowCredentials", []) == []
