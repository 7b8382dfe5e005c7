"""Writes of webhooks: subscribe, end, ping, replay; feed what happened; book how a delivery went."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work
from services.errors import Invalid, NotFound, Refused
from services.outbox.commands import finish_errand, leave_errand
from services.outbox.rules import Errand
from services.people.acts import act, allowed, note
from services.protection.sealing import seal
from services.webhooks import rules
from services.webhooks.kinds import KINDS
from services.webhooks.models import webhook_deliveries as deliveries
from services.webhooks.models import webhook_subscriptions as subscriptions

EFFECT = "deliver_webhook"
ACTION = "webhook:manage"


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A fresh subscription; the secret is shown once and kept sealed."""

    id: str
    secret: str


def subscribe(
    database: Database, actor: Actor, *, url: str, kinds: Sequence[str], loopback: bool = False, now: datetime
) -> Subscribed:
    """Have events of these kinds sent to the address from now on.

    Forbidden for who may not, Invalid for an address that is never called and for kinds there are none of.
    """
    wanted = sorted(set(kinds))
    if faults := rules.url_faults(url, loopback=loopback):
        raise Invalid(*faults, field="url")
    if not wanted or not set(wanted) <= KINDS.keys():
        raise Invalid("webhook.kind_unknown", field="kinds")
    secret = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"

    def unit(work: Work) -> Subscribed:
        allowed(work, actor, ACTION)
        identity = new_id()
        sealed = seal(subscriptions.name, identity, "secret", secret)
        work.connection.execute(
            insert(subscriptions).values(
                id=identity, owner_id=actor.id, url=url, kinds=wanted, secret_sealed=sealed, created_at=work.now
            )
        )
        note(work, actor, "webhook:subscribe", stream="webhooks", object=identity, details={"kinds": wanted})
        return Subscribed(identity, secret)

    return act(database, actor, unit, now=now, action="webhook:subscribe", stream="webhooks", object="webhooks")


def end_subscription(database: Database, actor: Actor, *, subscription_id: str, now: datetime) -> None:
    """Send nothing more there; what is under way is given up. NotFound for an unknown or ended one."""

    def unit(work: Work) -> None:
        allowed(work, actor, ACTION)
        ended = work.connection.execute(
            update(subscriptions)
            .where(subscriptions.c.id == subscription_id, subscriptions.c.ended_at.is_(None))
            .values(ended_at=work.now)
        )
        if ended.rowcount == 0:
            raise NotFound("webhook.not_found")
        note(work, actor, "webhook:end", stream="webhooks", object=subscription_id)

    act(database, actor, unit, now=now, action="webhook:end", stream="webhooks", object=subscription_id)


def ping(database: Database, actor: Actor, *, subscription_id: str, now: datetime) -> str:
    """Send a test message there; answers the delivery's id. NotFound for an unknown or ended subscription."""

    def unit(work: Work) -> str:
        allowed(work, actor, ACTION)
        known = work.connection.execute(
            select(subscriptions.c.id).where(subscriptions.c.id == subscription_id, subscriptions.c.ended_at.is_(None))
        ).first()
        if known is None:
            raise NotFound("webhook.not_found")
        note(work, actor, "webhook:ping", stream="webhooks", object=subscription_id)
        return owe(work, subscription_id, event_id=f"ping:{new_id()}", kind=rules.PING, data={})

    return act(database, actor, unit, now=now, action="webhook:ping", stream="webhooks", object=subscription_id)


def owe(work: Work, subscription_id: str, *, event_id: str, kind: str, data: dict[str, Any]) -> str:
    """Owe one message to one subscription, and the errand that carries it; answers the delivery's id."""
    identity = new_id()
    body = {"type": kind, "timestamp": work.now.isoformat(), "data": data}
    work.connection.execute(
        insert(deliveries).values(
            id=identity, subscription_id=subscription_id, event_id=event_id, kind=kind, body=body,
            created_at=work.now, attempts=0, rounds=0,
        )
    )  # fmt: skip
    _leave(work, identity, round_=0, attempt=0, due_at=work.now)
    return identity


def _leave(work: Work, delivery_id: str, *, round_: int, attempt: int, due_at: datetime) -> None:
    """Each attempt is an errand of its own: its waits are days long, and a parked errand would be nobody's."""
    leave_errand(
        work, key=f"webhook:{delivery_id}:{round_}:{attempt}", effect=EFFECT, case_id=None, case_number="",
        move_sequence=None, payload={"delivery_id": delivery_id}, due_at=due_at,
    )  # fmt: skip


def replay(database: Database, actor: Actor, *, delivery_id: str, now: datetime) -> None:
    """Send a delivered or parked message once more, with all its attempts; Refused while it is still under way."""

    def unit(work: Work) -> None:
        allowed(work, actor, ACTION)
        row = work.connection.execute(
            select(deliveries, subscriptions.c.ended_at)
            .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
            .where(deliveries.c.id == delivery_id)
            .with_for_update(of=deliveries)
        ).one_or_none()
        if row is None:
            raise NotFound("webhook.delivery_not_found")
        if row.ended_at is not None:
            raise Refused("webhook.ended")
        if row.delivered_at is None and row.parked_at is None:
            raise Refused("webhook.under_way")
        again = {"attempts": 0, "rounds": row.rounds + 1, "delivered_at": None, "parked_at": None}
        work.connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(again))
        _leave(work, delivery_id, round_=row.rounds + 1, attempt=0, due_at=work.now)
        note(work, actor, "webhook:replay", stream="webhooks", object=delivery_id)

    act(database, actor, unit, now=now, action="webhook:replay", stream="webhooks", object=delivery_id)


def book_attempt(work: Work, errand: Errand, *, status: int | None, reason: str) -> None:
    """Book how one attempt went and finish its errand; a failed one leaves the next, the last one parks the message.

    A 2xx answer is a delivery, 410 ends the subscription (the receiver is gone for good), all else is a failure.
    """
    identity = errand.payload["delivery_id"]
    row = work.connection.execute(select(deliveries).where(deliveries.c.id == identity).with_for_update()).one()
    attempts = row.attempts + 1
    values: dict[str, Any] = {"attempts": attempts, "last_at": work.now, "last_status": status, "last_reason": reason}
    wait = rules.wait_after(attempts)
    if status is not None and 200 <= status < 300:
        values["delivered_at"] = work.now
    elif status == 410 or wait is None:
        values["parked_at"] = work.now
    else:
        _leave(work, identity, round_=row.rounds, attempt=attempts, due_at=work.now + wait)
    if status == 410:
        gone = update(subscriptions).where(subscriptions.c.id == row.subscription_id)
        work.connection.execute(gone.values(ended_at=work.now))
    work.connection.execute(update(deliveries).where(deliveries.c.id == identity).values(values))
    finish_errand(work, errand.id, fence=errand.fence)


def give_up(work: Work, errand: Errand) -> None:
    """Park a message whose subscription has ended, and finish its errand."""
    identity = errand.payload["delivery_id"]
    values = {"parked_at": work.now, "last_reason": "webhook.ended"}
    work.connection.execute(update(deliveries).where(deliveries.c.id == identity).values(values))
    finish_errand(work, errand.id, fence=errand.fence)
