"""Payments: approvals, attempts to pay with a reference each, batches, and everything the bank answered."""

import secrets
import time
import uuid
from typing import Any

from alembic import op
from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)

from services.database.migrations.first.base import Fen, Id, Moment, id_column

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ALIVE = text("outcome in ('open','unknown','paid')")


def upgrade() -> None:
    _approvals_and_batches()
    _instructions()
    _answers()
    _only_add()
    _former_payments()


def _approvals_and_batches() -> None:
    op.create_table(
        "payment_approvals",
        Column("case_id", Id, ForeignKey("instalments.case_id"), primary_key=True),
        Column("sequence", Integer, primary_key=True),
        Column("digest", String(64), nullable=False),
        Column("approved_by", Id, ForeignKey("persons.id"), nullable=False),
        Column("approved_at", Moment, nullable=False),
    )
    op.create_table(
        "payment_batches",
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


def _instructions() -> None:
    op.create_table(
        "bank_instructions",
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


def _answers() -> None:
    op.create_table(
        "bank_answers",
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


def _only_add() -> None:
    for table in ("payment_approvals", "bank_answers"):
        if op.get_bind().dialect.name == "sqlite":
            for act in ("update", "delete"):
                op.execute(
                    f"create trigger {table}_refuses_{act} before {act} on {table} begin "
                    f"select raise(abort, '{table} is append-only: a row is never changed or deleted'); end"
                )
            continue
        op.execute(
            f"create trigger {table}_refuses_change before update or delete or truncate on {table} "
            "for each statement execute function refuse_change()"
        )


FORMER = text("""
    select i.case_id, i.amount_fen, i.bank_serial, i.value_date, a.account_id, p.holder_name, p.bank,
           m.actor_id as made_by, m.at as made_at, n.actor_id as paid_by, n.at as paid_at
    from instalments i
    join awards a on a.case_id = i.award_id
    join payee_accounts p on p.id = a.account_id
    join case_moves m on m.case_id = i.case_id and m.sequence = (
        select max(sequence) from case_moves where case_id = i.case_id and trigger = 'instruct_payment')
    left join case_moves n on n.case_id = i.case_id and n.sequence = (
        select max(sequence) from case_moves where case_id = i.case_id and trigger = 'record_payment')
    join cases c on c.id = i.case_id
    where c.state in ('INSTRUCTED', 'PAID', 'CONFIRMED')
    order by m.at""")
KEEP = text("""
    insert into bank_instructions (id, case_id, attempt, reference, amount_fen, account_id, holder_name, bank,
        account_tail, digest, made_by, made_at, sent_at, outcome, bank_serial, value_date, decided_by, decided_at)
    values (:id, :case_id, 1, :reference, :amount_fen, :account_id, :holder_name, :bank, '', '', :made_by, :made_at,
        :paid_at, :outcome, :bank_serial, :value_date, :paid_by, :paid_at)""")


def _former_payments() -> None:
    """What was instructed before there were attempts gets one each, so that its payment stays paid once."""
    rows = op.get_bind().execute(FORMER).mappings().all()
    for number, row in enumerate(rows, start=1):
        outcome = "paid" if row["bank_serial"] else "open"
        values: dict[str, Any] = {str(name): value for name, value in row.items()}
        values |= {"id": _new_id(), "reference": f"BEFORE{number:06d}", "outcome": outcome}
        op.get_bind().execute(KEEP, values)


def _new_id() -> str:
    value = ((time.time_ns() // 1_000_000) << 80) | (0x7 << 76) | (0b10 << 62) | secrets.randbits(62)
    value |= secrets.randbits(12) << 64
    return uuid.UUID(int=value).hex if op.get_bind().dialect.name == "sqlite" else str(uuid.UUID(int=value))
