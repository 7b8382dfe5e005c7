"""How a person stands to a case: which of the roles held today reach it, and which duties were already done on it."""

from sqlalchemy import bindparam, select

from services.actors import Actor
from services.assessments.models import assessments, score_sheets, seats
from services.authority.rules import holds_all_below, policy
from services.cases.buying import buys_in
from services.cases.involvement import parts_taken
from services.cases.turn import Subject
from services.database.work import Work
from services.desk.absences import acting_for
from services.donations.queries import gave
from services.organizations.models import organization_posts
from services.reviews.queries import sits_on
from statemachines.engine import Deputy, Standing, counted_for
from statemachines.roles import ROLES, Role

LIST = "case:list"
_POST = (
    select(organization_posts.c.id)
    .where(
        organization_posts.c.organization_id == bindparam("organization"),
        organization_posts.c.person_id == bindparam("person"),
    )
    .limit(1)
)


def standing_on(work: Work, actor: Actor, subject: Subject) -> Standing:
    """Roles on this case, duties done on it, and the roles exercised on it for people who are absent today.

    A post held in the organization (founder, leader, staff, donor …) counts as the duty "apply": nobody may act for
    the centre on an organization of their own.
    """
    if actor.is_system:
        return Standing(frozenset({Role.SYSTEM}))
    roles = frozenset(role for role in actor.roles if _reaches(work, actor, role, subject))
    return Standing(roles, _duties(work, actor, subject), _deputies(work, actor, subject, roles))


def _duties(work: Work, person: Actor, subject: Subject) -> frozenset[str]:
    """What the person did on the case, or had done in the own name; on a review also the part taken in what it is
    about.
    """
    moves = [move for move in subject.moves if move.duty]
    duties = {move.duty for move in moves if person.id in counted_for(move.actor_id, move.for_id)}
    asked = {"organization": subject.case.organization_id, "person": person.id}
    if work.connection.execute(_POST, asked).first() is not None:
        duties.add("apply")
    if Role.EVALUATOR in person.roles and _scored(work, person.id, subject.case.id):
        duties.add("score")
    if subject.case.kind == "review":
        duties |= parts_taken(work, subject.case.parent_id).get(person.id, frozenset())
    return frozenset(duties)


def _deputies(work: Work, actor: Actor, subject: Subject, roles: frozenset[Role]) -> tuple[Deputy, ...]:
    """The roles of absent people the actor exercises here: only where both reach, so that no right grows."""
    found: list[Deputy] = []
    for one in acting_for(work, actor.id):
        if not any((LIST, role.value) in policy() for role in roles):
            return ()
        duties = _duties(work, one.absent, subject)
        reaching = [role for role in one.roles if _reaches(work, one.absent, role, subject)]
        found += [Deputy(role, one.absent.id, duties) for role in reaching]
    return tuple(found)


def _reaches(work: Work, actor: Actor, role: Role, subject: Subject) -> bool:
    if role is Role.DONOR:
        return gave(work, actor.id, subject.case.id)
    scope = ROLES[role].scope
    if scope == "organization":
        return any(g.role is role and g.organization_id == subject.case.organization_id for g in actor.grants)
    if scope == "territory":
        home = buys_in(work, subject, role)
        return home is not None and any(g.role is role and holds_all_below(g.division_code, home) for g in actor.grants)
    if scope == "case":
        seated = sits_on if role is Role.REVIEW_MEMBER else is_seated
        return seated(work, actor.id, subject.case.id)
    return scope == "centre"


def is_seated(work: Work, person_id: str, case_id: str) -> bool:
    """Whether the person holds a seat, not vacated, on any assessment of the case, and declared to have no interest."""
    found = work.connection.execute(
        select(seats.c.id)
        .join(assessments, assessments.c.id == seats.c.assessment_id)
        .where(
            assessments.c.case_id == case_id, seats.c.person_id == person_id, seats.c.vacated_at.is_(None),
            seats.c.interest == "none",
        )
        .limit(1)
    ).first()  # fmt: skip
    return found is not None


def _scored(work: Work, person_id: str, case_id: str) -> bool:
    found = work.connection.execute(
        select(score_sheets.c.id)
        .join(seats, seats.c.id == score_sheets.c.seat_id)
        .join(assessments, assessments.c.id == score_sheets.c.assessment_id)
        .where(assessments.c.case_id == case_id, seats.c.person_id == person_id, score_sheets.c.locked_at.is_not(None))
        .limit(1)
    ).first()
    return found is not None
