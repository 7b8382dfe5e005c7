"""Tables of the desk: claims, requests among colleagues, copies, nudges, filters, settings, absences."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from services.database.base import METADATA, Id, Json, Moment, id_column

OPEN_CLAIM = text("ended_at is null")
OPEN_REQUEST = text("standing = 'open'")

desk_claims = Table(
    "desk_claims",
    METADATA,
    id_column(),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("touched_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", Id, ForeignKey("persons.id")),
    Index("ix_desk_claims_case", "case_id", "claimed_at"),
    Index("ix_desk_claims_person", "person_id"),
    Index("uq_desk_claims_open", "case_id", unique=True, sqlite_where=OPEN_CLAIM, postgresql_where=OPEN_CLAIM),
    CheckConstraint("touched_at >= claimed_at", name="touched_after_claimed"),
)

desk_requests = Table(
    "desk_requests",
    METADATA,
    id_column(),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("by_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("to_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("standing", String(12), nullable=False),
    Column("opinion", String(12)),
    Column("answer", Text, nullable=False, server_default=""),
    Column("closed_at", Moment),
    Index("ix_desk_requests_case", "case_id", "asked_at"),
    Index("ix_desk_requests_to", "to_id", "standing"),
    Index("ix_desk_requests_by", "by_id", "standing"),
    Index(
        "uq_desk_requests_open", "case_id", "kind", "to_id", unique=True, sqlite_where=OPEN_REQUEST,
        postgresql_where=OPEN_REQUEST,
    ),
    CheckConstraint("kind in ('hand_over','delegate','countersign')", name="kind_known"),
    CheckConstraint("standing in ('open','answered','withdrawn','overtaken')", name="standing_known"),
    CheckConstraint("opinion is null or opinion in ('agree','disagree','done','declined')", name="opinion_known"),
    CheckConstraint("(standing = 'open') = (closed_at is null)", name="closed_when_not_open"),
    CheckConstraint("by_id <> to_id", name="two_people"),
)  # fmt: skip

desk_copies = Table(
    "desk_copies",
    METADATA,
    id_column(),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("by_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("to_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("note", Text, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Index("ix_desk_copies_case", "case_id"),
    Index("ix_desk_copies_to", "to_id", "case_id"),
)

desk_nudges = Table(
    "desk_nudges",
    METADATA,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("on_date", Date, primary_key=True),
    Column("by_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("told", Integer, nullable=False),
)

desk_filters = Table(
    "desk_filters",
    METADATA,
    id_column(),
    Column("owner_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("name", String(40), nullable=False),
    Column("query", String(400), nullable=False),
    Column("role", String(40)),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("owner_id", "name"),
    Index("ix_desk_filters_role", "role"),
)

desk_settings = Table(
    "desk_settings",
    METADATA,
    Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
    Column("keys_on", Boolean, nullable=False),
    Column("filter_id", Id, ForeignKey("desk_filters.id")),
)

absences = Table(
    "absences",
    METADATA,
    id_column(),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("substitute_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("roles", Json, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("declared_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("declared_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Index("ix_absences_person", "person_id"),
    Index("ix_absences_substitute", "substitute_id"),
    CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
    CheckConstraint("person_id <> substitute_id", name="two_people"),
)

acted_for = Table(
    "acted_for",
    METADATA,
    Column("move_id", Id, ForeignKey("case_moves.id"), primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Index("ix_acted_for_case", "case_id"),
    Index("ix_acted_for_person", "person_id", "case_id"),
)
