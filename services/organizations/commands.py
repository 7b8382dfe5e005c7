"""Writes of organizations: divisions, centres, organizations, posts and payee accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pypinyin import Style, lazy_pinyin
from sqlalchemy import bindparam, insert, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.work import Work
from services.errors import Invalid, NotFound, Refused
from services.organizations import rules
from services.organizations.models import (
    centres,
    divisions,
    organization_names,
    organization_posts,
    organization_search,
    organizations,
    payee_account_terms,
    payee_accounts,
)
from services.protection.sealing import blind_index, blind_index_if_any, blind_indexes, seal, seal_if_any


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """What is known of an organization when it is first entered."""

    name: str
    legal_form: str
    legal_status: str
    category: str
    subtype: str
    home_division: str
    leader_name: str
    leader_phone: str = ""
    filing_number: str | None = None
    credit_code: str | None = None
    members: int = 0
    full_party_members: int = 0
    founded_on: date | None = None
    scope_text: str = ""


def add_division(work: Work, *, code: str, name: str, level: str, kind: str, parent_code: str | None) -> None:
    """Add a division of the territory tree."""
    work.connection.execute(
        insert(divisions).values(code=code, name=name, level=level, kind=kind, parent_code=parent_code)
    )


def add_centre(work: Work, **values: Any) -> str:
    """Add an incubation centre with its places and the characters its paper numbers begin with; answers the id."""
    identity = new_id()
    work.connection.execute(insert(centres).values(id=identity, **values))
    return identity


def enter_organization(work: Work, new: NewOrganization) -> str:
    """Enter an organization; answers the id. Invalid when a name or number does not hold (GB 32100-2015)."""
    return enter_organizations(work, (new,))[0]


def enter_organizations(work: Work, many: Sequence[NewOrganization]) -> tuple[str, ...]:
    """Enter organizations with one statement for all of them; answers their ids in the same order.

    Invalid when a name or number of one does not hold; then none is entered.
    """
    rows = [_row(new, work.now) for new in many]
    if rows:
        work.connection.execute(insert(organizations), rows)
        found_by = [{"organization_id": row["id"], **_findable(*(row[key] for key in FINDS))} for row in rows]
        work.connection.execute(insert(organization_search), found_by)
    return tuple(row["id"] for row in rows)


def _row(new: NewOrganization, at: datetime) -> dict[str, Any]:
    name = rules.normalize_name(new.name)
    if faults := rules.check_name(name):
        raise Invalid(*faults, name=name)
    code = None
    if new.credit_code:
        checked = rules.check_credit_code(new.credit_code)
        if checked.reasons:
            raise Invalid(*checked.reasons, credit_code=checked.code)
        code = checked.code
    identity = new_id()
    return {
        "id": identity, "name": name, **sounds_of(name),
        "legal_form": new.legal_form, "legal_status": new.legal_status, "incubation_stage": "NONE",
        "category": new.category, "subtype": new.subtype, "home_division": new.home_division,
        "scope_text": new.scope_text, "founded_on": new.founded_on, "filing_number": new.filing_number,
        "credit_code": code, "leader_name": new.leader_name,
        "leader_phone_sealed": seal_if_any("organizations", identity, "leader_phone", new.leader_phone),
        "leader_phone_index": blind_index_if_any("organizations", "leader_phone", new.leader_phone),
        "members": new.members, "full_party_members": new.full_party_members, "created_at": at,
    }  # fmt: skip


def _sounds(name: str) -> tuple[str, str]:
    return " ".join(lazy_pinyin(name)), "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))


FINDS = ("name", "filing_number", "credit_code", "leader_name")
"""Columns of an organization that it is found by; its name also by its sound."""


def sounds_of(name: str) -> dict[str, str]:
    """The columns that hold how a name sounds."""
    sounds, initials = _sounds(name)
    return {"name_pinyin": sounds[:300], "name_initials": initials[:60]}


def _findable(
    name: str, filing_number: str | None, credit_code: str | None, leader_name: str, *former: str
) -> dict[str, str]:
    sounds, initials = _sounds(name)
    found_by = rules.search_text(name, sounds, initials, filing_number, credit_code, leader_name, *former)
    return {"folded": found_by, "sort_key": sounds.casefold()[:300]}


def keep_findable(work: Work, organization_id: str) -> None:
    """Write anew what the organization is found by (its former names too) and sorted by; to be called when its name
    or a number changed.
    """
    known = select(*(organizations.c[key] for key in FINDS)).where(organizations.c.id == organization_id)
    had = select(organization_names.c.name).where(organization_names.c.organization_id == organization_id)
    values = _findable(*work.connection.execute(known).one(), *work.connection.scalars(had))
    own = organization_search.c.organization_id == organization_id
    if work.connection.execute(update(organization_search).where(own).values(values)).rowcount == 0:
        work.connection.execute(insert(organization_search).values(organization_id=organization_id, **values))


def record_post(
    work: Work, *, organization_id: str, person_id: str, post: str, held_from: date, held_to: date | None = None
) -> None:
    """Record that a person holds or held a post in an organization; recusal and separation of duties rest on it."""
    work.connection.execute(
        insert(organization_posts).values(
            id=new_id(),
            organization_id=organization_id,
            person_id=person_id,
            post=post,
            held_from=held_from,
            held_to=held_to,
        )
    )


_STAGE = (
    update(organizations).where(organizations.c.id == bindparam("wanted")).values(incubation_stage=bindparam("stage"))
)


def set_stage(work: Work, organization_id: str, stage: str) -> None:
    """Set the incubation stage, which is separate from the legal status."""
    work.connection.execute(_STAGE, {"wanted": organization_id, "stage": stage})


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms an account is held: branch and CNAPS number of the bank, own account, agreement or reimbursement.

    `holder_name` is as the bank printed it, empty for the holder's registered name; `holder_division` is the street or
    community whose office holds the account; `replaces` is the account that this one takes the place of.
    """

    branch: str = ""
    bank_code: str = ""
    basis: str = ""
    holder_name: str = ""
    holder_division: str | None = None
    agreement_number: str = ""
    agreed_on: date | None = None
    agreement_sha256: str | None = None
    replaces: str | None = None
    reason: str = ""


