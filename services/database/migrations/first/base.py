"""The MetaData, naming and column types of the first schema, and its counters."""

from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, DateTime, Integer, MetaData, String, Table, Uuid

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = Uuid(as_uuid=False)
Moment = DateTime(timezone=True)
Fen = BigInteger
Json = JSON(none_as_null=True)
# SQLite only counts up by itself on a column that is exactly INTEGER PRIMARY KEY.
Counted = BigInteger().with_variant(Integer, "sqlite")


def id_column() -> Column[Any]:
    """The primary key of a noun."""
    return Column("id", Id, primary_key=True)


counters = Table(
    "counters",
    METADATA,
    Column("series", String(80), primary_key=True),
    Column("last", BigInteger, nullable=False),
    CheckConstraint("last >= 0", name="last_not_negative"),
)
