"""Papers for those who may see the case they belong to: as PDF files, and page by page as pictures."""

from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.authority.rules import scopes
from services.cases.delivering import SERVE, open_paper
from services.cases.queries import case_number_of, document_for
from services.cases.second_signing import second_of
from services.cases.served import delivery_for
from services.delivery.queries import drawer_of, represented
from services.delivery.rules import OUTCOMES, RELATIONS
from services.errors import ServiceError
from services.issuance.pictures import page_picture
from services.issuance.queries import document_bytes
from web.forms.posted import Posted
from web.rendering import refusal, show
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/papers")


@router.get("/{document_id}.pdf")
def paper(document_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The drawn paper, in the browser's own viewer; that an addressee looked is noted. NotFound for the unknown."""
    with visitor.reading() as work:
        line = document_for(work, visitor.person, document_id)
        content = document_bytes(work, document_id)
    _note_opening(visitor, document_id)
    name = quote(f"{line.number}.pdf")
    headers = {"Content-Disposition": f"inline; filename=\"{line.code}.pdf\"; filename*=UTF-8''{name}"}
    return Response(content, media_type="application/pdf", headers=headers)


@router.get("/{document_id}")
def opened(request: Request, document_id: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The paper page by page, for what shows no PDF; who may read it, and what opening it means, are the same."""
    return paper_page(request, visitor, document_id, done=done)


def paper_page(
    request: Request, visitor: Visitor, document_id: str, *, done: str = "", form: Posted | None = None,
    error: ServiceError | None = None,
) -> Response:  # fmt: skip
    """The paper with how it is served; shown again with what was typed when an act on its delivery was refused."""
    with visitor.reading() as work:
        line = document_for(work, visitor.person, document_id)
        number = case_number_of(work, line.case_id) if line.case_id else ""
    _note_opening(visitor, document_id)
    with visitor.reading() as work:
        delivery = delivery_for(work, visitor.person, document_id)
        second = second_of(work, visitor.person, document_id) if line.two_parties else None
    return show(
        request, visitor, "papers/page.html", status=error.http_status if error else 200, paper=line,
        case_number=number, delivery=delivery, second=second, form=form or Posted({}), done=done,
        own=delivery is not None and delivery.organization_id in represented(visitor.person),
        serves=bool(scopes(visitor.person, SERVE)), relations=RELATIONS, outcomes=OUTCOMES,
        problems=refusal(error, visitor) if error else (),
    )  # fmt: skip


@router.get("/{document_id}/pages/{page}.webp")
def picture(document_id: str, page: int, visitor: Visitor = Depends(visiting)) -> Response:
    """One page as a picture."""
    with visitor.reading() as work:
        content = page_picture(work, document_for(work, visitor.person, document_id), page)
    _note_opening(visitor, document_id)
    return Response(content, media_type="image/webp")


def _note_opening(visitor: Visitor, document_id: str) -> None:
    """Whoever a paper is addressed to has looked at it by opening it, in whatever form; receipt is confirmed apart."""
    with visitor.reading() as work:
        addressed = document_id in drawer_of(work, visitor.person)
    if addressed:
        visitor.write(lambda work: open_paper(work, visitor.person, document_id))
