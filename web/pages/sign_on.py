"""Single sign-on: to the provider and back, to sign in or to link an identity to one's account."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from services.actors import Actor
from services.errors import Refused
from services.people import sign_on
from services.settings import settings
from web.entering import drop_cookie, fresh, let_in, set_cookie
from web.forms.posted import Posted, posted
from web.pages.sign_in import sign_in_page
from web.rendering import go, refusal
from web.visitor import Visitor, cookie_name, own_path, visiting

router = APIRouter()
STATE = "chuke-sign-on"
BACK = "/sign-in/provider/back"


def _back() -> str:
    return f"{settings().site.rstrip('/')}{BACK}"


def _away(request: Request, visitor: Visitor, *, target: str, link_to: Actor | None = None) -> Response:
    start = sign_on.begin(visitor.database, back=_back(), target=target, link_to=link_to, now=visitor.now)
    answer = RedirectResponse(start.address, status_code=303)
    set_cookie(request, answer, STATE, start.state, seconds=int(sign_on.LASTS.total_seconds()))
    return answer


@router.post("/sign-in/provider")
def begin(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """To the provider; or the sign-in form again when it does not answer."""
    target = own_path(form.text("next", "/"))
    try:
        return _away(request, visitor, target=target)
    except Refused as refused:
        return sign_in_page(request, visitor, target=target, problems=refusal(refused, visitor), status=409)


@router.post("/account/identities")
def link(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """To the provider, to link what it knows the person by to this account."""
    fresh(visitor)
    return _away(request, visitor, target="/account", link_to=visitor.person)


@router.get(BACK)
def back(request: Request, state: str = "", code: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """From the provider: in, half way in, linked, or the sign-in form with the reason."""
    kept = request.cookies.get(cookie_name(request, STATE), "")
    try:
        came, target = sign_on.finish(
            visitor.database, state=state, kept_state=kept, code=code, back=_back(), actor=visitor.actor,
            origin=visitor.origin, now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        problems = refusal(refused, visitor)
        answer: Response = sign_in_page(request, visitor, target="/", problems=problems, status=refused.http_status)
    else:
        linked = go("/account", note="identity_linked")
        answer = linked if came is None else let_in(request, visitor, came, target=target)
    drop_cookie(request, answer, STATE)
    return answer
