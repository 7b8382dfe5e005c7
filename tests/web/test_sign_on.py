"""Single sign-on against a provider of our own: linked first, then let in; everything that does not fit is refused."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from joserfc.jwk import RSAKey
from sqlalchemy import func, select

from services.database.work import reading, unit_of_work
from services.people.models import persons, role_grants
from services.people.passwords import keep_hash, password_hash
from services.settings import settings
from tests.web import provider as outside
from tests.web.city import PASSWORD
from tests.web.conftest import Scene
from tests.web.provider import Provider
from tests.web.reading import Page

BACK = "/sign-in/provider/back"


@pytest.fixture
def provider(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with outside.running() as running:
        running.now = scene.city.now
        for name, value in (
            ("ISSUER", running.issuer), ("CLIENT_ID", outside.CLIENT), ("CLIENT_SECRET", outside.SECRET),
            ("NAME", "政务统一认证"),
        ):  # fmt: skip
            monkeypatch.setenv(f"CHUKE_OIDC_{name}", value)
        settings.cache_clear()
        yield running
    settings.cache_clear()


def come_back(
    client: TestClient, provider: Provider, start: Response, *, subject: str = "u-1", **changed: str
) -> Response:
    code, state = provider.authorize(start.headers["location"], subject)
    return client.get(BACK, params={"code": code, "state": state, **changed})


def link(scene: Scene, provider: Provider, username: str = "zhou", subject: str = "u-1") -> Response:
    client = scene.browser(username)
    return come_back(client, provider, client.post("/account/identities"), subject=subject)


def enter(scene: Scene, provider: Provider, **said: Any) -> tuple[TestClient, Response]:
    client = scene.browser()
    start = client.post("/sign-in/provider", data={"next": "/cases?stage=入驻"})
    assert start.headers["location"].startswith(f"{provider.issuer}/authorize?")
    return client, come_back(client, provider, start, **said)


def test_an_identity_is_linked_from_the_account_and_then_lets_in(scene: Scene, provider: Provider) -> None:
    assert "用政务统一认证登录" in scene.browser().get("/sign-in").text
    linked = link(scene, provider)
    assert linked.headers["location"] == "/account?done=identity_linked"
    client, answer = enter(scene, provider)
    assert answer.headers["location"].startswith("/cases?stage=")
    page = client.get("/account").text
    assert Page(page).faults == []
    assert "负责人zhou" in page
    assert provider.issuer in page


def test_an_unknown_identity_makes_nobody_and_grants_nothing(scene: Scene, provider: Provider) -> None:
    count = select(func.count(persons.c.id), func.count(role_grants.c.id)).select_from(
        persons.outerjoin(role_grants, role_grants.c.person_id == persons.c.id)
    )
    with reading(scene.city.database, scene.city.now) as work:
        before = work.connection.execute(count).one()
    client, answer = enter(scene, provider, subject="stranger")
    assert answer.status_code == 409
    assert "没有关联本系统的用户" in answer.text
    assert client.get("/account").status_code == 303
    with reading(scene.city.database, scene.city.now) as work:
        assert work.connection.execute(count).one() == before


def test_one_identity_belongs_to_one_person_and_can_be_taken_away(scene: Scene, provider: Provider) -> None:
    link(scene, provider)
    taken = link(scene, provider, "qin")
    assert (taken.status_code, "已经关联另一个用户" in taken.text) == (409, True)
    client, _ = enter(scene, provider)
    page = client.get("/account").text
    where = page.partition('action="/account/identities/')[2].partition('"')[0]
    assert scene.browser("qin").post(f"/account/identities/{where}").status_code == 404
    assert client.post(f"/account/identities/{where}").status_code == 303
    assert enter(scene, provider)[1].status_code == 409


@pytest.mark.parametrize(
    ("claims", "where"),
    [
        ({}, "/sign-in/enrolment"),
        ({"amr": ["pwd"]}, "/sign-in/enrolment"),
        ({"acr": "urn:something"}, "/sign-in/enrolment"),
        ({"amr": ["pwd", "mfa"]}, "/cases"),
        ({"acr": "mfa"}, "/cases"),
    ],
)
def test_the_provider_stands_for_the_factor_only_when_it_says_so(
    claims: dict[str, Any], where: str, scene: Scene, provider: Provider
) -> None:
    with unit_of_work(scene.city.database, scene.city.now) as work:
        keep_hash(work, scene.city.actor("manager").id, password_hash(PASSWORD, "manager"))
    link(scene, provider, "manager")
    provider.claims = claims
    _, answer = enter(scene, provider)
    assert answer.headers["location"].partition("?")[0] == where


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"aud": [outside.CLIENT, "other"], "azp": "other"},
        {"nonce": "another"},
        {"exp": 1_000_000_000},
        {"iat": 4_000_000_000},
        {"sub": ""},
    ],
)
def test_a_token_that_was_not_made_for_this_is_refused(
    claims: dict[str, Any], scene: Scene, provider: Provider
) -> None:
    link(scene, provider)
    provider.claims = claims
    client, answer = enter(scene, provider)
    assert answer.status_code == 409
    assert "统一身份" in answer.text
    assert client.get("/account").status_code == 303


def test_a_token_signed_by_somebody_else_is_refused(scene: Scene, provider: Provider) -> None:
    link(scene, provider)
    provider.signing = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
    assert enter(scene, provider)[1].status_code == 409


def test_state_belongs_to_the_browser_and_serves_once(scene: Scene, provider: Provider) -> None:
    link(scene, provider)
    client = scene.browser()
    start = client.post("/sign-in/provider", data={})
    code, state = provider.authorize(start.headers["location"], "u-1")
    other = scene.browser()
    assert other.get(BACK, params={"code": code, "state": state}).status_code == 409, "sign-in forced upon a victim"
    assert client.get(BACK, params={"code": code, "state": "x"}).status_code == 409
    client.cookies.set("chuke-sign-on", state)
    assert client.get(BACK, params={"code": code, "state": state}).status_code == 303
    client.cookies.set("chuke-sign-on", state)
    assert client.get(BACK, params={"code": code, "state": state}).status_code == 403


def test_the_way_there_and_back_may_take_ten_minutes(scene: Scene, provider: Provider) -> None:
    link(scene, provider)
    client = scene.browser()
    start = client.post("/sign-in/provider", data={})
    scene.city.now += timedelta(minutes=10)
    assert come_back(client, provider, start).status_code == 403


def test_linking_goes_on_only_for_who_began_it(scene: Scene, provider: Provider) -> None:
    mine = scene.browser("zhou")
    start = mine.post("/account/identities")
    code, state = provider.authorize(start.headers["location"], "u-1")
    other = scene.browser("qin")
    other.cookies.set("chuke-sign-on", state)
    assert other.get(BACK, params={"code": code, "state": state}).status_code == 409
    assert enter(scene, provider)[1].status_code == 409


def test_a_provider_that_does_not_answer_is_said_in_words(scene: Scene, provider: Provider) -> None:
    provider.broken = True
    answer = scene.browser().post("/sign-in/provider", data={})
    assert answer.status_code == 409
    assert "统一身份认证未能完成" in answer.text


def test_without_a_provider_nothing_is_offered(scene: Scene) -> None:
    assert 'action="/sign-in/provider"' not in scene.browser().get("/sign-in").text
    assert scene.browser().post("/sign-in/provider", data={}).status_code == 409
