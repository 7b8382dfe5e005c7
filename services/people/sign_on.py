"""Single sign-on (OpenID Connect, code flow with PKCE, state and nonce): a linked identity lets its person in.

Nobody is ever made or given a role by a provider. Its sign-in stands for the second factor only when it says so.
"""

import hmac
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import delete, insert, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work, run
from services.errors import NotFound, Refused
from services.people.acts import note
from services.people.entering import HalfWay, go_on, note_sign_in
from services.people.models import linked_identities, persons
from services.people.sign_ins import Origin, SignedIn
from services.people.steps import make_step, open_step, use_step
from services.settings import settings

LASTS = timedelta(minutes=10)
KEPT_SECONDS = 600
ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "Ed25519", "EdDSA"]
LEEWAY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Start:
    """Where the browser is sent, and the state it must bring back."""

    address: str
    state: str


@dataclass(frozen=True, slots=True)
class LinkedIdentity:
    """An identity of a provider by which a person is let in."""

    id: str
    issuer: str
    linked_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Said:
    """What the provider said of somebody."""

    subject: str
    factor: bool


_found: dict[str, tuple[float, dict[str, Any]]] = {}
_finding = threading.Lock()


def _fetched(address: str) -> dict[str, Any]:
    with _finding:
        kept = _found.get(address)
        if kept is not None and time.monotonic() - kept[0] < KEPT_SECONDS:
            return kept[1]
    answer = httpx2.get(address, timeout=10, follow_redirects=False)
    answer.raise_for_status()
    said = answer.json()
    if not isinstance(said, dict):
        raise TypeError("the provider's answer is no object")
    with _finding:
        _found[address] = (time.monotonic(), said)
    return said


def _provider() -> dict[str, Any]:
    """The provider's own description; only over an encrypted connection, but for one on this machine."""
    issuer = settings().oidc_issuer.rstrip("/")
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise ValueError("the provider must be reached over https")
    said = _fetched(f"{issuer}/.well-known/openid-configuration")
    if said.get("issuer", "").rstrip("/") != issuer:
        raise ValueError("the provider calls itself otherwise")
    return said


def _client(back: str) -> Any:
    secret = settings().oidc_client_secret or None
    return OAuth2Client(
        settings().oidc_client_id, secret, redirect_uri=back, scope="openid", code_challenge_method="S256", timeout=10,
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
    )  # fmt: skip


_BROKEN = (httpx2.HTTPError, AuthlibBaseError, JoseError, ValueError, KeyError, TypeError)
"""Whatever goes wrong between the provider and us is one thing to a person: it did not work."""


def begin(database: Database, *, back: str, target: str, link_to: Actor | None = None, now: datetime) -> Start:
    """Where to send the browser. Refused("sign_in.sign_on_failed") without a provider or when it does not answer."""
    if not settings().oidc_issuer:
        raise Refused("sign_in.sign_on_failed")
    nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    content = {"nonce": nonce, "verifier": verifier, "target": target, "link": link_to is not None}
    person_id = link_to.id if link_to is not None else None

    def unit(work: Work) -> str:
        return make_step(work, "sign_on", person_id=person_id, content=content, lasts=LASTS)

    state = run(database, now, unit)
    try:
        endpoint = _provider()["authorization_endpoint"]
        with _client(back) as client:
            address, _ = client.create_authorization_url(endpoint, state=state, code_verifier=verifier, nonce=nonce)
    except _BROKEN as error:
        raise Refused("sign_in.sign_on_failed") from error
    return Start(address, state)


def finish(
    database: Database, *, state: str, kept_state: str, code: str, back: str, actor: Actor | None, origin: Origin,
    now: datetime,
) -> tuple[SignedIn | HalfWay | None, str]:  # fmt: skip
    """What came back from the provider: a sign-in (or a half-way one) and where to go; None when it was linked.

    Refused("sign_in.sign_on_failed") when state, code, signature, issuer, audience, time or nonce do not fit,
    ("sign_in.sign_on_unknown") when the identity is linked to nobody, ("sign_in.sign_on_used") when to another.
    """
    if not kept_state or not hmac.compare_digest(state.encode(), kept_state.encode()):
        raise Refused("sign_in.sign_on_failed")

    def take(work: Work) -> Any:
        step = open_step(work, "sign_on", state)
        use_step(work, state)
        return step

    step = run(database, now, take)
    try:
        said = _ask(code, step.content, back=back, now=now)
    except _BROKEN as error:
        raise Refused("sign_in.sign_on_failed") from error
    target = str(step.content["target"])
    if step.content["link"]:
        if actor is None or actor.id != step.person_id:
            raise Refused("sign_in.sign_on_failed")
        run(database, now, lambda work: _link(work, actor, said.subject))
        return None, target
    came = run(database, now, lambda work: _enter(work, said, origin))
    if came is None:
        raise Refused("sign_in.sign_on_unknown")
    return came, target


