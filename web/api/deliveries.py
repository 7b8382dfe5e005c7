"""送达: what must be served, the own drawers, receipt by a click, setting out to serve, and what came of it."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from services.applications.inspection import Upload
from services.applications.scanning import scanner_at
from services.cases import delivering
from services.cases.served import delivery_for, to_serve
from services.delivery.queries import Delivery, drawers
from services.delivery.rules import Result, Way
from services.errors import NotFound
from services.settings import settings
from web.delivery_view import moment_of
from web.interface.files import decoded
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Identified, Identity, Reply
from web.pages.assessment_results import as_file
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["deliveries"], route_class=RepeatableRoute)
SCAN = {
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    "description": "The scan",
}
Text = Annotated[str, Field(max_length=400), Clean]
Name = Annotated[str, Field(max_length=60), Clean]


class DeliveryBegun(Body):
    """How the office sets out to serve; in person a numbered proof of service is issued to be signed."""

    mode: Literal["direct", "post", "publication"]
    place: Annotated[str, Field(max_length=200), Clean] = ""
    tracking: Name = ""
    reason: Text = ""
    begun_on: Day | None = None


class DeliveryResult(Body):
    """What came of it; the scan of what was signed comes as base64. `time` is the office's clock (HH:MM)."""

    outcome: Literal["served", "left", "returned"]
    day: Day
    time: Annotated[str, Field(max_length=5, pattern=r"^(\d\d:\d\d)?$")] = ""
    receiver: Name = ""
    relation: Literal["", "leader", "agent", "staff", "family"] = ""
    refusal: Text = ""
    witnesses: Annotated[list[Name], Field(max_length=2)] = []
    scan_name: Annotated[str, Field(max_length=200), Clean] = ""
    scan: Annotated[str, Field(max_length=28_000_000)] = ""


class DeliveryTry(Reply):
    """One try to serve; `outcome` is null while it is on its way."""

    id: str
    mode: str
    begun_on: date
    place: str
    tracking: str
    reason: str
    proof: str | None
    outcome: str | None
    ended_on: date | None
    received_at: datetime | None
    receiver: str
    relation: str
    refusal: str
    witnesses: list[str]
    scan_sha256: str | None


class PaperDelivery(Reply):
    """A paper in an organization's drawer; the days of a remedy count from `served_on`."""

    document: str
    number: str
    kind: str
    paper_standing: str
    recipient: str
    put_at: datetime
    standing: str
    serve_by: date | None
    served_on: date | None
    served_at: datetime | None
    mode: str
    remedy: str | None
    remedy_until: date | None
    opened_at: datetime | None
    tries: list[DeliveryTry]


class PaperDeliveries(Reply):
    """Papers with how they were served; `total` wait in all, `over` of them past their day."""

    deliveries: list[PaperDelivery]
    total: int
    over: int


@router.get("/deliveries", summary="Papers that must be served")
def register(
    standing: Literal["waiting", "over", "returned", "under_way", "served"] = "waiting", mine: bool = False,
    visitor: Visitor = Depends(visiting),
) -> PaperDeliveries:  # fmt: skip
    """The nearest day first; `mine` leaves those that are the caller's to serve."""
    with visitor.reading() as work:
        found = to_serve(work, visitor.person, standing=standing, mine=mine)
    return PaperDeliveries(deliveries=[_shown(one) for one in found.lines], total=found.total, over=found.over)


@router.get("/my-papers", summary="The drawers of the organizations one acts for")
def drawer(visitor: Visitor = Depends(visiting)) -> PaperDeliveries:
    """The latest first."""
    with visitor.reading() as work:
        found = drawers(work, visitor.person)
    waiting = [one for one in found if one.waits]
    late = sum(one.due_on is not None and one.due_on < visitor.today for one in waiting)
    return PaperDeliveries(deliveries=[_shown(one) for one in found], total=len(waiting), over=late)


@router.get("/documents/{document_id}/delivery", summary="How a paper was served")
def read(document_id: Identity, visitor: Visitor = Depends(visiting)) -> PaperDelivery:
    """404 for what may not be known, and for a paper in nobody's drawer."""
    with visitor.reading() as work:
        found = delivery_for(work, visitor.person, document_id)
    if found is None:
        raise NotFound("document.not_found")
    return _shown(found)


@router.post("/papers/{document_id}/receipt", summary="Confirm the receipt of a paper")
def confirm(document_id: Identity, visitor: Visitor = Depends(visiting)) -> PaperDelivery:
    """From this instant on it is served; doing it again changes nothing."""
    return _shown(delivering.confirm_receipt(visitor.database, visitor.person, document_id, now=visitor.now))


@router.post(
    "/papers/{document_id}/delivery", status_code=201, summary="Set out to serve a paper", dependencies=[repeatable]
)
def begin(document_id: Identity, body: DeliveryBegun, visitor: Visitor = Depends(visiting)) -> Identified:
    """In person, by post, or by publication where nothing else could."""
    way = Way(body.mode, body.place, body.tracking, body.reason, body.begun_on)
    return Identified(id=delivering.begin_delivery(visitor.database, visitor.person, document_id, way, now=visitor.now))


@router.post("/deliveries/{try_id}/result", status_code=204, summary="Record what came of a delivery")
def record(try_id: Identity, body: DeliveryResult, visitor: Visitor = Depends(visiting)) -> None:
    """Once; in person and left before witnesses the signed proof of service is needed."""
    content = decoded(body.scan)
    result = Result(
        body.outcome, moment_of(body.day.isoformat(), body.time), body.receiver, body.relation, body.refusal,
        tuple(body.witnesses),
    )  # fmt: skip
    delivering.record_result(
        visitor.database, visitor.person, try_id, result,
        scan=Upload(body.scan_name, content) if content else None, scanner=scanner_at(settings().clamd),
        now=visitor.now,
    )  # fmt: skip


@router.get(
    "/deliveries/{try_id}/scan", summary="The scan of a signed proof", response_class=Response, responses={200: SCAN}
)
def scan(try_id: Identity, visitor: Visitor = Depends(visiting)) -> Response:
    """As it was uploaded (pictures are drawn anew)."""
    with visitor.reading() as work:
        content, extension = delivering.scan_of(work, visitor.person, try_id)
    return as_file(content, extension)


def _shown(one: Delivery) -> PaperDelivery:
    tries = [
        DeliveryTry(
            id=made.id, mode=made.mode, begun_on=made.begun_on, place=made.place, tracking=made.tracking,
            reason=made.reason, proof=made.proof_number or None, outcome=made.outcome, ended_on=made.ended_on,
            received_at=made.received_at, receiver=made.receiver, relation=made.relation, refusal=made.refusal,
            witnesses=list(made.witnesses), scan_sha256=made.scan_sha256,
        )
        for made in one.tries
    ]  # fmt: skip
    return PaperDelivery(
        document=one.paper.id, number=one.paper.number, kind=one.paper.kind, paper_standing=one.paper.standing,
        recipient=one.organization, put_at=one.put_at, standing=one.standing, serve_by=one.due_on,
        served_on=one.served_on, served_at=one.served_at, mode=one.mode,
        remedy=one.remedy["kind"] if one.remedy else None, remedy_until=one.remedy_until, opened_at=one.opened_at,
        tries=tries,
    )  # fmt: skip
