"""Results that are prepared case by case and made known at one moment."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, UniqueConstraint

from services.database.migrations.first.base import Id, Json, Moment, id_column

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "releases",
        id_column(),
        Column("standing", String(12), nullable=False),
        Column("prepared_by", Id, ForeignKey("persons.id"), nullable=False),
        Column("prepared_at", Moment, nullable=False),
        Column("released_by", Id, ForeignKey("persons.id")),
        Column("released_at", Moment),
        Index("ix_releases_prepared", "prepared_by", "standing"),
        CheckConstraint("standing in ('prepared','releasing','released')", name="standing_known"),
        CheckConstraint("(standing = 'prepared') = (released_by is null)", name="released_by_somebody"),
    )
    op.create_table(
        "release_lines",
        id_column(),
        Column("release_id", Id, ForeignKey("releases.id"), nullable=False),
        Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
        Column("trigger", String(40), nullable=False),
        Column("details", Json, nullable=False),
        Column("seen_version", Integer, nullable=False),
        Column("standing", String(12), nullable=False),
        Column("reasons", Json, nullable=False),
        Column("state", String(40)),
        Column("at", Moment, nullable=False),
        UniqueConstraint("release_id", "case_id"),
        Index("ix_release_lines_case", "case_id", "standing"),
        CheckConstraint("standing in ('prepared','released','refused')", name="standing_known"),
    )
