"""Errands: what moves still owe the world, what is parked and why, how the queue and the timers stand."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases.attending import done_by_hand, retry_all_parked, retry_parked
from services.cases.timers import clock_health
from services.errors import NotFound, Refused
from services.outbox.queries import Standing, queue_health, under_way
from services.outbox.queries import errands as errand_lines
from services.outbox.rules import BY_HAND
from services.settings import settings
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/errands")
STANDINGS: tuple[Standing, ...] = ("parked", "waiting", "done")


@router.get("")
def errands(
    request: Request, standing: str = "parked", done: str = "", visitor: Visitor = Depends(visiting)
) -> Response:
    """Errands of one standing; the parked ones first, because a person is needed."""
    wanted = next((one for one in STANDINGS if one == standing), None)
    if wanted is None:
        raise NotFound("access.not_found")
    return _page(request, visitor, wanted, done=done)


def _page(
    request: Request, visitor: Visitor, standing: Standing = "parked", *, done: str = "", error: Refused | None = None,
    form: Posted | None = None, about: str = "",
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        lines = errand_lines(work, standing=standing)
        queue, clocks, moving = queue_health(work), clock_health(work), under_way(work)
    return show(
        request, visitor, "errands/page.html", status=error.http_status if error else 200, errands=lines,
        standing=standing, standings=STANDINGS, queue=queue, clocks=clocks, moving=moving,
        by_hand=BY_HAND, done=done, about=about,
        problems=refusal(error, visitor) if error else (), form=form or Posted({}), dashboard=_dashboard(),
        parked=sum(count for _, count in queue.parked),
    )  # fmt: skip


def _dashboard() -> str:
    """Where Prefect shows its runs: the server of the settings, else the one started beside the console."""
    named = settings().prefect_api_url.removesuffix("/").removesuffix("/api")
    return named or f"http://127.0.0.1:{settings().prefect_port}"


@router.post("/{errand_id}/retry")
def retry(request: Request, errand_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Send a parked errand off again; the audit log keeps who did."""
    try:
        retry_parked(visitor.database, visitor.person, errand_id=errand_id, now=visitor.now)
    except Refused as error:
        return _page(request, visitor, error=error)
    return go("/errands", note="retried")


@router.post("/retry")
def retry_all(form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Send every parked errand of one kind off again."""
    retry_all_parked(visitor.database, visitor.person, effect=form.text("effect"), now=visitor.now)
    return go("/errands", note="retried")


@router.post("/{errand_id}/by-hand")
def by_hand(
    request: Request, errand_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Note that a person did it, with what was done."""
    try:
        done_by_hand(visitor.database, visitor.person, errand_id=errand_id, reason=form.text("reason"), now=visitor.now)
    except Refused as error:
        return _page(request, visitor, error=error, form=form, about=errand_id)
    return go("/errands", note="by_hand")
