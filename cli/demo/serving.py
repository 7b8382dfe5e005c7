"""Serves the story's papers: leaders confirm what lies in the drawer; one is served in person with a signed proof."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from services.actors import Actor
from services.applications.inspection import Upload
from services.applications.scanning import NoScanner
from services.cases.delivering import begin_delivery, confirm_receipt, record_result
from services.cases.served import to_serve
from services.database.engine import Database
from services.database.work import office_instant, reading
from services.delivery.queries import Delivery
from services.delivery.rules import BEGUN_BY, Result, Way
from services.people.queries import actor_by_id, people_holding
from statemachines.roles import Role

CLERK, MANAGER = "沈小满", "赵未央"
IN_PERSON = ("D13", "石桥村农技服务队")
UNANSWERED = ("D12", "石桥村农技服务队")
"""A midterm report nobody confirmed: it stands in the work list of who must serve it."""

LAST_CONFIRMED = date(2026, 12, 2)
"""What came later still waits for its receipt on the demo day."""

BEGINS = frozenset(BEGUN_BY.values())
"""Codes of papers whose periods begin with the delivery: these are served on the day they are decided."""


def receive(database: Database, actor: Callable[[str], Actor], told: datetime, *, scan: bytes) -> None:
    """Let every organization confirm what it was sent, but for what the story leaves open; `scan`: what was signed."""
    now = told + timedelta(minutes=1)
    with reading(database, now) as work:
        waiting = to_serve(work, actor(CLERK), standing="to_serve", limit=1000).lines
        people = {
            one.organization_id: people_holding(work, Role.APPLICANT, organization_id=one.organization_id)
            for one in waiting
        }
        actors = {key: actor_by_id(work, found[0].id) for key, found in people.items() if found}
    for one in waiting:
        named = (one.paper.code, one.organization)
        if named == IN_PERSON:
            _in_person(database, actor(MANAGER), one, scan)
        elif named != UNANSWERED and one.paper.decided_on <= LAST_CONFIRMED and one.organization_id in actors:
            confirm_receipt(database, actors[one.organization_id], one.paper.id, now=now)


def _in_person(database: Database, manager: Actor, one: Delivery, scan: bytes) -> None:
    """D40 of the specification: served in person on 9 November at 10:20, signed by the leader."""
    way = Way("direct", place="石桥村村民委员会")
    day = one.paper.decided_on
    made = begin_delivery(database, manager, one.paper.id, way, now=office_instant(day, 9, 30))
    result = Result("served", office_instant(day, 10, 20), "田有禾", "leader")
    record_result(
        database, manager, made, result, scan=Upload("送达回证.png", scan), scanner=NoScanner(),
        now=office_instant(day, 11),
    )  # fmt: skip
