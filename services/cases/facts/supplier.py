"""Gathers what the guards of a supplier's place in the catalogue ask."""

from typing import Any

from sqlalchemy import select

from services.calendar.rules import WorkingCalendar
from services.cases.rulings import rulings_of
from services.cases.turn import Subject
from services.database.work import Work
from services.grades.queries import grades_held
from services.purchases.models import suppliers
from services.purchases.queries import supplier_of
from services.purchases.rules import CONDITIONS, Known, contradicted
from services.rulesets.rules import Rules
from services.stars.queries import stars_held
from services.stars.rules import months_between
from statemachines.supplier.facts import SupplierFacts


def gather(
    work: Work,
    subject: Subject,
    *,
    details: dict[str, Any],
    rules: Rules,  # noqa: ARG001 - every gatherer is asked alike
    calendar: WorkingCalendar,  # noqa: ARG001
) -> SupplierFacts:
    """The facts of the entry today, with the answers being given right now."""
    answers = answers_in(details)
    rulings = rulings_of(work, subject)
    overdue = subject.overdue(work.today)
    return SupplierFacts(
        today=work.today,
        already_listed=_listed_elsewhere(work, subject),
        is_registered=subject.organization.legal_status == "REGISTERED",
        answered_no=sum(not one for one in answers.values()),
        contradicted=len(contradicted(answers, known_of(work, subject))) if answers else 0,
        publicity_over="publicity" in overdue,
        objections_open=rulings.count(None),
        objection_upheld="upheld" in rulings,
        review_due="supplier_review" in overdue,
        overdue=overdue,
    )


def answers_in(details: dict[str, Any]) -> dict[str, bool]:
    """Condition to yes or no, as said with the move; nothing when nothing was said."""
    return {key: details[key] == "yes" for key in CONDITIONS if key in details}


def known_of(work: Work, subject: Subject) -> Known:
    """What our own books say of the organization today."""
    organization = subject.organization
    star = stars_held(work, [organization.id], day=work.today).get(organization.id)
    since = organization.founded_on
    return Known(
        legal_status=organization.legal_status,
        months=None if since is None else months_between(since, work.today),
        list_standing=organization.list_standing,
        staff=supplier_of(work, subject.case.id).staff,
        stars=(star.stars or 0) if star else 0,
        grade=grades_held(work, [organization.id], day=work.today).get(organization.id, 0),
    )


def _listed_elsewhere(work: Work, subject: Subject) -> bool:
    found = select(suppliers.c.case_id).where(
        suppliers.c.organization_id == subject.case.organization_id, suppliers.c.case_id != subject.case.id,
        suppliers.c.listed_on.is_not(None), suppliers.c.ended_on.is_(None),
    )  # fmt: skip
    return work.connection.execute(found).first() is not None
