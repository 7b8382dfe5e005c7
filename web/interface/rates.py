"""How often one caller may ask of the interface, or check papers: a bucket a caller, refilled steadily; over it, 429.

A site with several console processes allows each of them the full rate; what must be exact belongs before them.
"""

import hashlib
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.people.throttle import network

MOST_CALLERS = 10_000


@dataclass
class Buckets:
    """Caller to (what is left, since when); a full bucket holds one minute's worth."""

    per_minute: int
    clock: Callable[[], float] = time.monotonic
    held: dict[str, tuple[float, float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_of(self, caller: str) -> int:
        """Take one from the caller's bucket: 0, or the seconds to wait while it is empty (nothing is taken then)."""
        if self.per_minute <= 0:
            return 0
        now, refill = self.clock(), self.per_minute / 60
        with self.lock:
            if len(self.held) > MOST_CALLERS:
                self.held.clear()
            left, since = self.held.get(caller, (float(self.per_minute), now))
            left = min(float(self.per_minute), left + (now - since) * refill)
            enough = left >= 1
            self.held[caller] = (left - 1 if enough else left, now)
        return 0 if enough else max(1, math.ceil((1 - left) / refill))


Counted = Callable[[Scope], str | None]
"""The caller on whose account a request goes; None for a request that is not counted."""


class BearableRate:
    """Answers 429, with Retry-After, to a caller that asks too often."""

    def __init__(
        self, app: ASGIApp, *, per_minute: int, counted: Counted, refusal: Callable[[Request, int], Response]
    ) -> None:
        self.app = app
        self.buckets = Buckets(per_minute)
        self.counted = counted
        self.refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = self.counted(scope) if scope["type"] == "http" else None
        if caller is None:
            await self.app(scope, receive, send)
            return
        wait = self.buckets.wait_of(caller)
        if wait:
            await self.refusal(Request(scope), wait)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def of_the_interface(scope: Scope) -> str | None:
    """Every request of the interface: by its token, else by its address."""
    if not scope["path"].startswith("/api/"):
        return None
    said = Headers(scope=scope).get("authorization", "")
    if said:
        return hashlib.sha256(said.encode()).hexdigest()
    client = scope.get("client")
    return client[0] if client else ""


def of_verifying(scope: Scope) -> str | None:
    """Every request that checks a paper, in the console or over the interface, by the network it comes from."""
    path = scope["path"]
    by_code = path.startswith(("/verify/", "/api/v1/documents/verify/"))
    by_file = scope["method"] == "POST" and path in ("/verify", "/api/v1/verifications")
    if not (by_code or by_file):
        return None
    client = scope.get("client")
    return network(client[0]) if client else ""
