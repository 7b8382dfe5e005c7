"""Reads of reviews: the row, the members with their latest ballots, and what waits for a review."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, exists, or_, select

from services.database.work import Work
from services.errors import NotFound
from services.people.models import persons
from services.reviews.models import review_ballots, review_members, reviews
from services.reviews.rules import Result, majority_of


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member of a review panel and the ballot that counts, once it was cast."""

    id: str
    person_id: str
    username: str
    name: str
    part: str
    vacated: bool
    result: str | None
    reason: str
    cast_at: datetime | None


@dataclass(frozen=True, slots=True)
class Review:
    """One review: what is complained about, within which days, who sits, and what came out."""

    case_id: str
    decision_case_id: str
    decision_sequence: int
    code: str
    document_id: str | None
    served_on: date
    due_on: date
    suspends: bool
    result: Result | None
    orders: str
    closed_on: date | None
    members: tuple[MemberLine, ...]

    @property
    def sitting(self) -> tuple[MemberLine, ...]:
        """The members who were not replaced."""
        return tuple(one for one in self.members if not one.vacated)

    @property
    def majority(self) -> Result | None:
        """The result more than half of all sitting members voted for so far."""
        return majority_of([one.result for one in self.sitting if one.result], members=len(self.sitting))


def review_of(work: Work, case_id: str) -> Review:
    """The review of that case; NotFound when there is none."""
    row = work.connection.execute(select(reviews).where(reviews.c.case_id == case_id)).one_or_none()
    if row is None:
        raise NotFound("case.not_found")
    return Review(
        row.case_id, row.decision_case_id, row.decision_sequence, row.code, row.document_id, row.served_on, row.due_on,
        row.suspends, row.result, row.orders, row.closed_on, _members(work, case_id),
    )  # fmt: skip


def _members(work: Work, case_id: str) -> tuple[MemberLine, ...]:
    ballots = {
        row.member_id: row
        for row in work.connection.execute(
            select(review_ballots)
            .where(review_ballots.c.case_id == case_id)
            .order_by(review_ballots.c.cast_at, review_ballots.c.id)
        )
    }
    rows = work.connection.execute(
        select(review_members, persons.c.username, persons.c.name)
        .join(persons, persons.c.id == review_members.c.person_id)
        .where(review_members.c.case_id == case_id)
        .order_by(review_members.c.part, review_members.c.seated_at, review_members.c.id)
    )
    return tuple(
        MemberLine(
            row.id, row.person_id, row.username, row.name, row.part, row.vacated_at is not None,
            ballots[row.id].result if row.id in ballots else None, ballots[row.id].reason if row.id in ballots else "",
            ballots[row.id].cast_at if row.id in ballots else None,
        )
        for row in rows
    )  # fmt: skip


def reviews_against(work: Work, decision_case_id: str) -> tuple[tuple[str, int, bool], ...]:
    """(case id, sequence of the decision complained about, still open) of every review of that case, oldest first."""
    rows = work.connection.execute(
        select(reviews.c.case_id, reviews.c.decision_sequence, reviews.c.closed_on)
        .where(reviews.c.decision_case_id == decision_case_id)
        .order_by(reviews.c.case_id)
    )
    return tuple((row.case_id, row.decision_sequence, row.closed_on is None) for row in rows)


def suspended_by_review(work: Work, case_ids: Collection[str]) -> bool:
    """Whether a review that is not over keeps the effect of a decision on one of these cases waiting."""
    asked = exists().where(
        reviews.c.decision_case_id.in_(case_ids), reviews.c.suspends.is_(True), reviews.c.closed_on.is_(None)
    )
    return bool(work.connection.scalar(select(asked)))


def sits_on(work: Work, person_id: str, case_id: str) -> bool:
    """Whether the person sits on the panel of that review."""
    return (
        work.connection.execute(seated_reviews(person_id).where(review_members.c.case_id == case_id)).first()
        is not None
    )


def seated_reviews(person_id: str) -> Select[tuple[str]]:
    """The reviews on whose panel the person sits, as a subquery."""
    return select(review_members.c.case_id).where(
        review_members.c.person_id == person_id, review_members.c.vacated_at.is_(None)
    )


def reviewed_cases(person_id: str) -> Select[tuple[str]]:
    """The cases complained about in the reviews on whose panel the person sits, as a subquery."""
    return select(reviews.c.decision_case_id).where(reviews.c.case_id.in_(seated_reviews(person_id)))


def votes_waiting_for(person_id: str) -> Select[tuple[str]]:
    """The reviews where the person still has to vote, or where everybody has and the vote is to be concluded."""
    others = review_members.alias("others")
    own_vote = exists().where(review_ballots.c.member_id == review_members.c.id)
    silent = exists().where(
        others.c.case_id == review_members.c.case_id, others.c.vacated_at.is_(None),
        ~exists().where(review_ballots.c.member_id == others.c.id),
    )  # fmt: skip
    return seated_reviews(person_id).where(or_(~own_vote, ~silent))


def reads_file_of(work: Work, person_id: str, case_id: str) -> bool:
    """Whether the person sits on a review of that case, and so must be able to read its file."""
    found = reviewed_cases(person_id).where(reviews.c.decision_case_id == case_id)
    return work.connection.execute(found).first() is not None or sits_on(work, person_id, case_id)
