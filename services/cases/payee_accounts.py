"""Payee accounts: entered by finance, confirmed by another of finance, on hold for a day; a change stops what was
approved for the former account.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select

from services.actors import Actor
from services.applications.inspection import Sound, Upload, inspect
from services.applications.scanning import Scanner
from services.authority.rules import demand
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.issuance.files import store_file
from services.issuance.models import stored_files
from services.messages import notice
from services.notices.commands import tell
from services.organizations import commands, rules
from services.organizations.commands import Terms
from services.organizations.models import divisions, payee_account_terms, payee_accounts
from services.organizations.queries import account_number_of, holds_post, organization_row
from services.outbox.commands import leave_errand
from services.people.acts import act, allowed, hold, note, told, unfit
from services.people.queries import people_holding
from services.protection.rules import mask_account
from services.rulesets.commands import rule_set_on
from statemachines.roles import Role

FOLLOW = "follow_account_change"
"""The errand that holds what was approved for an account that has been replaced."""

NOTICES = ("account_entered", "account_in_force", "account_refused", "account_changed_at_bank")
"""What is told of accounts: to the organization's people, and to finance where an instruction is with the bank."""

REASON = ("变更理由", "reason of the change")
BASES = ("own", "agreement", "reimbursement")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A payee account as it stands on the bank's certificate; the holder is an organization or office, never a person.

    A custody account names the custodian (an organization, or by `holder_division` the office of a street or
    community) and its basis: an agreement with number and day, or reimbursement (报账).
    """

    organization_id: str
    holder_organization_id: str
    account_number: str
    bank: str
    kind: str
    holder_name: str = ""
    branch: str = ""
    bank_code: str = ""
    basis: str = ""
    holder_division: str = ""
    agreement_number: str = ""
    agreed_on: date | None = None
    agreement: Sound | None = None


def enter_account(database: Database, actor: Actor, new: NewAccount, *, now: datetime) -> str:
    """Enter a payee account, unverified and on hold; answers the id. The organization's people are told.

    Invalid for what is malformed; Refused for a person's account, a holder that is neither the organization nor a
    custodian, and a number known already; Forbidden for the account of an organization of one's own.
    """
    checked = _as_stored(new)

    def unit(work: Work) -> str:
        allowed(work, actor, "account:enter")
        return _enter(work, actor, checked, action="account:enter")

    stream = f"organization:{new.organization_id}"
    return act(database, actor, unit, now=now, action="account:enter", stream=stream, object=new.organization_id)


def change_account(
    database: Database, actor: Actor, new: NewAccount, *, account_id: str, reason: str, now: datetime
) -> str:
    """Enter the account that takes the place of another one once a second person has confirmed it; answers its id.

    Refused as `enter_account`, and for an account that is not in force or has a change waiting.
    """
    checked, said = _as_stored(new), told(REASON, reason, longest=400)

    def unit(work: Work) -> str:
        allowed(work, actor, "account:enter")
        hold(work, f"account:{account_id}")
        before = _account(work, account_id)
        if before.organization_id != new.organization_id:
            raise NotFound("organization.account_not_found")
        if before.verified_by is None or before.superseded_at or before.refused_at:
            raise Refused("organization.account_not_in_force")
        waiting = select(payee_account_terms.c.account_id).where(
            payee_account_terms.c.replaces_id == account_id, payee_account_terms.c.refused_at.is_(None)
        )
        if work.connection.execute(waiting).first():
            raise Refused("organization.account_change_waits")
        return _enter(work, actor, checked, action="account:change", replaces=account_id, reason=said)

    stream = f"account:{account_id}"
    return act(database, actor, unit, now=now, action="account:change", stream=stream, object=account_id)


def verify_account(database: Database, actor: Actor, *, account_id: str, now: datetime) -> None:
    """A second person confirms the account against the bank's certificate; the hold of a day begins.

    Where it replaces another account, payments made out for that one are held (by errand) until they are made out and
    approved anew. Refuses the person who entered it, anyone with a post in the organization or the holder, a second
    time.
    """

    def unit(work: Work) -> None:
        row = _waiting(work, actor, account_id)
        hours = rule_set_on(work, work.today).number("money.account_hold_hours")
        commands.verify_account(work, actor=actor, account_id=account_id, hold_hours=hours)
        details: dict[str, Any] = {"account": mask_account(account_number_of(row)), "holder": row.holder_name}
        if row.replaces_id:
            details["replaces"] = mask_account(account_number_of(_account(work, row.replaces_id)))
            leave_errand(
                work, key=f"account:{account_id}:follow", effect=FOLLOW, case_id=None, case_number="",
                move_sequence=None, payload={"account": account_id, "replaces": row.replaces_id},
            )  # fmt: skip
        note(work, actor, "account:verify", stream=f"account:{account_id}", object=account_id, details=details)
        _tellorganization_row(work, row, "account_in_force")

    act(database, actor, unit, now=now, action="account:verify", stream=f"account:{account_id}", object=account_id)


def refuse_account(database: Database, actor: Actor, *, account_id: str, reason: str, now: datetime) -> None:
    """A second person turns an entered account down; it can never be paid into. Refused as `verify_account`."""
    said = told(("退回理由", "reason"), reason, longest=400)

    def unit(work: Work) -> None:
        row = _waiting(work, actor, account_id)
        if row.entered_by == actor.id:
            raise Refused("case.duties_must_be_separate")
        commands.refuse_account(work, actor=actor, account_id=account_id, reason=said)
        details = {"account": mask_account(account_number_of(row)), "reason": said}
        note(work, actor, "account:refuse", stream=f"account:{account_id}", object=account_id, details=details)
        _tellorganization_row(work, row, "account_refused", reason=said)

    act(database, actor, unit, now=now, action="account:refuse", stream=f"account:{account_id}", object=account_id)


def sound_agreement(upload: Upload, scanner: Scanner) -> Sound:
    """The custody agreement as it may be kept; Invalid for whatever is not an honest file of an allowed kind."""
    sound = inspect(upload)
    if scanner.finds(sound.content):
        raise Invalid("upload.infected")
    return sound


def agreement_of(work: Work, actor: Actor, account_id: str) -> tuple[bytes, str]:
    """The agreement's bytes and kind; NotFound where none was handed in. Forbidden for who may list no accounts."""
    demand(actor, "account:list")
    statement = (
        select(stored_files.c.content, stored_files.c.media_type)
        .join(payee_account_terms, payee_account_terms.c.agreement_sha256 == stored_files.c.sha256)
        .where(payee_account_terms.c.account_id == account_id)
    )
    row = work.connection.execute(statement).one_or_none()
    if row is None:
        raise NotFound("document.not_found")
    return bytes(row.content), str(row.media_type)


