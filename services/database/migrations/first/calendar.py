"""As first released: tables of the working calendar: years known, and the days that differ from Monday to Friday."""

from sqlalchemy import CheckConstraint, Column, Date, Integer, String, Table

from services.database.migrations.first.base import METADATA

calendar_years = Table(
    "calendar_years",
    METADATA,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("standing", String(12), nullable=False),
    Column("source", String(200), nullable=False),
    CheckConstraint("standing in ('official','projected')", name="standing_known"),
)

calendar_days = Table(
    "calendar_days",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("source", String(200), nullable=False),
    Column("standing", String(12), nullable=False),
    CheckConstraint("kind in ('rest','work')", name="kind_known"),
    CheckConstraint("standing in ('official','projected')", name="standing_known"),
)
