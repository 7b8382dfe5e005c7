"""Reads of payments: what an instalment pays to whom."""

from dataclasses import dataclass

from sqlalchemy import select

from services.database.work import Work
from services.errors import Refused
from services.funding.models import awards, instalments
from services.organizations.models import payee_accounts
from services.organizations.queries import account_number_of
from services.payments.rules import Payee


@dataclass(frozen=True, slots=True)
class Payment:
    """What an instalment pays today: the amount in fen and the account of its award."""

    case_id: str
    amount_fen: int
    payee: Payee


def payment_of(work: Work, case_id: str) -> Payment:
    """What the instalment pays, and to whom. Refused("award.payee_not_fit") while its award names no account."""
    amount = select(instalments.c.amount_fen, awards.c.account_id).join(
        awards, awards.c.case_id == instalments.c.award_id
    )
    found = work.connection.execute(amount.where(instalments.c.case_id == case_id)).one()
    account = work.connection.execute(
        select(payee_accounts).where(payee_accounts.c.id == found.account_id)
    ).one_or_none()
    if account is None:
        raise Refused("award.payee_not_fit")
    payee = Payee(account.id, account.holder_name, account.bank, account_number_of(account)[-4:])
    return Payment(case_id, found.amount_fen, payee)
