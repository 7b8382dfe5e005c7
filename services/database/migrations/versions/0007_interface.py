"""Interface: answers kept for requests that are sent again."""

from alembic import op
from sqlalchemy import Column, ForeignKey, Integer, String, Text

from services.database.base import Id, Json, Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_replies",
        Column("key", String(64), primary_key=True),
        Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("digest", String(64), nullable=False),
        Column("begun_at", Moment, nullable=False),
        Column("status", Integer),
        Column("headers", Json),
        Column("body", Text),
    )
    op.create_index("ix_kept_replies_person", "kept_replies", ["person_id", "begun_at"])
