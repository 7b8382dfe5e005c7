"""Gathers what the guards of a recovery ask, from the book, the finding and the history of the case."""

from datetime import date
from itertools import pairwise
from typing import Any

from services.calendar.rules import WorkingCalendar
from services.cases.turn import Subject
from services.database.work import Work
from services.funding.queries import Recovery, cases_beside, is_decided, kept_fen, recovery_of
from services.reviews.queries import suspended_by_review
from services.rulesets.rules import Rules
from statemachines.recovery.facts import RecoveryFacts


def gather(
    work: Work,
    subject: Subject,
    *,
    details: dict[str, Any],
    rules: Rules,  # noqa: ARG001 - every gatherer is asked alike
    calendar: WorkingCalendar,  # noqa: ARG001
) -> RecoveryFacts:
    """The facts of the recovery today, with what is being said right now already counted in."""
    recovery = recovery_of(work, subject.case.id)
    kept = kept_fen(work, recovery.award_id)
    plan = details.get("plan", [])
    return RecoveryFacts(
        today=work.today,
        kept_fen=kept,
        asked_fen=_asked(subject, recovery, kept, details),
        amount_fen=_proposed(subject, details),
        reply_over="recovery_reply" in subject.overdue(work.today),
        review_open=suspended_by_review(work, cases_beside(work, recovery.award_id)),
        decided_before=recovery.decided_fen is None and is_decided(work, recovery.award_id),
        first_approval_given=subject.in_stay("approve_recovery") is not None,
        owed_fen=recovery.owed_fen,
        repaying_fen=int(details.get("amount_fen", recovery.owed_fen)),
        plan_fen=sum(one["amount_fen"] for one in plan),
        plan_in_order=_in_order([date.fromisoformat(one["due_on"]) for one in plan], work.today),
        write_off_proposed=subject.in_stay("propose_write_off") is not None,
        overdue=subject.overdue(work.today),
    )


def _asked(subject: Subject, recovery: Recovery, kept: int, details: dict[str, Any]) -> int:
    """While nothing was told yet: what is about to be asked for."""
    if subject.case.state == "FINDING":
        return kept - int(details.get("compliant_fen", 0))
    return recovery.asked_fen or 0


def _proposed(subject: Subject, details: dict[str, Any]) -> int:
    if subject.case.state in ("NOTICE_SERVED", "REPLIED"):
        return int(details.get("amount_fen", 1))
    proposal = subject.last("propose_recovery")
    return int(proposal.details["amount_fen"]) if proposal is not None else 0


def _in_order(days: list[date], today: date) -> bool:
    return all(day > today for day in days) and all(one < other for one, other in pairwise(days))
