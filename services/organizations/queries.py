"""Reads of organizations: the territory tree, the centres, organizations with their accounts, and who holds a post."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, false, func, or_, select

from services.actors import Actor
from services.authority.rules import demand, policy, scopes, shared_digits
from services.database.work import Work
from services.errors import NotFound
from services.organizations.models import (
    centres,
    divisions,
    organization_posts,
    organization_search,
    organizations,
    payee_account_terms,
    payee_accounts,
)
from services.organizations.rules import PURCHASER, Division, fold
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
    contact: str = ""
    phone: str = ""


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
class OrganizationPage:
    """One organization with what a list leaves out; `home` is the name of its community or street."""

    line: OrganizationLine
    legal_form: str
    subtype: str
    home: str
    scope_text: str
    founded_on: date | None
    members: int
    full_party_members: int


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
    organization_id: str = ""
    branch: str = ""
    bank_code: str = ""
    basis: str = ""
    agreement_number: str = ""
    agreed_on: date | None = None
    agreement_sha256: str | None = None
    replaces_id: str | None = None
    reason: str = ""
    standing: str = "waiting"
    refused_reason: str = ""
    shared_with: tuple[str, ...] = ()
    """Other organizations that are paid into an account of the same number."""


def division_lines(work: Work, *, under: str = "") -> tuple[Division, ...]:
    """The divisions whose code begins with `under`, in the order of their codes."""
    rows = work.connection.execute(
        select(divisions).where(divisions.c.code.startswith(under)).order_by(divisions.c.code)
    )
    return tuple(Division(row.code, row.name, row.level, row.kind, row.parent_code) for row in rows)


def streets_and_communities(work: Work) -> tuple[Division, ...]:
    """The streets, townships and communities, whose offices may hold money in custody."""
    return tuple(one for one in division_lines(work) if one.level in ("street", "community"))


def centre_lines(work: Work) -> tuple[CentreLine, ...]:
    """Every centre, ordered by name."""
    rows = work.connection.execute(select(centres).order_by(centres.c.name))
    return tuple(
        CentreLine(row.id, row.name, row.division_code, row.places, row.number_prefix, row.bureau_prefix,
                   row.case_prefix, row.contact, row.phone)
        for row in rows
    )  # fmt: skip


def organization_lines(
    work: Work, actor: Actor, *, find: str = "", limit: int | None = None, offset: int = 0
) -> tuple[OrganizationLine, ...]:
    """The organizations the actor may know of (of the own territory where the role reaches no further).

    `find` is part of a name, of its pinyin or initials, of a number, or of the leader's name; a whole one stands before
    the beginning of one, that before the rest. Otherwise by the sound of the name. Forbidden for who may list none.
    """
    demand(actor, "organization:list")
    key = organization_search.c.sort_key, organizations.c.name, organizations.c.id
    statement = (
        select(organizations)
        .join(organization_search, organization_search.c.organization_id == organizations.c.id)
        .where(*_listed(actor, find))
        .order_by(*((find_rank(find), *key) if fold(find) else key))
        .limit(limit)
        .offset(offset)
    )
    return tuple(_organization_line(row) for row in work.connection.execute(statement))


def count_organizations(work: Work, actor: Actor, *, find: str = "") -> int:
    """How many organizations `organization_lines` would list in all."""
    demand(actor, "organization:list")
    statement = (
        select(func.count())
        .select_from(organizations)
        .join(organization_search, organization_search.c.organization_id == organizations.c.id)
        .where(*_listed(actor, find))
    )
    return int(work.connection.execute(statement).scalar_one())


def organization_page(work: Work, actor: Actor, organization_id: str) -> OrganizationPage:
    """One organization as the actor may know it; NotFound when there is none, or none within the actor's reach."""
    demand(actor, "organization:list")
    statement = (
        select(organizations, divisions.c.name.label("home"))
        .join(divisions, divisions.c.code == organizations.c.home_division)
        .where(organizations.c.id == organization_id, *reachable(actor))
    )
    row = work.connection.execute(statement).one_or_none()
    if row is None:
        raise NotFound("organization.not_found")
    return OrganizationPage(
        _organization_line(row), row.legal_form, row.subtype, row.home, row.scope_text, row.founded_on, row.members,
        row.full_party_members,
    )  # fmt: skip


def organization_row(work: Work, organization_id: str) -> Row[Any]:
    """The organization as it is stored, for acts on it; NotFound for none."""
    found = work.connection.execute(select(organizations).where(organizations.c.id == organization_id)).one_or_none()
    if found is None:
        raise NotFound("organization.not_found")
    return found


def _organization_line(row: Row[Any]) -> OrganizationLine:
    return OrganizationLine(
        row.id, row.name, row.legal_status, row.incubation_stage, row.category, row.home_division, row.leader_name,
        row.filing_number, row.credit_code,
    )  # fmt: skip


