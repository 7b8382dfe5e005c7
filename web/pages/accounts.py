"""Payee accounts: entered by one person of finance, verified by another, on hold for a day, numbers masked."""

from collections.abc import Callable
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.authority.rules import scopes
from services.database.work import Work
from services.errors import Refused
from services.organizations.acts import NewAccount, enter_account, verify_account
from services.organizations.queries import AccountLine, account_lines, organization_names
from web.forms.plain import Act, Input, Listing, Row, Sheet
from web.forms.posted import Posted, posted
from web.pages.set_up import Parts, plain_page
from web.rendering import go, moment
from web.requests import known_id
from web.visitor import Visitor, visiting
from web.wording import say

router = APIRouter(prefix="/accounts")
COLUMNS = (
    "organization",
    "holder",
    "account_number",
    "bank",
    "account_kind",
    "entered_by",
    "verified_by",
    "hold_until",
)


@router.get("")
def accounts(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Every payee account, what is still to be verified, and the form for a new one."""
    return plain_page(request, visitor, "nav.accounts", _accounts(visitor), done=done)


def _accounts(visitor: Visitor) -> Callable[[Work], Parts]:
    def parts(work: Work) -> Parts:
        actor, lang = visitor.person, visitor.lang
        verifies = bool(scopes(actor, "account:verify"))
        rows = tuple(_row(one, visitor, verifies=verifies) for one in reversed(account_lines(work, actor)))
        sheets: tuple[Sheet, ...] = ()
        if scopes(actor, "account:enter"):
            names = organization_names(work)
            kinds = [(one, say(f"account_kind.{one}", lang)) for one in ("corporate", "custody")]
            inputs = (
                Input("organization", options=names), Input("account_kind", options=kinds),
                Input("holder", options=names, needed=False), Input("account_number", "number", longest=40),
                Input("bank", longest=80),
            )  # fmt: skip
            sheets = (Sheet("enter_account", "/accounts", inputs),)
        return (Listing("", COLUMNS, rows),), sheets

    return parts


def _row(one: AccountLine, visitor: Visitor, *, verifies: bool) -> Row:
    held = one.hold_until is not None and one.hold_until > visitor.now
    until = say("set_up.held", visitor.lang, until=moment(one.hold_until, visitor.lang)) if held else ""
    cells = (
        one.organization, one.holder_name, one.account_number, one.bank,
        say(f"account_kind.{one.kind}", visitor.lang), one.entered_by, one.verified_by or "", until,
    )  # fmt: skip
    waits = verifies and one.verified_by is None
    verify = Act(f"/accounts/{one.id}/verify", "verify") if waits else None
    asked = urlencode({"kind": "account_number", "of": one.id, "back": "/accounts"})
    reveals = visitor.actor is not None and bool(scopes(visitor.actor, "account:reveal"))
    return Row(cells, verify, Act(f"/reveals/new?{asked}", "reveal.title") if reveals else None)


@router.post("")
def enter(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Enter an account; a second person verifies it."""
    try:
        owner = known_id(form.text("organization"))
        holder = known_id(form.text("holder")) if form.text("holder") else owner
        new = NewAccount(owner, holder, form.text("account_number"), form.text("bank"), form.text("account_kind"))
        enter_account(visitor.database, visitor.person, new, now=visitor.now)
    except Refused as error:
        return plain_page(request, visitor, "nav.accounts", _accounts(visitor), error=error, form=form)
    return go("/accounts", note="account_entered")


@router.post("/{account_id}/verify")
def verify(request: Request, account_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Confirm an account against the bank's certificate."""
    try:
        verify_account(visitor.database, visitor.person, account_id=account_id, now=visitor.now)
    except Refused as error:
        return plain_page(request, visitor, "nav.accounts", _accounts(visitor), error=error)
    return go("/accounts", note="account_verified")
