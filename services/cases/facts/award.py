"""Gathers what the guards of an award case ask."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, func, select

from services.awards.queries import audit_of, call_by_id, spent_by_item, terms_of
from services.awards.rules import balance_fen, plan_allowed
from services.calendar.rules import WorkingCalendar
from services.cases.award_order import ahead_fen, unscored
from services.cases.award_results import FORM_OF_STATE, HOPED, found_by_sheets, present_round
from services.cases.corrections import rounds_so_far
from services.cases.models import cases
from services.cases.review_orders import orders_of
from services.cases.rulings import rulings_of
from services.cases.turn import Subject
from services.database.work import Work
from services.errors import NotFound
from services.funding.models import awards, budget_lines, instalments
from services.ledger.queries import balances
from services.organizations.models import payee_accounts
from services.organizations.operators import operates
from services.rulesets.rules import Rules
from statemachines.award.facts import AwardFacts
from statemachines.registry import CURRENT

ASKING = "request_award_correction"


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
    rulings = rulings_of(work, subject)
    facts = AwardFacts(
        today=work.today,
        amount_fen=_amount(work, row, details),
        requested_fen=row.requested_fen,
        available_fen=row.line_fen - row.used_fen,
        two_approvals_from_fen=rules.number("money.two_approvals_from_fen"),
        first_approval_given=subject.in_stay("approve_first") is not None,
        payee_fit=payee_account_fit(work, row.account_id),
        operates_centre=operates(work, centre_id=subject.case.centre_id, organization_id=subject.case.organization_id),
        publicity_over="publicity" in subject.overdue(work.today),
        objections_open=rulings.count(None),
        objection_upheld="upheld" in rulings,
        incubation_signed=_incubation_signed(work, row.incubation_case_id),
        signed_by_payee=row.signed_by_payee_on is not None,
        stands_alone=row.incubation_case_id is None,
        open_instalments=open_instalments(work, subject.case.id),
        review_orders=orders_of(work, subject, str(details["review"])) if "review" in details else "",
        overdue=subject.overdue(work.today),
    )
    state = subject.case.state
    if state in ("DRAFT", "APPLIED", "CORRECTION"):
        facts = _applying(work, subject, facts, row=row, details=details, rules=rules)
    if state in FORM_OF_STATE:
        facts = _scoring(work, subject, facts, details=details, rules=rules)
    if state == "SCORED":
        facts = _proposing(work, subject, facts, row=row, details=details, rules=rules)
    if state in ("EXECUTING", "ACCEPTED"):
        facts = _spent(work, subject, facts)
    if state == "ACCEPTANCE":
        facts = _accepting(work, subject, facts, rules=rules)
    return facts


def _spent(work: Work, subject: Subject, facts: AwardFacts) -> AwardFacts:
    spent, book = sum(spent_by_item(work, subject.case.id).values()), balances(work, award_id=subject.case.id)
    left = balance_fen(paid_fen=book.get("PAID", 0), returned_fen=-book.get("RETURNED", 0), spent_fen=spent)
    return replace(facts, expenses_told=spent > 0, unreturned_fen=left)


def _amount(work: Work, row: Row[Any], details: dict[str, Any]) -> int:
    """The amount said just now, decided before, or advised by the panel."""
    known = details.get("amount_fen") or row.amount_fen or terms_of(work, row.case_id).advised_fen
    return int(known or row.requested_fen)


def _applying(
    work: Work, subject: Subject, facts: AwardFacts, *, row: Row[Any], details: dict[str, Any], rules: Rules
) -> AwardFacts:
    terms = terms_of(work, subject.case.id)
    call = call_by_id(work, terms.call_id)
    asked = subject.last(ASKING)
    items = details.get("items") or (asked.details.get("items", []) if asked else [])
    requested = sum(one["amount_fen"] for one in details.get("budget") or []) or row.requested_fen
    at_once = rules.number("money.at_once_to_fen")
    return replace(
        facts,
        requested_fen=requested,
        call_open=call.standing(work.today) == "open",
        called_for=call.called_for(subject.organization.category),
        ceiling_fen=call.ceiling_fen,
        plan_fits=plan_allowed(
            terms.plan, funding_type=call.funding_type, amount_fen=requested, at_once_to_fen=at_once
        ),
        correction_items=len(items),
        correction_items_unanswered=max(len(items) - len(details.get("answers", [])), 0),
        correction_rounds=len(rounds_so_far(subject, ASKING)),
        correction_rounds_allowed=rules.number("correction.max_rounds"),
    )


def _scoring(work: Work, subject: Subject, facts: AwardFacts, *, details: dict[str, Any], rules: Rules) -> AwardFacts:
    form, wanted = FORM_OF_STATE[subject.case.state], rules.number("panel.minimum")
    present, sheets = present_round(work, subject, form), details.get("sheets") or []
    typed = len(sheets) if sheets != HOPED else 0 if present else wanted
    if present is None:
        divided = sheets != HOPED and typed >= wanted and found_by_sheets(form, details, rules).divided
        return replace(
            facts, panel_sits=False, sheets_typed=typed, sheets_wanted=wanted, sheets_open=0, arbitration_open=divided
        )
    return replace(
        facts,
        panel_sits=True,
        sheets_typed=typed,
        sheets_wanted=wanted,
        sheets_open=sum(seat.locked_at is None for seat in present.sitting) + (present.concluded_at is None),
        arbitration_open=present.arbitration_open,
    )


def _proposing(
    work: Work, subject: Subject, facts: AwardFacts, *, row: Row[Any], details: dict[str, Any], rules: Rules
) -> AwardFacts:
    terms = terms_of(work, subject.case.id)
    return replace(
        facts,
        score_recorded=row.score_hundredths is not None,
        score=row.score_hundredths or 0,
        mark=int(rules.mark("score.award_pass") * 100),
        vetoed=terms.vetoed,
        advised_fen=terms.advised_fen or 0,
        less_explained=bool(str(details.get("opinion", "")).strip()),
        better_waiting_fen=ahead_fen(work, subject),
        call_unscored=unscored(work, terms.call_id),
    )


def _accepting(work: Work, subject: Subject, facts: AwardFacts, *, rules: Rules) -> AwardFacts:
    terms, audit = terms_of(work, subject.case.id), audit_of(work, subject.case.id)
    return replace(
        facts,
        acceptance_scored=terms.accepted_hundredths is not None,
        accepted_score=terms.accepted_hundredths or 0,
        accepted_mark=int(rules.mark("score.acceptance_pass") * 100),
        vetoed=terms.vetoed,
        audit_missing=audit is not None and audit.missing,
        failure_found=subject.in_stay("fail_acceptance") is not None,
    )


def payee_account_fit(work: Work, account_id: str | None) -> bool:
    """Whether there is an account and a second person verified it."""
    found = work.connection.execute(
        select(payee_accounts.c.verified_by).where(payee_accounts.c.id == account_id)
    ).one_or_none()
    return found is not None and found.verified_by is not None


def _incubation_signed(work: Work, incubation_case_id: str | None) -> bool:
    if incubation_case_id is None:
        return True
    state = work.connection.execute(select(cases.c.state).where(cases.c.id == incubation_case_id)).scalar_one()
    return "receive_money" in CURRENT["incubation"].state(state).permits


def open_instalments(work: Work, award_id: str) -> int:
    """How many instalments are neither confirmed nor cancelled."""
    return int(
        work.connection.execute(
            select(func.count())
            .select_from(instalments.join(cases, cases.c.id == instalments.c.case_id))
            .where(instalments.c.award_id == award_id, cases.c.state.not_in(("CONFIRMED", "CANCELLED")))
        ).scalar_one()
    )
