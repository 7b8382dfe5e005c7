"""Receipts of papers, changes of papers that were issued, revocation lists and scrubs of stored files."""

import sqlalchemy as sa
from alembic import op

from services.database.migrations.first.base import Id, Json, Moment, id_column

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_receipts",
        sa.Column("document_id", Id, sa.ForeignKey("issued_documents.id"), primary_key=True),
        sa.Column("receipt", sa.String(400), nullable=False),
        sa.Column("signed_at", Moment, nullable=False),
    )
    op.create_table(
        "document_changes",
        id_column(),
        sa.Column("document_id", Id, sa.ForeignKey("issued_documents.id"), nullable=False),
        sa.Column("act", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("corrections", Json, nullable=False),
        sa.Column("two_people", sa.Boolean, nullable=False),
        sa.Column("proposed_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("proposed_at", Moment, nullable=False),
        sa.Column("standing", sa.String(10), nullable=False),
        sa.Column("decided_by", Id, sa.ForeignKey("persons.id")),
        sa.Column("decided_at", Moment),
        sa.Column("decided_because", sa.String(400), nullable=False, server_default=""),
        sa.Column("successor_id", Id, sa.ForeignKey("issued_documents.id")),
        sa.Index("ix_document_changes_document", "document_id"),
        sa.CheckConstraint("act in ('void','reissue')", name="act_known"),
        sa.CheckConstraint("standing in ('waiting','done','refused')", name="standing_known"),
        sa.CheckConstraint("(standing = 'waiting') = (decided_at is null)", name="decided_with_time"),
        sa.CheckConstraint(
            "not two_people or standing <> 'done' or decided_by <> proposed_by", name="two_people_decide"
        ),
    )
    op.create_table(
        "revocation_lists",
        id_column(),
        sa.Column("as_of", Moment, nullable=False, unique=True),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("newest_at", Moment),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_table(
        "scrubs",
        id_column(),
        sa.Column("began_at", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=False),
        sa.Column("files", sa.Integer, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("damaged", Json, nullable=False),
        sa.Column("restored", Json, nullable=False),
    )
