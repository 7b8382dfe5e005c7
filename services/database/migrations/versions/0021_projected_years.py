"""Holds the working days of every year to 2040, projected where no notice is out, so that long terms can be counted."""

import importlib
import secrets

from alembic import op
from sqlalchemy import Column, Date, Integer, MetaData, String, Table, column, select, table, update

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

YEARS = Table(
    "calendar_years", MetaData(), Column("year", Integer), Column("standing", String), Column("source", String)
)  # fmt: skip
DAYS = Table(
    "calendar_days", MetaData(), Column("day", Date), Column("kind", String), Column("source", String),
    Column("standing", String),
)  # fmt: skip


def upgrade() -> None:
    # By name: the calendar stands above the database and may not be imported from here.
    seed = importlib.import_module("services.calendar.rules").load_seed()
    known = set(op.get_bind().scalars(select(YEARS.c.year)))
    missing = [row for row in seed if row.day.year not in known]
    if not missing:
        return
    years = {row.day.year: {"year": row.day.year, "standing": row.standing, "source": row.source} for row in missing}
    op.bulk_insert(YEARS, list(years.values()))
    op.bulk_insert(
        DAYS, [{"day": one.day, "kind": one.kind, "source": one.source, "standing": one.standing} for one in missing]
    )
    counters = table("counters", column("series"), column("last"))
    stamp = update(counters).where(counters.c.series == "calendar").values(last=secrets.randbits(62))
    op.get_bind().execute(stamp)
