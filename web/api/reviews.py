"""Reviews of decisions: what can be complained about, asking for a review, who sits, and the named ballots."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from services.cases.queries import case_page
from services.cases.reviewing import Request, cast_ballot, decisions_of, lodge_review, review_page
from services.cases.turn import load_subject
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Number, Reply
from web.interface.versions import demand_visible
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["reviews"], route_class=RepeatableRoute)
Text = Annotated[str, Field(min_length=1, max_length=4000), Clean]


class ReviewAsking(Body):
    """A request for a review of one decision of the case; why it comes late, where it does."""

    decision: Annotated[int, Field(ge=1, le=999_999)]
    grounds: Text
    wish: Text
    late_because: Annotated[str, Field(max_length=2000), Clean] = ""


class ReviewBallot(Body):
    """One member's vote by name, and why."""

    result: Literal["upheld", "changed", "remanded"]
    reason: Annotated[str, Field(min_length=1, max_length=2000), Clean]


class ReviewableDecision(Reply):
    """One decision that can be complained about, until when, and the review that was asked for already.

    While the paper is not `served` both days are those of a delivery today.
    """

    decision: int
    code: str
    label: str
    taken_on: date
    served_on: date
    due_on: date
    late: bool
    paper: str
    review: str
    served: bool


class ReviewableDecisions(Reply):
    """The decisions of the case that can be complained about, the latest first."""

    decisions: list[ReviewableDecision]


class ReviewAsked(Reply):
    """The review that was opened."""

    number: str
    state: str


class ReviewMemberLine(Reply):
    """One member of the panel; the vote only where it may be seen."""

    name: str
    presides: bool
    result: str | None
    reason: str


class ReviewShown(Reply):
    """What a review is about, who sits, and what came out."""

    number: str
    case: str
    code: str
    label: str
    served_on: date
    due_on: date
    members: list[ReviewMemberLine]
    voted: int
    candidates: list[str]
    result: str | None


@router.get("/cases/{number}/decisions", summary="Decisions that can be reviewed")
def decisions(number: Number, visitor: Visitor = Depends(visiting)) -> ReviewableDecisions:
    """With the last day for each."""
    demand_visible(visitor, number)
    with visitor.reading() as work:
        found = decisions_of(work, load_subject(work, number=number))
    return ReviewableDecisions(
        decisions=[
            ReviewableDecision(
                decision=one.sequence, code=one.row.code, label=one.row.zh if visitor.lang == "zh" else one.row.en,
                taken_on=one.taken_on, served_on=one.served_on, due_on=one.due_on, late=one.late,
                paper=one.document_number, review=one.review_number, served=one.served,
            )
            for one in found
        ]
    )  # fmt: skip


@router.post("/cases/{number}/reviews", status_code=201, summary="Ask for a review", dependencies=[repeatable])
def ask(number: Number, body: ReviewAsking, visitor: Visitor = Depends(visiting)) -> ReviewAsked:
    """One round for each decision; a late request must say why."""
    found = lodge_review(
        visitor.database, visitor.person, Request(body.grounds, body.wish, body.late_because), number=number,
        sequence=body.decision, now=visitor.now,
    )  # fmt: skip
    return ReviewAsked(number=found.case_number, state=found.state)


@router.get("/cases/{number}/review", summary="What a review is about and who sits")
def review(number: Number, visitor: Visitor = Depends(visiting)) -> ReviewShown:
    """Ballots for the panel once all have voted, and for everybody concerned when the decision is served."""
    with visitor.reading() as work:
        case_page(work, visitor.person, number)
        found = review_page(work, visitor.person, number)
    shown = found.shows_ballots
    return ReviewShown(
        number=number, case=found.decision_number, code=found.decision.code,
        label=found.decision.zh if visitor.lang == "zh" else found.decision.en, served_on=found.review.served_on,
        due_on=found.review.due_on, voted=found.voted, candidates=[one.username for one in found.candidates],
        members=[
            ReviewMemberLine(name=one.name, presides=one.part == "lead", result=one.result if shown else None,
                   reason=one.reason if shown else "")
            for one in found.review.sitting
        ],
        result=found.review.result if shown else None,
    )  # fmt: skip


@router.post("/cases/{number}/ballots", status_code=204, summary="Vote on a review by name")
def vote(number: Number, body: ReviewBallot, visitor: Visitor = Depends(visiting)) -> None:
    """Until the decision a member may vote anew; the latest ballot counts."""
    cast_ballot(
        visitor.database, visitor.person, number=number, result=body.result, reason=body.reason, now=visitor.now
    )
