"""Bank statements: own accounts, files as they came, lines, what they match, what is open, months signed off."""

import sqlalchemy as sa
from alembic import op

from services.database.migrations.first.base import Fen, Id, Json, Moment, id_column

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _statements()
    _agreement()


def _statements() -> None:
    op.create_table(
        "own_accounts",
        id_column(),
        sa.Column("tail", sa.String(4), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("account_number_sealed", sa.Text, nullable=False, server_default=""),
        sa.Column("account_number_index", sa.String(90)),
        sa.Index("ix_own_accounts_account_number_index", "account_number_index"),
    )
    op.create_table(
        "bank_statements",
        id_column(),
        sa.Column("account_id", Id, sa.ForeignKey("own_accounts.id"), nullable=False),
        sa.Column("layout", sa.String(40), nullable=False),
        sa.Column("encoding", sa.String(20), nullable=False),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("to_on", sa.Date, nullable=False),
        sa.Column("opening_fen", Fen, nullable=False),
        sa.Column("closing_fen", Fen, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("known", sa.Integer, nullable=False),
        sa.Column("reordered", sa.Boolean, nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("file_sha256", sa.String(64), sa.ForeignKey("stored_files.sha256"), nullable=False, unique=True),
        sa.Column("imported_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("imported_at", Moment, nullable=False),
        sa.Index("ix_bank_statements_account", "account_id", "from_on"),
        sa.CheckConstraint("from_on <= to_on", name="days_in_order"),
        sa.CheckConstraint("known >= 0 and known <= count", name="known_within"),
    )
    op.create_table(
        "statement_lines",
        id_column(),
        sa.Column("account_id", Id, sa.ForeignKey("own_accounts.id"), nullable=False),
        sa.Column("statement_id", Id, sa.ForeignKey("bank_statements.id"), nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("booked_on", sa.Date, nullable=False),
        sa.Column("amount_fen", Fen, nullable=False),
        sa.Column("serial", sa.String(60), nullable=False),
        sa.Column("payee", sa.String(120), nullable=False),
        sa.Column("tail", sa.String(4), nullable=False),
        sa.Column("memo", sa.String(400), nullable=False),
        sa.Column("balance_fen", Fen),
        sa.Column("key", sa.String(60), nullable=False),
        sa.UniqueConstraint("account_id", "key"),
        sa.Index("ix_statement_lines_statement", "statement_id"),
        sa.Index("ix_statement_lines_booked", "booked_on"),
        sa.CheckConstraint("amount_fen <> 0", name="amount_not_zero"),
    )


def _agreement() -> None:
    op.create_table(
        "statement_matches",
        sa.Column("line_id", Id, sa.ForeignKey("statement_lines.id"), primary_key=True),
        sa.Column("instruction_id", Id, sa.ForeignKey("bank_instructions.id")),
        sa.Column("refund_id", Id),
        sa.Column("by", sa.String(12), nullable=False),
        sa.Column("by_id", Id, sa.ForeignKey("persons.id")),
        sa.Column("matched_at", Moment, nullable=False),
        sa.Index("ix_statement_matches_instruction", "instruction_id"),
        sa.Index("ix_statement_matches_refund", "refund_id"),
        sa.CheckConstraint("(instruction_id is null) <> (refund_id is null)", name="of_one_thing"),
        sa.CheckConstraint("by in ('reference','serial','amount','hand')", name="by_known"),
        sa.CheckConstraint("(by = 'hand') = (by_id is not null)", name="by_hand_by_somebody"),
    )
    op.create_table(
        "statement_items",
        id_column(),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("lines", Json, nullable=False),
        sa.Column("instruction_id", Id, sa.ForeignKey("bank_instructions.id")),
        sa.Column("refund_id", Id),
        sa.Column("facts", Json, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("owner_id", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("closed_at", Moment),
        sa.Column("closed_by", Id, sa.ForeignKey("persons.id")),
        sa.Column("resolution", sa.String(12), nullable=False, server_default=""),
        sa.Column("reason", sa.String(400), nullable=False, server_default=""),
        sa.Index("ix_statement_items_open", "closed_at", "owner_id"),
        sa.CheckConstraint("(closed_at is null) = (resolution = '')", name="closed_with_resolution"),
        sa.CheckConstraint("resolution in ('','accepted','explained','settled')", name="resolution_known"),
        sa.CheckConstraint("closed_by is null or resolution in ('accepted','explained')", name="closed_by_person"),
    )
    op.create_table(
        "reconciled_months",
        sa.Column("account_id", Id, sa.ForeignKey("own_accounts.id"), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("figures", Json, nullable=False),
        sa.Column("prepared_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("prepared_at", Moment, nullable=False),
        sa.Column("approved_by", Id, sa.ForeignKey("persons.id")),
        sa.Column("approved_at", Moment),
        sa.CheckConstraint("month like '____-__'", name="month_written"),
        sa.CheckConstraint("(approved_by is null) = (approved_at is null)", name="approved_whole"),
        sa.CheckConstraint("approved_by is null or approved_by <> prepared_by", name="two_people"),
    )
