"""Tables of errands: claimed with a lease, guarded by a fence, done once, parked for a person, or handled by hand."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text

from services.database.base import METADATA, Id, Json, Moment, id_column

errands = Table(
    "errands",
    METADATA,
    id_column(),
    Column("key", String(200), nullable=False, unique=True),
    Column("effect", String(40), nullable=False),
    Column("case_id", Id, ForeignKey("cases.id")),
    Column("case_number", String(40), nullable=False),
    Column("move_sequence", Integer),
    Column("payload", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("fence", Integer, nullable=False, default=0),
    Column("leased_by", String(80)),
    Column("lease_until", Moment),
    Column("done_at", Moment),
    Column("parked_at", Moment),
    Column("last_reason", Text),
    Column("flow_run", String(80)),
    Index(
        "ix_errands_waiting",
        "due_at",
        sqlite_where=text("done_at is null and parked_at is null"),
        postgresql_where=text("done_at is null and parked_at is null"),
    ),
    Index("ix_errands_case", "case_id"),
    CheckConstraint("done_at is null or parked_at is null", name="done_or_parked"),
    CheckConstraint("attempts >= 0 and fence >= 0", name="counts_not_negative"),
)

errands_by_hand = Table(
    "errands_by_hand",
    METADATA,
    Column("errand_id", Id, ForeignKey("errands.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("handled_at", Moment, nullable=False),
    Column("reason", String(400), nullable=False),
)
