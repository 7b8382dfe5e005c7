"""Tables of the ledger: entries numbered without gaps, postings in integer fen, reversals, and the months that close.

Entries, postings and reversals are never updated and never deleted; triggers of both databases refuse it, and refuse
whatever would enter a closed month.
"""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint, text

from services.database.base import METADATA, Fen, Id, Moment, id_column

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
    Index("ix_ledger_entries_posted_on", "posted_on"),
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

ledger_reversals = Table(
    "ledger_reversals",
    METADATA,
    Column("entry_id", Id, ForeignKey("ledger_entries.id"), primary_key=True),
    Column("reverses", Id, ForeignKey("ledger_entries.id"), nullable=False, unique=True),
    Column("reason", String(400), nullable=False),
    Column("proposed_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("approved_by", Id, ForeignKey("persons.id"), nullable=False),
    CheckConstraint("entry_id <> reverses", name="of_another"),
    CheckConstraint("proposed_by <> approved_by", name="two_people"),
)

ledger_periods = Table(
    "ledger_periods",
    METADATA,
    Column("month", String(7), primary_key=True),
    Column("standing", String(6), nullable=False),
    Column("closed_by", Id, ForeignKey("persons.id")),
    Column("closed_at", Moment),
    CheckConstraint("standing in ('open','closed')", name="standing_known"),
    CheckConstraint("month like '____-__'", name="month_written"),
    CheckConstraint("standing = 'open' or closed_by is not null", name="closed_by_somebody"),
)

ledger_proposals = Table(
    "ledger_proposals",
    METADATA,
    id_column(),
    Column("act", String(8), nullable=False),
    Column("month", String(7), ForeignKey("ledger_periods.month")),
    Column("entry_id", Id, ForeignKey("ledger_entries.id")),
    Column("booked_on", Date),
    Column("reason", String(400), nullable=False),
    Column("proposed_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("standing", String(8), nullable=False),
    Column("decided_by", Id, ForeignKey("persons.id")),
    Column("decided_at", Moment),
    Index("ix_ledger_proposals_standing", "standing", "proposed_at"),
    Index(
        "uq_ledger_proposals_waiting_month", "month", unique=True,
        sqlite_where=text("standing = 'waiting'"), postgresql_where=text("standing = 'waiting'"),
    ),
    Index(
        "uq_ledger_proposals_waiting_entry", "entry_id", unique=True,
        sqlite_where=text("standing = 'waiting'"), postgresql_where=text("standing = 'waiting'"),
    ),
    CheckConstraint("act in ('close','reopen','reverse')", name="act_known"),
    CheckConstraint("standing in ('waiting','done','refused')", name="standing_known"),
    CheckConstraint("(act = 'reverse') = (entry_id is not null)", name="about_an_entry"),
    CheckConstraint("(act = 'reverse') = (month is null)", name="about_a_month"),
    CheckConstraint("(standing = 'waiting') = (decided_by is null)", name="decided_by_somebody"),
    CheckConstraint("decided_by <> proposed_by", name="two_people"),
)  # fmt: skip
