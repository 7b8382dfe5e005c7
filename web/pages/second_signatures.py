"""对方签署: an agreement comes back with the other side's signature, in the file or by hand on paper."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.applications.scanning import scanner_at
from services.cases import second_signing
from services.errors import Refused, Unavailable
from services.settings import settings
from web.forms.posted import Posted, posted
from web.pages.assessment_results import as_file
from web.pages.papers import paper_page
from web.rendering import go
from web.requests import known_id
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/papers/{document_id}")
DAY = ("签署日期", "day of signing")


@router.post("/second-signature")
def sign(
    request: Request, document_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Keep the file that came back with the other side's electronic signature."""
    try:
        second_signing.sign_second(
            visitor.database, visitor.person, known_id(document_id), form.needed_upload(), now=visitor.now
        )
    except Refused as refused:
        return paper_page(request, visitor, document_id, form=form, error=refused)
    return go(f"/papers/{document_id}", note="agreement_signed")


@router.post("/signed-copy")
def record(
    request: Request, document_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Keep the scan of what both sides signed by hand."""
    try:
        second_signing.record_by_hand(
            visitor.database, visitor.person, known_id(document_id), signer=form.text("signer"),
            signed_on=form.day("signed_on", DAY), scan=form.needed_upload(), scanner=scanner_at(settings().clamd),
            now=visitor.now,
        )  # fmt: skip
    except (Refused, Unavailable) as refused:
        return paper_page(request, visitor, document_id, form=form, error=refused)
    return go(f"/papers/{document_id}", note="agreement_signed")


@router.get("/signed-copy")
def signed_copy(document_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The file that shows both signatures, to be saved and never shown by the browser."""
    with visitor.reading() as work:
        content, extension = second_signing.signed_copy(work, visitor.person, known_id(document_id))
    return as_file(content, extension)
