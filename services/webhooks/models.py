"""Tables of webhooks: who wants to be told of what and where, what was sent, and how far the moves were read."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from services.database.base import METADATA, Id, Json, Moment, id_column, sealed_column

webhook_subscriptions = Table(
    "webhook_subscriptions",
    METADATA,
    id_column(),
    Column("owner_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("url", String(500), nullable=False),
    Column("kinds", Json, nullable=False),
    sealed_column("secret", needed=True),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index("ix_webhook_subscriptions_owner", "owner_id"),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    METADATA,
    id_column(),
    Column("subscription_id", Id, ForeignKey("webhook_subscriptions.id"), nullable=False),
    Column("event_id", String(80), nullable=False),
    Column("kind", String(80), nullable=False),
    Column("body", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("rounds", Integer, nullable=False, default=0),
    Column("last_at", Moment),
    Column("last_status", Integer),
    Column("last_reason", Text),
    Column("delivered_at", Moment),
    Column("parked_at", Moment),
    UniqueConstraint("subscription_id", "event_id"),
    Index("ix_webhook_deliveries_parked", "parked_at"),
)

webhook_cursors = Table(
    "webhook_cursors",
    METADATA,
    Column("name", String(20), primary_key=True),
    Column("move_id", Id, nullable=False),
)
