"""Whose purchase a case is: which offices act on it, and in which territory, whoever takes it."""

from sqlalchemy import select

from services.cases.turn import Subject
from services.database.work import Work
from services.purchases.models import purchasers, purchases
from services.purchases.rules import CIVIL_AFFAIRS, STREET
from statemachines.roles import Role

OFFICES: dict[str, frozenset[Role]] = {
    CIVIL_AFFAIRS: frozenset({Role.CIVIL_AFFAIRS_HANDLER, Role.CIVIL_AFFAIRS_LEADER}),
    STREET: frozenset({Role.STREET_HANDLER, Role.STREET_LEADER}),
}
BUYING = frozenset().union(*OFFICES.values())


def buys_in(work: Work, subject: Subject, role: Role) -> str | None:
    """The division in which the role buys on this purchase; None when another office buys.

    Of roles that buy nothing, and of cases that are no purchase, it answers the home of the case's organization.
    """
    if subject.case.kind != "purchase" or role not in BUYING:
        return str(subject.organization.home_division)
    row = work.connection.execute(
        select(purchasers.c.kind, purchasers.c.division_code)
        .join(purchases, purchases.c.purchaser_id == purchasers.c.id)
        .where(purchases.c.case_id == subject.case.id)
    ).one()
    return str(row.division_code) if role in OFFICES[row.kind] else None
