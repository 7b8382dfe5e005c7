"""Tables of payments: approvals, attempts to pay, the batches they went to the bank in, and everything it answered."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint, text

from services.database.base import METADATA, Fen, Id, Moment, id_column

payment_approvals = Table(
    "payment_approvals",
    METADATA,
    Column("case_id", Id, ForeignKey("instalments.case_id"), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("approved_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("approved_at", Moment, nullable=False),
)
"""What the checker approved, as a fingerprint of amount and payee; never changed."""

payment_batches = Table(
    "payment_batches",
    METADATA,
    id_column(),
    Column("number", String(20), nullable=False, unique=True),
    Column("channel", String(12), nullable=False),
    Column("format", String(12), nullable=False, server_default=""),
    Column("made_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("released_by", Id, ForeignKey("persons.id")),
    Column("released_at", Moment),
    Column("count", Integer, nullable=False),
    Column("total_fen", Fen, nullable=False),
    Column("file_hash", String(64)),
    Column("state", String(12), nullable=False),
    Index("ix_payment_batches_state", "state", "made_at"),
    CheckConstraint("channel in ('file','simulator','manual')", name="channel_known"),
    CheckConstraint("format in ('','csv','xlsx','pain001')", name="format_known"),
    CheckConstraint("(channel = 'file') = (format <> '')", name="file_has_format"),
    CheckConstraint("state in ('made','released','done','dropped')", name="state_known"),
    CheckConstraint("(state in ('made','dropped')) = (released_by is null)", name="released_by_somebody"),
    CheckConstraint("(released_by is null) = (released_at is null)", name="released_whole"),
    CheckConstraint("released_by is null or released_by <> made_by", name="two_people"),
    CheckConstraint("count > 0 and total_fen > 0", name="not_empty"),
)

ALIVE = text("outcome in ('open','unknown','paid')")

bank_instructions = Table(
    "bank_instructions",
    METADATA,
    id_column(),
    Column("case_id", Id, ForeignKey("instalments.case_id"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("reference", String(35), nullable=False, unique=True),
    Column("amount_fen", Fen, nullable=False),
    Column("account_id", Id, ForeignKey("payee_accounts.id"), nullable=False),
    Column("holder_name", String(60), nullable=False),
    Column("bank", String(80), nullable=False),
    Column("account_tail", String(4), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("made_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("channel", String(12)),
    Column("batch_id", Id, ForeignKey("payment_batches.id")),
    Column("sent_at", Moment),
    Column("tried_at", Moment),
    Column("outcome", String(12), nullable=False),
    Column("bank_serial", String(60), unique=True),
    Column("value_date", Date),
    Column("decided_by", Id, ForeignKey("persons.id")),
    Column("decided_at", Moment),
    Column("reason", String(400), nullable=False, server_default=""),
    UniqueConstraint("case_id", "attempt"),
    Index("ix_bank_instructions_batch", "batch_id"),
    Index("ix_bank_instructions_outcome", "outcome", "sent_at"),
    # The last line of defence against paying twice: one attempt of an instalment at most may be under way or paid.
    Index("uq_bank_instructions_alive", "case_id", unique=True, sqlite_where=ALIVE, postgresql_where=ALIVE),
    CheckConstraint("attempt > 0", name="attempt_positive"),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    CheckConstraint("outcome in ('open','unknown','refused','paid','absent','recalled')", name="outcome_known"),
    CheckConstraint("(outcome = 'paid') = (bank_serial is not null)", name="paid_has_serial"),
    CheckConstraint("(outcome = 'paid') = (value_date is not null)", name="paid_has_day"),
    CheckConstraint("outcome in ('open','recalled') or sent_at is not null", name="answered_was_sent"),
    CheckConstraint("tried_at is null or sent_at is not null", name="tried_was_sent"),
    CheckConstraint("(outcome = 'open') = (decided_at is null)", name="decided_has_day"),
)
"""One row for each attempt to pay an instalment. `outcome`: open (nothing known yet), paid, refused (the bank says
no), unknown (nobody can say whether it was paid: held for reconciliation), absent (a statement showed that it was not
paid, and two persons had it sent again), recalled (taken back before it was sent)."""

bank_answers = Table(
    "bank_answers",
    METADATA,
    id_column(),
    Column("instruction_id", Id, ForeignKey("bank_instructions.id"), nullable=False),
    Column("key", String(160), nullable=False, unique=True),
    Column("source", String(12), nullable=False),
    Column("said", String(12), nullable=False),
    Column("amount_fen", Fen),
    Column("bank_serial", String(60)),
    Column("value_date", Date),
    Column("covers_to", Date),
    Column("words", String(400), nullable=False, server_default=""),
    Column("at", Moment, nullable=False),
    Column("by_id", Id, ForeignKey("persons.id"), nullable=False),
    Index("ix_bank_answers_instruction", "instruction_id"),
    CheckConstraint("source in ('bank','callback','person','statement')", name="source_known"),
    CheckConstraint("said in ('paid','refused','nothing','absent','reversed')", name="said_known"),
    CheckConstraint("said <> 'paid' or bank_serial is not null", name="paid_has_serial"),
    CheckConstraint("said <> 'absent' or covers_to is not null", name="absent_says_until_when"),
)
"""Everything ever learned about an attempt, in the order it came; rows are only added. `key` keeps a message that
comes twice from counting twice; `covers_to` is the last day of the statement that does not show the payment."""
