"""How each objection came in and until when it must be ruled on."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, String

from services.database.migrations.first.base import Id

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "objection_terms",
        Column("objection_id", Id, ForeignKey("objections.id"), primary_key=True),
        Column("channel", String(10), nullable=False),
        Column("entered_by", Id, ForeignKey("persons.id")),
        Column("due_on", Date, nullable=False),
        CheckConstraint("channel in ('page','letter')", name="channel_known"),
        CheckConstraint("(channel = 'letter') = (entered_by is not null)", name="letter_entered_by_somebody"),
    )
