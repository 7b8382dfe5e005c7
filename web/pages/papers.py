"""Papers for those who may see the case they belong to: as PDF files, and page by page as pictures."""

from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases.queries import case_number_of, document_for
from services.issuance.commands import note_received
from services.issuance.pictures import page_picture
from services.issuance.queries import document_bytes, drawer_of
from web.rendering import show
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/papers")


@router.get("/{document_id}.pdf")
def paper(document_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The drawn paper; whoever it is addressed to has received it by opening it. NotFound for what may not be known."""
    with visitor.reading() as work:
        line = document_for(work, visitor.person, document_id)
        content = document_bytes(work, document_id)
    _note_opening(visitor, document_id)
    name = quote(f"{line.number}.pdf")
    headers = {"Content-Disposition": f"inline; filename=\"{line.code}.pdf\"; filename*=UTF-8''{name}"}
    return Response(content, media_type="application/pdf", headers=headers)


@router.get("/{document_id}")
def opened(request: Request, document_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The paper page by page, for what shows no PDF; who may read it, and what opening it means, are the same."""
    with visitor.reading() as work:
        line = document_for(work, visitor.person, document_id)
        number = case_number_of(work, line.case_id) if line.case_id else ""
    _note_opening(visitor, document_id)
    return show(request, visitor, "papers/page.html", paper=line, case_number=number)


@router.get("/{document_id}/pages/{page}.webp")
def picture(document_id: str, page: int, visitor: Visitor = Depends(visiting)) -> Response:
    """One page as a picture."""
    with visitor.reading() as work:
        content = page_picture(work, document_for(work, visitor.person, document_id), page)
    _note_opening(visitor, document_id)
    return Response(content, media_type="image/webp")


def _note_opening(visitor: Visitor, document_id: str) -> None:
    """Whoever a paper is addressed to has received it by opening it, in whatever form."""
    person_id = visitor.person.id
    with visitor.reading() as work:
        addressed = document_id in drawer_of(work, person_id)
    if addressed:
        visitor.write(lambda work: note_received(work, document_id=document_id, person_id=person_id))
