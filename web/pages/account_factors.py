"""One's own second factors: the app's code, recovery codes, passkeys. Changing them takes a factor proved lately."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.errors import Refused
from services.people import passkeys
from services.people.entering import renew
from services.people.factors import (
    begin_code,
    confirm_code,
    factors_of,
    pending_code,
    remove_code,
    renew_recovery_codes,
)
from services.people.sign_ins import browser_label
from web.drawings import qr_code
from web.entering import fresh, give_cookies, site_of
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/account/factors")


@router.get("")
def page(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Which second factors there are, and a secret that waits for its first code."""
    return _page(request, visitor, done=done)


def _page(
    request: Request, visitor: Visitor, *, done: str = "", problems: tuple[str, ...] = (), status: int = 200
) -> Response:
    person = visitor.person
    with visitor.reading() as work:
        pending = pending_code(work, person.id)
        has, keys = factors_of(work, person.id), passkeys.passkeys_of(work, person.id)
    return show(
        request, visitor, "account/factors.html", status=status, has=has, passkeys=keys, pending=pending, done=done,
        drawing=qr_code(pending.address) if pending else "", problems=problems,
        this_browser=browser_label(visitor.origin.agent),
    )  # fmt: skip


@router.post("/code")
def begin(visitor: Visitor = Depends(visiting)) -> Response:
    """Make a secret for the app; a code that was in use is worth nothing from then on."""
    fresh(visitor)
    visitor.write(lambda work: begin_code(work, visitor.person.id))
    return go("/account/factors")


@router.post("/code/confirm")
def confirm(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Put the secret to use: the factor is proved by that, and the recovery codes are shown this once."""
    person = visitor.person
    try:
        codes, came = visitor.write(
            lambda work: (confirm_code(work, person.id, form.text("code")), renew(work, person, visitor.token))
        )
    except Refused as refused:
        return _page(request, visitor, problems=refusal(refused, visitor), status=refused.http_status)
    answer = _shown_once(request, visitor, codes) if codes else go("/account/factors", note="code_set_up")
    give_cookies(request, visitor, answer, came)
    return answer


def _shown_once(request: Request, visitor: Visitor, codes: tuple[str, ...]) -> Response:
    return show(request, visitor, "account/recovery_codes.html", codes=codes, target="/account/factors")


@router.post("/code/remove")
def remove(visitor: Visitor = Depends(visiting)) -> Response:
    """Take the app's code away, where another factor is left or none is needed."""
    fresh(visitor)
    visitor.write(lambda work: remove_code(work, visitor.person))
    return go("/account/factors", note="code_removed")


@router.post("/recovery-codes")
def recovery(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Ten new recovery codes, shown this once; the old ones are worth nothing."""
    fresh(visitor)
    return _shown_once(request, visitor, visitor.write(lambda work: renew_recovery_codes(work, visitor.person)))


@router.post("/passkeys")
def add_passkey(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Keep the passkey that the browser made."""
    given = {"step": form.text("step"), "credential": form.text("credential"), "name": form.text("name")}
    try:
        codes = passkeys.register(visitor.database, visitor.person, site_of(request), **given, now=visitor.now)
    except Refused as refused:
        return _page(request, visitor, problems=refusal(refused, visitor), status=refused.http_status)
    return _shown_once(request, visitor, codes) if codes else go("/account/factors", note="passkey_added")


@router.post("/passkeys/{passkey_id}/name")
def rename_passkey(passkey_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Give a passkey another name."""
    passkeys.rename(visitor.database, visitor.person, passkey_id, name=form.text("name"), now=visitor.now)
    return go("/account/factors", note="passkey_renamed")


@router.post("/passkeys/{passkey_id}/remove")
def remove_passkey(passkey_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Take a passkey away, where another factor is left or none is needed."""
    fresh(visitor)
    passkeys.remove(visitor.database, visitor.person, passkey_id, now=visitor.now)
    return go("/account/factors", note="passkey_removed")
