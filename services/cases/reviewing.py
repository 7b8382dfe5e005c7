"""复核 as people ask for it: lodging one against a decision, casting a ballot, and what the pages about it show."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from services.actors import Actor
from services.authority.rules import demand
from services.calendar.queries import load_calendar
from services.cases.advance import AdvanceCase, Advanced, advance
from services.cases.facts.review import candidates_for
from services.cases.involvement import parts_taken
from services.cases.lists import demand_seen
from services.cases.models import cases
from services.cases.noting import acted, noted
from services.cases.opening import open_review
from services.cases.review_orders import row_of
from services.cases.turn import MoveLine, Subject, load_subject
from services.database.engine import Database
from services.database.work import Work
from services.delivery.queries import served_on
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.issuance.models import issued_documents
from services.people.queries import PersonLine
from services.reviews.commands import Complaint, record_ballot
from services.reviews.queries import Review, review_of, reviews_against
from services.reviews.rules import RESULTS, Result, Reviewable, reviewable, tally
from services.rulesets.commands import rules_of
from statemachines.engine import separated
from statemachines.roles import Role

LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class Request:
    """What an organization writes when it asks for a review; `late_because` where it comes after the last day."""

    grounds: str
    wish: str
    late_because: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class OpenDecision:
    """One decision of a case that can be complained about: what, served when and by which paper, until when.

    `served` is False while its paper waits to be served: no clock runs yet, and the days are those of a delivery today.
    `review_number` names the review that was asked for already; `late` says that the last day has passed.
    """

    sequence: int
    row: Reviewable
    taken_on: date
    served_on: date
    due_on: date
    late: bool
    document_id: str | None
    document_number: str
    review_number: str
    served: bool


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """What the page of a review shows beside the case itself; ballots only for the panel, and to all once decided."""

    review: Review
    decision: Reviewable
    decision_number: str
    decision_on: date
    document_number: str
    candidates: tuple[PersonLine, ...]
    may_vote: bool
    own_result: str
    shows_ballots: bool
    voted: int
    tally: str


# What can be complained about --------------------------------------------------------------------------------------


def decisions_of(work: Work, subject: Subject) -> tuple[OpenDecision, ...]:
    """Every decision of the case that can be complained about, the latest first."""
    asked = {sequence: number for number, sequence in _asked(work, subject.case.id)}
    found = []
    for move in reversed(subject.moves):
        row = reviewable(subject.case.kind, move.trigger)
        if row is not None and row.remedy == "internal":
            found.append(_decision(work, subject, move, row, asked.get(move.sequence, "")))
    return tuple(found)


def _asked(work: Work, case_id: str) -> tuple[tuple[str, int], ...]:
    """(number, sequence of the decision) of each review that counts: one taken back is as if it had not been."""
    against = {review: sequence for review, sequence, _ in reviews_against(work, case_id)}
    rows = work.connection.execute(
        select(cases.c.id, cases.c.number).where(cases.c.id.in_(list(against)), cases.c.state != "WITHDRAWN")
    )
    return tuple((row.number, against[row.id]) for row in rows)


def _decision(work: Work, subject: Subject, move: MoveLine, row: Reviewable, review_number: str) -> OpenDecision:
    paper = work.connection.execute(
        select(issued_documents.c.id, issued_documents.c.number).where(
            issued_documents.c.case_id == subject.case.id,
            issued_documents.c.move_sequence == move.sequence,
            issued_documents.c.code == row.code,
        )
    ).first()
    day = move.on_date if paper is None else served_on(work, paper.id)
    days = rules_of(work, subject.case.rule_set_id).limit(row.days)[0]
    due_on = load_calendar(work).add_working_days(day or work.today, days)
    return OpenDecision(
        move.sequence, row, move.on_date, day or work.today, due_on, work.today > due_on, paper.id if paper else None,
        paper.number if paper else "", review_number, served=day is not None,
    )  # fmt: skip


def decision_to_review(work: Work, actor: Actor, number: str, sequence: int) -> OpenDecision:
    """That decision, for somebody who may lodge a review of it; NotFound when there is none this person may know of."""
    demand(actor, "review:lodge")
    demand_seen(work, actor, number)
    subject = load_subject(work, number=number)
    found = next((one for one in decisions_of(work, subject) if one.sequence == sequence), None)
    if found is None:
        raise NotFound("review.decision_not_found")
    return found


# Lodging -----------------------------------------------------------------------------------------------------------


def lodge_review(
    database: Database, actor: Actor, request: Request, *, number: str, sequence: int, now: datetime
) -> Advanced:
    """Ask for a review of the decision which move `sequence` of the case took; answers the review, lodged.

    Forbidden for anyone but the organization's own people, NotFound for what is no decision, Refused when it was
    reviewed or is under review (one round), Invalid without grounds. A late request is taken in all the same: whether
    the delay is excused is for the office to say.
    """

    def unit(work: Work) -> Advanced:
        decision = load_subject(work, number=number, lock=True)
        found = decision_to_review(work, actor, number, sequence)
        if not any(
            one.role is Role.APPLICANT and one.organization_id == decision.case.organization_id for one in actor.grants
        ):
            raise Forbidden("case.role_missing", case_number=number)
        if found.review_number:
            raise Refused("review.one_round_only", case_number=number, review_number=found.review_number)
        if found.late and not request.late_because.strip():
            raise Invalid("review.lateness_untold", due_on=found.due_on)
        # Who contests a paper that was not served yet knows of it, so that its days count from today.
        against = Complaint(
            decision.case.id, found.sequence, found.row.code, found.document_id, found.served_on, found.due_on,
            found.row.suspends,
        )  # fmt: skip
        opened = open_review(work, actor=actor, decision=decision, against=against)
        details = {"grounds": request.grounds, "wish": request.wish, "late_because": request.late_because}
        return advance(work, actor, AdvanceCase(opened.number, "lodge_review", 0, details, request.request_id))

    return noted(database, actor, unit, now=now, number=number, action="review:lodge", request_id=request.request_id)


# Voting ------------------------------------------------------------------------------------------------------------


def cast_ballot(database: Database, actor: Actor, *, number: str, result: str, reason: str, now: datetime) -> None:
    """Vote by name, with the reason; until the decision a member may vote anew, and the latest ballot counts.

    Forbidden for anyone who does not sit on the panel, or is found to have had a part in the decision; Refused before
    both sides were heard, and for a result this decision cannot come to; Invalid without a reason.
    """

    def unit(work: Work) -> None:
        demand(actor, "review:vote")
        demand_seen(work, actor, number)
        subject = load_subject(work, number=number, lock=True)
        review = _review_in_panel(work, subject)
        member = next((one for one in review.sitting if one.person_id == actor.id), None)
        if member is None:
            raise Forbidden("review.not_on_panel", case_number=number)
        had = parts_taken(work, review.decision_case_id).get(actor.id, frozenset())
        if not separated(subject.process, "vote", had):
            raise Forbidden("case.duties_must_be_separate", case_number=number)
        said = _ballot(work, review, result, reason)
        if subject.in_stay("record_hearing") is None:
            raise Refused("review.not_heard", case_number=number)
        record_ballot(work, case_id=subject.case.id, member_id=member.id, result=said, reason=reason.strip())
        acted(work, actor, subject, "review:vote", {"result": said, "reason": reason.strip()})

    noted(database, actor, unit, now=now, number=number, action="review:vote")


def _review_in_panel(work: Work, subject: Subject) -> Review:
    if subject.case.kind != "review":
        raise NotFound("case.not_found", case_number=subject.case.number)
    if subject.case.state != "PANEL":
        state = subject.process.state(subject.case.state)
        raise Refused(
            "review.no_vote_here", case_number=subject.case.number, state=state.zh, state_en=state.en
        )  # fmt: skip
    return review_of(work, subject.case.id)


def _ballot(work: Work, review: Review, result: str, reason: str) -> Result:
    row = row_of(work, review)[0]
    if result not in RESULTS:
        raise Invalid("input.not_a_choice", field="result", label="表决意见", label_en="vote")
    if result not in row.results:
        raise Refused("review.result_not_possible", decision=row.zh, decision_en=row.en)
    if not reason.strip():
        raise Invalid("input.missing", field="reason", label="理由", label_en="reason")
    if len(reason.strip()) > LONGEST_REASON:
        raise Invalid("input.too_long", field="reason", label="理由", label_en="reason", longest=LONGEST_REASON)
    return result


# The page ----------------------------------------------------------------------------------------------------------


def review_page(work: Work, actor: Actor, number: str) -> ReviewPage:
    """What the page of a review shows to this person beside the case; NotFound as for the case."""
    demand_seen(work, actor, number)
    subject = load_subject(work, number=number)
    review = review_of(work, subject.case.id)
    row, move, decision = row_of(work, review)
    paper: Any = None
    if review.document_id is not None:
        paper = work.connection.scalar(
            select(issued_documents.c.number).where(issued_documents.c.id == review.document_id)
        )
    own = next((one for one in review.sitting if one.person_id == actor.id), None)
    convenes = Role.ASSESSMENT_SECRETARY in actor.roles and subject.case.state in ("ACCEPTED", "PANEL")
    decided = review.result is not None
    votes = [one.result for one in review.sitting if one.result]
    return ReviewPage(
        review, row, decision.case.number, move.on_date, paper or "",
        candidates=candidates_for(work, subject, review) if convenes else (),
        may_vote=own is not None and subject.case.state == "PANEL" and subject.in_stay("record_hearing") is not None,
        own_result=(own.result or "") if own else "",
        shows_ballots=_shows_ballots(
            actor, subject, own_seat=own is not None, all_in=len(votes) == len(review.sitting)
        ),
        voted=len(votes),
        tally=tally(votes, members=len(review.sitting)) if decided else "",
    )  # fmt: skip


def _shows_ballots(actor: Actor, subject: Subject, *, own_seat: bool, all_in: bool) -> bool:
    """Members see each other's votes once all have voted, the office once it is decided, the applicant once served."""
    state = subject.case.state
    if state == "PANEL":
        return own_seat and all_in
    return state == "SERVED" or (state == "DECIDED" and Role.APPLICANT not in actor.roles)
