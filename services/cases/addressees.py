"""Who is told about a case: the people who hold a role on it."""

from sqlalchemy import select

from services.assessments.models import assessments, seats
from services.cases.buying import buys_in
from services.cases.turn import Subject
from services.database.work import Work
from services.donations.queries import offer_of
from services.people.models import persons
from services.people.queries import PersonLine, people_holding
from services.reviews.queries import review_of
from statemachines.roles import ROLES, Role


def recipients(work: Work, subject: Subject, role: Role) -> tuple[PersonLine, ...]:
    """Who holds the role on this case: the applicant's people, seated evaluators, the case's manager, the office."""
    if role is Role.DONOR:
        return (_person(work, offer_of(work, subject.case.id).donor_id, role),)
    if role is Role.EVALUATOR:
        return seated_on(work, subject.case.id)
    if role is Role.REVIEW_MEMBER:
        sitting = review_of(work, subject.case.id).sitting if subject.case.kind == "review" else ()
        return tuple(_person(work, one.person_id, role) for one in sitting)
    if role is Role.CASE_MANAGER and subject.case.manager_id:
        return (_person(work, subject.case.manager_id, role),)
    scope = ROLES[role].scope
    division = buys_in(work, subject, role) if scope == "territory" else None
    if scope == "territory" and division is None:
        return ()
    return people_holding(
        work,
        role,
        organization_id=subject.case.organization_id if scope == "organization" else None,
        division_code=division,
    )


def _person(work: Work, person_id: str, role: Role) -> PersonLine:
    row = work.connection.execute(select(persons).where(persons.c.id == person_id)).one()
    return PersonLine(row.id, row.username, row.name, row.language, row.disabled, (role.value,))


def seated_on(work: Work, case_id: str) -> tuple[PersonLine, ...]:
    """The evaluators who sit on a round of the case that is not concluded."""
    rows = work.connection.execute(
        select(persons.c.id, persons.c.username, persons.c.name, persons.c.language)
        .join(seats, seats.c.person_id == persons.c.id)
        .join(assessments, assessments.c.id == seats.c.assessment_id)
        .where(assessments.c.case_id == case_id, seats.c.vacated_at.is_(None), assessments.c.concluded_at.is_(None))
        .distinct()
        .order_by(persons.c.username)
    )
    return tuple(PersonLine(row.id, row.username, row.name, row.language, False, ("evaluator",)) for row in rows)


def panel_of(work: Work, case_id: str) -> tuple[PersonLine, ...]:
    """Everybody who sits or sat on a round of the case and did not leave it."""
    rows = work.connection.execute(
        select(persons.c.id, persons.c.username, persons.c.name, persons.c.language)
        .join(seats, seats.c.person_id == persons.c.id)
        .join(assessments, assessments.c.id == seats.c.assessment_id)
        .where(assessments.c.case_id == case_id, seats.c.vacated_at.is_(None))
        .distinct()
        .order_by(persons.c.username)
    )
    return tuple(PersonLine(row.id, row.username, row.name, row.language, False, ("evaluator",)) for row in rows)
