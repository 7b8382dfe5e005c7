"""Bearer tokens for name and password."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from services.people import commands as people
from web.errors import answer
from web.interface.shapes import Body, Clean, Reply
from web.visitor import Visitor, visiting
from web.wording import said

router = APIRouter(prefix="/api/v1", tags=["sign-in"])


class SignIn(Body):
    """Name and password."""

    username: Annotated[str, Field(max_length=60), Clean]
    password: Annotated[str, Field(max_length=200), Clean]


class Token(Reply):
    """A bearer token; it is shown once and stored as a hash only."""

    token: str
    token_type: str
    expires_at: datetime


@router.post("/sign-in", summary="Get a bearer token", response_model=Token)
def sign_in(request: Request, body: SignIn, visitor: Visitor = Depends(visiting)) -> Response | Token:
    """A bearer token for name and password; 401 when they do not match, 403 while the wait after failures lasts."""
    found = people.sign_in(visitor.database, username=body.username, password=body.password, now=visitor.now)
    if found is None:
        headers = {"WWW-Authenticate": "Bearer"}
        return answer(request, 401, (said("sign_in.failed", visitor.lang),), codes=("sign_in.failed",), headers=headers)
    return Token(token=found.token, token_type="bearer", expires_at=found.expires_at)


@router.delete("/sign-in", status_code=204, summary="End the token")
def sign_out(visitor: Visitor = Depends(visiting)) -> None:
    """The token is dead from now on."""
    visitor.write(lambda work: people.sign_out(work, visitor.token))
