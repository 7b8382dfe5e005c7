"""Webhooks: subscriptions, test messages, what was sent, and sending it again."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from services.settings import settings
from services.webhooks import commands
from services.webhooks.kinds import KINDS
from services.webhooks.queries import delivery_lines, subscription_lines
from services.webhooks.rules import LONGEST_URL
from web.interface.portions import MOST_LINES, Cursor, Limit, link_next, portion
from web.interface.repeats import SHOWN_ONCE, RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Identified, Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["webhooks"], route_class=RepeatableRoute)


class Wanted(Body):
    """Where to send, and which events; a kind means all below it too (`case` every move of every case)."""

    url: Annotated[str, Field(min_length=1, max_length=LONGEST_URL), Clean]
    kinds: Annotated[list[Annotated[str, Field(max_length=80), Clean]], Field(min_length=1, max_length=60)]


class Subscribed(Reply):
    """A fresh subscription; the secret that signs is shown once and is null in a repeated answer."""

    id: str
    secret: str | None


class Subscription(Reply):
    """A subscription."""

    id: str
    url: str
    kinds: list[str]
    owner: str
    created_at: datetime
    ended_at: datetime | None


class Subscriptions(Reply):
    """Every subscription, those in force first, and the kinds there are."""

    subscriptions: list[Subscription]
    kinds: dict[str, str]


class Delivery(Reply):
    """A message and how far it got; `event_id` is the `webhook-id` it was sent with."""

    id: str
    subscription_id: str
    event_id: str
    kind: str
    standing: Literal["waiting", "delivered", "parked"]
    created_at: datetime
    attempts: int
    last_at: datetime | None
    last_status: int | None
    last_reason: str
    delivered_at: datetime | None
    parked_at: datetime | None


class Deliveries(Reply):
    """A portion of the messages."""

    deliveries: list[Delivery]
    next: str | None


@router.get("/webhooks", summary="Who is told of what")
def webhooks(visitor: Visitor = Depends(visiting)) -> Subscriptions:
    """Secrets are not shown again."""
    with visitor.reading() as work:
        lines = subscription_lines(work, visitor.person)
    return Subscriptions(
        subscriptions=[
            Subscription(id=one.id, url=one.url, kinds=list(one.kinds), owner=one.owner, created_at=one.created_at,
                         ended_at=one.ended_at)
            for one in lines
        ],
        kinds={kind: names[visitor.lang == "en"] for kind, names in KINDS.items()},
    )  # fmt: skip


@router.post(
    "/webhooks", status_code=201, summary="Be told", dependencies=[repeatable], openapi_extra={SHOWN_ONCE: ["secret"]}
)
def subscribe(body: Wanted, visitor: Visitor = Depends(visiting)) -> Subscribed:
    """Signed as Standard Webhooks say; https only, no address inside a network, ids and numbers only."""
    made = commands.subscribe(
        visitor.database, visitor.person, url=body.url, kinds=body.kinds, loopback=settings().webhook_loopback,
        now=visitor.now,
    )  # fmt: skip
    return Subscribed(id=made.id, secret=made.secret)


@router.delete("/webhooks/{subscription_id}", status_code=204, summary="Be told no more")
def end(subscription_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """What is under way is given up."""
    commands.end_subscription(visitor.database, visitor.person, subscription_id=subscription_id, now=visitor.now)


@router.post("/webhooks/{subscription_id}/ping", status_code=202, summary="Send a test message")
def ping(subscription_id: Identity, visitor: Visitor = Depends(visiting)) -> Identified:
    """The id of the message; look it up among the deliveries."""
    identity = commands.ping(visitor.database, visitor.person, subscription_id=subscription_id, now=visitor.now)
    return Identified(id=identity)


@router.get("/webhook-deliveries", summary="What was sent")
def deliveries(
    request: Request, response: Response, visitor: Visitor = Depends(visiting),
    standing: Literal["waiting", "parked", "delivered", "all"] = "all", limit: Limit = 50, cursor: Cursor = "",
) -> Deliveries:  # fmt: skip
    """The newest first, up to the last thousand."""
    with visitor.reading() as work:
        lines = delivery_lines(work, visitor.person, standing=standing, limit=10 * MOST_LINES)
    shown, more = portion(lines, cursor, limit)
    link_next(request, response, more)
    return Deliveries(
        deliveries=[
            Delivery(
                id=one.id, subscription_id=one.subscription_id, event_id=one.event_id, kind=one.kind,
                standing=one.standing, created_at=one.created_at, attempts=one.attempts, last_at=one.last_at,
                last_status=one.last_status, last_reason=one.last_reason, delivered_at=one.delivered_at,
                parked_at=one.parked_at,
            )
            for one in shown
        ],
        next=more,
    )  # fmt: skip


@router.post("/webhook-deliveries/{delivery_id}/replay", status_code=202, summary="Send a message again")
def replay(delivery_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """With all its attempts; refused while it is still under way."""
    commands.replay(visitor.database, visitor.person, delivery_id=delivery_id, now=visitor.now)
