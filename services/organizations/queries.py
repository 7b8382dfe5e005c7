"""Reads of organizations: the territory tree, the centres, organizations with their accounts, and who holds a post."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, or_, select

from services.actors import Actor
from services.authority.rules import demand, policy, scopes
from services.database.work import Work
from services.organizations.models import centres, divisions, organization_posts, organizations, payee_accounts
from services.organizations.rules import Division
from services.people.queries import names_of
from services.protection.rules import mask_account
from services.protection.sealing import unseal


@dataclass(frozen=True, slots=True)
class CentreLine:
    """A centre with its places and the characters its numbers begin with."""

    id: str
    name: str
    division_code: str
    places: int
    number_prefix: str
    bureau_prefix: str
    case_prefix: str


@dataclass(frozen=True, slots=True)
class OrganizationLine:
    """An organization in a list."""

    id: str
    name: str
    legal_status: str
    incubation_stage: str
    category: str
    home_division: str
    leader_name: str
    filing_number: str | None
    credit_code: str | None


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A payee account of an organization; the number is masked."""

    id: str
    organization: str
    holder_name: str
    account_number: str
    bank: str
    kind: str
    entered_by: str
    verified_by: str | None
    hold_until: datetime | None


def division_lines(work: Work, *, under: str = "") -> tuple[Division, ...]:
    """The divisions whose code begins with `under`, in the order of their codes."""
    rows = work.connection.execute(
        select(divisions).where(divisions.c.code.startswith(under)).order_by(divisions.c.code)
    )
    return tuple(Division(row.code, row.name, row.level, row.kind, row.parent_code) for row in rows)


def centre_lines(work: Work) -> tuple[CentreLine, ...]:
    """Every centre, ordered by name."""
    rows = work.connection.execute(select(centres).order_by(centres.c.name))
    return tuple(
        CentreLine(row.id, row.name, row.division_code, row.places, row.number_prefix, row.bureau_prefix,
                   row.case_prefix)
        for row in rows
    )  # fmt: skip


def organization_lines(work: Work, actor: Actor, *, find: str = "") -> tuple[OrganizationLine, ...]:
    """The organizations the actor may know of (of the own territory where the role reaches no further), by name.

    `find` is part of a name, of its pinyin or initials, or of a number. Forbidden for who may list none.
    """
    demand(actor, "organization:list")
    statement = select(organizations).order_by(organizations.c.name)
    if "centre" not in scopes(actor, "organization:list"):
        territories = [
            grant.division_code
            for grant in actor.grants
            if grant.division_code and policy().get(("organization:list", grant.role.value)) == "territory"
        ]
        statement = statement.where(or_(False, *(organizations.c.home_division.startswith(one) for one in territories)))
    if find:
        columns = (
            organizations.c.name, organizations.c.name_pinyin, organizations.c.name_initials,
            organizations.c.filing_number, organizations.c.credit_code,
        )  # fmt: skip
        statement = statement.where(or_(*(column.contains(find, autoescape=True) for column in columns)))
    return tuple(
        OrganizationLine(row.id, row.name, row.legal_status, row.incubation_stage, row.category, row.home_division,
                         row.leader_name, row.filing_number, row.credit_code)
        for row in work.connection.execute(statement)
    )  # fmt: skip


def account_lines(work: Work, actor: Actor, *, organization_id: str | None = None) -> tuple[AccountLine, ...]:
    """The payee accounts (of one organization), the latest entered last. Forbidden for who may list none.

    Numbers are masked for everybody; the whole one is revealed for a reason, one at a time.
    """
    demand(actor, "account:list")
    statement = (
        select(payee_accounts, organizations.c.name)
        .join(organizations, organizations.c.id == payee_accounts.c.organization_id)
        .order_by(payee_accounts.c.created_at, payee_accounts.c.id)
    )
    if organization_id is not None:
        statement = statement.where(payee_accounts.c.organization_id == organization_id)
    rows = work.connection.execute(statement).all()
    names = names_of(work, {one for row in rows for one in (row.entered_by, row.verified_by) if one})
    return tuple(
        AccountLine(
            row.id, row.name, row.holder_name, mask_account(account_number_of(row)), row.bank, row.kind,
            names[row.entered_by], names.get(row.verified_by), row.hold_until,
        )
        for row in rows
    )  # fmt: skip


def account_number_of(row: Row[Any]) -> str:
    """The number of a row of payee accounts, opened; KeysUnreadable when its key is missing."""
    return unseal("payee_accounts", row.id, "account_number", row.account_number_sealed)


def leader_phone_of(row: Row[Any]) -> str:
    """The leader's telephone in a row of organizations, opened; empty when none is known."""
    return unseal("organizations", row.id, "leader_phone", row.leader_phone_sealed)


def holds_post(work: Work, person_id: str, *organization_ids: str) -> bool:
    """Whether the person holds or ever held a post in one of the organizations."""
    found = work.connection.execute(
        select(organization_posts.c.id)
        .where(organization_posts.c.person_id == person_id, organization_posts.c.organization_id.in_(organization_ids))
        .limit(1)
    )
    return found.first() is not None
