"""Bearer tokens for name and password."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from services.people.entering import Attempt
from services.people.entering import sign_in as enter
from services.people.sign_ins import SignedIn
from services.people.sign_ins import sign_out as leave
from web.errors import answer
from web.interface.shapes import Body, Clean, Reply
from web.visitor import Visitor, visiting
from web.wording import said

router = APIRouter(prefix="/api/v1", tags=["sign-in"])


class SignIn(Body):
    """Name and password."""

    username: Annotated[str, Field(max_length=60), Clean]
    password: Annotated[str, Field(max_length=200), Clean]
    code: Annotated[str, Field(max_length=40), Clean] = Field("", description="One-time or recovery code, if asked for")


class Token(Reply):
    """A bearer token; it is shown once and stored as a hash only."""

    token: str
    token_type: str
    expires_at: datetime


@router.post("/sign-in", summary="Get a bearer token", response_model=Token)
def sign_in(request: Request, body: SignIn, visitor: Visitor = Depends(visiting)) -> Response | Token:
    """A bearer token for name, password and, where the account has a second factor, a code.

    401 when they do not match or the code is missing, 403 while the wait after failures lasts.
    """
    attempt = Attempt(body.username, body.password, body.code, visitor.origin)
    found = enter(visitor.database, attempt, now=visitor.now)
    if not isinstance(found, SignedIn):
        missing = "enrol" if found is not None and found.enrol else "code"
        code = "sign_in.failed" if found is None or (missing == "code" and body.code) else f"sign_in.{missing}_needed"
        headers = {"WWW-Authenticate": "Bearer"}
        return answer(request, 401, (said(code, visitor.lang),), codes=(code,), headers=headers)
    return Token(token=found.token, token_type="bearer", expires_at=found.expires_at)


@router.delete("/sign-in", status_code=204, summary="End the token")
def sign_out(visitor: Visitor = Depends(visiting)) -> None:
    """The token is dead from now on."""
    visitor.write(lambda work: leave(work, visitor.token))
