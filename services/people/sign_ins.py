"""Sign-ins as rows: opened with a fresh token, alive until ended, idle or old, seen and ended by their owner."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.work import Work
from services.errors import NotFound
from services.people.models import known_browsers, persons, sign_ins
from services.people.queries import actor_by_id
from services.people.rules import ABSOLUTE, IDLE
from services.people.tokens import PREFIX, actor_by_token, note_used, token_hash

BROWSER_KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from: the address, what the browser calls itself, and the token it kept from before."""

    address: str = ""
    agent: str = ""
    browser: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh sign-in: the token goes into the cookie and is never stored, only its hash is.

    `browser` is the token by which this browser is known from now on.
    """

    token: str
    actor: Actor
    expires_at: datetime
    browser: str = ""


@dataclass(frozen=True, slots=True)
class LiveSignIn:
    """The sign-in behind a request: who, when a second factor was proved, its reference among the person's.

    `scoped`: a program's token, which was made with a fresh factor and only reaches its scopes.
    """

    actor: Actor
    factor_at: datetime | None
    reference: str
    scoped: bool = False


@dataclass(frozen=True, slots=True)
class SignInLine:
    """One of a person's own sign-ins in a list."""

    reference: str
    began_at: datetime
    seen_at: datetime
    browser: str
    address: str
    how: str
    factor_at: datetime | None


def open_sign_in(
    work: Work, person_id: str, *, how: str = "password", origin: Origin = Origin(), factor: bool = False
) -> SignedIn:
    """A fresh sign-in of that person, whoever has proved to be it; NotFound for an unknown person."""
    token, expires_at = secrets.token_urlsafe(32), work.now + ABSOLUTE
    actor = actor_by_id(work, person_id)
    work.connection.execute(
        insert(sign_ins).values(
            token_hash=token_hash(token), person_id=person_id, began_at=work.now, seen_at=work.now,
            expires_at=expires_at, reference=new_id(), browser=browser_label(origin.agent),
            address=shortened(origin.address), how=how, factor_at=work.now if factor else None,
        )
    )  # fmt: skip
    return SignedIn(token, actor, expires_at, _know_browser(work, person_id, origin.browser))


def _know_browser(work: Work, person_id: str, token: str) -> str:
    """The browser is known for this person from now on; one that brought no token gets one."""
    if token and is_known(work, token, person_id):
        work.connection.execute(
            update(known_browsers)
            .where(known_browsers.c.token_hash == token_hash(token), known_browsers.c.person_id == person_id)
            .values(seen_at=work.now)
        )
        return token
    kept = token or secrets.token_urlsafe(32)
    work.connection.execute(
        insert(known_browsers).values(
            token_hash=token_hash(kept), person_id=person_id, made_at=work.now, seen_at=work.now
        )
    )
    return kept


def is_known(work: Work, token: str, person_id: str) -> bool:
    """Whether the person signed in from the browser with this token before, not too long ago."""
    row = work.connection.execute(
        select(known_browsers.c.seen_at).where(
            known_browsers.c.token_hash == token_hash(token), known_browsers.c.person_id == person_id
        )
    ).one_or_none()
    return row is not None and work.now - row.seen_at < BROWSER_KEPT


def sign_in_behind(work: Work, token: str) -> LiveSignIn | None:
    """The sign-in behind a token, its person with today's roles; None when ended, idle too long, expired or disabled.

    A program's token (`chuke_…`) is narrowed to its scopes. Changes nothing.
    """
    if token.startswith(PREFIX):
        actor = actor_by_token(work, token)
        return None if actor is None else LiveSignIn(actor, None, "", scoped=True)
    row = work.connection.execute(
        select(sign_ins, persons.c.disabled)
        .join(persons, persons.c.id == sign_ins.c.person_id)
        .where(sign_ins.c.token_hash == token_hash(token))
    ).one_or_none()
    if row is None or row.ended_at is not None or row.disabled:
        return None
    if work.now >= row.expires_at or work.now - row.seen_at > IDLE:
        return None
    return LiveSignIn(actor_by_id(work, row.person_id), row.factor_at, row.reference or "")


def note_seen(work: Work, token: str) -> None:
    """Keep the sign-in from idling out, or keep when a program's token was last used."""
    if token.startswith(PREFIX):
        note_used(work, token)
        return
    work.connection.execute(update(sign_ins).where(sign_ins.c.token_hash == token_hash(token)).values(seen_at=work.now))


def sign_out(work: Work, token: str) -> None:
    """End the sign-in at once; an unknown token changes nothing."""
    work.connection.execute(
        update(sign_ins)
        .where(sign_ins.c.token_hash == token_hash(token), sign_ins.c.ended_at.is_(None))
        .values(ended_at=work.now)
    )


def end_sign_ins(work: Work, person_id: str, *, but: str = "") -> int:
    """End every sign-in of the person at once, except the one with the token `but`; answers how many ended."""
    return work.connection.execute(
        update(sign_ins)
        .where(sign_ins.c.person_id == person_id, sign_ins.c.ended_at.is_(None))
        .where(sign_ins.c.token_hash != token_hash(but))
        .values(ended_at=work.now)
    ).rowcount


def end_sign_in(work: Work, person_id: str, reference: str) -> None:
    """End one of the person's own sign-ins at once; NotFound for any other."""
    changed = work.connection.execute(
        update(sign_ins)
        .where(sign_ins.c.person_id == person_id, sign_ins.c.reference == reference, sign_ins.c.ended_at.is_(None))
        .values(ended_at=work.now)
    ).rowcount
    if not changed:
        raise NotFound("access.not_found")


def sign_ins_of(work: Work, person_id: str) -> tuple[SignInLine, ...]:
    """The person's sign-ins that still work, the one used last first."""
    rows = work.connection.execute(
        select(sign_ins)
        .where(sign_ins.c.person_id == person_id, sign_ins.c.ended_at.is_(None), sign_ins.c.expires_at > work.now)
        .where(sign_ins.c.seen_at >= work.now - IDLE)
        .order_by(sign_ins.c.seen_at.desc(), sign_ins.c.began_at.desc())
    )
    return tuple(
        SignInLine(row.reference or "", row.began_at, row.seen_at, row.browser, row.address, row.how, row.factor_at)
        for row in rows
    )


BROWSERS = (
    ("MicroMessenger/", "微信 WeChat"), ("DingTalk/", "钉钉 DingTalk"), ("wxwork/", "企业微信 WeCom"), ("Edg", "Edge"),
    ("QQBrowser/", "QQ"), ("HuaweiBrowser/", "Huawei"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"),
    ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_label(agent: str) -> str:
    """What a browser calls itself, as short as its owner needs it: `Firefox · Windows`."""
    found = [next((label for mark, label in table if mark in agent), "") for table in (BROWSERS, SYSTEMS)]
    return " · ".join(one for one in found if one) or agent.split("/", maxsplit=1)[0][:30]


def shortened(address: str) -> str:
    """An address without its last part: enough to tell the office from elsewhere."""
    if ":" in address:
        return ":".join(address.split(":")[:3]) + ":…"
    head, dot, _ = address.rpartition(".")
    return f"{head}.*" if dot and head.count(".") == 2 else address[:20]
