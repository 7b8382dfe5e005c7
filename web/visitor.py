"""Who is asking: the person behind the cookie or the bearer token, the language to answer in, and the instant."""

import hashlib
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from fastapi import Request

from services.actors import Actor
from services.database.engine import Database
from services.database.work import OFFICE_TIME, Work, reading, run
from services.messages import LANGUAGES
from services.people.sign_ins import LiveSignIn, Origin, note_seen, sign_in_behind
from services.people.tokens import PREFIX

ResultT = TypeVar("ResultT")
LANGUAGE_COOKIE = "language"
_NOTE_EVERY = timedelta(minutes=1)
_noted: dict[str, datetime] = {}
_noting = threading.Lock()


class NotSignedIn(Exception):
    """The page needs a person, and nobody is signed in (or no longer)."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """One request's visitor: nobody (`actor` None) or a signed-in person, asking at `now` in `lang`."""

    database: Database
    now: datetime
    lang: str
    actor: Actor | None
    token: str
    path: str
    live: LiveSignIn | None = None
    origin: Origin = field(default_factory=Origin)

    @property
    def person(self) -> Actor:
        """The signed-in person; raises NotSignedIn."""
        if self.actor is None:
            raise self.not_signed_in()
        return self.actor

    @property
    def today(self) -> date:
        """The office's date."""
        return self.now.astimezone(OFFICE_TIME).date()

    def not_signed_in(self) -> NotSignedIn:
        """The error that leads to the sign-in page."""
        return NotSignedIn(self.path)

    def reading(self) -> AbstractContextManager[Work]:
        """A consistent look at the database at the instant of the request."""
        return reading(self.database, self.now)

    def write(self, unit: Callable[[Work], ResultT]) -> ResultT:
        """Run `unit` in a unit of work at the instant of the request."""
        return run(self.database, self.now, unit)


def is_interface(path: str) -> bool:
    """Whether the path belongs to the JSON interface rather than to the console."""
    return path.startswith("/api/")


def is_secure(request: Request) -> bool:
    """Whether the visitor's connection is encrypted (the proxy says so)."""
    return request.url.scheme == "https"


def cookie_name(request: Request, name: str = "chuke") -> str:
    """`__Host-` binds the cookie to this host and to encryption; a plain connection (a laptop, a demo) has neither."""
    return f"__Host-{name}" if is_secure(request) else name


def token_of(request: Request) -> str:
    """The sign-in token: of the bearer header on the interface, of the cookie on the console; never the other way."""
    if is_interface(request.url.path):
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        return value.strip() if scheme.lower() == "bearer" else ""
    kept = request.cookies.get(cookie_name(request), "")
    return "" if kept.startswith(PREFIX) else kept


def visiting(request: Request) -> Visitor:
    """The visitor of this request; FastAPI asks once per request."""
    known = getattr(request.state, "visitor", None)
    if isinstance(known, Visitor):
        return known
    state: Any = request.app.state
    database, now, token = state.database, state.clock(), token_of(request)
    live = _live(database, now, token) if token else None
    actor = None if live is None else live.actor
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    visitor = Visitor(database, now, language_of(request, actor), actor, token, path, live, origin_of(request))
    request.state.visitor = visitor
    return visitor


def _live(database: Database, now: datetime, token: str) -> LiveSignIn | None:
    with reading(database, now) as work:
        live = sign_in_behind(work, token)
    if live is not None and _due_to_note(token, now):
        run(database, now, lambda work: note_seen(work, token))
    return live


def origin_of(request: Request) -> Origin:
    """Where the request comes from; the proxy in front says the address, and uvicorn believes only the proxy."""
    address = request.client.host if request.client is not None else ""
    kept = "" if is_interface(request.url.path) else request.cookies.get(cookie_name(request, "chuke-browser"), "")
    return Origin(address, request.headers.get("user-agent", "")[:400], kept[:100])


def _due_to_note(token: str, now: datetime) -> bool:
    """At most one write a minute and process keeps a sign-in from idling out."""
    key = hashlib.sha256(token.encode()).hexdigest()
    with _noting:
        if key in _noted and timedelta() <= now - _noted[key] < _NOTE_EVERY:
            return False
        if len(_noted) > 10_000:
            _noted.clear()
        _noted[key] = now
        return True


def language_of(request: Request, actor: Actor | None) -> str:
    """The language chosen on this machine, else the person's, else the browser's; Chinese when none says."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES and not is_interface(request.url.path):
        return chosen
    asked = request.headers.get("accept-language", "").strip().lower()[:2]
    if is_interface(request.url.path) and asked in LANGUAGES:
        return asked
    if actor is not None:
        return actor.language
    return asked if asked in LANGUAGES else "zh"


def own_path(text: str, fallback: str = "/") -> str:
    """The text when it is a path of this site, else the fallback: a link may not send people elsewhere."""
    parts = urlsplit(text)
    clean = text.startswith("/") and not text.startswith("//") and "\\" not in text and text.isprintable()
    return text if clean and not parts.scheme and not parts.netloc else fallback
