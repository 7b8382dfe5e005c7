"""Tables of reconciliation: own accounts, statements as they came, lines, matches, what is open, months."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from services.database.base import METADATA, Fen, Id, Json, Moment, id_column, index_column, sealed_column

own_accounts = Table(
    "own_accounts",
    METADATA,
    id_column(),
    Column("tail", String(4), nullable=False),
    Column("created_at", Moment, nullable=False),
    sealed_column("account_number", needed=True),
    index_column("account_number"),
    Index("ix_own_accounts_account_number_index", "account_number_index"),
)
"""The accounts statements are about; one is known by its first statement."""

bank_statements = Table(
    "bank_statements",
    METADATA,
    id_column(),
    Column("account_id", Id, ForeignKey("own_accounts.id"), nullable=False),
    Column("layout", String(40), nullable=False),
    Column("encoding", String(20), nullable=False),
    Column("from_on", Date, nullable=False),
    Column("to_on", Date, nullable=False),
    Column("opening_fen", Fen, nullable=False),
    Column("closing_fen", Fen, nullable=False),
    Column("count", Integer, nullable=False),
    Column("known", Integer, nullable=False),
    Column("reordered", Boolean, nullable=False),
    Column("file_name", String(120), nullable=False),
    Column("file_sha256", String(64), ForeignKey("stored_files.sha256"), nullable=False, unique=True),
    Column("imported_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("imported_at", Moment, nullable=False),
    Index("ix_bank_statements_account", "account_id", "from_on"),
    CheckConstraint("from_on <= to_on", name="days_in_order"),
    CheckConstraint("known >= 0 and known <= count", name="known_within"),
)
"""`known`: so many of its lines stood in an earlier statement already."""

statement_lines = Table(
    "statement_lines",
    METADATA,
    id_column(),
    Column("account_id", Id, ForeignKey("own_accounts.id"), nullable=False),
    Column("statement_id", Id, ForeignKey("bank_statements.id"), nullable=False),
    Column("row", Integer, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("amount_fen", Fen, nullable=False),
    Column("serial", String(60), nullable=False),
    Column("payee", String(120), nullable=False),
    Column("tail", String(4), nullable=False),
    Column("memo", String(400), nullable=False),
    Column("balance_fen", Fen),
    Column("key", String(60), nullable=False),
    UniqueConstraint("account_id", "key"),
    Index("ix_statement_lines_statement", "statement_id"),
    Index("ix_statement_lines_booked", "booked_on"),
    CheckConstraint("amount_fen <> 0", name="amount_not_zero"),
)

statement_matches = Table(
    "statement_matches",
    METADATA,
    Column("line_id", Id, ForeignKey("statement_lines.id"), primary_key=True),
    Column("instruction_id", Id, ForeignKey("bank_instructions.id")),
    Column("refund_id", Id),
    Column("by", String(12), nullable=False),
    Column("by_id", Id, ForeignKey("persons.id")),
    Column("matched_at", Moment, nullable=False),
    Index("ix_statement_matches_instruction", "instruction_id"),
    Index("ix_statement_matches_refund", "refund_id"),
    CheckConstraint("(instruction_id is null) <> (refund_id is null)", name="of_one_thing"),
    CheckConstraint("by in ('reference','serial','amount','hand')", name="by_known"),
    CheckConstraint("(by = 'hand') = (by_id is not null)", name="by_hand_by_somebody"),
)
"""Which line is which payment, and by what it was known; `refund_id` is plain, since a reversed refund is moved."""

statement_items = Table(
    "statement_items",
    METADATA,
    id_column(),
    Column("kind", String(12), nullable=False),
    Column("key", String(64), nullable=False, unique=True),
    Column("lines", Json, nullable=False),
    Column("instruction_id", Id, ForeignKey("bank_instructions.id")),
    Column("refund_id", Id),
    Column("facts", Json, nullable=False),
    Column("day", Date, nullable=False),
    Column("owner_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("closed_by", Id, ForeignKey("persons.id")),
    Column("resolution", String(12), nullable=False, server_default=""),
    Column("reason", String(400), nullable=False, server_default=""),
    Index("ix_statement_items_open", "closed_at", "owner_id"),
    CheckConstraint("(closed_at is null) = (resolution = '')", name="closed_with_resolution"),
    CheckConstraint("resolution in ('','accepted','explained','settled')", name="resolution_known"),
    CheckConstraint("closed_by is null or resolution in ('accepted','explained')", name="closed_by_person"),
)
"""What does not agree, each with its owner. settled: it agreed later by itself; accepted: a person took it for the
payment; explained: a person said what it is."""

reconciled_months = Table(
    "reconciled_months",
    METADATA,
    Column("account_id", Id, ForeignKey("own_accounts.id"), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("figures", Json, nullable=False),
    Column("prepared_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("prepared_at", Moment, nullable=False),
    Column("approved_by", Id, ForeignKey("persons.id")),
    Column("approved_at", Moment),
    CheckConstraint("month like '____-__'", name="month_written"),
    CheckConstraint("(approved_by is null) = (approved_at is null)", name="approved_whole"),
    CheckConstraint("approved_by is null or approved_by <> prepared_by", name="two_people"),
)
