"""The drawers of each organization one acts for, and one's own: what is new, asks for a receipt, and until when."""

from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from documents.qr import QrPath, qr_path
from services.delivery.queries import Delivery, drawers, papers_for_person
from services.issuance.queries import DocumentLine
from services.issuance.rules import grouped
from services.settings import settings
from web.rendering import show
from web.visitor import Visitor, visiting

router = APIRouter()


@dataclass(frozen=True, slots=True)
class PaperCard:
    """One paper with its delivery and the code that leads to its check."""

    paper: DocumentLine
    delivery: Delivery | None
    code: str
    qr: QrPath


@router.get("/my-papers")
def papers(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """What lies in the drawers, what asks for a receipt first, then the latest on top."""
    with visitor.reading() as work:
        found = drawers(work, visitor.person)
        own = papers_for_person(work, visitor.person)
    kept = sorted(found, key=lambda one: (one.organization, one.organization_id, not one.waits))
    groups = [
        (name, [_card(one.paper, one) for one in lines])
        for (name, _), lines in groupby(kept, key=lambda one: (one.organization, one.organization_id))
    ]
    return show(
        request, visitor, "my_papers/page.html", drawers=groups, own=[_card(one, None) for one in own], done=done,
        waiting=sum(one.waits for one in found),
    )  # fmt: skip


def _card(paper: DocumentLine, delivery: Delivery | None) -> PaperCard:
    code = grouped(paper.verify_code)
    return PaperCard(paper, delivery, code, qr_path(f"{settings().site.rstrip('/')}/verify/{code}"))
