"""Signing in and out, and the language of the console."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from services.errors import Refused
from services.people import commands
from services.people.commands import SignedIn
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.visitor import LANGUAGE_COOKIE, LANGUAGES, Visitor, cookie_name, is_secure, own_path, visiting
from web.wording import said

router = APIRouter()
LONGEST_USERNAME = 60
LANGUAGE_KEPT_SECONDS = 365 * 24 * 3600


@router.get("/sign-in")
def page(request: Request, next: str = "/", visitor: Visitor = Depends(visiting)) -> Response:  # noqa: A002
    """The sign-in form; a signed-in person is sent on."""
    if visitor.actor is not None:
        return go(own_path(next))
    return show(request, visitor, "sign_in/page.html", next=own_path(next), username="", problems=())


@router.post("/sign-in")
def sign_in(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Sign in, or show the form again with the reason (401 wrong, 403 too many attempts for now)."""
    username, target = form.text("username")[:LONGEST_USERNAME], own_path(form.text("next", "/"))
    password = next(iter(form.values.get("password", ())), "")
    try:
        signed_in = commands.sign_in(visitor.database, username=username, password=password, now=visitor.now)
        status, problems = 401, (said("sign_in.failed", visitor.lang),)
    except Refused as refused:
        signed_in, status, problems = None, refused.http_status, refusal(refused, visitor)
    if signed_in is None:
        return show(
            request, visitor, "sign_in/page.html", status=status, next=target, username=username, problems=problems
        )
    return _with_cookie(request, go(target), signed_in, visitor)


def _with_cookie(request: Request, answer: RedirectResponse, signed_in: SignedIn, visitor: Visitor) -> Response:
    if visitor.token:
        # The old sign-in of this browser ends, so that no token outlives the person who had it.
        visitor.write(lambda work: commands.sign_out(work, visitor.token))
    answer.set_cookie(
        cookie_name(request), signed_in.token, httponly=True, secure=is_secure(request), samesite="lax", path="/",
        max_age=int((signed_in.expires_at - visitor.now).total_seconds()),
    )  # fmt: skip
    return answer


@router.post("/sign-out")
def sign_out(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """End the sign-in at once."""
    if visitor.token:
        visitor.write(lambda work: commands.sign_out(work, visitor.token))
    answer = go("/sign-in")
    answer.delete_cookie(cookie_name(request), path="/", secure=is_secure(request), httponly=True, samesite="lax")
    return answer


@router.post("/language")
def language(request: Request, form: Posted = Depends(posted)) -> Response:
    """Keep the chosen language on this machine and go back."""
    answer = go(own_path(form.text("back", "/")))
    chosen = form.text("language")
    if chosen in LANGUAGES:
        answer.set_cookie(
            LANGUAGE_COOKIE, chosen, max_age=LANGUAGE_KEPT_SECONDS, httponly=True, secure=is_secure(request),
            samesite="lax", path="/",
        )  # fmt: skip
    return answer
