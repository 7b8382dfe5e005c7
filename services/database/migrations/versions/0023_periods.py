"""Months of the book that close, corrections by reversal, and what waits for the second person."""

# ruff: noqa: S608 - every statement is put together from words of this file

from alembic import op
from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, String, text

from services.database.migrations.first.base import Fen, Id, Moment, id_column

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

KEPT = ("ledger_reversals", "reversed_refunds")
CLOSED = "the month is closed: nothing is posted into it"
UNDONE = "a reversal undoes its entry exactly and is not reversed itself"


def upgrade() -> None:
    op.create_index("ix_ledger_entries_posted_on", "ledger_entries", ["posted_on"])
    _create_reversals()
    _create_periods()
    for table in KEPT:
        _only_add(table)
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _create_reversals() -> None:
    op.create_table(
        "ledger_reversals",
        Column("entry_id", Id, ForeignKey("ledger_entries.id"), primary_key=True),
        Column("reverses", Id, ForeignKey("ledger_entries.id"), nullable=False, unique=True),
        Column("reason", String(400), nullable=False),
        Column("proposed_by", Id, ForeignKey("persons.id"), nullable=False),
        Column("approved_by", Id, ForeignKey("persons.id"), nullable=False),
        CheckConstraint("entry_id <> reverses", name="of_another"),
        CheckConstraint("proposed_by <> approved_by", name="two_people"),
    )
    op.create_table(
        "reversed_refunds",
        id_column(),
        Column("award_id", Id, ForeignKey("awards.case_id"), nullable=False),
        Column("recovery_id", Id, ForeignKey("recoveries.id")),
        Column("amount_fen", Fen, nullable=False),
        Column("bank_serial", String(60), nullable=False),
        Column("received_on", Date, nullable=False),
        Column("recorded_by", Id, ForeignKey("persons.id"), nullable=False),
        Column("reversed_in", Id, ForeignKey("ledger_entries.id"), nullable=False, unique=True),
        Index("ix_reversed_refunds_serial", "bank_serial"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
    )


def _create_periods() -> None:
    op.create_table(
        "ledger_periods",
        Column("month", String(7), primary_key=True),
        Column("standing", String(6), nullable=False),
        Column("closed_by", Id, ForeignKey("persons.id")),
        Column("closed_at", Moment),
        CheckConstraint("standing in ('open','closed')", name="standing_known"),
        CheckConstraint("month like '____-__'", name="month_written"),
        CheckConstraint("standing = 'open' or closed_by is not null", name="closed_by_somebody"),
    )
    op.create_table(
        "ledger_proposals",
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
        _waiting_once("month"),
        _waiting_once("entry", "entry_id"),
        CheckConstraint("act in ('close','reopen','reverse')", name="act_known"),
        CheckConstraint("standing in ('waiting','done','refused')", name="standing_known"),
        CheckConstraint("(act = 'reverse') = (entry_id is not null)", name="about_an_entry"),
        CheckConstraint("(act = 'reverse') = (month is null)", name="about_a_month"),
        CheckConstraint("(standing = 'waiting') = (decided_by is null)", name="decided_by_somebody"),
        CheckConstraint("decided_by <> proposed_by", name="two_people"),
    )


def _waiting_once(what: str, column: str = "") -> Index:
    waiting = text("standing = 'waiting'")
    name = f"uq_ledger_proposals_waiting_{what}"
    return Index(name, column or what, unique=True, sqlite_where=waiting, postgresql_where=waiting)


def _only_add(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"create trigger {table}_refuses_{act} before {act} on {table} begin "
                f"select raise(abort, '{table} is append-only: a row is never changed or deleted'); end"
            )
        return
    op.execute(
        f"create trigger {table}_refuses_change before update or delete or truncate on {table} "
        "for each statement execute function refuse_change()"
    )


def _guard_sqlite() -> None:
    closed = "standing = 'closed' and month = substr({posted_on}, 1, 7)"
    op.execute(
        "create trigger ledger_entries_refuses_closed before insert on ledger_entries when exists "
        f"(select 1 from ledger_periods where {closed.format(posted_on='new.posted_on')}) "
        f"begin select raise(abort, '{CLOSED}'); end"
    )
    op.execute(
        "create trigger ledger_postings_refuses_closed before insert on ledger_postings when exists "
        "(select 1 from ledger_periods join ledger_entries e on e.id = new.entry_id "
        f"where {closed.format(posted_on='e.posted_on')}) begin select raise(abort, '{CLOSED}'); end"
    )
    op.execute(
        f"create trigger ledger_reversals_undoes before insert on ledger_reversals when {_UNLIKE} "
        f"begin select raise(abort, '{UNDONE}'); end"
    )


_UNLIKE = (
    "exists (select 1 from ledger_reversals where entry_id = new.reverses) "
    "or not exists (select 1 from ledger_postings where entry_id = new.reverses) "
    "or exists (select 1 from ledger_postings where entry_id in (new.entry_id, new.reverses) "
    "group by account, budget_line_id, award_id having sum(amount_fen) <> 0)"
)


def _guard_postgresql() -> None:
    # The row of the month is held until the posting commits, so that nobody closes it meanwhile.
    _function(
        "refuse_closed_month",
        "select standing into found from ledger_periods where month = to_char(new.posted_on, 'YYYY-MM') for share; "
        f"if found = 'closed' then raise exception '{CLOSED}' using errcode = 'check_violation'; end if; ",
    )
    _function(
        "refuse_closed_entry",
        "select p.standing into found from ledger_entries e "
        "join ledger_periods p on p.month = to_char(e.posted_on, 'YYYY-MM') where e.id = new.entry_id; "
        f"if found = 'closed' then raise exception '{CLOSED}' using errcode = 'check_violation'; end if; ",
    )
    _function(
        "refuse_unlike_reversal",
        f"if {_UNLIKE} then raise exception '{UNDONE}' using errcode = 'check_violation'; end if; ",
    )
    for table, function in (
        ("ledger_entries", "refuse_closed_month"), ("ledger_postings", "refuse_closed_entry"),
        ("ledger_reversals", "refuse_unlike_reversal"),
    ):  # fmt: skip
        op.execute(
            f"create trigger {table}_{function} before insert on {table} for each row execute function {function}()"
        )


def _function(name: str, body: str) -> None:
    op.execute(
        f"create function {name}() returns trigger language plpgsql as $$ declare found text; "
        f"begin {body}return new; end $$"
    )
