"""What each move of an award case writes beside the state: budget, advice, amount, score, signature, audit."""

from collections.abc import Callable
from datetime import date, timedelta

from services.awards.commands import amend_budget, amend_terms, ask_audit, cut_budget, record_audit
from services.awards.queries import terms_of
from services.cases.award_results import Found, award_advised, found_by_round, found_by_sheets, present_round
from services.cases.turn import Turn
from services.errors import Invalid, Refused
from services.funding.commands import amend_award
from services.funding.queries import award


def correct_budget(turn: Turn) -> None:
    """The budget as corrected, where it was; the sum asked for follows it."""
    items = [(one["item"], one["amount_fen"]) for one in turn.details.get("budget") or []]
    if len({name for name, _ in items}) != len(items):
        raise Invalid("award.budget_item_twice")
    if items:
        amend_budget(turn.work, turn.case.id, items)


def _found(turn: Turn, form: str) -> Found:
    present = present_round(turn.work, turn.subject, form)
    found = found_by_sheets(form, turn.details, turn.rules)
    if present is not None:
        found = found_by_round(turn.work, present, turn.rules)
    if found.mean is None:
        raise Refused("assessment.sheets_not_locked", case_number=turn.case.number)
    return found


def keep_result(turn: Turn) -> None:
    """The panel's mean, and the median of what it advised."""
    found = _found(turn, "award")
    requested = award(turn.work, turn.case.id).requested_fen
    advised = award_advised(found, requested_fen=requested)
    amend_award(turn.work, turn.case.id, score_hundredths=found.mean)
    amend_terms(turn.work, turn.case.id, advised_fen=advised, vetoed=found.vetoed)


def set_amount(turn: Turn) -> None:
    """The amount proposed, which is what the panel advised unless less was said; the budget is cut to it."""
    amount = turn.details.get("amount_fen") or terms_of(turn.work, turn.case.id).advised_fen
    amend_award(turn.work, turn.case.id, amount_fen=amount)
    cut_budget(turn.work, turn.case.id, int(amount or 0))


def sign(turn: Turn) -> None:
    """The payee's signature."""
    amend_award(turn.work, turn.case.id, signed_by_payee_on=turn.work.today)


def draw_audit(turn: Turn) -> None:
    """Whether somebody outside audits the award is settled, once, when its final report comes in."""
    ask_audit(
        turn.work, award_id=turn.case.id, number=turn.case.number,
        amount_fen=award(turn.work, turn.case.id).amount_fen or 0, from_fen=turn.rules.number("audit.from_fen"),
        percent=turn.rules.number("audit.drawn_percent"),
    )  # fmt: skip


def keep_audit(turn: Turn) -> None:
    """Who audited, under which number, with what opinion."""
    said = turn.details
    record_audit(
        turn.work, award_id=turn.case.id, firm=said["firm"], report_number=said["audit_number"],
        opinion=said["audit_opinion"],
    )  # fmt: skip


def keep_acceptance(turn: Turn) -> None:
    """The score of the acceptance."""
    found = _found(turn, "acceptance")
    amend_terms(turn.work, turn.case.id, accepted_hundredths=found.mean, vetoed=found.vetoed)


def forget_acceptance(turn: Turn) -> None:
    """A final report that goes back is scored anew."""
    amend_terms(turn.work, turn.case.id, accepted_hundredths=None, vetoed=False)


BY_TRIGGER: dict[str, Callable[[Turn], None]] = {
    "propose": set_amount,
    "record_acceptance_result": keep_acceptance,
    "record_audit": keep_audit,
    "record_award_result": keep_result,
    "request_acceptance": draw_audit,
    "resubmit_award": correct_budget,
    "return_acceptance": forget_acceptance,
    "sign_award": sign,
}


def dated_limits(turn: Turn) -> dict[str, date | None]:
    """Until when the final report is due: so many days after the last day of the project."""
    length, _ = turn.rules.limit("award_final_report")
    return {"award_final_report": terms_of(turn.work, turn.case.id).ends_on + timedelta(days=length)}
