"""Recusals: the applicant petitions, the office rules, and a sheet with a conflict found later is voided."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from services.cases.late_conflicts import void_sheet
from services.cases.recusals import lodge_petition, recusal_page, rule_on_petition
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Identified, Identity, Number, Reply, Username
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["recusals"], route_class=RepeatableRoute)
Reasons = Annotated[str, Field(min_length=1, max_length=1000), Clean]
Named = Annotated[str, Field(max_length=60), Clean]
Why = Annotated[str, Field(max_length=400), Clean]
Ground = Literal[
    "post_now", "post_before", "founder", "donor", "supplier", "paid", "family", "shared_phone", "shared_address",
    "shared_account", "rival", "declared",
]  # fmt: skip


class Asked(Body):
    """Against which seat, and on which grounds."""

    seat: Annotated[str, Field(min_length=36, max_length=36, pattern=r"^[0-9a-f-]{36}$"), Clean]
    grounds: Reasons


class RecusalRuling(Body):
    """Granted or not, and why; `coming` names who is seated instead (else by lot), with `by_hand` the reason for it."""

    granted: bool
    reason: Reasons
    coming: Named = ""
    by_hand: Why = ""


class Voiding(Body):
    """Whose locked sheet is void, on which ground and evidence; `coming` as with a ruling."""

    evaluator: Username
    ground: Ground
    evidence: Annotated[str, Field(min_length=1, max_length=2000), Clean]
    coming: Named = ""
    by_hand: Why = ""


class Sitting(Reply):
    """A seat against which one may ask."""

    seat: str
    evaluator: str


class Petition(Reply):
    """One petition; `ruling` is null while it waits."""

    id: str
    evaluator: str
    grounds: str
    lodged_at: datetime
    ruling: Literal["granted", "refused"] | None
    ruling_reason: str
    ruled_at: datetime | None


class Came(Reply):
    """What sheets come to."""

    mean: Decimal
    passed: bool
    conditional: bool
    vetoed: bool
    totals: list[Decimal]


class Voided(Reply):
    """A voided sheet: the outcome that was, and the one without it (null when nothing can be computed)."""

    assessment: str
    evaluator: str
    ground: str
    evidence: str
    before: Came | None
    without: Came | None
    voided_at: datetime


class Recusal(Reply):
    """What stands about recusal on a case."""

    case: str
    due_on: date | None
    may_ask: bool
    seats: list[Sitting]
    petitions: list[Petition]
    voided: list[Voided]


@router.get("/cases/{number}/recusal", summary="What stands about recusal on a case")
def page(number: Number, visitor: Visitor = Depends(visiting)) -> Recusal:
    """The applicant reads the petitions, the office also what was voided."""
    with visitor.reading() as work:
        found = recusal_page(work, visitor.person, number)
    petitions = [
        Petition(
            id=one.id, evaluator=one.evaluator, grounds=one.grounds, lodged_at=one.lodged_at,
            ruling=one.ruling, ruling_reason=one.ruling_reason, ruled_at=one.ruled_at,  # type: ignore[arg-type]
        )
        for one in found.petitions
    ]  # fmt: skip
    voided = [
        Voided(
            assessment=one.assessment_id, evaluator=one.evaluator, ground=one.ground, evidence=one.evidence,
            before=_came(one.before), without=_came(one.without), voided_at=one.voided_at,
        )
        for one in found.voided
    ]  # fmt: skip
    seats = [Sitting(seat=one.seat_id, evaluator=one.name) for one in found.seats]
    return Recusal(
        case=number, due_on=found.due_on, may_ask=found.may_ask, seats=seats, petitions=petitions, voided=voided
    )


def _came(said: dict[str, Any] | None) -> Came | None:
    if said is None:
        return None
    return Came(
        mean=Decimal(said["mean"]), passed=said["passed"], conditional=said["conditional"], vetoed=said["vetoed"],
        totals=[Decimal(one) for one in said["totals_sorted"]],
    )  # fmt: skip


@router.post("/cases/{number}/recusal", status_code=201, summary="Ask for a recusal", dependencies=[repeatable])
def petition(number: Number, body: Asked, visitor: Visitor = Depends(visiting)) -> Identified:
    """From the review notice until its recusal day, by the organization's own people."""
    identity = lodge_petition(
        visitor.database, visitor.person, number=number, seat_id=body.seat, grounds=body.grounds, now=visitor.now
    )
    return Identified(id=identity)


@router.post("/petitions/{petition_id}/ruling", status_code=204, summary="Rule on a petition")
def rule(petition_id: Identity, body: RecusalRuling, visitor: Visitor = Depends(visiting)) -> None:
    """Granted, the seat is emptied and another evaluator seated."""
    rule_on_petition(
        visitor.database, visitor.person, petition_id=petition_id, granted=body.granted, reason=body.reason,
        coming=body.coming, by_hand=body.by_hand, now=visitor.now,
    )  # fmt: skip


@router.post("/assessments/{assessment_id}/void", status_code=204, summary="Void a locked sheet")
def void(assessment_id: Identity, body: Voiding, visitor: Visitor = Depends(visiting)) -> None:
    """For a conflict found later; the sheet is kept, the round runs again."""
    void_sheet(
        visitor.database, visitor.person, assessment_id=assessment_id, evaluator=body.evaluator, ground=body.ground,
        evidence=body.evidence, coming=body.coming, by_hand=body.by_hand, now=visitor.now,
    )  # fmt: skip
