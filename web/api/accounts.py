"""Payee accounts: entered, changed, confirmed or turned down by a second person; numbers are masked for everybody."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from services.applications.inspection import Upload
from services.applications.scanning import scanner_at
from services.cases import payee_accounts as acts
from services.cases.payee_accounts import NewAccount
from services.organizations.queries import account_lines
from services.settings import settings
from web.interface.files import decoded
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Identified, Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["money"], route_class=RepeatableRoute)
Short = Annotated[str, Field(min_length=1, max_length=80), Clean]
Reason = Annotated[str, Field(min_length=1, max_length=400), Clean]


class AccountEntry(Body):
    """A payee account as it stands on the bank's certificate; a custody account says on what basis it is held.

    `agreement` is the custody agreement as a file (base64), with its name.
    """

    organization_id: Identity
    holder_organization_id: Identity
    account_number: Annotated[str, Field(min_length=1, max_length=40), Clean]
    bank: Short
    kind: Literal["corporate", "custody"]
    holder_name: Annotated[str, Field(max_length=60), Clean] = ""
    branch: Annotated[str, Field(max_length=80), Clean] = ""
    bank_code: Annotated[str, Field(max_length=20), Clean] = ""
    basis: Literal["", "own", "agreement", "reimbursement"] = ""
    holder_division: Annotated[str, Field(max_length=12, pattern=r"^[0-9]*$")] = ""
    agreement_number: Annotated[str, Field(max_length=60), Clean] = ""
    agreed_on: Day | None = None
    agreement: Annotated[str, Field(max_length=28_000_000)] = ""
    agreement_name: Annotated[str, Field(max_length=120), Clean] = ""


class AccountChange(AccountEntry):
    """The account that is to take another one's place, and why."""

    reason: Reason


class Because(Body):
    """Why."""

    reason: Reason


class Account(Reply):
    """A payee account; `standing` is waiting, in_force, superseded or refused."""

    id: str
    organization: str
    holder: str
    account_number: str
    bank: str
    branch: str
    bank_code: str
    kind: str
    basis: str
    agreement_number: str
    agreed_on: date | None
    entered_by: str
    verified_by: str | None
    hold_until: datetime | None
    standing: str
    replaces_id: str | None
    shared_with: list[str]


class Accounts(Reply):
    """Every payee account, the latest last."""

    accounts: list[Account]


@router.get("/accounts", summary="Payee accounts")
def accounts(visitor: Visitor = Depends(visiting)) -> Accounts:
    """Masked; the whole number is revealed one at a time, with a reason."""
    with visitor.reading() as work:
        lines = account_lines(work, visitor.person)
    return Accounts(
        accounts=[
            Account(
                id=one.id, organization=one.organization, holder=one.holder_name, account_number=one.account_number,
                bank=one.bank, branch=one.branch, bank_code=one.bank_code, kind=one.kind, basis=one.basis,
                agreement_number=one.agreement_number, agreed_on=one.agreed_on, entered_by=one.entered_by,
                verified_by=one.verified_by, hold_until=one.hold_until, standing=one.standing,
                replaces_id=one.replaces_id, shared_with=list(one.shared_with),
            )
            for one in lines
        ]
    )  # fmt: skip


def _new(body: AccountEntry) -> NewAccount:
    sound = None
    if body.agreement:
        content = decoded(body.agreement)
        sound = acts.sound_agreement(Upload(body.agreement_name, content), scanner_at(settings().clamd))
    return NewAccount(
        body.organization_id, body.holder_organization_id, body.account_number, body.bank, body.kind, body.holder_name,
        body.branch, body.bank_code, body.basis, body.holder_division, body.agreement_number, body.agreed_on, sound,
    )  # fmt: skip


@router.post("/accounts", status_code=201, summary="Enter a payee account", dependencies=[repeatable])
def enter(body: AccountEntry, visitor: Visitor = Depends(visiting)) -> Identified:
    """A second person verifies it; then it is on hold for a day."""
    return Identified(id=acts.enter_account(visitor.database, visitor.person, _new(body), now=visitor.now))


@router.post(
    "/accounts/{account_id}/change", status_code=201, summary="Change a payee account", dependencies=[repeatable]
)
def change(account_id: Identity, body: AccountChange, visitor: Visitor = Depends(visiting)) -> Identified:
    """Enters the account that takes its place once a second person has verified it."""
    entered = acts.change_account(
        visitor.database, visitor.person, _new(body), account_id=account_id, reason=body.reason, now=visitor.now
    )
    return Identified(id=entered)


@router.post("/accounts/{account_id}/verify", status_code=204, summary="Verify a payee account")
def verify(account_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """Against the bank's certificate, by somebody else than who entered it."""
    acts.verify_account(visitor.database, visitor.person, account_id=account_id, now=visitor.now)


@router.post("/accounts/{account_id}/refuse", status_code=204, summary="Turn a payee account down")
def refuse(account_id: Identity, body: Because, visitor: Visitor = Depends(visiting)) -> None:
    """It can never be paid into; the organization's people are told why."""
    acts.refuse_account(visitor.database, visitor.person, account_id=account_id, reason=body.reason, now=visitor.now)
