"""Every route against every kind of visitor: nothing is open by accident, nothing breaks, everything is well formed."""

import os
from collections import defaultdict
from collections.abc import Iterator
from importlib.resources import files

import pytest
from fastapi.routing import APIRoute
from httpx2 import Response
from starlette.testclient import TestClient

from services.authority.rules import actions, policy
from tests.web.conftest import Scene
from tests.web.reading import Page
from web.app import CONSOLE, INTERFACE
from web.routes import ANYONE, SIGNED_IN, table

LATER = ("evaluator1", "administrator", "clerk") if os.environ.get("CHUKE_NIGHTLY") else ()
"""Who asks for every route in the nightly run only: the access matrix asks for everybody on each push."""
UNKNOWN_ID = "01900000-0000-7000-8000-000000000000"


def routes() -> Iterator[tuple[str, str]]:
    """(method, path as declared) of every route of ours."""
    for router in (*CONSOLE, *INTERFACE):
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for method in route.methods:
                yield method, route.path


ROUTES = sorted(routes())


def address(scene: Scene, path: str) -> str:
    """The path with what exists in the city filled in."""
    number = scene.numbers["publicity" if "/publicity" in path else "review"]
    known = {
        "number": number, "trigger": "admit", "code": "AAAABBBBCCCCDDDD", "document_id": scene.paper,
        "assessment_id": scene.city.assessment(scene.numbers["review"]), "notice_id": UNKNOWN_ID,
        "errand_id": scene.parked, "objection_id": UNKNOWN_ID, "page": 1,
    }  # fmt: skip
    return path.format_map(defaultdict(lambda: UNKNOWN_ID, known))


def call(client: TestClient, method: str, path: str) -> Response:
    """Ask with an empty form or body."""
    if method in ("POST", "PUT"):
        given = {"json": {}} if path.startswith("/api") else {"data": {"x": "1"}}
        return client.request(method, path, **given)
    return client.request(method, path)


def test_every_route_is_in_the_table_and_no_other() -> None:
    assert set(ROUTES) == set(table())


def test_no_route_stands_in_the_table_twice() -> None:
    rows = files("web").joinpath("routes.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) - 1 == len(table())


def test_every_action_of_the_table_is_in_the_policy() -> None:
    assert set(table().values()) - actions() <= {ANYONE, SIGNED_IN}


def test_a_route_that_is_missing_is_closed_even_to_the_manager(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {key: action for key, action in table().items() if key != ("GET", "/finance")}
    monkeypatch.setattr("web.routes.table", lambda: kept)
    assert scene.browser("manager").get("/finance").status_code == 500


def test_nobody_gets_in_without_signing_in(scene: Scene) -> None:
    for method, path in ROUTES:
        client = scene.program() if path.startswith("/api") else scene.browser()
        _is_open_or_asks_for_a_person(method, path, call(client, method, address(scene, path)))


def _is_open_or_asks_for_a_person(method: str, path: str, answer: Response) -> None:
    action = table()[method, path]
    if action == ANYONE or (action, "anyone") in policy():
        assert answer.status_code not in ((500,) if path == "/sign-in" else (401, 500))
        assert not answer.headers.get("location", "").startswith("/sign-in?")
    elif path.startswith("/api"):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    else:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("username", ["manager", "zhou", "auditor", *LATER])
def test_the_policy_decides_on_every_route(username: str, scene: Scene) -> None:
    roles = {role.value for role in scene.city.actor(username).roles}
    for method, path in ROUTES:
        if path in ("/sign-in", "/sign-out", "/api/v1/sign-in"):
            continue
        client = scene.program(username) if path.startswith("/api") else scene.browser(username)
        answer = call(client, method, address(scene, path))
        action = table()[method, path]
        allowed = action in (ANYONE, SIGNED_IN) or any((action, one) in policy() for one in (*roles, "anyone"))
        assert answer.status_code < 500, (method, path)
        if not allowed:
            assert answer.status_code == 403, (method, path)
        assert answer.status_code != 401


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "username", ["manager", "qin", "zhou", "secretary", "evaluator1", "auditor", "administrator", ""]
)
def test_every_page_is_well_formed(username: str, lang: str, scene: Scene) -> None:
    client = scene.browser(username, lang=lang)
    paths = {address(scene, path) for method, path in ROUTES if method == "GET" and not path.startswith("/api")}
    paths |= {f"/cases/{number}" for number in scene.numbers.values()} | {"/nowhere"}
    read = 0
    for path in sorted(paths):
        answer = client.get(path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert Page(answer.text).faults == [], path
            read += 1
    assert read > 3


def test_a_strict_reader_sees_a_tag_that_was_left_open() -> None:
    assert "<p> is never closed" in Page("<h1>x</h1><p>").faults
    assert "id a is there twice" in Page('<h1 id="a">x</h1><p id="a">y</p>').faults
    assert "<p> has an inline style or script" in Page('<h1>x</h1><p onclick="x">y</p>').faults


@pytest.mark.parametrize("username", ["manager", "zhou", "evaluator1", "auditor", "administrator"])
def test_no_link_of_a_page_leads_where_the_person_may_not_go(username: str, scene: Scene) -> None:
    client = scene.browser(username)
    waiting, seen = ["/"], set()
    while waiting and len(seen) < 60:
        path = waiting.pop()
        if path in seen or not path.startswith("/") or path.startswith("/static"):
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code in (200, 303), path
        waiting += [answer.headers["location"]] if answer.status_code == 303 else []
        if answer.headers.get("content-type", "").startswith("text/html"):
            waiting += Page(answer.text).links
    assert len(seen) > 3
