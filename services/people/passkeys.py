"""Passkeys (WebAuthn): registered, named and removed by their owner; a second factor, and a sign-in of their own."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import webauthn
from sqlalchemy import delete, insert, select, update
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.actors import Actor
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work, run
from services.errors import NotFound, Refused
from services.people.acts import note, told
from services.people.entering import half_way, note_sign_in, renew
from services.people.factors import factor_is_required, factors_of, make_recovery_codes
from services.people.models import passkeys, persons
from services.people.queries import actor_by_id
from services.people.sign_ins import Origin, SignedIn, open_sign_in
from services.people.steps import make_step, open_step, use_step

CEREMONY_LASTS = timedelta(minutes=5)
MOST_PASSKEYS = 20


@dataclass(frozen=True, slots=True)
class Site:
    """Who the browser thinks it talks to: the host a passkey is bound to, and the whole origin."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What the browser is asked to do (JSON), and the token that its answer brings back."""

    step: str
    options: str


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    """A passkey as its owner sees it."""

    id: str
    name: str
    made_at: datetime
    used_at: datetime | None


def passkeys_of(work: Work, person_id: str) -> tuple[PasskeyLine, ...]:
    """The person's passkeys, the oldest first."""
    rows = work.connection.execute(
        select(passkeys).where(passkeys.c.person_id == person_id).order_by(passkeys.c.made_at, passkeys.c.id)
    )
    return tuple(PasskeyLine(row.id, row.name, row.made_at, row.used_at) for row in rows)


def _descriptors(work: Work, person_id: str) -> list[PublicKeyCredentialDescriptor]:
    ids = work.connection.scalars(select(passkeys.c.credential_id).where(passkeys.c.person_id == person_id))
    return [PublicKeyCredentialDescriptor(id=_bytes(one)) for one in ids]


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def begin_registration(database: Database, actor: Actor, site: Site, *, now: datetime) -> Ceremony:
    """What the browser is asked so that it makes a passkey. Refused("passkey.too_many") past MOST_PASSKEYS."""

    def unit(work: Work) -> Ceremony:
        known = _descriptors(work, actor.id)
        if len(known) >= MOST_PASSKEYS:
            raise Refused("passkey.too_many", most=MOST_PASSKEYS)
        options = webauthn.generate_registration_options(
            rp_id=site.host, rp_name="出壳 Chuke", user_name=actor.username, user_display_name=actor.name,
            user_id=UUID(actor.id).bytes, exclude_credentials=known,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
            ),
        )  # fmt: skip
        content = {"challenge": _text(options.challenge), "act": "register"}
        step = make_step(work, "passkey", person_id=actor.id, content=content, lasts=CEREMONY_LASTS)
        return Ceremony(step, webauthn.options_to_json(options))

    return run(database, now, unit)


def register(
    database: Database, actor: Actor, site: Site, *, step: str, credential: str, name: str, now: datetime
) -> tuple[str, ...]:
    """Keep the passkey the browser made; answers recovery codes when the person has none yet.

    Refused("sign_in.passkey_failed") when the answer does not fit what was asked, Forbidden("sign_in.step_over").
    """
    called = told(("名称", "name"), name, longest=60)

    def unit(work: Work) -> tuple[str, ...]:
        asked = open_step(work, "passkey", step)
        use_step(work, step)
        if asked.person_id != actor.id or asked.content["act"] != "register":
            raise Refused("sign_in.passkey_failed")
        try:
            made = webauthn.verify_registration_response(
                credential=credential, expected_challenge=_bytes(asked.content["challenge"]),
                expected_rp_id=site.host, expected_origin=site.origin,
            )  # fmt: skip
        except (WebAuthnException, ValueError) as error:
            raise Refused("sign_in.passkey_failed") from error
        work.connection.execute(
            insert(passkeys).values(
                id=new_id(), person_id=actor.id, credential_id=_text(made.credential_id),
                public_key=_text(made.credential_public_key), sign_count=made.sign_count, name=called, made_at=work.now,
            )
        )  # fmt: skip
        note(work, actor, "passkey:add", stream=f"person:{actor.id}", object=called)
        return () if factors_of(work, actor.id).recovery_left else make_recovery_codes(work, actor.id)

    return run(database, now, unit)


def rename(database: Database, actor: Actor, passkey_id: str, *, name: str, now: datetime) -> None:
    """Give one of the person's passkeys another name; NotFound for any other."""
    called = told(("名称", "name"), name, longest=60)

    def unit(work: Work) -> None:
        own = (passkeys.c.id == passkey_id, passkeys.c.person_id == actor.id)
        if not work.connection.execute(update(passkeys).where(*own).values(name=called)).rowcount:
            raise NotFound("access.not_found")

    run(database, now, unit)