def reachable(actor: Actor) -> list[ColumnElement[bool]]:
    """The condition on organizations that holds exactly those the actor may know of."""
    return [] if "centre" in scopes(actor, "organization:list") else [at_home_within(actor, "organization:list")]


def at_home_within(actor: Actor, action: str) -> ColumnElement[bool]:
    """The condition on organizations whose home lies in a territory in which a role lets the actor do that."""
    territories = [
        shared_digits(grant.division_code)
        for grant in actor.grants
        if grant.division_code and policy().get((action, grant.role.value)) == "territory"
    ]
    return or_(false(), *(organizations.c.home_division.between(one, one.ljust(12, "9")) for one in territories))


def _listed(actor: Actor, find: str) -> list[ColumnElement[bool]]:
    wanted = fold(find)
    ours = [organizations.c.subtype != PURCHASER, *reachable(actor)]
    return ours + ([organization_search.c.folded.contains(wanted, autoescape=True)] if wanted else [])


def find_rank(text: str) -> ColumnElement[int]:
    """0 when the text is the whole of something an organization is found by, 1 its beginning, 2 anywhere in it."""
    folded, wanted = organization_search.c.folded, fold(text)
    return case(
        (folded.contains(f"\n{wanted}\n", autoescape=True), 0),
        (folded.contains(f"\n{wanted}", autoescape=True), 1),
        else_=2,
    )


def organization_names(work: Work, *ids: str, limit: int = 2_000) -> tuple[tuple[str, str], ...]:
    """(id, name) of these organizations, of every one without ids: what a role is granted for, and nothing else."""
    ours = organizations.c.subtype != PURCHASER
    statement = select(organizations.c.id, organizations.c.name).where(ours).order_by(organizations.c.name).limit(limit)
    if ids:
        statement = statement.where(organizations.c.id.in_(ids))
    return tuple((row.id, row.name) for row in work.connection.execute(statement))


def account_lines(
    work: Work, actor: Actor, *, organization_id: str | None = None, account_id: str | None = None
) -> tuple[AccountLine, ...]:
    """The payee accounts (of one organization), the latest entered last. Forbidden for who may list none.

    Numbers are masked for everybody; the whole one is revealed for a reason, one at a time.
    """
    demand(actor, "account:list")
    terms = payee_account_terms
    statement = (
        select(payee_accounts, terms, organizations.c.name)
        .join(organizations, organizations.c.id == payee_accounts.c.organization_id)
        .outerjoin(terms, terms.c.account_id == payee_accounts.c.id)
        .order_by(payee_accounts.c.created_at, payee_accounts.c.id)
    )
    if organization_id is not None:
        statement = statement.where(payee_accounts.c.organization_id == organization_id)
    if account_id is not None:
        statement = statement.where(payee_accounts.c.id == account_id)
    rows = work.connection.execute(statement).all()
    names = names_of(work, {one for row in rows for one in (row.entered_by, row.verified_by) if one})
    sharing = _sharing(work)
    return tuple(_account_line(row, names, sharing.get(row.account_number_index, {})) for row in rows)


def _account_line(row: Row[Any], names: dict[str, str], sharing: dict[str, str]) -> AccountLine:
    others = tuple(sorted(name for one, name in sharing.items() if one != row.organization_id))
    return AccountLine(
        row.id, row.name, row.holder_name, mask_account(account_number_of(row)), row.bank, row.kind,
        names[row.entered_by], names.get(row.verified_by), row.hold_until, row.organization_id, row.branch or "",
        row.bank_code or "", row.basis or "", row.agreement_number or "", row.agreed_on, row.agreement_sha256,
        row.replaces_id, row.reason or "", _standing(row), row.refused_reason or "", others,
    )  # fmt: skip


def _standing(row: Row[Any]) -> str:
    if row.refused_at is not None:
        return "refused"
    if row.superseded_at is not None:
        return "superseded"
    return "waiting" if row.verified_by is None else "in_force"


def _sharing(work: Work) -> dict[str, dict[str, str]]:
    """Index of an account number to the organizations that are paid by it, where there are several."""
    one, other, terms = payee_accounts, payee_accounts.alias("other"), payee_account_terms
    pairs = (
        select(one.c.account_number_index, one.c.organization_id, organizations.c.name)
        .join(other, other.c.account_number_index == one.c.account_number_index)
        .join(organizations, organizations.c.id == one.c.organization_id)
        .outerjoin(terms, terms.c.account_id == one.c.id)
        .where(
            other.c.organization_id != one.c.organization_id, terms.c.refused_at.is_(None),
            terms.c.superseded_at.is_(None),
        )
        .distinct()
    )  # fmt: skip
    found: dict[str, dict[str, str]] = {}
    for row in work.connection.execute(pairs):
        found.setdefault(row.account_number_index, {})[row.organization_id] = row.name
    return found


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
