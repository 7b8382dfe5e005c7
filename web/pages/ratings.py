"""好差评: five levels, reasons and a few words about a part of the case that is over."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.applications.queries import rated
from services.applications.rules import LEVELS, REASONS
from services.cases import rating
from services.errors import NotFound, Refused
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/cases/{number}/ratings/{topic}")


@router.get("")
def ask(request: Request, number: str, topic: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The form for a part that is over; what was rated already says so."""
    return _page(request, visitor, number, topic, form=Posted({}))


def _page(
    request: Request, visitor: Visitor, number: str, topic: str, *, form: Posted, status: int = 200,
    problems: tuple[str, ...] = (),
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        subject = rating.own_case(work, visitor.person, number)
        if topic not in rating.concluded(subject):
            raise NotFound("access.not_found")
        given = topic in rated(work, subject.case.id)
    return show(
        request, visitor, "ratings/page.html", status=status, number=number, topic=topic, given=given, levels=LEVELS,
        reasons=REASONS, form=form, problems=problems,
    )  # fmt: skip


@router.post("")
def give(
    request: Request, number: str, topic: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Keep the rating; it can be given once."""
    level = form.text("level")
    try:
        rating.rate(
            visitor.database, visitor.person, number=number, topic=topic,
            level=int(level) if level in tuple(map(str, LEVELS)) else 0, reasons=form.all("reasons"),
            text=form.text("text"), now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        said = refusal(refused, visitor)
        return _page(request, visitor, number, topic, form=form, status=refused.http_status, problems=said)
    return go("/", note="rated")
