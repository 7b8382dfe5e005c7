"""Whom a payment was made out to: the account as the maker saw it, kept sealed, and compared before money moves."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, insert, select

from services.database.work import Work
from services.funding.models import awards, instalments, payee_snapshots
from services.organizations.models import payee_account_terms, payee_accounts
from services.organizations.queries import account_number_of
from services.protection.sealing import seal, unseal


@dataclass(frozen=True, slots=True)
class Payee:
    """An account with everything a bank needs of it; two of them are equal only when all of it is."""

    account_id: str
    holder_name: str
    bank: str
    branch: str
    bank_code: str
    account_number: str


def payee_now(work: Work, instalment_case_id: str) -> Payee | None:
    """The account the instalment would be paid into today; None without one, or when it has been replaced."""
    row = work.connection.execute(
        select(payee_accounts, payee_account_terms.c.branch, payee_account_terms.c.bank_code)
        .join(awards, awards.c.account_id == payee_accounts.c.id)
        .join(instalments, instalments.c.award_id == awards.c.case_id)
        .outerjoin(payee_account_terms, payee_account_terms.c.account_id == payee_accounts.c.id)
        .where(instalments.c.case_id == instalment_case_id, payee_account_terms.c.superseded_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    return Payee(
        row.id, row.holder_name, row.bank, row.branch or "", row.bank_code or "", account_number_of(row)
    )  # fmt: skip


def payee_kept(work: Work, instalment_case_id: str) -> Payee | None:
    """The account the payment was made out to; None while it was not made out."""
    row = _kept(work, instalment_case_id)
    if row is None:
        return None
    number = unseal("payee_snapshots", row.case_id, "account_number", row.account_number_sealed)
    return Payee(row.account_id, row.holder_name, row.bank, row.branch, row.bank_code, number)


def _kept(work: Work, case_id: str) -> Row[Any] | None:
    return work.connection.execute(select(payee_snapshots).where(payee_snapshots.c.case_id == case_id)).one_or_none()


def keep_payee(work: Work, instalment_case_id: str) -> None:
    """Keep the account as it is now, in place of what was kept when the payment was made out before."""
    now = payee_now(work, instalment_case_id)
    work.connection.execute(delete(payee_snapshots).where(payee_snapshots.c.case_id == instalment_case_id))
    if now is not None:
        sealed = seal("payee_snapshots", instalment_case_id, "account_number", now.account_number)
        work.connection.execute(
            insert(payee_snapshots).values(
                case_id=instalment_case_id, account_id=now.account_id, holder_name=now.holder_name, bank=now.bank,
                branch=now.branch, bank_code=now.bank_code, account_number_sealed=sealed, kept_at=work.now,
            )
        )  # fmt: skip


def payee_unchanged(work: Work, instalment_case_id: str) -> bool:
    """Whether the payment would go exactly where it was made out to go."""
    kept = payee_kept(work, instalment_case_id)
    return kept is not None and kept == payee_now(work, instalment_case_id)
