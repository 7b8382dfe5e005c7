"""What a person sees of delivery: papers that must be served and by whom, and how one paper was served."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from services.actors import Actor
from services.authority.rules import demand, scopes
from services.cases.delivering import SERVE
from services.cases.models import cases
from services.cases.queries import document_for
from services.database.work import Work
from services.delivery.queries import Delivery, count_waiting, deliveries_of, waiting_deliveries
from services.issuance.models import issued_documents
from services.organizations.queries import at_home_within
from statemachines.roles import Role

READ = "delivery:read"
STANDINGS = ("waiting", "over", "returned", "under_way", "served")
OF_THE_SECRETARY = ("review", "star")
"""Kinds of case whose papers the assessment secretary serves; all others the case's manager, or intake."""


@dataclass(frozen=True, slots=True)
class ToServe:
    """One page of papers that must be served: how many wait, and how many of them past their day."""

    lines: tuple[Delivery, ...]
    total: int
    over: int


def to_serve(work: Work, actor: Actor, *, standing: str = "waiting", mine: bool = False, limit: int = 100) -> ToServe:
    """The papers within this person's reach that must be served, those whose day is nearest first.

    Forbidden for who serves and oversees none. `mine` leaves those that are this person's to serve.
    """
    reach = demand(actor, READ)
    within = true() if "centre" in reach else at_home_within(actor, READ)
    wanted = and_(within, _own(actor)) if mine else within
    found = waiting_deliveries(work, standing=standing, within=wanted, limit=limit)
    return ToServe(found, *count_waiting(work, wanted))


def overdue_to_serve(work: Work, actor: Actor) -> int:
    """How many papers this person should have served by now; 0 for who serves none."""
    if not scopes(actor, SERVE):
        return 0
    within = true() if "centre" in scopes(actor, READ) else at_home_within(actor, READ)
    return count_waiting(work, and_(within, _own(actor)))[1]


def delivery_for(work: Work, actor: Actor, document_id: str) -> Delivery | None:
    """How a paper this person may read was served; None for one that lies in no organization's drawer.

    NotFound for what may not be read.
    """
    paper = document_for(work, actor, document_id)
    return next(iter(deliveries_of(work, (paper.id,), person_id=actor.id)), None)


def _own(actor: Actor) -> ColumnElement[bool]:
    """What is this person's to serve: own cases, and of cases nobody manages what belongs to the own desk."""
    terms: list[ColumnElement[bool]] = []
    unmanaged = select(cases.c.id).where(cases.c.manager_id.is_(None), cases.c.kind.not_in(OF_THE_SECRETARY))
    if Role.CASE_MANAGER in actor.roles:
        terms.append(issued_documents.c.case_id.in_(select(cases.c.id).where(cases.c.manager_id == actor.id)))
    if Role.INTAKE_CLERK in actor.roles:
        terms.append(issued_documents.c.case_id.in_(unmanaged))
    if Role.ASSESSMENT_SECRETARY in actor.roles:
        terms.append(issued_documents.c.case_id.in_(select(cases.c.id).where(cases.c.kind.in_(OF_THE_SECRETARY))))
    if Role.STREET_HANDLER in actor.roles or Role.CIVIL_AFFAIRS_HANDLER in actor.roles:
        terms.append(issued_documents.c.case_id.is_(None))
    return or_(*terms) if terms else false()
