"""Tables of the ledger: entries numbered without gaps, postings in integer fen; never updated, never deleted."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from services.database.migrations.first.base import METADATA, Fen, Id, Moment, id_column

ledger_entries = Table(
    "ledger_entries",
    METADATA,
    id_column(),
    Column("voucher", String(40), nullable=False, unique=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("kind", String(30), nullable=False),
    Column("posted_on", Date, nullable=False),
    Column("at", Moment, nullable=False),
    Column("memo", String(200), nullable=False),
    Column("case_id", Id, ForeignKey("cases.id")),
    Column("actor_id", Id, ForeignKey("persons.id")),
    Index("ix_ledger_entries_case", "case_id"),
)

ledger_postings = Table(
    "ledger_postings",
    METADATA,
    id_column(),
    Column("entry_id", Id, ForeignKey("ledger_entries.id"), nullable=False),
    Column("line_number", Integer, nullable=False),
    Column("account", String(20), nullable=False),
    Column("budget_line_id", Id, ForeignKey("budget_lines.id"), nullable=False),
    Column("award_id", Id, ForeignKey("cases.id")),
    Column("amount_fen", Fen, nullable=False),
    UniqueConstraint("entry_id", "line_number"),
    Index("ix_ledger_postings_line", "budget_line_id", "account"),
    Index("ix_ledger_postings_award", "award_id"),
    CheckConstraint("amount_fen <> 0", name="amount_not_zero"),
    CheckConstraint(
        "account in ('APPROPRIATED','AVAILABLE','COMMITTED','PAYABLE','PAID','RETURNED','RECEIVABLE','RECOVERY_DUE')",
        name="account_known",
    ),
)
