"""Table of calendar feeds: whose, and the hash of the secret in the address."""

from sqlalchemy import Column, ForeignKey, Index, String, Table

from services.database.base import METADATA, Id, Moment, id_column

calendar_feeds = Table(
    "calendar_feeds",
    METADATA,
    id_column(),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index("ix_calendar_feeds_person", "person_id"),
)
