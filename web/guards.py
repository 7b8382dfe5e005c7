"""What surrounds every request: its own number, a bearable body, no orders from other sites, careful headers."""

import logging
import re
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_FILE = 30 * 1024 * 1024
LARGEST_ORDER = 1024 * 1024
LARGEST_HEADERS = 48 * 1024
UPLOADS = re.compile(r"/api/v1/(verifications|applications/[^/]{1,40}/files)")
"""Addresses of the interface that take a file as their body; the console's files come as multipart forms."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_log = logging.getLogger("chuke.web")


class CarefulHeaders:
    """Outermost: numbers the request, sets the headers on every answer, turns a crash into a page without traces."""

    def __init__(self, app: ASGIApp, *, crash_page: Callable[[Request], Response]) -> None:
        self.app = app
        self.crash_page = crash_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = uuid4().hex
        scope.setdefault("state", {})["request_id"] = number
        started = False

        async def careful_send(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _careful(scope, MutableHeaders(scope=message), number)
            await send(message)

        try:
            await self.app(scope, receive, careful_send)
        except Exception:
            # The trace goes to the log under the number the person can read out; the page never shows it.
            _log.exception("request %s failed: %s", number, scope["method"])
            if not started:
                await self.crash_page(Request(scope))(scope, receive, careful_send)


def _careful(scope: Scope, headers: MutableHeaders, number: str) -> None:
    for name, value in _HEADERS.items():
        headers[name] = value
    headers["x-request-id"] = number
    if scope["scheme"] == "https":
        headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
    if not scope["path"].startswith("/static/"):
        headers["cache-control"] = "no-store"


class BearableBody:
    """Refuses what is too large (a file LARGEST_FILE, anything else LARGEST_ORDER; headers LARGEST_HEADERS) and a
    compressed body, which says nothing about its size: at once when it is announced, else as soon as it has grown.
    """

    def __init__(self, app: ASGIApp, *, refusal: Callable[[Request, int], Response]) -> None:
        self.app = app
        self.refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers, largest = Headers(scope=scope), _largest(scope)
        if status := _unbearable(headers, largest):
            await self.refusal(Request(scope), status)(scope, receive, send)
            return
        taken = 0

        async def counted_receive() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > largest:
                raise HTTPException(413)
            return message

        await self.app(scope, counted_receive, send)


def _largest(scope: Scope) -> int:
    if scope["path"].startswith("/api/"):
        return LARGEST_FILE if UPLOADS.fullmatch(scope["path"]) else LARGEST_ORDER
    kind = Headers(scope=scope).get("content-type", "")
    return LARGEST_FILE if kind.lower().startswith("multipart/form-data") else LARGEST_ORDER


def _unbearable(headers: Headers, largest: int) -> int:
    """The status of the refusal; 0 when the request can be taken."""
    if sum(len(name) + len(value) for name, value in headers.raw) > LARGEST_HEADERS:
        return 431
    announced = headers.get("content-length", "0")
    if not announced.isdecimal() or len(announced) > 15 or int(announced) > largest:
        return 413
    if headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        return 415
    return 0


class OwnOrigin:
    """Refuses orders (unsafe methods) that another site makes a visitor's browser send (Fetch Metadata, else Origin).

    The interface takes bearer tokens only, which no browser sends by itself, and is not checked.
    """

    def __init__(self, app: ASGIApp, *, site: str, refusal: Callable[[Request], Response]) -> None:
        self.app = app
        self.site = _origin(site)
        self.refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        checked = scope["type"] == "http" and scope["method"] not in SAFE_METHODS
        if not checked or scope["path"].startswith("/api/") or self.is_own(scope):
            await self.app(scope, receive, send)
            return
        await self.refusal(Request(scope))(scope, receive, send)

    def is_own(self, scope: Scope) -> bool:
        """Whether the browser says that the order comes from our own pages; one that says nothing is not believed."""
        headers = Headers(scope=scope)
        fetched = headers.get("sec-fetch-site")
        if fetched is not None:
            return fetched in ("same-origin", "none")
        own = {self.site, f"{scope['scheme']}://{headers.get('host', '')}"}
        said = headers.get("origin") or _origin(headers.get("referer", ""))
        return bool(said) and said in own


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""
