"""The first schema: every table, the rows that are only ever added to, the system person, the working-day table."""

import importlib
import secrets
from datetime import UTC, date

from alembic import context, op

from services.database.migrations.first import TABLES
from services.database.migrations.first.base import METADATA, counters

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("ledger_entries", "ledger_postings", "audit_entries", "log_leaves", "case_moves")
SYSTEM_ID = "00000000-0000-7000-8000-000000000001"


def upgrade() -> None:
    for noun in TABLES:
        importlib.import_module(f"services.database.migrations.first.{noun}")
    METADATA.create_all(op.get_bind(), checkfirst=False)
    _only_add()
    _add_system_person()
    _add_working_days()


def _only_add() -> None:
    """Make both databases refuse to change or delete a row of the books (会计法 art. 14)."""
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for act in ("update", "delete"):
                op.execute(
                    f"create trigger {table}_refuses_{act} before {act} on {table} begin "
                    f"select raise(abort, '{table} is append-only: a row is never changed or deleted'); end"
                )
        return
    op.execute(
        "create function refuse_change() returns trigger language plpgsql as $$ begin "
        "raise exception '% is append-only: a row is never changed or deleted', tg_table_name "
        "using errcode = 'restrict_violation'; end $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"create trigger {table}_refuses_change before update or delete or truncate on {table} "
            "for each statement execute function refuse_change()"
        )


def _add_system_person() -> None:
    now = context.config.attributes["now"].astimezone(UTC)
    row = {
        "id": SYSTEM_ID,
        "username": "system",
        "name": "系统",
        "language": "zh",
        "disabled": False,
        "created_at": now,
    }
    op.bulk_insert(METADATA.tables["persons"], [row])


def _add_working_days() -> None:
    """Every year the shipped table holds, and the stamp by which a process notices that the table changed."""
    # By name: the calendar stands above the database and may not be imported from here.
    seed = importlib.import_module("services.calendar.rules").load_seed()
    days = [{"day": row.day, "kind": row.kind, "source": row.source, "standing": row.standing} for row in seed]
    years: dict[int, dict[str, object]] = {}
    for row in days:
        day = row["day"]
        assert isinstance(day, date)
        years[day.year] = {"year": day.year, "standing": row["standing"], "source": row["source"]}
    op.bulk_insert(METADATA.tables["calendar_years"], list(years.values()))
    op.bulk_insert(METADATA.tables["calendar_days"], days)
    op.bulk_insert(counters, [{"series": "calendar", "last": secrets.randbits(62)}])
