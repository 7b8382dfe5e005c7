"""What the small script of the passkey buttons asks for, and signing in with what the browser answers."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from services.errors import Refused
from services.people import passkeys
from services.people.passkeys import Ceremony
from web.entering import fresh, give_cookies, let_in, site_of, step_of
from web.forms.posted import Posted, posted
from web.pages.sign_in import sign_in_page
from web.rendering import go, refusal
from web.visitor import Visitor, own_path, visiting

router = APIRouter()


def _asked(ceremony: Ceremony) -> Response:
    return JSONResponse({"step": ceremony.step, "options": ceremony.options})


@router.post("/sign-in/passkey/options")
def options(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """What the browser is to sign: with any passkey of this site."""
    return _asked(passkeys.begin_sign_in(visitor.database, site_of(request), now=visitor.now))


@router.post("/sign-in/code/options")
def second_options(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """What the browser is to sign as the second step, with a passkey of the person who is half way in."""
    token, _ = step_of(request)
    begun = passkeys.begin_sign_in(visitor.database, site_of(request), half_way_token=token, now=visitor.now)
    return _asked(begun)


@router.post("/sign-in/passkey")
def sign_in(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """All the way in, alone or as the second step; or the form again with the reason."""
    second = form.text("second") == "yes"
    token, kept = step_of(request) if second else ("", "/")
    target = kept if second else own_path(form.text("next", "/"))
    try:
        came = passkeys.sign_in(
            visitor.database, site_of(request), step=form.text("step"), credential=form.text("credential"),
            half_way_token=token, origin=visitor.origin, now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        problems = refusal(refused, visitor)
        return sign_in_page(request, visitor, target=target, problems=problems, status=refused.http_status)
    return let_in(request, visitor, came, target=target)


@router.post("/account/passkeys/options")
def registration_options(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """What the browser is to make a passkey from."""
    fresh(visitor)
    begun = passkeys.begin_registration(visitor.database, visitor.person, site_of(request), now=visitor.now)
    return _asked(begun)


@router.post("/account/confirm/options")
def proof_options(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """What the browser is to sign to prove the second factor again."""
    return _asked(passkeys.begin_proof(visitor.database, visitor.person, site_of(request), now=visitor.now))


@router.post("/account/confirm/passkey")
def prove(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """The sign-in goes on under a new token."""
    came = passkeys.prove(
        visitor.database, visitor.person, site_of(request), visitor.token, step=form.text("step"),
        credential=form.text("credential"), now=visitor.now,
    )  # fmt: skip
    answer = go(own_path(form.text("next", "/")))
    give_cookies(request, visitor, answer, came)
    return answer
