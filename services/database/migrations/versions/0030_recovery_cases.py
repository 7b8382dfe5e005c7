"""Recoveries as cases: what was found on an award, for what cause, what was kept and what was asked back.

Recoveries decided before they were cases keep their figures in `recoveries`; they have no row here.
"""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, String, text

from services.database.migrations.first.base import Fen, Id, Json

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    still_open = text("closed_on is null")
    op.create_table(
        "recovery_cases",
        Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
        Column("award_id", Id, ForeignKey("awards.case_id"), nullable=False),
        Column("cause", String(20), nullable=False),
        Column("kept_fen", Fen),
        Column("compliant_fen", Fen),
        Column("asked_fen", Fen),
        Column("recovery_id", Id, ForeignKey("recoveries.id"), unique=True),
        Column("due_on", Date),
        Column("plan", Json),
        Column("closed_on", Date),
        Index("ix_recovery_cases_award", "award_id"),
        Index("uq_recovery_cases_open", "award_id", unique=True, sqlite_where=still_open, postgresql_where=still_open),
        CheckConstraint(
            "cause in ('misuse','expulsion','withdrawal','unspent','failed_acceptance')", name="cause_known"
        ),
        CheckConstraint(
            "asked_fen is null or (asked_fen > 0 and asked_fen = kept_fen - compliant_fen)", name="asked_adds_up"
        ),
        CheckConstraint("compliant_fen is null or compliant_fen >= 0", name="compliant_not_negative"),
    )
