"""What follows when a payee account was replaced: payments are paid into the new one, and what was approved is held."""

from typing import Any

from sqlalchemy import Row, select, update

from services.actors import SYSTEM
from services.cases.advance import AdvanceCase, advance
from services.cases.models import cases
from services.cases.payee_accounts import tell_finance
from services.database.work import Work
from services.funding.models import awards, instalments
from services.organizations.models import payee_accounts
from services.organizations.queries import account_number_of
from services.outbox.rules import Errand
from services.protection.rules import mask_account
from statemachines.registry import process_of

MADE_OUT = ("CHECKED", "APPROVED")
AT_THE_BANK = "INSTRUCTED"


def follow_account_change(work: Work, errand: Errand) -> None:
    """Point every award that is not over at the new account, hold what was made out for the former one, and tell
    finance of instructions that are with the bank already: those nobody can call back from here.
    """
    former, account = (_account(work, errand.payload[name]) for name in ("replaces", "account"))
    reason = (
        f"收款账户已变更（{mask_account(account_number_of(former))}→{mask_account(account_number_of(account))}），"
        "原制单和审批不再有效，须待新账户满24小时后重新制单、复核"
    )
    for award in _awards_paid_into(work, former.id):
        work.connection.execute(update(awards).where(awards.c.case_id == award.case_id).values(account_id=account.id))
        for part in _instalments(work, award.case_id):
            if part.state in MADE_OUT:
                wish = AdvanceCase(part.number, "hold", None, {"reason": reason}, f"{errand.key}:{part.id}")
                advance(work, SYSTEM, wish)
            elif part.state == AT_THE_BANK:
                tell_finance(work, account, key=f"{errand.key}:{part.id}", case_id=part.id, case_number=part.number)


def _account(work: Work, account_id: str) -> Row[Any]:
    return work.connection.execute(select(payee_accounts).where(payee_accounts.c.id == account_id)).one()


def _awards_paid_into(work: Work, account_id: str) -> list[Any]:
    rows = work.connection.execute(
        select(awards.c.case_id, cases.c.kind, cases.c.edition, cases.c.state)
        .join(cases, cases.c.id == awards.c.case_id)
        .where(awards.c.account_id == account_id)
        .order_by(cases.c.number)
    )
    return [row for row in rows if not process_of(row.kind, row.edition).state(row.state).final]


def _instalments(work: Work, award_id: str) -> list[Any]:
    return list(
        work.connection.execute(
            select(cases.c.id, cases.c.number, cases.c.state)
            .join(instalments, instalments.c.case_id == cases.c.id)
            .where(instalments.c.award_id == award_id)
            .order_by(instalments.c.number)
        )
    )
