"""No other site gives orders in somebody's name, and every answer carries the headers that keep a browser careful."""

import pytest

from tests.access.conftest import Door
from tests.access.test_matrix import UNKNOWN_ID, address
from tests.web.conftest import SITE, token_of
from tests.web.test_routes import ROUTES
from web import guards

PERSON = "the_centre_manager"
UNSAFE = [(method, path) for method, path in ROUTES if method not in guards.SAFE_METHODS]
ORDERS = [one for one in UNSAFE if not one[1].startswith("/api/")]
FOREIGN: dict[str, dict[str, str]] = {
    "says nothing": {},
    "foreign origin": {"origin": "https://evil.example"},
    "null origin": {"origin": "null"},
    "foreign referer": {"referer": "https://evil.example/page"},
    "cross-site": {"sec-fetch-site": "cross-site", "origin": SITE},
    "same-site": {"sec-fetch-site": "same-site", "origin": SITE},
}


def path_of(door: Door, path: str) -> str:
    return address(path, door.province.case("near", "published"), door.province.errand) or UNKNOWN_ID


def taken(door: Door, said: dict[str, str]) -> list[str]:
    """Every order that is not refused although its sender says this of itself."""
    found = []
    for method, path in ORDERS:
        headers = said | {"cookie": f"chuke={token_of(PERSON)}"}
        answer = door.client.request(method, path_of(door, path), headers=headers, data={"x": "1"})
        if answer.status_code != 403:
            found.append(f"{method} {path}: {answer.status_code}")
    return found


@pytest.mark.parametrize("sender", FOREIGN)
def test_every_order_from_elsewhere_is_refused(sender: str, door: Door) -> None:
    assert taken(door, FOREIGN[sender]) == []


def test_a_door_that_asks_nobody_where_from_is_caught(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards.OwnOrigin, "is_own", lambda _self, _scope: True)
    assert taken(door, FOREIGN["foreign origin"])


def test_no_order_is_carried_out_by_looking(door: Door) -> None:
    for _, path in ORDERS:
        if ("GET", path) not in ROUTES:
            answer = door.ask(PERSON, "GET", path_of(door, path))
            # An address with a parameter may be another page's too; then that page is shown.
            assert answer.status_code in (405, 404, 200), path


def test_the_interface_takes_no_cookie(door: Door) -> None:
    for method, path in ROUTES:
        if path.startswith("/api/") and path != "/api/v1/sign-in":
            headers = {"cookie": f"chuke={token_of(PERSON)}", "origin": SITE}
            answer = door.client.request(method, path_of(door, path), headers=headers)
            as_nobody = door.client.request(method, path_of(door, path))
            assert answer.status_code == as_nobody.status_code, path


# Headers ------------------------------------------------------------------------------------------


def careless(door: Door, username: str, *, secure: bool) -> list[str]:
    """Every answer to that person without one of the headers."""
    found = []
    base = SITE.replace("http:", "https:") if secure else SITE
    paths = [(method, path_of(door, path)) for method, path in ROUTES if method == "GET" or "sign" not in path]
    for method, path in [*paths, ("GET", "/nowhere"), ("PATCH", "/cases"), ("GET", "/static/none.css")]:
        headers = {"cookie": f"{'__Host-' if secure else ''}chuke={token_of(username)}", "origin": base}
        answer = door.client.request(method, base + path, headers=headers if username else {"origin": base})
        policy = answer.headers.get("content-security-policy", "")
        right = {
            "csp": "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors" in policy,
            "nosniff": answer.headers.get("x-content-type-options") == "nosniff",
            "referrer": answer.headers.get("referrer-policy") in ("same-origin", "no-referrer"),
            "cache": "no-store" in answer.headers.get("cache-control", "") or path.startswith("/static/"),
            "hsts": not secure or "max-age=31536000" in answer.headers.get("strict-transport-security", ""),
        }
        found += [f"{method} {path} {answer.status_code}: {name}" for name, well in right.items() if not well]
    return found


@pytest.mark.parametrize(("username", "secure"), [("", False), (PERSON, True)])
def test_every_answer_has_every_header(username: str, secure: bool, door: Door) -> None:
    assert careless(door, username, secure=secure) == []


def test_a_header_that_is_missing_is_caught(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(guards._HEADERS, "x-content-type-options")
    assert any("nosniff" in line for line in careless(door, "", secure=False))


def test_signing_out_empties_the_browser(door: Door) -> None:
    answer = door.ask(PERSON, "POST", "/sign-out")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "chuke=" in answer.headers["set-cookie"]
