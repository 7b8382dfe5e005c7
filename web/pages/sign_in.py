"""Signing in with name and password, signing out, and the language of the console."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.errors import Refused
from services.people.entering import Attempt
from services.people.entering import sign_in as enter
from services.people.sign_ins import sign_out as leave
from services.settings import settings
from web.entering import drop_cookie, let_in
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.visitor import LANGUAGE_COOKIE, LANGUAGES, Visitor, is_secure, own_path, visiting
from web.wording import said

router = APIRouter()
LONGEST_USERNAME = 60
LANGUAGE_KEPT_SECONDS = 365 * 24 * 3600


@router.get("/sign-in")
def page(request: Request, next: str = "/", visitor: Visitor = Depends(visiting)) -> Response:  # noqa: A002
    """The sign-in form; a signed-in person is sent on."""
    if visitor.actor is not None:
        return go(own_path(next))
    return sign_in_page(request, visitor, target=own_path(next))


def sign_in_page(
    request: Request, visitor: Visitor, *, target: str, username: str = "", problems: tuple[str, ...] = (),
    status: int = 200,
) -> Response:  # fmt: skip
    """The sign-in form, with what was wrong about the last attempt on top."""
    provider = settings().oidc_name or ("OpenID Connect" if settings().oidc_issuer else "")
    return show(
        request, visitor, "sign_in/page.html", status=status, next=target, username=username, problems=problems,
        provider=provider,
    )  # fmt: skip


@router.post("/sign-in")
def sign_in(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Sign in, go to the second step, or show the form again with the reason (401 wrong, 403 too many for now)."""
    username, target = form.text("username")[:LONGEST_USERNAME], own_path(form.text("next", "/"))
    password = next(iter(form.values.get("password", ())), "")[:1000]
    attempt = Attempt(username, password, form.text("code")[:40], visitor.origin)
    try:
        came = enter(visitor.database, attempt, now=visitor.now)
        status, problems = 401, (said("sign_in.failed", visitor.lang),)
    except Refused as refused:
        came, status, problems = None, refused.http_status, refusal(refused, visitor)
    if came is None:
        return sign_in_page(request, visitor, target=target, username=username, problems=problems, status=status)
    return let_in(request, visitor, came, target=target)


@router.post("/sign-out")
def sign_out(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """End the sign-in at once."""
    if visitor.token:
        visitor.write(lambda work: leave(work, visitor.token))
    answer = go("/sign-in")
    drop_cookie(request, answer, "chuke")
    # Whoever sits down at this machine next finds no page and no draft of the one before.
    answer.headers["clear-site-data"] = '"cache", "storage"'
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
