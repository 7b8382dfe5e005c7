"""抽取记录: a panel drawn by lot, with every candidate, who was left out and why, and the seed it derives from."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases.commands import appoint_panel
from services.cases.panels import draw_page
from services.errors import Refused
from services.evaluators.drawing import reason_words
from web.cases_view import case_context
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.requests import known_id
from web.visitor import Visitor, visiting

router = APIRouter()


@router.get("/draws/{draw_id}")
def page(request: Request, draw_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """One draw, derived again from its record while the page is made."""
    with visitor.reading() as work:
        found = draw_page(work, visitor.person, known_id(draw_id))
    return show(request, visitor, "evaluators/draw.html", draw=found, reason_words=reason_words)


@router.post("/cases/{number}/draws")
def draw(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Draw the panel of a round from the pool."""
    try:
        appoint_panel(visitor.database, visitor.person, number=number, form=form.text("form"), now=visitor.now)
    except Refused as refused:
        context = case_context(visitor, number, refused=refusal(refused, visitor))
        return show(request, visitor, "cases/page.html", status=refused.http_status, **context)
    return go(f"/cases/{number}", note="drawn")
