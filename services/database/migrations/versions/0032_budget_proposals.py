"""Proposals about the budget that a second person decides on, the closing of lines, and published lottery notices."""

import sqlalchemy as sa
from alembic import op

from services.database.migrations.first.base import Fen, Id, Moment, id_column

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("budget_lines", sa.Column("closed_on", sa.Date))
    op.create_table(
        "budget_proposals",
        id_column(),
        sa.Column("act", sa.String(10), nullable=False),
        sa.Column("program_id", Id, sa.ForeignKey("fund_programs.id")),
        sa.Column("budget_line_id", Id, sa.ForeignKey("budget_lines.id")),
        sa.Column("ceiling", sa.String(12), nullable=False, server_default=""),
        sa.Column("year", sa.Integer),
        sa.Column("source", sa.String(30), nullable=False, server_default=""),
        sa.Column("office", sa.String(60), nullable=False, server_default=""),
        sa.Column("purpose", sa.String(20), nullable=False, server_default=""),
        sa.Column("amount_fen", Fen),
        sa.Column("reason", sa.String(400), nullable=False, server_default=""),
        sa.Column("proposed_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("proposed_at", Moment, nullable=False),
        sa.Column("standing", sa.String(10), nullable=False),
        sa.Column("decided_by", Id, sa.ForeignKey("persons.id")),
        sa.Column("decided_at", Moment),
        sa.Column("decided_because", sa.String(400), nullable=False, server_default=""),
        sa.Index("ix_budget_proposals_line", "budget_line_id"),
        sa.CheckConstraint("act in ('line','increase','decrease','close','ceiling')", name="act_known"),
        sa.CheckConstraint("ceiling in ('','programme','year','office')", name="ceiling_known"),
        sa.CheckConstraint("amount_fen is null or amount_fen > 0", name="amount_positive"),
        sa.CheckConstraint("standing in ('waiting','approved','refused','withdrawn')", name="standing_known"),
        sa.CheckConstraint("(standing = 'waiting') = (decided_at is null)", name="decided_with_time"),
        sa.CheckConstraint("standing not in ('approved','refused') or decided_by <> proposed_by", name="two_people"),
    )
    op.create_table(
        "lottery_notices",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("published_on", sa.Date, nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("published_by", Id, sa.ForeignKey("persons.id"), nullable=False),
    )
