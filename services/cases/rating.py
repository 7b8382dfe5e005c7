"""好差评: how organizations rate the parts of a case that are concluded; whoever handled it sees sums only."""

from datetime import date, datetime

from services.actors import Actor
from services.applications import commands as applications
from services.applications.queries import RatingTotals, rated, rating_levels, rating_totals
from services.applications.rules import reasons_for
from services.authority.rules import demand, scopes
from services.cases.lists import demand_seen
from services.cases.standing import standing_on
from services.cases.turn import Subject, load_subject
from services.database.engine import Database
from services.database.work import Work, run
from services.errors import Forbidden, Invalid, Refused
from services.people.acts import told
from statemachines.roles import Role

TOPICS = ("acceptance", "admission", "incubation")
CONCLUDED_BY = {
    "acceptance": frozenset({"ACCEPTED", "NOT_ACCEPTED"}),
    "admission": frozenset({"ADMITTED", "REJECTED"}),
    "incubation": frozenset({"GRADUATED", "WITHDRAWN", "EXPELLED"}),
}
"""What concludes a part: that the case came there."""


def concluded(subject: Subject) -> tuple[str, ...]:
    """The parts of the case that are over."""
    if subject.case.kind != "incubation":
        return ()
    reached = {move.dest for move in subject.moves}
    return tuple(topic for topic in TOPICS if CONCLUDED_BY[topic] & reached)


def to_rate(work: Work, subject: Subject) -> tuple[str, ...]:
    """The parts that are over and were not rated yet."""
    given = rated(work, subject.case.id)
    return tuple(topic for topic in concluded(subject) if topic not in given)


def own_case(work: Work, actor: Actor, number: str) -> Subject:
    """The case, for an applicant of it. NotFound for whom it is not to be known, Forbidden for everybody else."""
    demand_seen(work, actor, number)
    subject = load_subject(work, number=number)
    if Role.APPLICANT not in standing_on(work, actor, subject).roles:
        raise Forbidden("case.role_missing", case_number=number)
    return subject


def rate(
    database: Database, actor: Actor, *, number: str, topic: str, level: int, reasons: tuple[str, ...], text: str,
    now: datetime,
) -> None:  # fmt: skip
    """Rate one concluded part of the own case, once; nothing says who did. Refused before it is over or twice."""
    if level not in range(1, 6):
        raise Invalid("input.missing", field="level", label="满意程度", label_en="level")
    said = told(("意见", "comment"), text.replace("\r\n", " ").replace("\n", " "), longest=500, needed=False)
    kept = tuple(one for one in reasons_for(level) if one in reasons)

    def unit(work: Work) -> None:
        subject = own_case(work, actor, number)
        if topic not in concluded(subject):
            raise Refused("rating.not_concluded", case_number=number)
        applications.rate(work, subject.case.id, topic=topic, level=level, reasons=kept, text=said)

    run(database, now, unit)


def levels_since(work: Work, actor: Actor, since: date) -> tuple[RatingTotals, ...]:
    """How each part of the service was rated since that day, in sums; nothing for who may not read ratings."""
    return rating_levels(work, topics=TOPICS, since=since) if scopes(actor, "rating:read") else ()


def totals(
    work: Work, actor: Actor, *, since: date | None = None, until: date | None = None
) -> tuple[RatingTotals, ...]:
    """What people think of each part of the service, in sums. Forbidden for who may not read ratings."""
    demand(actor, "rating:read")
    return rating_totals(work, topics=TOPICS, since=since, until=until)
