"""Gathers what the guards of an award case ask."""

from typing import Any

from sqlalchemy import func, select

from services.calendar.rules import WorkingCalendar
from services.cases.models import cases
from services.cases.review_orders import orders_of
from services.cases.rulings import rulings_of
from services.cases.turn import Subject
from services.database.work import Work
from services.errors import NotFound
from services.funding.models import awards, budget_lines, instalments
from services.organizations.models import payee_accounts
from services.rulesets.rules import Rules
from statemachines.award.facts import AwardFacts
from statemachines.registry import CURRENT


def gather(
    work: Work,
    subject: Subject,
    *,
    details: dict[str, Any],
    rules: Rules,
    calendar: WorkingCalendar,  # noqa: ARG001 - every gatherer is asked alike
) -> AwardFacts:
    """The facts of the award today, with what is being said right now already counted in."""
    row = work.connection.execute(
        select(awards, budget_lines.c.amount_fen.label("line_fen"), budget_lines.c.used_fen)
        .join(budget_lines, budget_lines.c.id == awards.c.budget_line_id)
        .where(awards.c.case_id == subject.case.id)
    ).one_or_none()
    if row is None:
        raise NotFound("award.not_found")
    amount = int(details.get("amount_fen") or row.amount_fen or row.requested_fen)
    rulings = rulings_of(work, subject)
    return AwardFacts(
        today=work.today,
        amount_fen=amount,
        requested_fen=row.requested_fen,
        available_fen=row.line_fen - row.used_fen,
        two_approvals_from_fen=rules.number("money.two_approvals_from_fen"),
        first_approval_given=subject.in_stay("approve_first") is not None,
        payee_fit=_payee_fit(work, row.account_id),
        score_recorded=bool(details.get("score")) or row.score_hundredths is not None,
        publicity_over="publicity" in subject.overdue(work.today),
        objections_open=rulings.count(None),
        objection_upheld="upheld" in rulings,
        incubation_signed=_incubation_signed(work, row.incubation_case_id),
        signed_by_payee=row.signed_by_payee_on is not None,
        open_instalments=_open_instalments(work, subject.case.id),
        review_orders=orders_of(work, subject, str(details["review"])) if "review" in details else "",
        overdue=subject.overdue(work.today),
    )


def _payee_fit(work: Work, account_id: str | None) -> bool:
    found = work.connection.execute(
        select(payee_accounts.c.verified_by).where(payee_accounts.c.id == account_id)
    ).one_or_none()
    return found is not None and found.verified_by is not None


def _incubation_signed(work: Work, incubation_case_id: str | None) -> bool:
    if incubation_case_id is None:
        return True
    state = work.connection.execute(select(cases.c.state).where(cases.c.id == incubation_case_id)).scalar_one()
    return "receive_money" in CURRENT["incubation"].state(state).permits


def _open_instalments(work: Work, award_id: str) -> int:
    return int(
        work.connection.execute(
            select(func.count())
            .select_from(instalments.join(cases, cases.c.id == instalments.c.case_id))
            .where(instalments.c.award_id == award_id, cases.c.state.not_in(("CONFIRMED", "CANCELLED")))
        ).scalar_one()
    )
