"""Tables of notices: what was told to whom, unique by business key and person, and what of it went out by e-mail."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, UniqueConstraint, text

from services.database.base import METADATA, Id, Moment, id_column, sealed_column

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
    Index(
        "ix_notices_unread",
        "person_id",
        sqlite_where=text("read_at is null"),
        postgresql_where=text("read_at is null"),
    ),
    Index("ix_notices_sent_at", "sent_at"),
)

mail_addresses = Table(
    "mail_addresses",
    METADATA,
    Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
    sealed_column("address", needed=True),
    Column("changed_at", Moment, nullable=False),
)

mails = Table(
    "mails",
    METADATA,
    Column("notice_id", Id, ForeignKey("notices.id"), primary_key=True),
    Column("errand_id", Id, ForeignKey("errands.id"), nullable=False, unique=True),
    Column("message_id", String(120), nullable=False, server_default=""),
    Column("sent_at", Moment),
)
