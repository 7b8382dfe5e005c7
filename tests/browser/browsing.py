"""A real browser on a real server: finds Chromium, serves an application on a free port, signs people in, looks."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_A_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# The browser talks to nobody but our server: without these it looks for its maker at every start.
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
DESKTOP, TELEPHONE = (1280, 900), (390, 844)


def find_browser() -> str | None:
    """The browser named by CHUKE_BROWSER, else the first that is installed; None when there is none."""
    named = os.environ.get("CHUKE_BROWSER")
    if named:
        return named
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return found or (str(ON_A_MAC) if ON_A_MAC.exists() else None)


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The application on a port of its own; its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()


@contextmanager
def browser() -> Iterator[Browser]:
    """The browser, without a window."""
    path = find_browser()
    assert path is not None, "no browser on this machine; name one in CHUKE_BROWSER"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield launched
        launched.close()


def visit(
    launched: Browser, site: str, *, token: str = "", lang: str = "zh", size: tuple[int, int] = DESKTOP,
    scripts: bool = True,
) -> BrowserContext:  # fmt: skip
    """A fresh visitor of the site: with a sign-in token, a language, a window size; without scripts when asked."""
    width, height = size
    context = launched.new_context(
        base_url=site, viewport={"width": width, "height": height}, java_script_enabled=scripts,
        locale="zh-CN" if lang == "zh" else "en-GB", timezone_id="Asia/Shanghai", reduced_motion="reduce",
        has_touch=size == TELEPHONE, is_mobile=size == TELEPHONE,
    )  # fmt: skip
    cookies: list[Any] = [{"name": "language", "value": lang, "url": site}]
    if token:
        cookies.append({"name": "chuke", "value": token, "url": site, "httpOnly": True})
    context.add_cookies(cookies)
    return context


def serious_faults(page: Page) -> list[str]:
    """What the accessibility checker calls serious or critical on the page as it stands."""
    answer = Axe().run(page).response
    return [
        f"{one['id']}: {one['help']} — {one['nodes'][0]['html'][:160]}"
        for one in answer["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window (0: nobody needs to scroll sideways)."""
    # A telephone's browser widens its own window to what does not fit, so the window asked for is what counts.
    window = (page.viewport_size or {"width": 0})["width"]
    return max(0, int(page.evaluate("document.documentElement.scrollWidth")) - window)
