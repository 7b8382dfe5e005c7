"""What an evaluator declares as a conflict, and messages on a case with who has read them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("seats", sa.Column("situations", sa.JSON(none_as_null=True)))