def _waiting(work: Work, actor: Actor, account_id: str) -> Row[Any]:
    """The account that waits for a second person, under the lock of its name."""
    hold(work, f"account:{account_id}")
    row = _account(work, account_id)
    allowed(work, actor, "account:verify")
    _refuse_own(work, actor, row.organization_id, row.holder_organization_id)
    if row.verified_by is not None:
        raise Refused("organization.account_already_verified")
    if row.refused_at is not None:
        raise Refused("organization.account_refused")
    return row


def _account(work: Work, account_id: str) -> Row[Any]:
    terms = payee_account_terms
    row = work.connection.execute(
        select(payee_accounts, terms.c.replaces_id, terms.c.superseded_at, terms.c.refused_at)
        .outerjoin(terms, terms.c.account_id == payee_accounts.c.id)
        .where(payee_accounts.c.id == account_id)
    ).one_or_none()
    if row is None:
        raise NotFound("organization.account_not_found")
    return row


def _as_stored(new: NewAccount) -> NewAccount:
    """The account as it is stored; Invalid when something of it does not hold by itself."""
    if new.kind not in ("corporate", "custody"):
        raise unfit("input.not_a_choice", ("账户类别", "kind of account"))
    basis = new.basis or ("own" if new.kind == "corporate" else "agreement")
    if basis not in BASES or (basis == "own") != (new.kind == "corporate"):
        raise unfit("input.not_a_choice", ("代管依据", "basis of custody"))
    return replace(
        new,
        basis=basis,
        account_number=rules.account_digits(new.account_number),
        bank=told(("开户银行", "bank"), new.bank, longest=80),
        branch=told(("开户网点", "branch"), new.branch, longest=80, needed=False),
        bank_code=rules.account_digits(new.bank_code),
        holder_name=rules.normalize_name(told(("户名", "holder"), new.holder_name, longest=60, needed=False)),
        agreement_number=told(("协议编号", "number of the agreement"), new.agreement_number, longest=60, needed=False),
    )


