"""Papers as PDF files, for those who may see the case they belong to."""

from urllib.parse import quote

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from services.cases.queries import document_for
from services.issuance.commands import note_received
from services.issuance.queries import document_bytes, drawer_of
from web.visitor import Visitor, visiting

router = APIRouter()


@router.get("/papers/{document_id}.pdf")
def paper(document_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The drawn paper; whoever it is addressed to has received it by opening it. NotFound for what may not be known."""
    actor = visitor.person
    with visitor.reading() as work:
        line = document_for(work, actor, document_id)
        content = document_bytes(work, document_id)
        addressed = document_id in drawer_of(work, actor.id)
    if addressed:
        visitor.write(lambda work: note_received(work, document_id=document_id, person_id=actor.id))
    name = quote(f"{line.number}.pdf")
    headers = {"Content-Disposition": f"inline; filename=\"{line.code}.pdf\"; filename*=UTF-8''{name}"}
    return Response(content, media_type="application/pdf", headers=headers)
