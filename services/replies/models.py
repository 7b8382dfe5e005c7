"""Table of kept answers: one row a person and key, without an answer while the request is being worked on."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from services.database.base import METADATA, Id, Json, Moment

kept_replies = Table(
    "kept_replies",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("status", Integer),
    Column("headers", Json),
    Column("body", Text),
    Index("ix_kept_replies_person", "person_id", "begun_at"),
)
