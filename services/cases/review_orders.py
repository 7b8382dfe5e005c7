"""What a review is about, and what it orders in the case complained about once it is decided and served."""

from sqlalchemy import select

from services.cases.models import cases
from services.cases.turn import MoveLine, Subject, load_subject
from services.database.work import Work
from services.reviews.models import reviews
from services.reviews.queries import Review
from services.reviews.rules import Reviewable, reviewable


def orders_of(work: Work, subject: Subject, review_number: str) -> str:
    """The state that the served review of this very case orders; empty when it orders none, or was obeyed already."""
    obeyed = {one.details.get("review") for one in subject.moves if one.trigger in subject.process.by_review}
    if review_number in obeyed:
        return ""
    found = work.connection.execute(
        select(reviews.c.orders)
        .join(cases, cases.c.id == reviews.c.case_id)
        .where(
            cases.c.number == review_number, cases.c.state == "SERVED", reviews.c.decision_case_id == subject.case.id,
            reviews.c.result.in_(("remanded", "changed")),
        )
    ).scalar()  # fmt: skip
    return str(found or "")


def row_of(work: Work, review: Review) -> tuple[Reviewable, MoveLine, Subject]:
    """The row of the decision a review is about, the move that took it, and the case it was taken on."""
    decision = load_subject(work, case_id=review.decision_case_id)
    move = next(one for one in decision.moves if one.sequence == review.decision_sequence)
    row = reviewable(decision.case.kind, move.trigger)
    assert row is not None  # a review is opened for a row of the table only
    return row, move, decision
