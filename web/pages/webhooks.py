"""推送: which other systems are told of what, what was sent, and sending it again."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.errors import NotFound, Refused
from services.settings import settings
from services.webhooks import commands
from services.webhooks.kinds import KINDS
from services.webhooks.queries import Standing, delivery_lines, subscription_lines
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/webhooks")
STANDINGS: tuple[Standing, ...] = ("all", "parked", "waiting", "delivered")
MOST_LINES = 100


@router.get("")
def webhooks(request: Request, standing: str = "all", done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Subscriptions, the form for a new one, and the latest messages."""
    return _page(request, visitor, standing=standing, done=done)


def _page(
    request: Request, visitor: Visitor, *, standing: str = "all", done: str = "", status: int = 200,
    problems: tuple[str, ...] = (), form: Posted | None = None, secret: str = "",
) -> Response:  # fmt: skip
    wanted = next((one for one in STANDINGS if one == standing), None)
    if wanted is None:
        raise NotFound("access.not_found")
    with visitor.reading() as work:
        subscriptions = subscription_lines(work, visitor.person)
        deliveries = delivery_lines(work, visitor.person, standing=wanted, limit=MOST_LINES)
    names = {kind: pair[visitor.lang == "en"] for kind, pair in KINDS.items()}
    return show(
        request, visitor, "webhooks/page.html", status=status, subscriptions=subscriptions, deliveries=deliveries,
        standing=wanted, standings=STANDINGS, names=names, problems=problems, form=form or Posted({}), secret=secret,
        done=done,
    )  # fmt: skip


@router.post("")
def subscribe(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Make a subscription and show its secret, this once."""
    try:
        made = commands.subscribe(
            visitor.database, visitor.person, url=form.text("url"), kinds=form.all("kinds"),
            loopback=settings().webhook_loopback, now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        problems = refusal(refused, visitor)
        return _page(request, visitor, status=refused.http_status, problems=problems, form=form)
    return _page(request, visitor, secret=made.secret)


@router.post("/{subscription_id}/end")
def end(subscription_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Send nothing more there."""
    commands.end_subscription(visitor.database, visitor.person, subscription_id=subscription_id, now=visitor.now)
    return go("/webhooks", note="webhook_ended")


@router.post("/{subscription_id}/ping")
def ping(subscription_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Send a test message."""
    commands.ping(visitor.database, visitor.person, subscription_id=subscription_id, now=visitor.now)
    return go("/webhooks", note="webhook_pinged")


@router.post("/deliveries/{delivery_id}/replay")
def replay(delivery_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Send a message again."""
    commands.replay(visitor.database, visitor.person, delivery_id=delivery_id, now=visitor.now)
    return go("/webhooks", note="webhook_replayed")
