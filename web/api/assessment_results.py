"""The result of a round explained, and what settles a divided one: vetoes with their proof, the committee's vote."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from services.applications.inspection import Upload
from services.applications.scanning import scanner_at
from services.assessments.committee import Vote
from services.cases import arbitrating
from services.cases.results import RoundResult, result_of
from services.settings import settings
from web.interface.repeats import RepeatableRoute
from web.interface.shapes import Body, Clean, Day, Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["assessments"], route_class=RepeatableRoute)
Veto = Annotated[str, Field(min_length=1, max_length=40), Clean]
Reason = Annotated[str, Field(max_length=400), Clean]
FILE = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}, "required": True}


class VetoClaim(Body):
    """Which veto of the form."""

    veto: Veto


class VetoStriking(Body):
    """Which veto is struck, and why."""

    veto: Veto
    reason: Reason = ""


class VetoRuling(Body):
    """The manager's word on a claimed veto; a reason is needed when it is struck."""

    veto: Veto
    upheld: bool
    reason: Reason = ""


class CommitteeBallot(Body):
    """One member of the committee by name, the vote, and why."""

    member: Annotated[str, Field(min_length=1, max_length=60), Clean]
    choice: Literal["pass", "conditional", "fail", "absent"]
    reason: Reason = ""


class CommitteeVoting(Body):
    """The committee's meeting with every member's vote, the absent too."""

    held_on: Day
    minutes: Annotated[str, Field(max_length=2000), Clean]
    votes: Annotated[list[CommitteeBallot], Field(max_length=30)]


class ClaimedVeto(Reply):
    """A claimed veto and how far it is decided."""

    id: str
    veto: str
    standing: str
    claims: int
    awaits: str
    evidence_sha256: str
    evidence_note: str
    confirmed_by: list[str]
    reason: str


class CastVote(Reply):
    """One vote."""

    member: str
    choice: str
    reason: str


class CommitteeMeeting(Reply):
    """The committee's meeting."""

    held_on: date
    result: str
    votes: list[CastVote]


class RoundOutcome(Reply):
    """What came of a round: reckoned by which version of the rules, and line by line how."""

    assessment: str
    case: str
    form: str
    concluded_at: datetime | None
    version: int
    mean: Decimal | None
    band: str
    lines: list[str]
    awaits: str
    vetoes: list[ClaimedVeto]
    committee: CommitteeMeeting | None


@router.get("/assessments/{assessment_id}/result", summary="How the result of a round came about")
def result(assessment_id: Identity, visitor: Visitor = Depends(visiting)) -> RoundOutcome:
    """No lines until every sheet is locked."""
    with visitor.reading() as work:
        found = result_of(work, visitor.person, assessment_id)
    return _result(found, visitor.lang)


def _result(found: RoundResult, lang: str) -> RoundOutcome:
    present, meeting = found.round, found.meeting
    return RoundOutcome(
        assessment=present.id, case=found.case_number, form=present.form, concluded_at=present.concluded_at,
        version=found.version, mean=present.mean, band=(present.outcome or {}).get("band", ""),
        lines=list(found.explanation_zh if lang == "zh" else found.explanation_en), awaits=found.awaits,
        vetoes=[
            ClaimedVeto(
                id=one.id, veto=one.veto, standing=one.standing, claims=one.claims, awaits=one.awaits,
                evidence_sha256=one.evidence_sha256, evidence_note=one.evidence_note,
                confirmed_by=[given.part for given in one.confirmations], reason=one.reason,
            )
            for one in found.findings
        ],
        committee=None if meeting is None else CommitteeMeeting(
            held_on=meeting.held_on, result=meeting.result,
            votes=[CastVote(member=one.member, choice=one.choice, reason=one.reason) for one in meeting.votes],
        ),
    )  # fmt: skip


@router.post(
    "/assessments/{assessment_id}/veto-evidence", status_code=204, summary="Hand in the proof of a veto",
    openapi_extra={"requestBody": FILE},
)  # fmt: skip
async def prove(
    request: Request, assessment_id: Identity, veto: Annotated[str, Query(min_length=1, max_length=40)],
    name: Annotated[str, Query(min_length=1, max_length=200)],
    note: Annotated[str, Query(min_length=1, max_length=400)],
) -> None:  # fmt: skip
    """The body is the file; it is looked into before it is kept."""
    visitor = visiting(request)
    upload = Upload(name, await request.body())
    await run_in_threadpool(
        lambda: arbitrating.prove_veto(
            visitor.database, visitor.person, assessment_id=assessment_id, veto=veto, upload=upload, note=note,
            scanner=scanner_at(settings().clamd), now=visitor.now,
        )
    )  # fmt: skip


@router.post("/assessments/{assessment_id}/veto-ruling", status_code=204, summary="Rule on a claimed veto")
def rule(assessment_id: Identity, body: VetoRuling, visitor: Visitor = Depends(visiting)) -> None:
    """The manager confirms last, or strikes it with a reason."""
    arbitrating.rule_on_veto(
        visitor.database, visitor.person, assessment_id=assessment_id, veto=body.veto, upheld=body.upheld,
        reason=body.reason, now=visitor.now,
    )  # fmt: skip


@router.post("/assessments/{assessment_id}/veto-confirmation", status_code=204, summary="Confirm a veto as evaluator")
def confirm(assessment_id: Identity, body: VetoClaim, visitor: Visitor = Depends(visiting)) -> None:
    """As the panel's lead, or as one more evaluator."""
    arbitrating.confirm_veto(
        visitor.database, visitor.person, assessment_id=assessment_id, veto=body.veto, now=visitor.now
    )


@router.post("/assessments/{assessment_id}/veto-refutation", status_code=204, summary="Strike a veto as lead")
def refute(assessment_id: Identity, body: VetoStriking, visitor: Visitor = Depends(visiting)) -> None:
    """With a reason; the round is reckoned anew."""
    arbitrating.refute_veto(
        visitor.database, visitor.person, assessment_id=assessment_id, veto=body.veto, reason=body.reason,
        now=visitor.now,
    )  # fmt: skip


@router.post("/assessments/{assessment_id}/committee", status_code=204, summary="Record the committee's vote")
def vote(assessment_id: Identity, body: CommitteeVoting, visitor: Visitor = Depends(visiting)) -> None:
    """By name; more than half of all members decide."""
    votes = [Vote(one.member, one.choice, one.reason) for one in body.votes]
    arbitrating.record_committee_vote(
        visitor.database, visitor.person, assessment_id=assessment_id, held_on=body.held_on, minutes=body.minutes,
        votes=votes, now=visitor.now,
    )  # fmt: skip


@router.get(
    "/veto-evidence/{finding_id}", summary="The proof of a veto",
    response_class=Response, responses={200: {"content": {"application/octet-stream": {}}}},
)  # fmt: skip
def evidence(finding_id: Identity, visitor: Visitor = Depends(visiting)) -> Response:
    """For whoever reads scores or sits on the round."""
    with visitor.reading() as work:
        content, extension = arbitrating.evidence(work, visitor.person, finding_id)
    headers = {"Content-Disposition": f'attachment; filename="evidence.{extension}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)
