"""Leaves to take longer or unmasked lists along: asked by one person, given by another, for a day and once."""

from alembic import op
from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String

from services.database.migrations.first.base import Id, Json, Moment, id_column

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export_leaves",
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
