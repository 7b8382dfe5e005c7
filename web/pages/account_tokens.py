"""One's own tokens for programs: made, shown once, listed, revoked."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.authority.rules import scopes_on_offer
from services.errors import Refused
from services.people.tokens import create_token, revoke_token, tokens_of
from web.entering import fresh
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/account/tokens")
DAYS = ("30", "90", "180", "365")


@router.get("")
def page(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The tokens in use, and the form for another."""
    return _page(request, visitor, form=Posted({}), done=done)


def _page(
    request: Request, visitor: Visitor, *, form: Posted, done: str = "", problems: tuple[str, ...] = (),
    status: int = 200,
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        tokens = tokens_of(work, visitor.person.id)
    return show(
        request, visitor, "account/tokens.html", status=status, tokens=tokens, days=DAYS, done=done, problems=problems,
        scopes=scopes_on_offer(visitor.person), name=form.text("name"), chosen=form.all("scope"),
        chosen_days=form.text("days", "90"),
    )  # fmt: skip


@router.post("")
def create(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Make a token and show it this once; or the form again with the reason."""
    fresh(visitor)
    days = form.text("days")
    try:
        made = create_token(
            visitor.database, visitor.person, name=form.text("name"), scopes=form.all("scope"),
            days=int(days) if days in DAYS else 0, now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        return _page(request, visitor, form=form, problems=refusal(refused, visitor), status=refused.http_status)
    return show(request, visitor, "account/token.html", made=made)


@router.post("/{token_id}/revoke")
def revoke(token_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """End a token at once."""
    revoke_token(visitor.database, visitor.person, token_id, now=visitor.now)
    return go("/account/tokens", note="token_revoked")
