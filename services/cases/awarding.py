"""What the pages of money choose from: incubations an award may stand beside, payee accounts, and awards in payment."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from services.actors import Actor
from services.authority.rules import scopes
from services.cases.lists import visible
from services.cases.models import cases
from services.database.work import Work
from services.errors import NotFound
from services.funding.models import awards, instalments, refunds
from services.organizations.models import organizations, payee_account_terms, payee_accounts
from services.organizations.queries import account_number_of
from services.protection.rules import mask_account


@dataclass(frozen=True, slots=True)
class Candidate:
    """An incubation an award may be asked for beside: its number, whose it is, and at which centre."""

    case_id: str
    number: str
    organization_id: str
    organization: str
    centre_id: str


@dataclass(frozen=True, slots=True)
class PayeeChoice:
    """A payee account by what tells it from another; the number is masked."""

    id: str
    organization_id: str
    called: str


@dataclass(frozen=True, slots=True)
class PaidAward:
    """An award that was approved; in fen what was approved, paid, and came back, whatever for."""

    award_id: str
    number: str
    organization: str
    project: str
    amount_fen: int
    paid_fen: int
    back_fen: int

    @property
    def kept_fen(self) -> int:
        """What the organization was paid and has not given back."""
        return self.paid_fen - self.back_fen


def candidates(work: Work, actor: Actor) -> tuple[Candidate, ...]:
    """The incubations under way that the actor sees and may ask money for, by organization."""
    statement = (
        select(cases.c.id, cases.c.number, cases.c.organization_id, organizations.c.name, cases.c.centre_id)
        .join(organizations, organizations.c.id == cases.c.organization_id)
        .where(cases.c.kind == "incubation", cases.c.live.is_(True), visible(actor))
        .order_by(organizations.c.name, cases.c.number)
    )
    if "centre" not in scopes(actor, "case:open"):
        own = {grant.organization_id for grant in actor.grants if grant.organization_id}
        statement = statement.where(cases.c.organization_id.in_(own))
    rows = work.connection.execute(statement.limit(1_000))
    return tuple(Candidate(row.id, row.number, row.organization_id, row.name, row.centre_id) for row in rows)


def candidate(work: Work, actor: Actor, case_id: str) -> Candidate:
    """One of them; NotFound for any other case."""
    found = next((one for one in candidates(work, actor) if one.case_id == case_id), None)
    if found is None:
        raise NotFound("access.not_found")
    return found


def payee_choices(work: Work, organization_ids: Sequence[str]) -> tuple[PayeeChoice, ...]:
    """The payee accounts of these organizations, by holder, bank and last digits."""
    rows = work.connection.execute(
        select(payee_accounts)
        .outerjoin(payee_account_terms, payee_account_terms.c.account_id == payee_accounts.c.id)
        .where(
            payee_accounts.c.organization_id.in_(set(organization_ids)),
            payee_account_terms.c.superseded_at.is_(None),
            payee_account_terms.c.refused_at.is_(None),
        )
        .order_by(payee_accounts.c.created_at, payee_accounts.c.id)
    )
    return tuple(
        PayeeChoice(row.id, row.organization_id, f"{row.holder_name} {row.bank} {mask_account(account_number_of(row))}")
        for row in rows
    )


def paid_awards(work: Work) -> tuple[PaidAward, ...]:
    """Every approved award, by number, with what was paid and came back."""
    paid = select(func.sum(instalments.c.amount_fen)).where(
        instalments.c.award_id == awards.c.case_id, instalments.c.value_date.is_not(None)
    )
    back = select(func.sum(refunds.c.amount_fen)).where(refunds.c.award_id == awards.c.case_id)
    rows = work.connection.execute(
        select(
            awards.c.case_id, cases.c.number, organizations.c.name, awards.c.project, awards.c.amount_fen,
            paid.scalar_subquery().label("paid"), back.scalar_subquery().label("back"),
        )
        .join(cases, cases.c.id == awards.c.case_id)
        .join(organizations, organizations.c.id == cases.c.organization_id)
        .where(awards.c.committed_at.is_not(None), awards.c.amount_fen.is_not(None))
        .order_by(cases.c.number)
    )  # fmt: skip
    return tuple(
        PaidAward(row.case_id, row.number, row.name, row.project, int(row.amount_fen or 0), int(row.paid or 0),
                  int(row.back or 0))
        for row in rows
    )  # fmt: skip
