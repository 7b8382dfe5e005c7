"""Who had a part in a case: the one place that says who may not sit over a decision taken on it."""

from sqlalchemy import select

from services.assessments.models import assessments, seats
from services.audit.models import audit_entries
from services.cases.models import case_moves, cases, objections
from services.database.work import Work
from services.desk.models import acted_for
from services.evaluators.conflicts import conflicts_of
from services.people.queries import PersonLine, people_holding
from statemachines.roles import Role

DECIDING = frozenset({"decide", "confirm"})
CONVENING = "convene"
_APPOINTING = ("assessment:appoint", "assessment:replace", "assessment:arbitrate")


def parts_taken(work: Work, case_id: str) -> dict[str, frozenset[str]]:
    """Person to what their part in the case counts as on its review: decide, convene or manage.

    Whoever decided or confirmed; whoever appointed, replaced or added evaluators; whoever looked after the case, held
    a seat (a vacated one too), ruled on an objection, or did anything on the case that its audit trail tells of. What
    was done for an absent person is the part of both.
    """
    found: dict[str, set[str]] = {}
    execute = work.connection.execute
    of_case = (
        select(case_moves.c.actor_id, case_moves.c.duty, acted_for.c.person_id)
        .outerjoin(acted_for, acted_for.c.move_id == case_moves.c.id)
        .where(case_moves.c.case_id == case_id, case_moves.c.duty.not_in(("", "apply")))
    )
    for actor_id, duty, absent_id in execute(of_case):
        for person in (actor_id, absent_id):
            if person is not None:
                found.setdefault(person, set()).add(_counts_as(duty))
    told = select(audit_entries.c.actor_id, audit_entries.c.action, audit_entries.c.role).where(
        audit_entries.c.stream == case_id, audit_entries.c.result == "done",
        audit_entries.c.role.not_in((Role.APPLICANT.value, Role.SYSTEM.value)),
    )  # fmt: skip
    for actor_id, action, _ in execute(told):
        found.setdefault(actor_id, set()).add(CONVENING if action in _APPOINTING else "manage")
    seated = select(seats.c.person_id).join(assessments, assessments.c.id == seats.c.assessment_id)
    others = (
        seated.where(assessments.c.case_id == case_id),
        select(objections.c.ruled_by).where(objections.c.case_id == case_id),
        select(cases.c.manager_id).where(cases.c.id == case_id),
    )
    for statement in others:
        for person in execute(statement).scalars():
            if person is not None:
                found.setdefault(person, set()).add("manage")
    return {person: frozenset(parts) for person, parts in found.items()}


def _counts_as(duty: str) -> str:
    if duty in DECIDING:
        return "decide"
    return CONVENING if duty == CONVENING else "manage"


def review_candidates(work: Work, *, decision_case_id: str, organization_id: str) -> tuple[PersonLine, ...]:
    """The review members who may sit over a decision of that case, ordered by username.

    None who had any part in the case (`parts_taken`), and none with a tie to the organization that can be found: a
    post, family, a shared contact or account. Members of an earlier review of the same case may sit again: they
    decided about the decision, never on the case.
    """
    had_a_part = parts_taken(work, decision_case_id)
    found = [one for one in people_holding(work, Role.REVIEW_MEMBER) if one.id not in had_a_part]
    tied = conflicts_of(work, people=[one.id for one in found], organization_id=organization_id)
    return tuple(one for one in found if not tied[one.id])
