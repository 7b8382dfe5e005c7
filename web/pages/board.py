"""看板: how many cases stand where, how long stages take, what is overdue, who carries how much."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from markupsafe import Markup

from services.cases.lists import CaseFilter, filtered
from services.reports.queries import board
from services.reports.rules import share
from web.funnel import Bar, funnel_svg
from web.rendering import name, show
from web.visitor import Visitor, visiting
from web.wording import say

router = APIRouter()
MOST_OVERDUE = 10


@router.get("/board")
def figures(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Every figure leads to the list of the cases it counts."""
    with visitor.reading() as work:
        shown = board(work, visitor.person)
        overdue = filtered(work, visitor.person, CaseFilter(figure="overdue", order="due"), limit=MOST_OVERDUE)
    bars = tuple(Bar(name(one.state, visitor.lang), one.cases) for one in shown.funnel)
    drawing = Markup(funnel_svg(bars, title=say("board.funnel", visitor.lang)))
    return show(request, visitor, "board/page.html", board=shown, overdue=overdue, drawing=drawing, share=share)
