"""Signing in and out: the cookie, the waits, the languages, and that orders from elsewhere are refused."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from tests.web.city import PASSWORD
from tests.web.conftest import SITE, Scene
from tests.web.reading import Page
from web.visitor import own_path

UNSAFE = [("/sign-out", {}), ("/language", {"language": "en"}), ("/verify", {"code": "X"})]


def signed_in(scene: Scene, **extra: str) -> TestClient:
    client = scene.browser()
    answer = client.post("/sign-in", data={"username": "zhou", "password": PASSWORD, **extra})
    assert answer.status_code == 303, answer.text
    client.headers["x-went-to"] = answer.headers["location"]
    return client


def test_a_person_signs_in_and_sees_the_own_work(scene: Scene) -> None:
    client = signed_in(scene, next="/cases?stage=入驻")
    assert client.headers["x-went-to"].startswith("/cases?stage=")
    assert "负责人zhou" in Page(client.get("/").text).text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(scene: Scene) -> None:
    plain = scene.browser().post("/sign-in", data={"username": "zhou", "password": PASSWORD})
    assert "chuke=" in plain.headers["set-cookie"]
    assert "__Host-" not in plain.headers["set-cookie"]
    encrypted = scene.browser()
    encrypted.base_url = "https://chuke.example"
    encrypted.headers["origin"] = "https://chuke.example"
    answer = encrypted.post("/sign-in", data={"username": "zhou", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-chuke=")
    for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


@pytest.mark.parametrize("username", ["zhou", "nobody-of-that-name", "", "x\x00y"])
def test_wrong_and_unknown_read_the_same(username: str, scene: Scene) -> None:
    answer = scene.browser().post("/sign-in", data={"username": username, "password": "wrong"})
    if "\x00" in username:
        assert answer.status_code == 422
        return
    assert answer.status_code == 401
    assert "用户名或者密码不正确" in answer.text
    assert "wrong" not in answer.text


def test_after_five_failures_the_page_says_how_long_to_wait(scene: Scene) -> None:
    client = scene.browser()
    for _ in range(5):
        client.post("/sign-in", data={"username": "zhou", "password": "wrong"})
    answer = client.post("/sign-in", data={"username": "zhou", "password": PASSWORD})
    assert answer.status_code == 403
    assert "秒后重试" in answer.text
    scene.city.now += timedelta(seconds=16)
    assert client.post("/sign-in", data={"username": "zhou", "password": PASSWORD}).status_code == 303


def test_signing_out_kills_the_token_and_not_only_the_cookie(scene: Scene) -> None:
    client = signed_in(scene)
    token = client.cookies["chuke"]
    assert client.post("/sign-out").status_code == 303
    client.cookies.set("chuke", token)
    assert client.get("/").status_code == 303


def test_an_idle_sign_in_ends(scene: Scene) -> None:
    client = signed_in(scene)
    scene.city.now += timedelta(minutes=20)
    assert client.get("/").status_code == 200
    scene.city.now += timedelta(minutes=20)
    assert client.get("/").status_code == 200
    scene.city.now += timedelta(minutes=31)
    assert client.get("/").status_code == 303


def test_a_cookie_is_no_bearer_token_and_a_bearer_token_no_cookie(scene: Scene) -> None:
    assert scene.browser("manager").get("/api/v1/cases").status_code == 401
    assert scene.program("manager").get("/cases").status_code == 303


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "data:x", "/a\nb"])
def test_nobody_is_sent_to_another_site(target: str, scene: Scene) -> None:
    assert own_path(target) == "/"
    assert signed_in(scene, next=target).headers["x-went-to"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": SITE},
        {"sec-fetch-site": "same-site", "origin": SITE},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "", "referer": "https://evil.example/x"},
        {"origin": ""},
    ],
)
def test_orders_from_other_sites_are_refused(headers: dict[str, str], scene: Scene) -> None:
    for path, form in UNSAFE:
        answer = scene.browser("manager").post(path, data=form, headers=headers)
        assert answer.status_code == 403
        assert "不是从本系统的页面发出的" in answer.text


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "same-origin", "origin": ""}, {"origin": SITE}, {"origin": "", "referer": f"{SITE}/verify"}],
)
def test_orders_from_our_own_pages_are_carried_out(headers: dict[str, str], scene: Scene) -> None:
    assert scene.browser().post("/verify", data={"code": "X"}, headers=headers).status_code == 303


def test_the_language_is_chosen_once_and_kept(scene: Scene) -> None:
    client = scene.browser("manager")
    client.cookies.delete("language")
    assert 'lang="zh-Hans"' in client.get("/cases").text
    answer = client.post("/language", data={"language": "en", "back": "/cases?kind=award"})
    assert answer.headers["location"] == "/cases?kind=award"
    assert "All cases" in client.get("/cases").text


def test_a_visitor_is_read_to_in_the_browser_s_language(scene: Scene) -> None:
    client = scene.browser()
    client.cookies.clear()
    assert "Check a paper" in client.get("/verify", headers={"accept-language": "en-GB,en;q=0.8"}).text
    assert "文书核验" in client.get("/verify", headers={"accept-language": "fr"}).text
