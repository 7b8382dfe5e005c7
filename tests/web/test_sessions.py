"""One's own sign-ins: seen, ended one by one or all others, dead at once, idle and absolute limits, cookies."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from services.database.work import reading, unit_of_work
from services.people.administration import disable_person
from services.people.models import persons, sign_ins
from services.people.tokens import token_hash
from tests.web.city import PASSWORD
from tests.web.conftest import Scene
from tests.web.reading import Page

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"


def sign_in(scene: Scene) -> TestClient:
    client = scene.browser()
    client.headers["user-agent"] = FIREFOX
    answer = client.post("/sign-in", data={"username": "zhou", "password": PASSWORD})
    assert answer.status_code == 303
    return client


def test_every_sign_in_has_a_new_token_of_256_bits_kept_as_a_hash(scene: Scene) -> None:
    tokens = {sign_in(scene).cookies["chuke"] for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(one) == 43 for one in tokens)
    with reading(scene.city.database, scene.city.now) as work:
        kept = set(work.connection.scalars(select(sign_ins.c.token_hash)))
    assert kept >= {token_hash(one) for one in tokens}
    assert kept.isdisjoint(tokens)


def test_a_token_brought_along_is_never_taken_over(scene: Scene) -> None:
    client = scene.browser()
    client.cookies.set("chuke", "chosen-by-somebody-else")
    client.post("/sign-in", data={"username": "zhou", "password": PASSWORD})
    other = scene.browser()
    other.cookies.set("chuke", "chosen-by-somebody-else")
    assert other.get("/account").status_code == 303


def test_signing_in_again_in_a_browser_ends_its_earlier_sign_in(scene: Scene) -> None:
    client = sign_in(scene)
    before = client.cookies["chuke"]
    client.post("/sign-in", data={"username": "zhou", "password": PASSWORD})
    other = scene.browser()
    other.cookies.set("chuke", before)
    assert other.get("/account").status_code == 303
    assert client.get("/account").status_code == 200


def test_people_see_their_sign_ins_and_end_one_or_all_others(scene: Scene) -> None:
    here, there, third = (sign_in(scene) for _ in range(3))
    page = here.get("/account").text
    assert Page(page).faults == []
    assert page.count("Firefox · Windows") == 3
    assert page.count("本机") == 1
    ends = re.findall(r'action="(/account/sign-ins/[0-9a-f-]{36}/end)"', page)
    assert len(ends) == 3, "and the one every test begins with"
    for one in ends:
        assert here.post(one).status_code == 303
    assert [one.get("/account").status_code for one in (here, there, third)] == [200, 303, 303]
    there, third = sign_in(scene), sign_in(scene)
    assert here.post("/account/sign-ins/end-others").status_code == 303
    assert [one.get("/account").status_code for one in (here, there, third)] == [200, 303, 303]


def test_nobody_ends_a_sign_in_of_somebody_else(scene: Scene) -> None:
    mine = sign_in(scene)
    with reading(scene.city.database, scene.city.now) as work:
        reference = work.connection.scalar(
            select(sign_ins.c.reference).where(sign_ins.c.token_hash == token_hash(mine.cookies["chuke"]))
        )
    assert scene.browser("qin").post(f"/account/sign-ins/{reference}/end").status_code == 404
    assert mine.get("/account").status_code == 200


def test_a_new_password_ends_every_other_sign_in_and_keeps_this_one(scene: Scene) -> None:
    here, there = sign_in(scene), sign_in(scene)
    said = {"present": PASSWORD, "password": "春天里的风很大", "again": "春天里的风很大"}
    assert here.post("/account/password", data={**said, "present": "wrong"}).status_code == 409
    assert here.post("/account/password", data={**said, "again": "别的别的别的别的"}).status_code == 422
    assert there.get("/account").status_code == 200
    answer = here.post(
        "/account/password", data={"present": PASSWORD, "password": "春天 里的风", "again": "春天 里的风"}
    )
    assert answer.status_code == 422
    assert (
        here.post(
            "/account/password", data={**said, "password": "春天里的风很大呀", "again": "春天里的风很大呀"}
        ).status_code
        == 303
    )
    assert [one.get("/account").status_code for one in (here, there)] == [200, 303]
    old = scene.browser().post("/sign-in", data={"username": "zhou", "password": PASSWORD})
    assert old.status_code == 401


def test_the_present_password_cannot_be_guessed_within_a_sign_in(scene: Scene) -> None:
    client = sign_in(scene)
    said = {"password": "春天里的风很大", "again": "春天里的风很大"}
    tried = [client.post("/account/password", data={**said, "present": f"guess{number}"}) for number in range(12)]
    assert [one.status_code for one in tried].count(409) == 5
    assert tried[-1].status_code == 403


def test_a_disabled_person_is_out_with_the_next_request(scene: Scene) -> None:
    client, city = sign_in(scene), scene.city
    with unit_of_work(city.database, city.now) as work:
        work.connection.execute(update(persons).where(persons.c.username == "zhou").values(disabled=True))
    assert client.get("/account").status_code == 303
    with unit_of_work(city.database, city.now) as work:
        work.connection.execute(update(persons).where(persons.c.username == "zhou").values(disabled=False))
    boss, zhou = city.actor("administrator"), city.actor("zhou").id
    disable_person(city.database, boss, zhou, reason="离任", now=city.now)
    assert client.get("/account").status_code == 303
    answer = scene.browser().post("/sign-in", data={"username": "zhou", "password": PASSWORD})
    assert (answer.status_code, "用户名或者密码不正确" in answer.text) == (401, True)


@pytest.mark.parametrize(("minutes", "status"), [(30, 200), (31, 303)])
def test_half_an_hour_of_idleness_ends_a_sign_in(minutes: int, status: int, scene: Scene) -> None:
    client = sign_in(scene)
    scene.city.now += timedelta(minutes=minutes)
    assert client.get("/account").status_code == status


def test_twelve_hours_end_a_sign_in_however_busy(scene: Scene) -> None:
    client = sign_in(scene)
    for _ in range(12 * 3 - 1):
        scene.city.now += timedelta(minutes=20)
        assert client.get("/account").status_code == 200
    scene.city.now += timedelta(minutes=20)
    assert client.get("/account").status_code == 303


def test_over_https_every_cookie_is_bound_to_the_host(scene: Scene) -> None:
    client = scene.browser()
    client.base_url = "https://chuke.example"
    client.headers["origin"] = "https://chuke.example"
    answer = client.post("/sign-in", data={"username": "zhou", "password": PASSWORD})
    given = [one for one in answer.headers.get_list("set-cookie") if "Max-Age=0" not in one]
    assert {one.partition("=")[0] for one in given} == {"__Host-chuke", "__Host-chuke-browser"}
    for one in given:
        assert all(word in one for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"))
        assert "Domain" not in one


def test_the_language_follows_the_person(scene: Scene) -> None:
    client = sign_in(scene)
    assert client.post("/account/language", data={"language": "en"}).status_code == 303
    elsewhere = sign_in(scene)
    elsewhere.cookies.delete("language")
    assert "My account" in elsewhere.get("/account").text
    assert client.post("/account/language", data={"language": "tlh"}).status_code == 422
