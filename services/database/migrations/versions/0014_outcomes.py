"""Vetoes with evidence and confirmations, the committee's votes by name, and score sheets that came in on paper."""

import sqlalchemy as sa
from alembic import op

from services.database.migrations.first.base import Id, Json, Moment, id_column

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _veto_findings()
    _veto_confirmations()
    _committee_meetings()
    _committee_votes()
    _paper_sheets()


def _veto_findings() -> None:
    op.create_table(
        "veto_findings",
        id_column(),
        sa.Column("assessment_id", Id, sa.ForeignKey("assessments.id"), nullable=False),
        sa.Column("veto", sa.String(40), nullable=False),
        sa.Column("standing", sa.String(12), nullable=False),
        sa.Column("claimed_at", Moment, nullable=False),
        sa.Column("evidence_sha256", sa.String(64), sa.ForeignKey("stored_files.sha256")),
        sa.Column("evidence_extension", sa.String(8)),
        sa.Column("evidence_note", sa.String(400), nullable=False),
        sa.Column("evidence_by", Id, sa.ForeignKey("persons.id")),
        sa.Column("evidence_at", Moment),
        sa.Column("decided_by", Id, sa.ForeignKey("persons.id")),
        sa.Column("decided_at", Moment),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.UniqueConstraint("assessment_id", "veto"),
        sa.CheckConstraint("standing in ('claimed','confirmed','refuted')", name="standing_known"),
        sa.CheckConstraint("(standing = 'claimed') = (decided_at is null)", name="decided_has_day"),
        sa.CheckConstraint("standing <> 'confirmed' or evidence_sha256 is not null", name="confirmed_has_evidence"),
    )


def _veto_confirmations() -> None:
    op.create_table(
        "veto_confirmations",
        id_column(),
        sa.Column("finding_id", Id, sa.ForeignKey("veto_findings.id"), nullable=False),
        sa.Column("part", sa.String(10), nullable=False),
        sa.Column("person_id", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("confirmed_at", Moment, nullable=False),
        sa.UniqueConstraint("finding_id", "part"),
        sa.UniqueConstraint("finding_id", "person_id"),
        sa.CheckConstraint("part in ('lead','evaluator','manager')", name="part_known"),
    )


def _committee_meetings() -> None:
    op.create_table(
        "committee_meetings",
        id_column(),
        sa.Column("assessment_id", Id, sa.ForeignKey("assessments.id"), nullable=False, unique=True),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("minutes", sa.String(2000), nullable=False),
        sa.Column("result", sa.String(12), nullable=False),
        sa.Column("recorded_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.CheckConstraint("result in ('pass','conditional','fail')", name="result_known"),
    )


def _committee_votes() -> None:
    op.create_table(
        "committee_votes",
        id_column(),
        sa.Column("meeting_id", Id, sa.ForeignKey("committee_meetings.id"), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("member", sa.String(60), nullable=False),
        sa.Column("choice", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.UniqueConstraint("meeting_id", "member"),
        sa.CheckConstraint("choice in ('pass','conditional','fail','absent')", name="choice_known"),
        sa.CheckConstraint("reason <> '' or choice = 'absent'", name="vote_has_reason"),
    )


def _paper_sheets() -> None:
    op.create_table(
        "paper_sheets",
        id_column(),
        sa.Column("assessment_id", Id, sa.ForeignKey("assessments.id"), nullable=False),
        sa.Column("seat_id", Id, sa.ForeignKey("seats.id"), nullable=False),
        sa.Column("items", Json, nullable=False),
        sa.Column("comments", Json, nullable=False),
        sa.Column("veto", Json, nullable=False),
        sa.Column("scan_sha256", sa.String(64), sa.ForeignKey("stored_files.sha256"), nullable=False),
        sa.Column("scan_extension", sa.String(8), nullable=False),
        sa.Column("entered_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("entered_at", Moment, nullable=False),
        sa.Column("standing", sa.String(12), nullable=False),
        sa.Column("decided_by", Id, sa.ForeignKey("persons.id")),
        sa.Column("decided_at", Moment),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.CheckConstraint("standing in ('waiting','counted','refused')", name="standing_known"),
        sa.CheckConstraint("(standing = 'waiting') = (decided_by is null)", name="decided_by_somebody"),
        sa.CheckConstraint("decided_by is null or decided_by <> entered_by", name="two_people"),
    )
    op.create_index("ix_paper_sheets_seat", "paper_sheets", ["seat_id", "standing"])
    op.create_index("ix_paper_sheets_assessment", "paper_sheets", ["assessment_id"])
