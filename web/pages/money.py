"""Public money: the position of every budget line and the balance of the whole book."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.funding.queries import budget_position
from services.ledger.chart import account_name
from services.ledger.queries import balances, entries
from web.rendering import show
from web.visitor import Visitor, visiting

router = APIRouter()


@router.get("/money")
def money(request: Request, year: int | None = None, visitor: Visitor = Depends(visiting)) -> Response:
    """Budget lines, the trial balance (its sum is nothing), the latest postings."""
    with visitor.reading() as work:
        lines = budget_position(work, year=year)
        book = balances(work)
        latest = entries(work, limit=30)
    years = sorted({line.year for line in lines})
    return show(
        request, visitor, "money/page.html", lines=lines, book=sorted(book.items()), total=sum(book.values()),
        latest=latest, years=years, year=year, account_name=account_name,
    )  # fmt: skip