def remove(database: Database, actor: Actor, passkey_id: str, *, now: datetime) -> None:
    """Remove one of the person's passkeys; NotFound for any other.

    Refused("passkey.last_factor") when the person needs a second factor and has no other.
    """

    def unit(work: Work) -> None:
        own = (passkeys.c.id == passkey_id, passkeys.c.person_id == actor.id)
        if not work.connection.execute(delete(passkeys).where(*own)).rowcount:
            raise NotFound("access.not_found")
        if factor_is_required(actor) and not factors_of(work, actor.id).any:
            raise Refused("passkey.last_factor")
        note(work, actor, "passkey:remove", stream=f"person:{actor.id}", object=passkey_id)

    run(database, now, unit)


# Signing in ---------------------------------------------------------------------------------------


def begin_sign_in(database: Database, site: Site, *, half_way_token: str = "", now: datetime) -> Ceremony:
    """What the browser is asked so that it signs with a passkey: with any of this site, or half way in with an own."""

    def unit(work: Work) -> Ceremony:
        person_id = half_way(work, half_way_token)[0].id if half_way_token else None
        return _ask(work, site, person_id, act="sign_in")

    return run(database, now, unit)


def begin_proof(database: Database, actor: Actor, site: Site, *, now: datetime) -> Ceremony:
    """What the browser is asked so that the person proves the second factor again within the sign-in."""
    return run(database, now, lambda work: _ask(work, site, actor.id, act="prove"))


def _ask(work: Work, site: Site, person_id: str | None, *, act: str) -> Ceremony:
    options = webauthn.generate_authentication_options(
        rp_id=site.host, allow_credentials=_descriptors(work, person_id) if person_id else None,
        user_verification=UserVerificationRequirement.PREFERRED if person_id else UserVerificationRequirement.REQUIRED,
    )  # fmt: skip
    content = {"challenge": _text(options.challenge), "act": act}
    step = make_step(work, "passkey", person_id=person_id, content=content, lasts=CEREMONY_LASTS)
    return Ceremony(step, webauthn.options_to_json(options))


def sign_in(
    database: Database, site: Site, *, step: str, credential: str, half_way_token: str = "", origin: Origin,
    now: datetime,
) -> SignedIn:  # fmt: skip
    """A fresh sign-in of whoever the passkey belongs to: no wait of any counter stands in its way.

    Alone it must have asked its owner for a PIN, a finger or a face; after the password it need not.
    Refused("sign_in.passkey_failed"), Forbidden("sign_in.step_over").
    """

    def unit(work: Work) -> SignedIn:
        first = half_way(work, half_way_token)[0].id if half_way_token else None
        person_id = _verified(work, site, step, credential, act="sign_in", owner=first)
        if half_way_token:
            use_step(work, half_way_token)
        actor = actor_by_id(work, person_id)
        signed_in = open_sign_in(work, person_id, how="passkey", origin=origin, factor=True)
        note_sign_in(work, actor.username, actor=actor)
        return signed_in

    return run(database, now, unit)


def prove(
    database: Database, actor: Actor, site: Site, token: str, *, step: str, credential: str, now: datetime
) -> SignedIn:
    """Prove the second factor again within a sign-in, which goes on under a new token. Refuses as `sign_in`."""

    def unit(work: Work) -> SignedIn:
        _verified(work, site, step, credential, act="prove", owner=actor.id)
        return renew(work, actor, token)

    return run(database, now, unit)


def _verified(work: Work, site: Site, step: str, credential: str, *, act: str, owner: str | None) -> str:
    asked = open_step(work, "passkey", step)
    use_step(work, step)
    found = work.connection.execute(
        select(passkeys, persons.c.disabled)
        .join(persons, persons.c.id == passkeys.c.person_id)
        .where(passkeys.c.credential_id == _credential_id(credential))
    ).one_or_none()
    if found is None or found.disabled or asked.content["act"] != act or asked.person_id != owner:
        raise Refused("sign_in.passkey_failed")
    if owner is not None and found.person_id != owner:
        raise Refused("sign_in.passkey_failed")
    try:
        signed = webauthn.verify_authentication_response(
            credential=credential, expected_challenge=_bytes(asked.content["challenge"]), expected_rp_id=site.host,
            expected_origin=site.origin, credential_public_key=_bytes(found.public_key),
            credential_current_sign_count=found.sign_count, require_user_verification=owner is None,
        )  # fmt: skip
    except (WebAuthnException, ValueError) as error:
        raise Refused("sign_in.passkey_failed") from error
    work.connection.execute(
        update(passkeys).where(passkeys.c.id == found.id).values(sign_count=signed.new_sign_count, used_at=work.now)
    )
    return str(found.person_id)


def _credential_id(credential: str) -> str:
    try:
        said = json.loads(credential)
        return str(said["id"])[:1400] if isinstance(said, dict) else ""
    except (ValueError, KeyError):
        return ""
