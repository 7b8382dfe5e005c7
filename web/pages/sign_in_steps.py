"""The second step of signing in: a code, setting a second factor up for the first time, and one-time links."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.errors import Refused
from services.people.entering import enrol, finish, half_way
from services.people.factors import factors_of, pending_code
from services.people.new_passwords import enter_by_link, link_owner
from web.drawings import qr_code
from web.entering import give_cookies, let_in, step_of
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.visitor import Visitor, visiting

router = APIRouter()


@router.get("/sign-in/code")
def code_page(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Asks for the code; whoever has not done the first step is sent to it."""
    return _code_page(request, visitor) if step_of(request)[0] else go("/sign-in")


def _code_page(request: Request, visitor: Visitor, *, problems: tuple[str, ...] = (), status: int = 200) -> Response:
    with visitor.reading() as work:
        actor, _ = half_way(work, step_of(request)[0])
        has = factors_of(work, actor.id)
    return show(request, visitor, "sign_in/code.html", status=status, name=actor.name, has=has, problems=problems)


@router.post("/sign-in/code")
def code(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """All the way in, or the form again with the reason."""
    token, target = step_of(request)
    if not token:
        return go("/sign-in")
    try:
        came = finish(visitor.database, token, code=form.text("code"), origin=visitor.origin, now=visitor.now)
    except Refused as refused:
        if refused.codes == ("sign_in.step_over",):
            raise
        return _code_page(request, visitor, problems=refusal(refused, visitor), status=refused.http_status)
    return let_in(request, visitor, came, target=target)


@router.get("/sign-in/enrolment")
def enrolment_page(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Shows the secret to scan; nothing else can be reached until the first code was right."""
    return _enrolment_page(request, visitor) if step_of(request)[0] else go("/sign-in")


def _enrolment_page(
    request: Request, visitor: Visitor, *, problems: tuple[str, ...] = (), status: int = 200
) -> Response:
    with visitor.reading() as work:
        actor, enrolling = half_way(work, step_of(request)[0])
        pending = pending_code(work, actor.id)
    if pending is None or not enrolling:
        return go("/sign-in")
    return show(
        request, visitor, "sign_in/enrolment.html", status=status, name=actor.name, pending=pending,
        drawing=qr_code(pending.address), problems=problems,
    )  # fmt: skip


@router.post("/sign-in/enrolment")
def enrolment(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """All the way in, with the recovery codes shown this once; or the form again with the reason."""
    token, target = step_of(request)
    if not token:
        return go("/sign-in")
    try:
        came, codes = enrol(visitor.database, token, code=form.text("code"), origin=visitor.origin, now=visitor.now)
    except Refused as refused:
        if refused.codes == ("sign_in.step_over",):
            raise
        return _enrolment_page(request, visitor, problems=refusal(refused, visitor), status=refused.http_status)
    if not codes:
        return let_in(request, visitor, came, target=target)
    answer = show(request, visitor, "account/recovery_codes.html", codes=codes, target=target)
    give_cookies(request, visitor, answer, came)
    return answer


@router.get("/sign-in/links/{link}")
def link_page(request: Request, link: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Asks for a new password; looking does not use the link up."""
    return _link_page(request, visitor, link)


def _link_page(
    request: Request, visitor: Visitor, link: str, *, problems: tuple[str, ...] = (), status: int = 200
) -> Response:
    with visitor.reading() as work:
        owner = link_owner(work, link)
    return show(request, visitor, "sign_in/link.html", status=status, owner=owner, link=link, problems=problems)


@router.post("/sign-in/links/{link}")
def use_link(
    request: Request, link: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Set the password and go on to the second step; or the form again with the reason."""
    given = {name: next(iter(form.values.get(name, ())), "")[:1000] for name in ("password", "again")}
    try:
        came = enter_by_link(visitor.database, link, **given, origin=visitor.origin, now=visitor.now)
    except Refused as refused:
        if refused.codes == ("sign_in.link_over",):
            raise
        return _link_page(request, visitor, link, problems=refusal(refused, visitor), status=refused.http_status)
    return let_in(request, visitor, came, target="/")
