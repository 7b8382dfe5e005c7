"""Applications: the form's sections, consents, files handed in, sign-offs, versions, ratings, questions of progress."""

import sqlalchemy as sa
from alembic import op

from services.database.migrations.first.base import Id, Json, Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables of applications."""
    _written()
    _handed_in()
    _asked()


def _written() -> None:
    op.create_table(
        "applications",
        sa.Column("case_id", Id, sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("begun_at", Moment, nullable=False),
        sa.Column("begun_by", Id, sa.ForeignKey("persons.id"), nullable=False),
    )
    op.create_table(
        "application_sections",
        sa.Column("id", Id, primary_key=True),
        sa.Column("case_id", Id, sa.ForeignKey("applications.case_id"), nullable=False),
        sa.Column("section", sa.String(20), nullable=False),
        sa.Column("content_sealed", sa.Text, nullable=False, server_default=""),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("saved_at", Moment, nullable=False),
        sa.Column("saved_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.UniqueConstraint("case_id", "section"),
    )
    op.create_table(
        "consents",
        sa.Column("id", Id, primary_key=True),
        sa.Column("case_id", Id, sa.ForeignKey("applications.case_id"), nullable=False),
        sa.Column("person_id", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("text_version", sa.String(20), nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("given_at", Moment, nullable=False),
        sa.Column("withdrawn_at", Moment),
    )
    op.create_index("ix_consents_case", "consents", ["case_id"])


def _handed_in() -> None:
    op.create_table(
        "application_files",
        sa.Column("id", Id, primary_key=True),
        sa.Column("case_id", Id, sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("material", sa.String(60), nullable=False),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("stored_files.sha256"), nullable=False),
        sa.Column("extension", sa.String(5), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("uploaded_at", Moment, nullable=False),
        sa.Column("uploaded_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("replaced_at", Moment),
        sa.Column("kept_in", sa.Integer),
    )
    op.create_index("ix_application_files_case", "application_files", ["case_id", "material"])
    op.create_index("ix_application_files_sha256", "application_files", ["sha256"])
    op.create_table(
        "sign_offs",
        sa.Column("id", Id, primary_key=True),
        sa.Column("case_id", Id, sa.ForeignKey("applications.case_id"), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.Column("signed_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("signed_at", Moment, nullable=False),
    )
    op.create_index("ix_sign_offs_case", "sign_offs", ["case_id"])
    op.create_table(
        "application_versions",
        sa.Column("id", Id, primary_key=True),
        sa.Column("case_id", Id, sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content_sealed", sa.Text, nullable=False, server_default=""),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.Column("submitted_at", Moment, nullable=False),
        sa.Column("submitted_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.UniqueConstraint("case_id", "number"),
    )


def _asked() -> None:
    op.create_table(
        "ratings",
        sa.Column("id", Id, primary_key=True),
        sa.Column("case_id", Id, sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("topic", sa.String(20), nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("given_on", sa.Date, nullable=False),
        sa.UniqueConstraint("case_id", "topic"),
        sa.CheckConstraint("level between 1 and 5", name="level_in_range"),
    )
    op.create_table(
        "progress_questions",
        sa.Column("subject", sa.String(80), primary_key=True),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("since", Moment, nullable=False),
    )
