"""As first released: table of notices: what was told to whom; unique by business key and person."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from services.database.migrations.first.base import METADATA, Id, Moment, id_column

notices = Table(
    "notices",
    METADATA,
    id_column(),
    Column("key", String(200), nullable=False),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("case_id", Id, ForeignKey("cases.id")),
    Column("message", String(60), nullable=False),
    Column("title", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("read_at", Moment),
    UniqueConstraint("key", "person_id"),
    Index("ix_notices_person", "person_id", "sent_at"),
)