def _ask(code: str, content: dict[str, Any], *, back: str, now: datetime) -> _Said:
    provider = _provider()
    with _client(back) as client:
        answer = client.fetch_token(
            provider["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=content["verifier"]
        )
    published: Any = _fetched(provider["jwks_uri"])
    keys = KeySet.import_key_set(published)
    claims = jwt.decode(str(answer["id_token"]), keys, algorithms=ALGORITHMS).claims
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()), leeway=LEEWAY_SECONDS, iss={"essential": True, "value": provider["issuer"]},
        aud={"essential": True, "value": settings().oidc_client_id}, sub={"essential": True},
        exp={"essential": True}, iat={"essential": True}, nonce={"essential": True, "value": content["nonce"]},
    )  # fmt: skip
    registry.validate(claims)
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != settings().oidc_client_id:
        raise ValueError("the token was made for somebody else")
    return _Said(str(claims["sub"])[:200], _says_factor(claims))


def _says_factor(claims: dict[str, Any]) -> bool:
    wanted = {one.strip() for one in settings().oidc_factor.split(",") if one.strip()}
    methods = claims.get("amr")
    said = {str(one) for one in methods} if isinstance(methods, list) else set()
    return bool(wanted & (said | {str(claims.get("acr", ""))}))


def _issuer() -> str:
    return settings().oidc_issuer.rstrip("/")[:200]


def _enter(work: Work, said: _Said, origin: Origin) -> SignedIn | HalfWay | None:
    found = work.connection.execute(
        select(linked_identities, persons.c.disabled)
        .join(persons, persons.c.id == linked_identities.c.person_id)
        .where(linked_identities.c.issuer == _issuer(), linked_identities.c.subject == said.subject)
    ).one_or_none()
    if found is None or found.disabled:
        note_sign_in(work, "", reason="sign_in.sign_on_unknown")
        return None
    work.connection.execute(
        update(linked_identities).where(linked_identities.c.id == found.id).values(used_at=work.now)
    )
    return go_on(work, found.person_id, how="sign_on", origin=origin, factor=said.factor)


# Links --------------------------------------------------------------------------------------------


def _link(work: Work, actor: Actor, subject: str) -> None:
    owner = work.connection.execute(
        select(linked_identities.c.person_id).where(
            linked_identities.c.issuer == _issuer(), linked_identities.c.subject == subject
        )
    ).scalar()
    if owner == actor.id:
        return
    if owner is not None:
        raise Refused("sign_in.sign_on_used")
    work.connection.execute(
        insert(linked_identities).values(
            id=new_id(), person_id=actor.id, issuer=_issuer(), subject=subject, linked_at=work.now
        )
    )
    note(work, actor, "identity:link", stream=f"person:{actor.id}", object=_issuer())


def identities_of(work: Work, person_id: str) -> tuple[LinkedIdentity, ...]:
    """The identities that let this person in."""
    rows = work.connection.execute(
        select(linked_identities)
        .where(linked_identities.c.person_id == person_id)
        .order_by(linked_identities.c.linked_at, linked_identities.c.id)
    )
    return tuple(LinkedIdentity(row.id, row.issuer, row.linked_at, row.used_at) for row in rows)


def unlink(database: Database, actor: Actor, identity_id: str, *, now: datetime) -> None:
    """Take one of the person's own links away; NotFound for any other."""

    def unit(work: Work) -> None:
        own = (linked_identities.c.id == identity_id, linked_identities.c.person_id == actor.id)
        if not work.connection.execute(delete(linked_identities).where(*own)).rowcount:
            raise NotFound("access.not_found")
        note(work, actor, "identity:unlink", stream=f"person:{actor.id}", object=identity_id)

    run(database, now, unit)
