"""Papers: those of a case, the file itself, and the public check by code or by the file."""

import hashlib
from datetime import date, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from services.cases.delivering import open_paper
from services.cases.queries import case_page, document_for
from services.database.work import Work
from services.delivery.queries import drawer_of
from services.errors import NotFound
from services.issuance.files import file_bytes
from services.issuance.queries import current_file
from services.issuance.verifying import Verification, by_file, note_look, verification
from web.interface.case_shapes import Paper, paper_of
from web.interface.shapes import Identity, Number, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["documents"])
PDF = {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}, "description": "The PDF"}
FILE = {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}, "required": True}


class Papers(Reply):
    """Papers, the oldest first."""

    documents: list[Paper]


class Verified(Reply):
    """What anyone may know about a paper; `same` says whether the file that was sent is the issued one."""

    kind: str
    title: str
    number: str
    holder: str
    standing: str
    decided_on: date
    sha256: str | None
    revoked_at: datetime | None
    ended_at: datetime | None
    code: str
    valid_to: date | None = None
    successor: str = ""
    signed_by_both_on: date | None = None
    same: bool | None = None


@router.get("/cases/{number}/documents", summary="The papers of a case")
def papers(number: Number, visitor: Visitor = Depends(visiting)) -> Papers:
    """Those this person may read."""
    with visitor.reading() as work:
        page = case_page(work, visitor.person, number)
    return Papers(documents=[paper_of(one) for one in page.documents])


@router.get("/documents/verify/{code}", summary="Check a paper by its code")
def verify(code: Annotated[str, Field(max_length=60)], visitor: Visitor = Depends(visiting)) -> Verified:
    """What anyone may know about the paper of that code, with or without the token of its QR code; 404 when none."""

    def look(work: Work) -> Verification | None:
        found = verification(work, code)
        note_look(work, visitor.actor, found, by="code", address=visitor.origin.address)
        return found

    return _verified(visitor.write(look))


@router.post("/verifications", summary="Check a paper by its file", openapi_extra={"requestBody": FILE})
async def compare(request: Request) -> Verified:
    """The body is the file; it is compared by its SHA-256 and not kept. 404 when no issued paper has it."""
    digest = hashlib.sha256()
    async for piece in request.stream():
        digest.update(piece)
    return await run_in_threadpool(_compare, visiting(request), digest.hexdigest())


def _compare(visitor: Visitor, digest: str) -> Verified:
    def look(work: Work) -> Verification | None:
        found = by_file(work, digest)
        note_look(work, visitor.actor, found, by="file", address=visitor.origin.address)
        return found

    return _verified(visitor.write(look), same=True)


def _verified(found: Verification | None, *, same: bool | None = None) -> Verified:
    if found is None:
        raise NotFound("document.not_found")
    return Verified(
        kind=found.kind, title=found.title, number=found.number, holder=found.holder, standing=found.standing,
        decided_on=found.decided_on, sha256=found.file_sha256, ended_at=found.ended_at,
        revoked_at=found.ended_at if found.standing == "revoked" else None, code=found.printed_code,
        valid_to=found.valid_to, successor=found.successor, signed_by_both_on=found.second_signed_on,
        same=same,
    )  # fmt: skip


@router.get("/documents/{document_id}", summary="One paper")
def paper(document_id: Identity, visitor: Visitor = Depends(visiting)) -> Paper:
    """404 for what may not be known."""
    with visitor.reading() as work:
        return paper_of(document_for(work, visitor.person, document_id))


@router.get(
    "/documents/{document_id}/file", summary="The file of a paper", response_class=Response, responses={200: PDF}
)
def file(document_id: Identity, visitor: Visitor = Depends(visiting)) -> Response:
    """The PDF; that whoever it is addressed to looked at it is noted."""
    actor = visitor.person
    with visitor.reading() as work:
        line = document_for(work, actor, document_id)
        digest = current_file(work, document_id)
        content = file_bytes(work, digest)
        addressed = document_id in drawer_of(work, actor)
    if addressed:
        visitor.write(lambda work: open_paper(work, actor, document_id))
    headers = {
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(line.number)}.pdf",
        "ETag": f'"{digest}"',
    }
    return Response(content, media_type="application/pdf", headers=headers)
