"""Gathers what the guards of a review ask: whether it came in time, who would sit, who was heard, how they voted."""

from typing import Any

from services.calendar.rules import WorkingCalendar
from services.cases.involvement import review_candidates
from services.cases.turn import Subject
from services.database.work import Work
from services.reviews.queries import Review, review_of
from services.rulesets.rules import Rules
from statemachines.review.facts import ReviewFacts


def gather(
    work: Work,
    subject: Subject,
    *,
    details: dict[str, Any],
    rules: Rules,
    calendar: WorkingCalendar,  # noqa: ARG001 - every gatherer is asked alike
) -> ReviewFacts:
    """The facts of the review today, with what is being said right now already counted in."""
    review = review_of(work, subject.case.id)
    lodged = subject.last("lodge_review")
    members, unfit = _panel(work, subject, review, details)
    heard = subject.in_stay("record_hearing")
    return ReviewFacts(
        today=work.today,
        late=(lodged.on_date if lodged else work.today) > review.due_on,
        delay_excused=bool(details.get("delay_excused")),
        lateness_claimed=details.get("ground") == "late",
        members=members,
        members_needed=rules.number("panel.minimum"),
        members_unfit=unfit,
        applicant_heard=heard is not None,
        evaluators_heard=heard is not None,
        ballots_missing=sum(one.result is None for one in review.sitting),
        majority=review.majority is not None,
        overdue=subject.overdue(work.today),
    )


def _panel(work: Work, subject: Subject, review: Review, details: dict[str, Any]) -> tuple[int, int]:
    """How many members there are or would be, and how many of those just named are no candidates.

    While nobody is named yet, it is asked whether enough could be.
    """
    if subject.case.state == "ACCEPTED":
        fit = {one.username for one in candidates_for(work, subject, review)}
        named = [one["username"] for one in details.get("members", ())]
        if not named:
            return len(fit), 0
        return len(set(named)), len(set(named) - fit)
    if "coming" in details:
        fit = {one.username for one in candidates_for(work, subject, review)}
        return len(review.sitting), int(details["coming"] not in fit)
    return len(review.sitting), 0


def candidates_for(work: Work, subject: Subject, review: Review) -> tuple[Any, ...]:
    """Who may be seated on this review now: a candidate without a seat here, vacated ones included."""
    seated = {one.person_id for one in review.members}
    found = review_candidates(
        work, decision_case_id=review.decision_case_id, organization_id=subject.case.organization_id
    )
    return tuple(one for one in found if one.id not in seated)
