"""What the other side of an agreement signed: the file with both signatures, or the scan of what was signed by hand."""

import sqlalchemy as sa
from alembic import op

from services.database.migrations.first.base import Id, Moment

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_signatures",
        sa.Column("document_id", Id, sa.ForeignKey("issued_documents.id"), primary_key=True),
        sa.Column("way", sa.String(12), nullable=False),
        sa.Column("signer", sa.String(200), nullable=False),
        sa.Column("signed_on", sa.Date, nullable=False),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("stored_files.sha256"), nullable=False),
        sa.Column("extension", sa.String(8), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False, server_default=""),
        sa.Column("authority", sa.String(200), nullable=False, server_default=""),
        sa.Column("recorded_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.CheckConstraint("way in ('electronic','by_hand')", name="way_known"),
        sa.CheckConstraint("(way = 'electronic') = (fingerprint <> '')", name="electronic_by_certificate"),
    )
