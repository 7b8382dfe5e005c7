"""对方签署: how the other side of an agreement signed, the file it signed, and the scan of what was signed by hand."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from services.applications.inspection import Upload
from services.applications.scanning import scanner_at
from services.cases import second_signing
from services.errors import NotFound
from services.settings import settings
from web.interface.case_shapes import Paper, paper_of
from web.interface.files import decoded
from web.interface.shapes import Body, Clean, Day, Identity, Reply
from web.pages.assessment_results import as_file
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1/papers/{document_id}", tags=["papers"])
COPY = {
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    "description": "The file",
}
Name = Annotated[str, Field(max_length=200), Clean]
File = Annotated[str, Field(max_length=28_000_000)]


class SignedFile(Body):
    """Our file with one signature more, as base64."""

    file: File


class SignedByHand(Body):
    """Who signed for the other side and when, and the scan of the signed agreement as base64."""

    signer: Annotated[str, Field(max_length=60), Clean]
    signed_on: Day
    scan_name: Name
    scan: File


class SecondSignature(Reply):
    """How the other side signed; certificate and authority are empty for a signature by hand."""

    way: Literal["electronic", "by_hand"]
    signer: str
    signed_on: date
    authority: str
    certificate_sha256: str
    sha256: str
    recorded_at: datetime


@router.get("/second-signature", summary="How the other side of an agreement signed")
def read(document_id: Identity, visitor: Visitor = Depends(visiting)) -> SecondSignature:
    """404 for what may not be known, and while the other side has not signed."""
    with visitor.reading() as work:
        found = second_signing.second_of(work, visitor.person, document_id)
    if found is None:
        raise NotFound("document.not_found")
    return SecondSignature(
        way=found.way, signer=found.signer, signed_on=found.signed_on, authority=found.authority,
        certificate_sha256=found.fingerprint, sha256=found.sha256, recorded_at=found.recorded_at,
    )  # fmt: skip


@router.post("/second-signature", summary="Bring an agreement signed electronically by its other side")
def sign(document_id: Identity, body: SignedFile, visitor: Visitor = Depends(visiting)) -> Paper:
    """The file as it was issued, with one signature in the field of the other side and nothing else."""
    file = Upload("signed.pdf", decoded(body.file))
    return paper_of(second_signing.sign_second(visitor.database, visitor.person, document_id, file, now=visitor.now))


@router.post("/signed-copy", summary="Record that an agreement was signed by hand")
def record(document_id: Identity, body: SignedByHand, visitor: Visitor = Depends(visiting)) -> Paper:
    """With the scan of all its pages."""
    paper = second_signing.record_by_hand(
        visitor.database, visitor.person, document_id, signer=body.signer, signed_on=body.signed_on,
        scan=Upload(body.scan_name, decoded(body.scan)), scanner=scanner_at(settings().clamd), now=visitor.now,
    )  # fmt: skip
    return paper_of(paper)


@router.get("/signed-copy", summary="The agreement signed by both", response_class=Response, responses={200: COPY})
def signed_copy(document_id: Identity, visitor: Visitor = Depends(visiting)) -> Response:
    """The file with both signatures, or the scan."""
    with visitor.reading() as work:
        content, extension = second_signing.signed_copy(work, visitor.person, document_id)
    return as_file(content, extension)
