"""Messages on a case with who may read them, and up to where each person has looked at the case."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from services.database.migrations.first.base import Id, Moment, id_column

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_remarks",
        id_column(),
        Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
        Column("author_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("side", String(12), nullable=False),
        Column("audience", String(12), nullable=False),
        Column("text", Text, nullable=False),
        Column("at", Moment, nullable=False),
        Column("request_id", String(64), nullable=False),
        UniqueConstraint("author_id", "request_id"),
        Index("ix_case_remarks_case", "case_id", "at"),
        CheckConstraint("side in ('office','applicant','evaluator')", name="side_known"),
        CheckConstraint("audience in ('offices','applicant','evaluators')", name="audience_known"),
    )
    op.create_table(
        "case_looks",
        Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
        Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
        Column("remarks_at", Moment),
        Column("version", Integer),
    )
