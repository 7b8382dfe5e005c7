"""The table of asked leaves: which list, how filtered, how many rows, why, who agreed, and when it was used."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from services.database.base import METADATA, Id, Json, Moment, id_column

export_leaves = Table(
    "export_leaves",
    METADATA,
    id_column(),
    Column("list", String(20), nullable=False),
    Column("filters", Json, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("unmasked", Boolean, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("asked_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("decided_by", Id, ForeignKey("persons.id")),
    Column("decided_at", Moment),
    Column("granted", Boolean),
    Column("valid_until", Moment),
    Column("used_at", Moment),
    Index("ix_export_leaves_asked_by", "asked_by", "asked_at"),
    CheckConstraint("decided_by is null or decided_by <> asked_by", name="two_people"),
    CheckConstraint("used_at is null or granted", name="used_only_if_granted"),
    CheckConstraint("rows > 0", name="rows_positive"),
)
