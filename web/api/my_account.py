"""One's own account: password, language, sign-ins, and the tokens for programs."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from services.authority.rules import scopes_on_offer
from services.people.new_passwords import change_password
from services.people.preferences import set_language
from services.people.sign_ins import end_sign_in, end_sign_ins, sign_ins_of
from services.people.tokens import LONGEST_DAYS, create_token, revoke_token, tokens_of
from web.entering import fresh
from web.interface.describing import also
from web.interface.repeats import SHOWN_ONCE, RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1/me", tags=["me"], route_class=RepeatableRoute)
Secret = Annotated[str, Field(min_length=1, max_length=1000), Clean]


class NewPassword(Body):
    """The present password and the new one."""

    present: Secret
    password: Secret


class Language(Body):
    """In which language notices are written and, unless Accept-Language says otherwise, answers."""

    language: Literal["zh", "en"]


class OwnSignIn(Reply):
    """One sign-in that still works; `present` is the one that asks."""

    id: str
    began_at: datetime
    seen_at: datetime
    browser: str
    address: str
    how: str
    factor_at: datetime | None
    present: bool


class OwnSignIns(Reply):
    """The one used last first."""

    sign_ins: list[OwnSignIn]


class Ended(Reply):
    """How many sign-ins ended."""

    ended: int


class OwnToken(Reply):
    """A token as its owner sees it again: `ending` are its last characters."""

    id: str
    name: str
    ending: str
    scopes: list[str]
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    live: bool


class OwnTokens(Reply):
    """The tokens that were not revoked, and the scopes a new one may have."""

    tokens: list[OwnToken]
    scopes: list[str]


class NewToken(Body):
    """What the token is called, what it may do, and for how many days."""

    name: Annotated[str, Field(min_length=1, max_length=60), Clean]
    scopes: Annotated[list[Annotated[str, Field(max_length=60), Clean]], Field(min_length=1, max_length=200)]
    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)]


class MadeToken(Reply):
    """The token: shown this once, kept as a hash only."""

    id: str
    secret: str
    expires_at: datetime


@router.put("/password", status_code=204, summary="Change the own password", responses=also(409))
def password(body: NewPassword, visitor: Visitor = Depends(visiting)) -> None:
    """Every other sign-in ends. Wrong guesses at the present one are slowed down; no token can do this."""
    change_password(
        visitor.database, visitor.person, visitor.token, present=body.present, password=body.password,
        again=body.password, now=visitor.now,
    )  # fmt: skip


@router.put("/language", status_code=204, summary="Choose the own language")
def language(body: Language, visitor: Visitor = Depends(visiting)) -> None:
    """Of pages and notices."""
    visitor.write(lambda work: set_language(work, visitor.person.id, body.language))


@router.get("/sign-ins", summary="The own sign-ins")
def sign_ins(visitor: Visitor = Depends(visiting)) -> OwnSignIns:
    """Those that still work, with the browser and the shortened address they came from."""
    with visitor.reading() as work:
        lines = sign_ins_of(work, visitor.person.id)
    mine = visitor.live.reference if visitor.live is not None else ""
    return OwnSignIns(
        sign_ins=[
            OwnSignIn(id=one.reference, began_at=one.began_at, seen_at=one.seen_at, browser=one.browser,
                   address=one.address, how=one.how, factor_at=one.factor_at, present=one.reference == mine != "")
            for one in lines
        ]
    )  # fmt: skip


@router.post("/other-sign-ins/end", summary="End every other own sign-in")
def end_others(visitor: Visitor = Depends(visiting)) -> Ended:
    """The one that asks goes on; a program's token ends them all."""
    return Ended(ended=visitor.write(lambda work: end_sign_ins(work, visitor.person.id, but=visitor.token)))


@router.delete("/sign-ins/{sign_in_id}", status_code=204, summary="End an own sign-in")
def end_one(sign_in_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """At once."""
    visitor.write(lambda work: end_sign_in(work, visitor.person.id, sign_in_id))


@router.get("/tokens", summary="The own tokens for programs")
def tokens(visitor: Visitor = Depends(visiting)) -> OwnTokens:
    """Secrets are not shown again."""
    with visitor.reading() as work:
        lines = tokens_of(work, visitor.person.id)
    return OwnTokens(
        tokens=[
            OwnToken(id=one.id, name=one.name, ending=one.ending, scopes=list(one.scopes), made_at=one.made_at,
                  expires_at=one.expires_at, used_at=one.used_at, live=one.live)
            for one in lines
        ],
        scopes=list(scopes_on_offer(visitor.person)),
    )  # fmt: skip


@router.post(
    "/tokens", status_code=201, summary="Make a token", dependencies=[repeatable],
    openapi_extra={SHOWN_ONCE: ["secret"]},
)  # fmt: skip
def create(body: NewToken, visitor: Visitor = Depends(visiting)) -> MadeToken:
    """By a sign-in only (no token makes a token), with a second factor proved lately by whoever has one."""
    fresh(visitor)
    made = create_token(
        visitor.database, visitor.person, name=body.name, scopes=body.scopes, days=body.days, now=visitor.now
    )
    return MadeToken(id=made.id, secret=made.secret, expires_at=made.expires_at)


@router.delete("/tokens/{token_id}", status_code=204, summary="Revoke an own token")
def revoke(token_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """At once."""
    revoke_token(visitor.database, visitor.person, token_id, now=visitor.now)
