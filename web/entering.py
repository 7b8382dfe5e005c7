"""What a browser is given when somebody comes in, half way in or all the way, and takes back when somebody leaves."""

from urllib.parse import quote, unquote

from fastapi import Request
from fastapi.responses import Response

from services.errors import Forbidden
from services.people.entering import HalfWay
from services.people.factors import demand_fresh_factor
from services.people.passkeys import Site
from services.people.sign_ins import BROWSER_KEPT, SignedIn, sign_out
from web.rendering import go
from web.visitor import Visitor, cookie_name, is_secure, own_path

STEP, BROWSER = "chuke-step", "chuke-browser"


def let_in(request: Request, visitor: Visitor, came: SignedIn | HalfWay, *, target: str) -> Response:
    """Send the person on with the cookies of the sign-in, or to the second step with that of the first.

    The old sign-in of this browser ends, so that no token outlives the person who had it.
    """
    if isinstance(came, HalfWay):
        answer = go("/sign-in/enrolment" if came.enrol else "/sign-in/code")
        seconds = int((came.expires_at - visitor.now).total_seconds())
        set_cookie(request, answer, STEP, f"{came.token}:{quote(own_path(target))}", seconds=seconds)
        return answer
    answer = go(own_path(target))
    give_cookies(request, visitor, answer, came)
    return answer


def give_cookies(request: Request, visitor: Visitor, answer: Response, signed_in: SignedIn) -> None:
    """Set the cookies of a fresh sign-in; the one that stood there before is dead."""
    if visitor.token and visitor.token != signed_in.token:
        visitor.write(lambda work: sign_out(work, visitor.token))
    left = int((signed_in.expires_at - visitor.now).total_seconds())
    set_cookie(request, answer, "chuke", signed_in.token, seconds=left)
    if signed_in.browser:
        set_cookie(request, answer, BROWSER, signed_in.browser, seconds=int(BROWSER_KEPT.total_seconds()))
    drop_cookie(request, answer, STEP)


def step_of(request: Request) -> tuple[str, str]:
    """The token of the first step and where the person wanted to go; empty when there is none."""
    token, _, target = request.cookies.get(cookie_name(request, STEP), "").partition(":")
    return token, own_path(unquote(target))


def set_cookie(request: Request, answer: Response, name: str, value: str, *, seconds: int) -> None:
    """A cookie that scripts cannot read and other sites cannot make the browser send with an order."""
    answer.set_cookie(
        cookie_name(request, name), value, httponly=True, secure=is_secure(request), samesite="lax", path="/",
        max_age=seconds,
    )  # fmt: skip


def drop_cookie(request: Request, answer: Response, name: str) -> None:
    """Take the cookie back."""
    answer.delete_cookie(cookie_name(request, name), path="/", secure=is_secure(request), httponly=True, samesite="lax")


def fresh(visitor: Visitor) -> None:
    """Forbidden("sign_in.factor_stale") when the person has a factor and did not prove it lately.

    Forbidden("access.token_never") for a program's token: what lets people in, only people change.
    """
    if visitor.live is not None and visitor.live.scoped:
        raise Forbidden("access.token_never")
    with visitor.reading() as work:
        demand_fresh_factor(work, visitor.person, visitor.live.factor_at if visitor.live else None, own=True)


def site_of(request: Request) -> Site:
    """Who the browser thinks it talks to."""
    return Site(request.url.hostname or "", f"{request.url.scheme}://{request.url.netloc}")
