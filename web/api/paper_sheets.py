"""Score sheets on paper: entered with their scan, countersigned by the evaluator or a second secretary."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from services.applications.inspection import Upload
from services.applications.scanning import scanner_at
from services.cases import paper_sheets
from services.settings import settings
from web.api.assessments import Comment, Key, Mark
from web.interface.files import decoded
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Identified, Identity, Reply, Username
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["assessments"], route_class=RepeatableRoute)


class PaperEntry(Body):
    """What the paper says, whose it is, and its scan (base64)."""

    evaluator: Username
    items: Annotated[dict[Key, Mark], Field(max_length=50)]
    comments: Annotated[dict[Key, Comment], Field(max_length=50)] = {}
    veto: Annotated[list[Key], Field(max_length=20)] = []
    scan_name: Annotated[str, Field(min_length=1, max_length=200), Clean]
    scan: Annotated[str, Field(max_length=28_000_000)]


class Countersignature(Body):
    """Whether what was typed agrees with the scan; a reason is needed when it does not."""

    agrees: bool
    reason: Annotated[str, Field(max_length=400), Clean] = ""


class PaperSheet(Reply):
    """One sheet that came in on paper."""

    id: str
    assessment: str
    evaluator: str
    items: dict[str, str]
    comments: dict[str, str]
    veto: list[str]
    scan_sha256: str
    entered_by: str
    entered_at: datetime
    standing: str
    decided_by: str
    reason: str


@router.post(
    "/assessments/{assessment_id}/paper-sheets", status_code=201, summary="Enter a sheet that came in on paper",
    dependencies=[repeatable],
)  # fmt: skip
def enter(assessment_id: Identity, body: PaperEntry, visitor: Visitor = Depends(visiting)) -> Identified:
    """It counts for nothing until it is countersigned."""
    scan = decoded(body.scan)
    identity = paper_sheets.enter_paper_sheet(
        visitor.database, visitor.person, assessment_id=assessment_id, evaluator=body.evaluator,
        typed=paper_sheets.TypedSheet(dict(body.items), dict(body.comments), list(body.veto)),
        scan=Upload(body.scan_name, scan), scanner=scanner_at(settings().clamd), now=visitor.now,
    )  # fmt: skip
    return Identified(id=identity)


@router.get("/paper-sheets/{paper_id}", summary="One sheet that came in on paper")
def read(paper_id: Identity, visitor: Visitor = Depends(visiting)) -> PaperSheet:
    """For secretaries, and for the evaluator whose it is."""
    with visitor.reading() as work:
        found = paper_sheets.readable(work, visitor.person, paper_id)
    return PaperSheet(
        id=found.id, assessment=found.assessment_id, evaluator=found.evaluator, items=found.items,
        comments=found.comments, veto=list(found.veto), scan_sha256=found.scan_sha256, entered_by=found.entered_by,
        entered_at=found.entered_at, standing=found.standing, decided_by=found.decided_by, reason=found.reason,
    )  # fmt: skip


@router.post(
    "/paper-sheets/{paper_id}/countersignature", status_code=204, summary="Countersign a paper sheet or send it back"
)
def countersign(paper_id: Identity, body: Countersignature, visitor: Visitor = Depends(visiting)) -> None:
    """By the evaluator, or by a secretary other than the one who typed it; then it is locked and counts."""
    paper_sheets.countersign(
        visitor.database, visitor.person, paper_id=paper_id, agrees=body.agrees, reason=body.reason, now=visitor.now
    )
