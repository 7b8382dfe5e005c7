"""The seats of one evaluator over all cases: what to declare, to score and what is locked; never another's score."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from services.actors import Actor
from services.assessments.models import assessments, score_sheets, seats
from services.assessments.queries import sheet_to_score
from services.assessments.rules import TOTAL
from services.authority.rules import demand
from services.cases.models import cases
from services.database.work import Work
from services.organizations.models import organizations

ORDER = ("undeclared", "draft", "open", "waiting", "locked")
TO_DO = frozenset({"undeclared", "draft", "open"})
MOST_SEATS = 200


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat as its evaluator sees it in the queue.

    standing: undeclared | draft (begun) | open (nothing on it yet) | waiting (the round is not open) | locked.
    """

    assessment_id: str
    case_number: str
    organization: str
    label_zh: str
    label_en: str
    round: int
    standing: str
    scored: int
    criteria: int
    due_on: date | None
    saved_at: datetime | None
    locked_at: datetime | None

    @property
    def to_do(self) -> bool:
        """Whether something waits for the evaluator here."""
        return self.standing in TO_DO


@dataclass(frozen=True, slots=True)
class Queue:
    """The seats of one evaluator in the order in which they are to be done."""

    seats: tuple[Seat, ...]

    @property
    def locked(self) -> int:
        """How many are locked."""
        return sum(seat.standing == "locked" for seat in self.seats)

    def at(self, assessment_id: str) -> Seat | None:
        """The seat on that round."""
        return next((seat for seat in self.seats if seat.assessment_id == assessment_id), None)

    def after(self, assessment_id: str) -> Seat | None:
        """The next seat with something to do, going round behind the last; None when nothing else waits."""
        place = next((n for n, seat in enumerate(self.seats) if seat.assessment_id == assessment_id), -1)
        turned = self.seats[place + 1 :] + self.seats[: max(place, 0)]
        return next((seat for seat in turned if seat.to_do), None)


def queue_of(work: Work, actor: Actor) -> Queue:
    """Every seat the evaluator holds, in one query: undeclared first, then begun, open, waiting and locked ones.

    Within each the nearest due day comes first. Forbidden for whoever scores nowhere.
    """
    demand(actor, "assessment:score")
    rows = work.connection.execute(
        select(seats.c.interest, assessments.c.id, assessments.c.round, assessments.c.form_copy,
               assessments.c.opened_at, cases.c.number, cases.c.due_on, organizations.c.name,
               score_sheets.c["items"], score_sheets.c.comments, score_sheets.c.saved_at, score_sheets.c.locked_at)
        .join(assessments, assessments.c.id == seats.c.assessment_id)
        .join(cases, cases.c.id == assessments.c.case_id)
        .join(organizations, organizations.c.id == cases.c.organization_id)
        .outerjoin(score_sheets, score_sheets.c.seat_id == seats.c.id)
        .where(seats.c.person_id == actor.id, seats.c.vacated_at.is_(None))
        .order_by(score_sheets.c.locked_at.is_not(None), seats.c.id.desc())
        .limit(MOST_SEATS)
    )  # fmt: skip
    found = [_seat(row) for row in rows]
    found.sort(key=lambda one: (ORDER.index(one.standing), one.due_on or date.max, one.case_number))
    return Queue(tuple(found))


def _seat(row: Any) -> Seat:
    standing = _standing(row)
    keys = {one["id"] for one in row.form_copy["criteria"]}
    return Seat(
        row.id, row.number, row.name, row.form_copy["label_zh"], row.form_copy["label_en"], row.round, standing,
        sum(key in keys for key in row.items or {}), len(keys), None if standing == "locked" else row.due_on,
        row.saved_at, row.locked_at,
    )  # fmt: skip


def _standing(row: Any) -> str:
    if row.locked_at is not None:
        return "locked"
    if row.interest != "none":
        return "undeclared"
    if row.opened_at is None:
        return "waiting"
    return "draft" if row.items or (row.comments or {}).keys() - {TOTAL} else "open"


@dataclass(frozen=True, slots=True)
class SeatCase:
    """What an evaluator may know of the case under a seat before any declaration: who is assessed, nothing more."""

    number: str
    organization: str


def case_under(work: Work, actor: Actor, assessment_id: str) -> SeatCase:
    """The case an evaluator's seat belongs to; NotFound when the person holds no seat there."""
    sheet = sheet_to_score(work, person_id=actor.id, assessment_id=assessment_id)
    row = work.connection.execute(
        select(cases.c.number, organizations.c.name)
        .join(organizations, organizations.c.id == cases.c.organization_id)
        .where(cases.c.id == sheet.case_id)
    ).one()
    return SeatCase(row.number, row.name)


def undeclared_seat(work: Work, actor: Actor, number: str) -> str | None:
    """The round of that case on which the person still has to declare interests; None when there is none."""
    found = work.connection.execute(
        select(assessments.c.id)
        .join(seats, seats.c.assessment_id == assessments.c.id)
        .join(cases, cases.c.id == assessments.c.case_id)
        .where(
            cases.c.number == number, seats.c.person_id == actor.id, seats.c.interest == "undeclared",
            seats.c.vacated_at.is_(None),
        )
        .limit(1)
    ).scalar()  # fmt: skip
    return None if found is None else str(found)
