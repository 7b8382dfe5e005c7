"""Indexes that hold all the board counts by, so that no case, round or score sheet is read for a figure."""

from alembic import op
from sqlalchemy import text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_cases_tally",
        "cases",
        ["kind", "state", "live", "centre_id", "manager_id", "due_on", "organization_id"],
    )
    op.create_index("ix_cases_opened", "cases", ["kind", "opened_at", "organization_id", "id"])
    op.create_index("ix_seats_held", "seats", ["assessment_id", "vacated_at", "person_id", "id"])
    op.create_index("ix_score_sheets_locked", "score_sheets", ["seat_id", "locked_at"])
    op.drop_index("ix_assessments_open", "assessments")
    still_open = text("concluded_at is null")
    op.create_index(
        "ix_assessments_open",
        "assessments",
        ["opened_at", "concluded_at", "case_id", "id"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
