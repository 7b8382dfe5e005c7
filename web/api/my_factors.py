"""One's own second factors and linked identities: listed, renamed, taken away. They are set up in a browser."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from services.people import passkeys
from services.people.factors import factors_of, remove_code, renew_recovery_codes
from services.people.sign_on import identities_of, unlink
from web.entering import fresh
from web.interface.describing import also
from web.interface.shapes import Body, Clean, Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1/me", tags=["me"])


class Passkey(Reply):
    """A passkey."""

    id: str
    name: str
    made_at: datetime
    used_at: datetime | None


class LinkedIdentity(Reply):
    """An identity of a provider that lets this person in."""

    id: str
    issuer: str
    linked_at: datetime
    used_at: datetime | None


class Factors(Reply):
    """What the person proves to be itself with beside the password."""

    code: bool
    recovery_codes_left: int
    passkeys: list[Passkey]
    identities: list[LinkedIdentity]


class PasskeyName(Body):
    """What a passkey is to be called."""

    name: Annotated[str, Field(min_length=1, max_length=60), Clean]


class RecoveryCodes(Reply):
    """The codes: shown this once, kept as hashes only."""

    codes: list[str]


@router.get("/factors", summary="The own second factors")
def factors(visitor: Visitor = Depends(visiting)) -> Factors:
    """And the identities that let this person in."""
    person_id = visitor.person.id
    with visitor.reading() as work:
        has, keys = factors_of(work, person_id), passkeys.passkeys_of(work, person_id)
        identities = identities_of(work, person_id)
    return Factors(
        code=has.code, recovery_codes_left=has.recovery_left,
        passkeys=[Passkey(id=one.id, name=one.name, made_at=one.made_at, used_at=one.used_at) for one in keys],
        identities=[
            LinkedIdentity(id=one.id, issuer=one.issuer, linked_at=one.linked_at, used_at=one.used_at)
            for one in identities
        ],
    )  # fmt: skip


@router.delete("/factors/code", status_code=204, summary="Take the app's code away", responses=also(409))
def remove_app_code(visitor: Visitor = Depends(visiting)) -> None:
    """Where another factor is left or none is needed."""
    fresh(visitor)
    visitor.write(lambda work: remove_code(work, visitor.person))


@router.post("/factors/recovery-codes", summary="Make new recovery codes")
def recovery_codes(visitor: Visitor = Depends(visiting)) -> RecoveryCodes:
    """The old ones are worth nothing from then on."""
    fresh(visitor)
    return RecoveryCodes(codes=list(visitor.write(lambda work: renew_recovery_codes(work, visitor.person))))


@router.put("/passkeys/{passkey_id}/name", status_code=204, summary="Rename a passkey")
def rename_passkey(passkey_id: Identity, body: PasskeyName, visitor: Visitor = Depends(visiting)) -> None:
    """Only its name."""
    passkeys.rename(visitor.database, visitor.person, passkey_id, name=body.name, now=visitor.now)


@router.delete("/passkeys/{passkey_id}", status_code=204, summary="Take a passkey away", responses=also(409))
def remove_passkey(passkey_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """Where another factor is left or none is needed."""
    fresh(visitor)
    passkeys.remove(visitor.database, visitor.person, passkey_id, now=visitor.now)


@router.delete("/identities/{identity_id}", status_code=204, summary="Take a linked identity away")
def remove_identity(identity_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """It lets nobody in any more."""
    unlink(visitor.database, visitor.person, identity_id, now=visitor.now)
