"""Payee accounts: entered by one person of finance, confirmed by another beside what it changes, numbers masked."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.applications.inspection import Upload
from services.applications.scanning import scanner_at
from services.authority.rules import scopes
from services.cases import payee_accounts as acts
from services.cases.payee_accounts import NewAccount
from services.database.work import Work
from services.errors import NotFound, Refused
from services.organizations.queries import AccountLine, account_lines, organization_names, streets_and_communities
from services.settings import settings
from web.forms.plain import Act, Choices, Input, Listing, Row, Sheet
from web.forms.posted import Posted, posted
from web.pages.set_up import Parts, plain_page
from web.rendering import go, moment, refusal, show
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
COMPARED = ("holder", "account_number", "bank", "branch", "bank_code", "kind", "agreement")
AGREED = ("协议签订日期", "day of the agreement")


@router.get("")
def accounts(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Every payee account, what is still to be verified, and the form for a new one."""
    return plain_page(request, visitor, "nav.accounts", _accounts(visitor), done=done)


def _accounts(visitor: Visitor) -> Callable[[Work], Parts]:
    def parts(work: Work) -> Parts:
        rows = tuple(_row(one, visitor) for one in reversed(account_lines(work, visitor.person)))
        sheets: tuple[Sheet, ...] = ()
        if scopes(visitor.person, "account:enter"):
            names = organization_names(work)
            inputs = (Input("organization", options=names), *_inputs(work, visitor.lang, names))
            sheets = (Sheet("enter_account", "/accounts", inputs, upload=True),)
        return (Listing("", COLUMNS, rows),), sheets

    return parts


def _inputs(work: Work, lang: str, names: Choices) -> tuple[Input, ...]:
    kinds = [(one, say(f"account_kind.{one}", lang)) for one in ("corporate", "custody")]
    bases = [(one, say(f"payee.{one}", lang)) for one in ("agreement", "reimbursement")]
    offices = [(one.code, f"{one.name} {one.code}") for one in streets_and_communities(work)]
    return (
        Input("account_kind", options=kinds), Input("holder_name", longest=60),
        Input("holder", options=names, needed=False), Input("holder_division", options=offices, needed=False),
        Input("account_number", "number", longest=40), Input("bank", longest=80),
        Input("branch", longest=80, needed=False), Input("bank_code", "number", longest=20, needed=False),
        Input("basis", options=bases, needed=False), Input("agreement_number", longest=60, needed=False),
        Input("agreed_on", "date", needed=False), Input("agreement", "file", needed=False),
    )  # fmt: skip


def _row(one: AccountLine, visitor: Visitor) -> Row:
    held = one.hold_until is not None and one.hold_until > visitor.now and one.standing in ("waiting", "in_force")
    until = say("set_up.held", visitor.lang, until=moment(one.hold_until, visitor.lang)) if held else ""
    state = until if one.standing in ("waiting", "in_force") else say(f"payee.{one.standing}", visitor.lang)
    cells = (
        one.organization, one.holder_name, one.account_number, one.bank,
        say(f"account_kind.{one.kind}", visitor.lang), one.entered_by, one.verified_by or "", state,
    )  # fmt: skip
    waits = one.standing == "waiting" and bool(scopes(visitor.person, "account:verify"))
    return Row(cells, None, Act(f"/accounts/{one.id}", "payee.look_and_verify" if waits else "payee.look"))


def _new(form: Posted, owner: str) -> NewAccount:
    kind = form.text("account_kind")
    holder = known_id(form.text("holder")) if form.text("holder") else owner
    upload = Upload(form.file_name, form.file) if form.file and form.file_name else None
    sound = acts.sound_agreement(upload, scanner_at(settings().clamd)) if upload else None
    return NewAccount(
        owner, holder, form.text("account_number"), form.text("bank"), kind, form.text("holder_name"),
        form.text("branch"), form.text("bank_code"), form.text("basis") if kind == "custody" else "",
        form.text("holder_division"), form.text("agreement_number"), form.optional_day("agreed_on", AGREED), sound,
    )  # fmt: skip


@router.post("")
def enter(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Enter an account; a second person verifies it."""
    try:
        new = _new(form, known_id(form.text("organization")))
        acts.enter_account(visitor.database, visitor.person, new, now=visitor.now)
    except Refused as error:
        return plain_page(request, visitor, "nav.accounts", _accounts(visitor), error=error, form=form)
    return go("/accounts", note="account_entered")


@router.get("/{account_id}")
def account(request: Request, account_id: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """One account, masked, with what it changes."""
    return _page(request, visitor, account_id, done=done)


def _page(
    request: Request, visitor: Visitor, account_id: str, *, done: str = "", error: Refused | None = None,
    form: Posted | None = None,
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        found = account_lines(work, visitor.person, account_id=account_id)
        if not found:
            raise NotFound("organization.account_not_found")
        one = found[0]
        before = account_lines(work, visitor.person, account_id=one.replaces_id)[0] if one.replaces_id else None
        inputs = _inputs(work, visitor.lang, organization_names(work))
    return show(
        request, visitor, "accounts/page.html", status=error.http_status if error else 200, one=one, before=before,
        changes=_changes(before, one, visitor.lang) if before else (), inputs=inputs, form=form or Posted({}),
        held=one.hold_until is not None and one.hold_until > visitor.now, done=done,
        problems=refusal(error, visitor) if error else (),
    )  # fmt: skip


def _changes(before: AccountLine, after: AccountLine, lang: str) -> list[tuple[str, str, str]]:
    old, new = (_told(one, lang) for one in (before, after))
    return [(name, old[name], new[name]) for name in COMPARED]


def _told(one: AccountLine, lang: str) -> dict[str, str]:
    return {
        "holder": one.holder_name, "account_number": one.account_number, "bank": one.bank, "branch": one.branch,
        "bank_code": one.bank_code, "kind": say(f"account_kind.{one.kind}", lang), "agreement": one.agreement_number,
    }  # fmt: skip


@router.post("/{account_id}/verify")
def verify(request: Request, account_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Confirm an account against the bank's certificate."""
    try:
        acts.verify_account(visitor.database, visitor.person, account_id=account_id, now=visitor.now)
    except Refused as error:
        return _page(request, visitor, account_id, error=error)
    return go(f"/accounts/{account_id}", note="account_verified")


@router.post("/{account_id}/refuse")
def refuse(
    request: Request, account_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Turn an entered account down, with the reason."""
    said = form.text("refusal")
    try:
        acts.refuse_account(visitor.database, visitor.person, account_id=account_id, reason=said, now=visitor.now)
    except Refused as error:
        return _page(request, visitor, account_id, error=error, form=form)
    return go(f"/accounts/{account_id}", note="account_refused")


@router.post("/{account_id}/change")
def change(
    request: Request, account_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Enter the account that is to take this one's place; nothing changes until a second person has confirmed it."""
    try:
        with visitor.reading() as work:
            found = account_lines(work, visitor.person, account_id=account_id)
        if not found:
            raise NotFound("organization.account_not_found")
        entered = acts.change_account(
            visitor.database, visitor.person, _new(form, found[0].organization_id), account_id=account_id,
            reason=form.text("reason"), now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _page(request, visitor, account_id, error=error, form=form)
    return go(f"/accounts/{entered}", note="account_change_entered")


@router.get("/{account_id}/agreement")
def agreement(account_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The custody agreement as it was handed in."""
    with visitor.reading() as work:
        content, media_type = acts.agreement_of(work, visitor.person, account_id)
    headers = {"content-disposition": "attachment; filename=agreement", "cache-control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
