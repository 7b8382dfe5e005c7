"""Versions of the rules that were approved and are taken back before their day, by two people."""

import sqlalchemy as sa
from alembic import op

from services.database.migrations.first.base import Id, Moment, id_column

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_set_withdrawals",
        id_column(),
        sa.Column("rule_set_id", Id, sa.ForeignKey("rule_sets.id"), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("asked_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("standing", sa.String(10), nullable=False),
        sa.Column("decided_by", Id, sa.ForeignKey("persons.id")),
        sa.Column("decided_at", Moment),
        sa.Column("decided_because", sa.String(400), nullable=False, server_default=""),
        sa.Index("ix_rule_set_withdrawals_rule_set", "rule_set_id"),
        sa.CheckConstraint("standing in ('waiting','done','refused')", name="standing_known"),
        sa.CheckConstraint("(standing = 'waiting') = (decided_at is null)", name="decided_with_time"),
        sa.CheckConstraint("decided_by is null or decided_by <> asked_by", name="two_people"),
    )
