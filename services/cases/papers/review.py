"""The paper of a review: what it came to, or why the request was not accepted."""

from collections.abc import Callable
from datetime import date
from typing import Any, Literal, cast

from sqlalchemy import select

from documents.kind import Kind
from documents.kinds.review_decision import Hearing, ReviewDecision, ReviewVote
from services.cases.papers import parts
from services.cases.review_orders import row_of
from services.cases.turn import Turn
from services.issuance.commands import Numbered
from services.issuance.models import issued_documents
from services.people.models import role_grants
from services.reviews.queries import Review, review_of
from services.reviews.rules import Reviewable, tally
from statemachines.review.forms import FORMS
from statemachines.roles import Role

Outcome = Literal["inadmissible", "upheld", "changed", "remanded"]
GROUNDS = {key: zh for field in FORMS["find_inadmissible"] if field.name == "ground" for key, zh, _ in field.choices}
BUREAU = "所在地民政部门"


def review_decision(turn: Turn, kind: Kind, number: Numbered) -> ReviewDecision:
    """D22: the request, who sat and how each voted, what was found, what follows, and where one can still turn."""
    review = review_of(turn.work, turn.case.id)
    row, move, _ = row_of(turn.work, review)
    lodged, decided = turn.subject.last("lodge_review"), turn.subject.last("decide_review")
    assert lodged is not None
    admitted = turn.move.trigger != "find_inadmissible"
    result = cast(Outcome, review.result if admitted else "inadmissible")
    votes = [one.result for one in review.sitting if one.result]
    return ReviewDecision(
        head=parts.head(turn, kind, number, title=None if admitted else "复核不予受理决定书"),
        result=result,
        decision=row.zh,
        decision_number=_paper_number(turn, review),
        decided_on=move.on_date,
        served_on=review.served_on,
        lodged_on=lodged.on_date,
        wish=lodged.details["wish"],
        grounds=lodged.details["grounds"],
        hearing=_hearing(turn) if admitted else None,
        panel=_panel(turn, review) if admitted else (),
        tally=tally(votes, members=len(review.sitting)) if admitted else "",
        findings=decided.details["found"] if admitted and decided else _why_not(turn),
        basis=(parts.POLICY,),
        effect=effect_of(row, result),
        proper_body=turn.details.get("proper_body", ""),
        further_body=BUREAU,
    )


def effect_of(row: Reviewable, result: str) -> str:
    """What follows for the decision complained about, as a phrase; empty where the request was not accepted."""
    return {"upheld": f"{row.zh}的决定继续有效", "changed": row.changed_zh, "remanded": row.remanded_zh}.get(result, "")


def _why_not(turn: Turn) -> str:
    return f"{GROUNDS[turn.details['ground']]}。{turn.details['reason']}"


def _paper_number(turn: Turn, review: Review) -> str:
    if review.document_id is None:
        return ""
    number = turn.work.connection.scalar(
        select(issued_documents.c.number).where(issued_documents.c.id == review.document_id)
    )
    return str(number or "")


def _hearing(turn: Turn) -> Hearing | None:
    told = turn.subject.last("record_hearing")
    if told is None:
        return None
    said = told.details
    return Hearing(
        held_on=date.fromisoformat(said["held_on"]), applicant_said=said["applicant_said"],
        evaluators_by=said["evaluators_by"], evaluators_said=said["evaluators_said"],
    )  # fmt: skip


def _panel(turn: Turn, review: Review) -> tuple[ReviewVote, ...]:
    units = {
        row.person_id: row.office
        for row in turn.work.connection.execute(
            select(role_grants.c.person_id, role_grants.c.office).where(
                role_grants.c.person_id.in_([one.person_id for one in review.sitting]),
                role_grants.c.role == Role.REVIEW_MEMBER.value,
            )
        )
    }
    return tuple(
        ReviewVote(
            name=one.name, unit=units.get(one.person_id, ""), part=cast(Any, one.part), vote=cast(Any, one.result)
        )
        for one in review.sitting
    )


BUILDERS: dict[str, Callable[[Turn, Kind, Numbered], Any]] = {"review_decision": review_decision}
