"""Interface: answers kept for requests that are sent again, webhooks, calendar feeds."""

from alembic import op
from sqlalchemy import Column, ForeignKey, Integer, String, Text, UniqueConstraint

from services.database.base import Id, Json, Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _replies()
    _webhooks()
    _feeds()


def _replies() -> None:
    op.create_table(
        "kept_replies",
        Column("key", String(64), primary_key=True),
        Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("digest", String(64), nullable=False),
        Column("begun_at", Moment, nullable=False),
        Column("status", Integer),
        Column("headers", Json),
        Column("body", Text),
    )
    op.create_index("ix_kept_replies_person", "kept_replies", ["person_id", "begun_at"])


def _webhooks() -> None:
    op.create_table(
        "webhook_subscriptions",
        Column("id", Id, primary_key=True),
        Column("owner_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("url", String(500), nullable=False),
        Column("kinds", Json, nullable=False),
        Column("secret_sealed", Text, nullable=False, server_default=""),
        Column("created_at", Moment, nullable=False),
        Column("ended_at", Moment),
    )
    op.create_index("ix_webhook_subscriptions_owner", "webhook_subscriptions", ["owner_id"])
    op.create_table(
        "webhook_deliveries",
        Column("id", Id, primary_key=True),
        Column("subscription_id", Id, ForeignKey("webhook_subscriptions.id"), nullable=False),
        Column("event_id", String(80), nullable=False),
        Column("kind", String(80), nullable=False),
        Column("body", Json, nullable=False),
        Column("created_at", Moment, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("rounds", Integer, nullable=False),
        Column("last_at", Moment),
        Column("last_status", Integer),
        Column("last_reason", Text),
        Column("delivered_at", Moment),
        Column("parked_at", Moment),
        UniqueConstraint("subscription_id", "event_id"),
    )
    op.create_index("ix_webhook_deliveries_parked", "webhook_deliveries", ["parked_at"])
    op.create_table(
        "webhook_cursors", Column("name", String(20), primary_key=True), Column("move_id", Id, nullable=False)
    )


def _feeds() -> None:
    op.create_table(
        "calendar_feeds",
        Column("id", Id, primary_key=True),
        Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("secret_hash", String(64), nullable=False, unique=True),
        Column("created_at", Moment, nullable=False),
        Column("ended_at", Moment),
    )
    op.create_index("ix_calendar_feeds_person", "calendar_feeds", ["person_id"])
