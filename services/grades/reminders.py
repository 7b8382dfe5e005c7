"""Tells organizations and civil affairs, months ahead, that a national grade ends."""

from sqlalchemy import select

from services.database.work import Work
from services.grades.queries import Grade, ending_by
from services.grades.rules import last_day_reminded, reminder_due
from services.messages import notice
from services.notices.commands import tell
from services.organizations.models import organizations
from services.people.queries import PersonLine, people_holding
from statemachines.roles import Role

NOTICES = ("grade_ending",)
"""What is told about grades: no case stands behind it."""


def remind_of_ending_grades(work: Work) -> int:
    """Tell of each held grade whose end has come near, once for each mark of `rules.REMIND_MONTHS`.

    Answers how many were told. Only the nearest mark counts: a grade recorded late is not followed by old reminders.
    """
    told = 0
    for one in ending_by(work, last_day_reminded(work.today)):
        months = reminder_due(one.valid_to, work.today)
        if months is None:
            continue
        for person in _concerned(work, one):
            title, body = notice(
                NOTICES[0], person.language, organization_name=one.organization, grade=one.called, due_on=one.valid_to
            )
            told += tell(
                work, key=f"grade:{one.id}:{months}", person_id=person.id, case_id=None, message=NOTICES[0],
                title=title, body=body,
            )  # fmt: skip
    return told


def _concerned(work: Work, one: Grade) -> tuple[PersonLine, ...]:
    """The organization's own people and those who handle it at civil affairs."""
    home = work.connection.execute(
        select(organizations.c.home_division).where(organizations.c.id == one.organization_id)
    ).scalar_one()
    return (
        *people_holding(work, Role.APPLICANT, organization_id=one.organization_id),
        *people_holding(work, Role.CIVIL_AFFAIRS_HANDLER, division_code=home),
    )
