"""Every page at two widths in two languages: nothing a checker calls serious, nothing wider than a telephone."""

import os
import zlib
from collections import Counter

import pytest
from starlette.testclient import TestClient

from tests.browser.browsing import DESKTOP, TELEPHONE, serious_faults, sideways
from tests.browser.conftest import Visitors
from tests.web.conftest import Scene
from tests.web.test_routes import ROUTES, address

NIGHTLY = bool(os.environ.get("CHUKE_NIGHTLY"))
EYES = 1
"""So many people look at a page on each push, the first who get to it; everybody does in the nightly run."""
HALF = os.environ.get("CHUKE_TEST_HALF", "")
"""A run of everything looks at half of the pages on one day and at the others on the next."""
_looked_at: Counter[str] = Counter()

PEOPLE = ("", "manager", "zhou", "evaluator1", "maker", "secretary", "administrator", "street", "auditor")


def pages_of(scene: Scene, username: str) -> list[str]:
    """Addresses of every page this person gets, found by asking for each route."""
    client: TestClient = scene.browser(username)
    found = []
    for method, path in ROUTES:
        if method != "GET" or path.startswith("/api") or (HALF and str(zlib.crc32(path.encode()) % 2) != HALF):
            continue
        asked = address(scene, path)
        answer = client.get(asked)
        if answer.status_code == 200 and answer.headers.get("content-type", "").startswith("text/html"):
            found.append(asked)
    return found


@pytest.mark.timeout(900)
@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_is_accessible_and_fits(username: str, scene: Scene, visitors: Visitors) -> None:
    faults: list[str] = []
    pages = pages_of(scene, username)
    assert pages
    pages = [path for path in pages if NIGHTLY or _looked_at[path] < EYES]
    _looked_at.update(pages)
    for lang, size in (("zh", DESKTOP), ("en", TELEPHONE)):
        page = visitors.enter(username, lang=lang, size=size).new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error, errors=errors: errors.append(str(error)))
        page.on(
            "console", lambda said, errors=errors: errors.append(said.text) if said.type == "error" else None
        )  # fmt: skip
        for path in pages:
            page.goto(path)
            faults += [f"{path} {lang} {size[0]}: {one}" for one in serious_faults(page)]
            if sideways(page):
                faults.append(f"{path} {lang} {size[0]}: too wide by {sideways(page)}")
            faults += [f"{path} {lang}: script says {one}" for one in errors]
            errors.clear()
    assert faults == []


def test_a_page_with_a_planted_fault_is_seen(scene: Scene, visitors: Visitors) -> None:
    page = visitors.enter("manager", size=TELEPHONE).new_page()
    page.goto("/cases")
    page.evaluate(
        """() => {
            document.querySelector("main").insertAdjacentHTML("beforeend", "<img src=x><button></button><hr>");
            document.querySelector("main > hr").style.width = "900px";
        }"""
    )
    assert {one.split(":")[0] for one in serious_faults(page)} == {"button-name", "image-alt"}
    assert sideways(page) > 0
