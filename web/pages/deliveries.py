"""送达: papers that must be served, setting out to serve one, what came of it, and the addressee's own receipt."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.applications.scanning import scanner_at
from services.authority.rules import scopes
from services.cases import delivering
from services.cases.delivering import SERVE
from services.cases.served import STANDINGS, to_serve
from services.delivery.queries import delivery_of_try
from services.errors import Refused, Unavailable
from services.settings import settings
from web.delivery_view import result_of, way_of
from web.forms.posted import Posted, posted
from web.pages.assessment_results import as_file
from web.pages.papers import paper_page
from web.rendering import go, show
from web.requests import known_id
from web.visitor import Visitor, visiting

router = APIRouter()


@router.get("/deliveries")
def register(request: Request, standing: str = "", whose: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """What must be served, the nearest day first; a filter shows what is late, on its way, returned or served."""
    chosen = standing if standing in STANDINGS else "waiting"
    serves = bool(scopes(visitor.person, SERVE))
    mine = serves and whose != "all"
    with visitor.reading() as work:
        found = to_serve(work, visitor.person, standing=chosen, mine=mine)
    return show(
        request, visitor, "deliveries/list.html", found=found, standing=chosen, standings=STANDINGS, mine=mine,
        serves=serves,
    )  # fmt: skip


@router.post("/papers/{document_id}/receipt")
def confirm(request: Request, document_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The addressee confirms the receipt."""
    try:
        delivering.confirm_receipt(visitor.database, visitor.person, known_id(document_id), now=visitor.now)
    except Refused as refused:
        return paper_page(request, visitor, document_id, error=refused)
    return go(f"/papers/{document_id}", note="receipt_confirmed")


@router.post("/papers/{document_id}/delivery")
def begin(
    request: Request, document_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Set out to serve the paper."""
    try:
        delivering.begin_delivery(
            visitor.database, visitor.person, known_id(document_id), way_of(form), now=visitor.now
        )
    except Refused as refused:
        return paper_page(request, visitor, document_id, form=form, error=refused)
    return go(f"/papers/{document_id}", note="delivery_begun")


@router.post("/deliveries/{try_id}/result")
def record(
    request: Request, try_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Write down what came of it, with the scan of what was signed."""
    with visitor.reading() as work:
        document_id = delivery_of_try(work, known_id(try_id))[0].paper.id
    try:
        delivering.record_result(
            visitor.database, visitor.person, try_id, result_of(form), scan=form.upload(),
            scanner=scanner_at(settings().clamd), now=visitor.now,
        )  # fmt: skip
    except (Refused, Unavailable) as refused:
        return paper_page(request, visitor, document_id, form=form, error=refused)
    return go(f"/papers/{document_id}", note="delivery_recorded")


@router.get("/deliveries/{try_id}/scan")
def scan(try_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The scan of what was signed, to be saved and never shown by the browser."""
    with visitor.reading() as work:
        content, extension = delivering.scan_of(work, visitor.person, known_id(try_id))
    return as_file(content, extension)
