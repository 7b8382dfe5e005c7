"""A browser and the small city of the web tests, served for real; skipped with a reason where no browser is."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.browsing import DESKTOP, browser, find_browser, served, visit
from tests.web.conftest import Scene, app, scene, staged, token_of

__all__ = ["app", "scene", "staged"]


@pytest.fixture(scope="module")
def launched() -> Iterator[Browser]:
    """The browser, closed after each file: its driver holds an event loop that other tests could not live beside.

    Where CHUKE_BROWSER_REQUIRED is set (as in CI) a missing browser fails instead of skipping.
    """
    if find_browser() is None and not os.environ.get("CHUKE_BROWSER_REQUIRED"):
        pytest.skip("no browser on this machine: install Chromium or name one in CHUKE_BROWSER")
    with browser() as opened:
        yield opened


@pytest.fixture
def site(scene: Scene) -> Iterator[str]:
    """The address of a server over this test's copy of the city."""
    with served(scene.app) as address:
        yield address


class Visitors:
    """Opens visits as people of the city, and closes them all in the end."""

    def __init__(self, launched: Browser, site: str) -> None:
        self.launched, self.site = launched, site
        self.opened: list[BrowserContext] = []

    def enter(
        self, username: str = "", *, lang: str = "zh", size: tuple[int, int] = DESKTOP, scripts: bool = True
    ) -> BrowserContext:
        """A visit of that person (nobody: not signed in)."""
        token = token_of(username) if username else ""
        context = visit(self.launched, self.site, token=token, lang=lang, size=size, scripts=scripts)
        context.set_default_timeout(15_000)
        self.opened.append(context)
        return context


@pytest.fixture
def visitors(launched: Browser, site: str) -> Iterator[Visitors]:
    """Lets people in."""
    made = Visitors(launched, site)
    yield made
    for context in made.opened:
        context.close()
