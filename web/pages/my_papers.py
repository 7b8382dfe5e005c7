"""All papers that were issued to the organization in one place: number, standing, code to check them by, the file."""

from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from documents.qr import QrPath, qr_path
from services.issuance.queries import DocumentLine, papers_in_drawer
from services.issuance.rules import grouped
from services.settings import settings
from web.rendering import show
from web.visitor import Visitor, visiting

router = APIRouter()


@dataclass(frozen=True, slots=True)
class PaperCard:
    """One paper with the code that leads to its check."""

    line: DocumentLine
    code: str
    qr: QrPath


@router.get("/my-papers")
def papers(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """What lies in the own drawer, the latest on top."""
    with visitor.reading() as work:
        lines = papers_in_drawer(work, visitor.person.id)
    site = settings().site.rstrip("/")
    cards = [
        PaperCard(one, grouped(one.verify_code), qr_path(f"{site}/verify/{grouped(one.verify_code)}")) for one in lines
    ]
    return show(request, visitor, "my_papers/page.html", cards=cards)
