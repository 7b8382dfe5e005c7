"""Signatures of papers, and the public halves of the keys that made them."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Text

from services.database.migrations.first.base import Id, Moment

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seal_keys",
        Column("fingerprint", String(64), primary_key=True),
        Column("purpose", String(12), nullable=False),
        Column("holder", String(200), nullable=False),
        Column("pem", Text, nullable=False),
        Column("known_since", Moment, nullable=False),
        Column("retired_at", Moment),
        CheckConstraint("purpose in ('seal','statement')", name="purpose_known"),
    )
    op.create_table(
        "signatures",
        Column("document_id", Id, ForeignKey("issued_documents.id"), primary_key=True),
        Column("sha256_unsigned", String(64), nullable=False),
        Column("sha256", String(64), ForeignKey("stored_files.sha256"), nullable=False),
        Column("fingerprint", String(64), ForeignKey("seal_keys.fingerprint"), nullable=False),
        Column("level", String(4), nullable=False),
        Column("signed_at", Moment, nullable=False),
        CheckConstraint("level in ('B-B','B-T','B-LT')", name="level_known"),
        CheckConstraint("sha256 <> sha256_unsigned", name="bytes_were_signed"),
    )
