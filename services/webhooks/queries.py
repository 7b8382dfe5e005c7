"""Reads of webhooks: subscriptions and deliveries as people see them, and what is to be sent where."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from services.actors import Actor
from services.authority.rules import demand
from services.database.work import Work
from services.errors import Broken
from services.outbox.rules import Errand
from services.people.queries import names_of
from services.protection.sealing import unseal
from services.webhooks.models import webhook_deliveries as deliveries
from services.webhooks.models import webhook_subscriptions as subscriptions

ACTION = "webhook:manage"
Standing = Literal["waiting", "parked", "delivered", "all"]


@dataclass(frozen=True, slots=True)
class SubscriptionLine:
    """One subscription; the secret is never shown again."""

    id: str
    url: str
    kinds: tuple[str, ...]
    owner: str
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One message and how far it got."""

    id: str
    subscription_id: str
    url: str
    event_id: str
    kind: str
    created_at: datetime
    attempts: int
    last_at: datetime | None
    last_status: int | None
    last_reason: str
    delivered_at: datetime | None
    parked_at: datetime | None

    @property
    def standing(self) -> Literal["waiting", "delivered", "parked"]:
        """waiting, delivered or parked."""
        return "delivered" if self.delivered_at else "parked" if self.parked_at else "waiting"


@dataclass(frozen=True, slots=True)
class Message:
    """What one attempt sends: the address, the bytes, the id under which a receiver knows them, and the secret."""

    url: str
    event_id: str
    body: bytes
    secret: str
    ended: bool


def subscription_lines(work: Work, actor: Actor) -> tuple[SubscriptionLine, ...]:
    """Every subscription, those that still hold first. Forbidden for who may manage none."""
    demand(actor, ACTION)
    rows = work.connection.execute(
        select(subscriptions).order_by(subscriptions.c.ended_at.is_not(None), subscriptions.c.id)
    ).all()
    names = names_of(work, {row.owner_id for row in rows})
    return tuple(
        SubscriptionLine(row.id, row.url, tuple(row.kinds), names.get(row.owner_id, "—"), row.created_at, row.ended_at)
        for row in rows
    )


def delivery_lines(
    work: Work, actor: Actor, *, standing: Standing = "all", limit: int = 100
) -> tuple[DeliveryLine, ...]:
    """The latest messages of that standing, newest first. Forbidden for who may manage none."""
    demand(actor, ACTION)
    statement = (
        select(deliveries, subscriptions.c.url)
        .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
        .order_by(deliveries.c.id.desc())
        .limit(limit)
    )
    if standing == "parked":
        statement = statement.where(deliveries.c.parked_at.is_not(None))
    elif standing == "delivered":
        statement = statement.where(deliveries.c.delivered_at.is_not(None))
    elif standing == "waiting":
        statement = statement.where(deliveries.c.delivered_at.is_(None), deliveries.c.parked_at.is_(None))
    return tuple(
        DeliveryLine(
            row.id, row.subscription_id, row.url, row.event_id, row.kind, row.created_at, row.attempts, row.last_at,
            row.last_status, row.last_reason or "", row.delivered_at, row.parked_at,
        )
        for row in work.connection.execute(statement)
    )  # fmt: skip


def message_of(work: Work, errand: Errand) -> Message:
    """What the errand sends; Broken when its delivery is not there."""
    row = work.connection.execute(
        select(deliveries, subscriptions.c.url, subscriptions.c.secret_sealed, subscriptions.c.ended_at,
               subscriptions.c.id.label("of"))
        .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
        .where(deliveries.c.id == errand.payload["delivery_id"])
    ).one_or_none()  # fmt: skip
    if row is None:
        raise Broken(f"no delivery for errand {errand.id}")
    secret = unseal(subscriptions.name, row.of, "secret", row.secret_sealed)
    body = json.dumps(row.body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    return Message(row.url, row.event_id, body, secret, row.ended_at is not None)
