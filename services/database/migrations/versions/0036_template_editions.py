"""Editions of papers' pages that administrators write, and which paper is drawn from which."""

import sqlalchemy as sa
from alembic import op

from services.database.migrations.first.base import Id, Moment, id_column

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "template_editions",
        id_column(),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("edition", sa.Integer),
        sa.Column("based_on", sa.Integer, nullable=False),
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("style", sa.Text, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("wanted_from", sa.Date),
        sa.Column("standing", sa.String(10), nullable=False),
        sa.Column("proposed_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("saved_at", Moment, nullable=False),
        sa.Column("proposed_at", Moment),
        sa.Column("decided_by", Id, sa.ForeignKey("persons.id")),
        sa.Column("decided_at", Moment),
        sa.Column("decided_because", sa.String(400), nullable=False, server_default=""),
        sa.Column("in_force_from", Moment),
        sa.Column("retired_by", Id, sa.ForeignKey("persons.id")),
        sa.Column("retired_at", Moment),
        sa.Column("retired_because", sa.String(400), nullable=False, server_default=""),
        sa.UniqueConstraint("kind", "edition"),
        sa.CheckConstraint("standing in ('draft','waiting','approved','refused','withdrawn')", name="standing_known"),
        sa.CheckConstraint("(standing = 'approved') = (edition is not null)", name="approved_with_number"),
        sa.CheckConstraint("(standing = 'approved') = (in_force_from is not null)", name="approved_with_time"),
        sa.CheckConstraint("standing not in ('approved','refused') or decided_by <> proposed_by", name="two_people"),
        sa.CheckConstraint("retired_at is null or standing = 'approved'", name="retired_was_approved"),
    )
    op.create_table(
        "paper_editions",
        sa.Column("document_id", Id, sa.ForeignKey("issued_documents.id"), primary_key=True),
        sa.Column("edition_id", Id, sa.ForeignKey("template_editions.id"), nullable=False),
        sa.Index("ix_paper_editions_edition", "edition_id"),
    )
