"""Each case keeps the furthest milestone it ever reached, so that the board's funnel is one walk over an index."""

from alembic import op
from sqlalchemy import Column, Integer, text

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MILESTONES = ("SUBMITTED", "ACCEPTED", "ADMITTED", "INCUBATING", "GRADUATION_APPLIED", "GRADUATED")


def upgrade() -> None:
    op.add_column("cases", Column("furthest", Integer, nullable=False, server_default="0"))
    reached = text(
        "update cases set furthest = :place where kind = 'incubation'"
        " and id in (select case_id from case_moves where dest = :state)"
    )
    for place, state in enumerate(MILESTONES, start=1):
        op.get_bind().execute(reached, {"place": place, "state": state})
    op.drop_index("ix_cases_opened", "cases")
    op.create_index("ix_cases_opened", "cases", ["kind", "opened_at", "organization_id", "furthest"])