def _enter(
    work: Work, actor: Actor, new: NewAccount, *, action: str, replaces: str | None = None, reason: str = ""
) -> str:
    owner = organization_row(work, new.organization_id)
    _refuse_own(work, actor, new.organization_id, new.holder_organization_id)
    holder = _holder(work, owner, new)
    if new.agreed_on is not None and new.agreed_on > work.today:
        raise unfit("input.out_of_range", ("协议签订日期", "day of the agreement"))
    file = store_file(work, new.agreement.content, media_type=new.agreement.media_type) if new.agreement else None
    terms = Terms(
        new.branch, new.bank_code, new.basis, holder, new.holder_division or None, new.agreement_number, new.agreed_on,
        file, replaces, reason,
    )  # fmt: skip
    hours = rule_set_on(work, work.today).number("money.account_hold_hours")
    identity = commands.enter_account(
        work, actor=actor, organization_id=new.organization_id, account_number=new.account_number, bank=new.bank,
        kind=new.kind, holder_organization_id=new.holder_organization_id, terms=terms, hold_hours=hours,
    )  # fmt: skip
    # The log is read by more people than the account: it holds only what tells one account from another.
    details = {
        "organization": owner.name, "kind": new.kind, "holder": holder, "bank": new.bank,
        "account": mask_account(new.account_number), **({"replaces": replaces, "reason": reason} if replaces else {}),
    }  # fmt: skip
    note(work, actor, action, stream=f"account:{identity}", object=identity, details=details)
    _tellorganization_row(work, _account(work, identity), "account_entered")
    return identity


def _holder(work: Work, owner: Row[Any], new: NewAccount) -> str:
    """The holder's name as it is kept. Refused for a person, and for whoever is neither owner nor custodian."""
    typed, own = new.holder_name, new.organization_id == new.holder_organization_id
    custodian = organization_row(work, new.holder_organization_id)
    if typed and typed not in (owner.name, custodian.name) and rules.is_a_person(typed, leader=owner.leader_name):
        raise Refused("organization.account_of_a_person", holder=typed)
    if new.kind == "corporate":
        if not own or new.holder_division:
            raise Refused("organization.holder_does_not_fit")
        return _same(typed or owner.name, owner.name)
    if new.holder_division:
        return _office_of(work, owner, new)
    if own:
        raise Refused("organization.holder_does_not_fit")
    if custodian.legal_status != "REGISTERED" or custodian.category != "SUPPORT_HUB":
        raise Refused("organization.holder_no_custodian", holder=custodian.name)
    if new.basis == "agreement" and not (new.agreement_number and new.agreed_on):
        raise Invalid("organization.agreement_missing")
    return _same(typed or custodian.name, custodian.name)


def _same(typed: str, name: str) -> str:
    if typed != name:
        raise Refused("organization.holder_name_differs", holder=typed, name=name)
    return typed


def _office_of(work: Work, owner: Row[Any], new: NewAccount) -> str:
    """The office of the street or community the organization is at home in, by the name the bank printed."""
    found = work.connection.execute(select(divisions).where(divisions.c.code == new.holder_division)).one_or_none()
    if found is None:
        raise NotFound("division.not_found", division=new.holder_division)
    if found.level not in ("street", "community") or not owner.home_division.startswith(found.code):
        raise Refused("organization.holder_no_custodian", holder=found.name)
    if not rules.holder_fits_division(new.holder_name, found.name):
        raise Refused("organization.holder_name_differs", holder=new.holder_name or None, name=found.name)
    if new.basis == "agreement" and not (new.agreement_number and new.agreed_on):
        raise Invalid("organization.agreement_missing")
    return new.holder_name


def _refuse_own(work: Work, actor: Actor, *organization_ids: str) -> None:
    if holds_post(work, actor.id, *organization_ids):
        raise Forbidden("case.duties_must_be_separate")


def _tellorganization_row(work: Work, row: Row[Any], message: str, **facts: Any) -> None:
    """Tell the organization's people of an account entered in its name, so that a false one is noticed."""
    known = {
        "organization_name": organization_row(work, row.organization_id).name, "holder": row.holder_name,
        "account": mask_account(account_number_of(row)), "bank": row.bank, **facts,
    }  # fmt: skip
    for person in people_holding(work, Role.APPLICANT, organization_id=row.organization_id):
        title, body = notice(message, person.language, **known)
        key = f"account:{row.id}:{message}"
        tell(work, key=key, person_id=person.id, case_id=None, message=message, title=title, body=body)


def tell_finance(work: Work, account: Row[Any], *, key: str, case_id: str, case_number: str) -> None:
    """Tell maker, checker and payer that an instruction is with the bank for an account that was replaced."""
    known = {
        "organization_name": organization_row(work, account.organization_id).name, "case_number": case_number,
        "account": mask_account(account_number_of(account)),
    }  # fmt: skip
    for role in (Role.FINANCE_MAKER, Role.FINANCE_CHECKER, Role.FINANCE_PAYER):
        for person in people_holding(work, role):
            title, body = notice("account_changed_at_bank", person.language, **known)
            tell(
                work, key=key, person_id=person.id, case_id=case_id, message="account_changed_at_bank", title=title,
                body=body,
            )  # fmt: skip
