"""我的账号: one's own sign-ins, password, language, and the other identities that let one in."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.errors import Refused
from services.people.entering import prove_again
from services.people.factors import factors_of
from services.people.new_passwords import change_password
from services.people.preferences import set_language
from services.people.sign_ins import end_sign_in, end_sign_ins, sign_ins_of
from services.people.sign_on import identities_of, unlink
from services.people.tokens import tokens_of
from services.settings import settings
from web.entering import give_cookies
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.visitor import LANGUAGE_COOKIE, Visitor, is_secure, own_path, visiting

router = APIRouter(prefix="/account")


@router.get("")
def page(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Everything about one's own account at a glance."""
    person = visitor.person
    with visitor.reading() as work:
        shown = {
            "sign_ins": sign_ins_of(work, person.id), "has": factors_of(work, person.id),
            "tokens": tokens_of(work, person.id), "identities": identities_of(work, person.id),
        }  # fmt: skip
    mine = visitor.live.reference if visitor.live is not None else ""
    provider = settings().oidc_name or ("OpenID Connect" if settings().oidc_issuer else "")
    return show(request, visitor, "account/page.html", done=done, mine=mine, provider=provider, **shown)


@router.post("/sign-ins/{sign_in_id}/end")
def end_one(sign_in_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """End one of one's own sign-ins at once."""
    visitor.write(lambda work: end_sign_in(work, visitor.person.id, sign_in_id))
    return go("/account", note="sign_in_ended")


@router.post("/sign-ins/end-others")
def end_others(visitor: Visitor = Depends(visiting)) -> Response:
    """End every other sign-in of one's own at once."""
    visitor.write(lambda work: end_sign_ins(work, visitor.person.id, but=visitor.token))
    return go("/account", note="others_ended")


@router.post("/language")
def language(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Choose the language of pages and notices, on every machine."""
    chosen = form.text("language")
    visitor.write(lambda work: set_language(work, visitor.person.id, chosen))
    answer = go("/account", note="language_set")
    answer.set_cookie(
        LANGUAGE_COOKIE, chosen, max_age=365 * 24 * 3600, httponly=True, secure=is_secure(request), samesite="lax",
        path="/",
    )  # fmt: skip
    return answer


@router.get("/password")
def password_page(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """The form for another password."""
    return show(request, visitor, "account/password.html", problems=())


@router.post("/password")
def password(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Change the password and end every other sign-in; or the form again with the reason."""
    given = {name: next(iter(form.values.get(name, ())), "")[:1000] for name in ("present", "password", "again")}
    try:
        change_password(visitor.database, visitor.person, visitor.token, **given, now=visitor.now)
    except Refused as refused:
        problems = refusal(refused, visitor)
        return show(request, visitor, "account/password.html", status=refused.http_status, problems=problems)
    return go("/account", note="password_changed")


@router.get("/confirm")
def confirm_page(request: Request, next: str = "/", visitor: Visitor = Depends(visiting)) -> Response:  # noqa: A002
    """Asks to prove the second factor again, before what needs a fresh one."""
    return _confirm_page(request, visitor, own_path(next))


def _confirm_page(
    request: Request, visitor: Visitor, target: str, *, problems: tuple[str, ...] = (), status: int = 200
) -> Response:
    with visitor.reading() as work:
        has = factors_of(work, visitor.person.id)
    return show(request, visitor, "account/confirm.html", status=status, has=has, target=target, problems=problems)


@router.post("/confirm")
def confirm(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """The sign-in goes on under a new token; back to where the person came from."""
    target = own_path(form.text("next", "/"))
    try:
        came = prove_again(visitor.database, visitor.person, visitor.token, code=form.text("code"), now=visitor.now)
    except Refused as refused:
        return _confirm_page(request, visitor, target, problems=refusal(refused, visitor), status=refused.http_status)
    answer = go(target)
    give_cookies(request, visitor, answer, came)
    return answer


@router.post("/identities/{identity_id}/remove")
def remove_identity(identity_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Take a linked identity away."""
    unlink(visitor.database, visitor.person, identity_id, now=visitor.now)
    return go("/account", note="identity_removed")
