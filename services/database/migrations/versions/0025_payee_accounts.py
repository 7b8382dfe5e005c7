"""On what terms payee accounts are held and replaced, and to which account each payment was made out."""

import sqlalchemy as sa
from alembic import op

from services.database.migrations.first.base import Id, Moment

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payee_account_terms",
        sa.Column("account_id", Id, sa.ForeignKey("payee_accounts.id"), primary_key=True),
        sa.Column("branch", sa.String(80), nullable=False),
        sa.Column("bank_code", sa.String(12), nullable=False),
        sa.Column("basis", sa.String(16), nullable=False),
        sa.Column("holder_division", sa.String(12), sa.ForeignKey("divisions.code")),
        sa.Column("agreement_number", sa.String(60), nullable=False),
        sa.Column("agreed_on", sa.Date),
        sa.Column("agreement_sha256", sa.String(64), sa.ForeignKey("stored_files.sha256")),
        sa.Column("replaces_id", Id, sa.ForeignKey("payee_accounts.id")),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("verified_at", Moment),
        sa.Column("superseded_at", Moment),
        sa.Column("refused_by", Id, sa.ForeignKey("persons.id")),
        sa.Column("refused_at", Moment),
        sa.Column("refused_reason", sa.String(400)),
        sa.Index("ix_payee_account_terms_replaces", "replaces_id"),
        sa.CheckConstraint("basis in ('own','agreement','reimbursement')", name="basis_known"),
        sa.CheckConstraint("refused_at is null or verified_at is null", name="verified_or_refused"),
    )
    op.create_table(
        "payee_snapshots",
        sa.Column("case_id", Id, sa.ForeignKey("instalments.case_id"), primary_key=True),
        sa.Column("account_id", Id, sa.ForeignKey("payee_accounts.id"), nullable=False),
        sa.Column("holder_name", sa.String(60), nullable=False),
        sa.Column("bank", sa.String(80), nullable=False),
        sa.Column("branch", sa.String(80), nullable=False),
        sa.Column("bank_code", sa.String(12), nullable=False),
        sa.Column("kept_at", Moment, nullable=False),
        sa.Column("account_number_sealed", sa.Text, nullable=False, server_default=""),
    )
