"""Gathers what the guards of an instalment ask."""

from typing import Any

from sqlalchemy import select

from services.awards.spending import reported
from services.calendar.rules import WorkingCalendar
from services.cases.models import cases
from services.cases.turn import Subject
from services.database.work import Work
from services.errors import NotFound
from services.funding.models import awards, instalments
from services.funding.payees import payee_unchanged
from services.issuance.queries import has_issued
from services.organizations.models import payee_account_terms, payee_accounts
from services.payments.queries import standing_of
from services.reconciliation.queries import shown_absent
from services.rulesets.rules import Rules
from statemachines.instalment.facts import InstalmentFacts
from statemachines.registry import process_of


def gather(
    work: Work,
    subject: Subject,
    *,
    details: dict[str, Any],
    rules: Rules,
    calendar: WorkingCalendar,  # noqa: ARG001 - every gatherer is asked alike
) -> InstalmentFacts:
    """The facts of the instalment today, with what is being said right now already counted in."""
    row = work.connection.execute(
        select(
            instalments,
            awards.c.incubation_case_id,
            cases.c.kind.label("award_kind"),
            cases.c.edition.label("award_edition"),
            cases.c.state.label("award_state"),
            payee_accounts.c.verified_by,
            payee_accounts.c.hold_until,
            payee_account_terms.c.superseded_at,
        )
        .join(awards, awards.c.case_id == instalments.c.award_id)
        .join(cases, cases.c.id == awards.c.case_id)
        .outerjoin(payee_accounts, payee_accounts.c.id == awards.c.account_id)
        .outerjoin(payee_account_terms, payee_account_terms.c.account_id == awards.c.account_id)
        .where(instalments.c.case_id == subject.case.id)
    ).one_or_none()
    if row is None:
        raise NotFound("case.not_found")
    serial = str(details.get("bank_serial", ""))
    entered, standing = subject.entered, standing_of(work, subject.case.id)
    return InstalmentFacts(
        today=work.today,
        amount_fen=row.amount_fen,
        earned=row.earned_on is not None,
        award_live=_permits(row.award_kind, row.award_edition, row.award_state),
        incubation_permits_money=_permits_money(work, row.incubation_case_id),
        earlier_confirmed=_earlier_confirmed(work, row.award_id, row.number),
        earlier_reported=reported(work, row.award_id, before=row.number),
        milestone_reported=subject.in_stay("report_milestone") is not None,
        account_verified=row.verified_by is not None and row.superseded_at is None,
        account_hold_over=row.hold_until is None or row.hold_until <= work.now,
        account_as_made_out=_as_made_out(work, subject),
        large_from_fen=rules.number("money.two_approvals_from_fen"),
        large_approved=subject.in_stay("approve_large_payment") is not None,
        bank_serial_given=bool(serial),
        bank_serial_new=not serial or not _serial_used(work, serial),
        in_batch=standing.in_batch,
        batch_released=standing.batch_released,
        instruction_issued=has_issued(work, subject.case.id, "disbursement_notice"),
        shown_absent=shown_absent(work, subject.case.id),
        proposed=subject.in_stay("propose_resend", "propose_reversal") is not None,
        came_from=entered.source if entered is not None and subject.case.state == "HELD" else "",
        overdue=subject.overdue(work.today),
    )


def _as_made_out(work: Work, subject: Subject) -> bool:
    """Whether the payment would go where it was made out to go; asked from making it out until it has left."""
    made_out = subject.case.state in ("CHECKED", "APPROVED", "INSTRUCTED", "UNKNOWN")
    held = subject.case.state == "HELD" and subject.entered is not None
    if held and subject.entered is not None:
        made_out = subject.entered.source in ("CHECKED", "APPROVED")
    return not made_out or payee_unchanged(work, subject.case.id)


def _permits_money(work: Work, incubation_case_id: str | None) -> bool:
    if incubation_case_id is None:
        return True
    beside = select(cases.c.kind, cases.c.edition, cases.c.state).where(cases.c.id == incubation_case_id)
    return _permits(*work.connection.execute(beside).one())


def _permits(kind: str, edition: int, state: str) -> bool:
    """Whether a case of that kind may receive money in that state: an award, a purchase or an incubation alike."""
    return "receive_money" in process_of(kind, edition).state(state).permits


def _earlier_confirmed(work: Work, award_id: str, number: int) -> bool:
    rows = work.connection.execute(
        select(cases.c.state)
        .join(instalments, instalments.c.case_id == cases.c.id)
        .where(instalments.c.award_id == award_id, instalments.c.number < number)
    )
    return all(row.state == "CONFIRMED" for row in rows)


def _serial_used(work: Work, serial: str) -> bool:
    return (
        work.connection.execute(select(instalments.c.case_id).where(instalments.c.bank_serial == serial)).first()
        is not None
    )
