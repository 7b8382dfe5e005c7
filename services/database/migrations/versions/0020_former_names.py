"""Names organizations had before they were corrected."""

import sqlalchemy as sa
from alembic import op

from services.database.migrations.first.base import Id, id_column

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organization_names",
        id_column(),
        sa.Column("organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("used_until", sa.Date, nullable=False),
        sa.Column("corrected_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Index("ix_organization_names_organization", "organization_id"),
    )