def enter_account(
    work: Work, *, actor: Actor, organization_id: str, holder_organization_id: str, account_number: str, bank: str,
    kind: str, terms: Terms = Terms(), hold_hours: int = 24,
) -> str:  # fmt: skip
    """Enter a payee account, unverified and on hold; answers the id. The holder is an organization, never a person.

    Refused when the number is known already: for this organization, or as another holder's account.
    """
    holder = work.connection.execute(
        select(organizations.c.name, organizations.c.legal_status).where(organizations.c.id == holder_organization_id)
    ).one_or_none()
    if holder is None:
        raise NotFound("organization.not_found")
    if faults := rules.check_account_number(account_number) + rules.check_bank_code(terms.bank_code):
        raise Invalid(*faults)
    if kind == "corporate" and holder.legal_status != "REGISTERED":
        raise Refused("organization.no_corporate_account")
    called = terms.holder_name or holder.name
    _refuse_known_number(work, account_number, organization_id, called, bank=bank)
    identity = new_id()
    work.connection.execute(
        insert(payee_accounts).values(
            id=identity,
            organization_id=organization_id,
            holder_organization_id=holder_organization_id,
            holder_name=called,
            account_number_sealed=seal("payee_accounts", identity, "account_number", account_number),
            account_number_index=blind_index("payee_accounts", "account_number", account_number),
            bank=bank,
            kind=kind,
            entered_by=actor.id,
            hold_until=work.now + timedelta(hours=hold_hours),
            created_at=work.now,
        )
    )
    work.connection.execute(
        insert(payee_account_terms).values(
            account_id=identity, branch=terms.branch, bank_code=terms.bank_code,
            basis=terms.basis or ("own" if kind == "corporate" else "agreement"),
            holder_division=terms.holder_division, agreement_number=terms.agreement_number, agreed_on=terms.agreed_on,
            agreement_sha256=terms.agreement_sha256, replaces_id=terms.replaces, reason=terms.reason,
        )
    )  # fmt: skip
    return identity


def _refuse_known_number(work: Work, number: str, organization_id: str, holder: str, *, bank: str) -> None:
    """One account has one holder, and is entered once for an organization; several may share a custodian's.

    What was refused does not count.
    """
    same = payee_accounts.c.account_number_index.in_(blind_indexes("payee_accounts", "account_number", number))
    columns = (payee_accounts.c.organization_id, payee_accounts.c.holder_name, payee_accounts.c.bank)
    known = (
        select(*columns, payee_account_terms.c.superseded_at)
        .outerjoin(payee_account_terms, payee_account_terms.c.account_id == payee_accounts.c.id)
        .where(same, payee_account_terms.c.refused_at.is_(None))
    )
    for row in work.connection.execute(known):
        if row.holder_name != holder:
            raise Refused("organization.account_of_another_holder")
        if (row.organization_id, row.bank) == (organization_id, bank) and row.superseded_at is None:
            raise Refused("organization.account_already_entered")


def verify_account(work: Work, *, actor: Actor, account_id: str, hold_hours: int = 24) -> None:
    """A second person confirms the account, and the hold begins anew; an account it replaces is superseded by it.

    Refused when it is the person who entered it.
    """
    row = work.connection.execute(select(payee_accounts).where(payee_accounts.c.id == account_id)).one_or_none()
    if row is None:
        raise NotFound("organization.account_not_found")
    if row.entered_by == actor.id:
        raise Refused("case.duties_must_be_separate")
    work.connection.execute(
        update(payee_accounts)
        .where(payee_accounts.c.id == account_id)
        .values(verified_by=actor.id, hold_until=work.now + timedelta(hours=hold_hours))
    )
    terms = payee_account_terms.c
    stamp = update(payee_account_terms)
    work.connection.execute(stamp.where(terms.account_id == account_id).values(verified_at=work.now))
    before = select(terms.replaces_id).where(terms.account_id == account_id).scalar_subquery()
    work.connection.execute(stamp.where(terms.account_id == before).values(superseded_at=work.now))


def refuse_account(work: Work, *, actor: Actor, account_id: str, reason: str) -> None:
    """A second person turns an entered account down, with the reason; it can never be paid into."""
    work.connection.execute(
        update(payee_account_terms)
        .where(payee_account_terms.c.account_id == account_id)
        .values(refused_by=actor.id, refused_at=work.now, refused_reason=reason)
    )
