"""Writes of reviews: the request, the panel, the ballots and the result; called from moves and acts on the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, update

from services.database.base import new_id
from services.database.work import Work
from services.reviews.models import review_ballots, review_members, reviews
from services.reviews.rules import Result


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is complained about: the case and its move, the paper that told of it, and the days."""

    decision_case_id: str
    decision_sequence: int
    code: str
    document_id: str | None
    served_on: date
    due_on: date
    suspends: bool


def record_review(work: Work, *, case_id: str, against: Complaint) -> None:
    """Write down what the review is about."""
    work.connection.execute(
        insert(reviews).values(
            case_id=case_id, decision_case_id=against.decision_case_id, decision_sequence=against.decision_sequence,
            code=against.code, document_id=against.document_id, served_on=against.served_on, due_on=against.due_on,
            suspends=against.suspends,
        )
    )  # fmt: skip


def seat_members(work: Work, *, case_id: str, person_ids: Sequence[str]) -> None:
    """Seat the panel; the first one presides."""
    for place, person_id in enumerate(person_ids):
        _seat(work, case_id, person_id, "member" if place else "lead")


def _seat(work: Work, case_id: str, person_id: str, part: str) -> None:
    work.connection.execute(
        insert(review_members).values(
            id=new_id(), case_id=case_id, person_id=person_id, part=part, seated_at=work.now
        )
    )  # fmt: skip


def replace_member(work: Work, *, case_id: str, member_id: str, part: str, coming_id: str) -> None:
    """Seat another person in the place of a member, whose ballot no longer counts."""
    work.connection.execute(update(review_members).where(review_members.c.id == member_id).values(vacated_at=work.now))
    _seat(work, case_id, coming_id, part)


def record_ballot(work: Work, *, case_id: str, member_id: str, result: Result, reason: str) -> None:
    """Write down a ballot beside those cast before; the latest of a member counts."""
    work.connection.execute(
        insert(review_ballots).values(
            id=new_id(), case_id=case_id, member_id=member_id, result=result, reason=reason, cast_at=work.now
        )
    )  # fmt: skip


def record_result(work: Work, *, case_id: str, result: Result, orders: str) -> None:
    """Write down what the panel decided, and the state the case complained about is to go to (empty: none)."""
    work.connection.execute(update(reviews).where(reviews.c.case_id == case_id).values(result=result, orders=orders))


def close_review(work: Work, *, case_id: str) -> None:
    """The review is over: what it kept waiting goes on."""
    work.connection.execute(update(reviews).where(reviews.c.case_id == case_id).values(closed_on=work.today))
