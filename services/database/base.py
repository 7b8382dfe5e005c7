"""The one MetaData all tables hang on, the naming of constraints, and the column types both databases share."""

import secrets
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, DateTime, Integer, MetaData, String, Text, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An instant, UTC in the database and aware in Python on both databases; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = Uuid(as_uuid=False)
Fen = BigInteger
Json = JSON(none_as_null=True)
# Compared byte by byte on both databases, whatever language the server was set up in: one order, and a fast LIKE.
PlainString = String(300).with_variant(String(300, collation="C"), "postgresql")
PlainText = Text().with_variant(Text(collation="C"), "postgresql")
# SQLite only counts up by itself on a column that is exactly INTEGER PRIMARY KEY.
Counted = BigInteger().with_variant(Integer, "sqlite")


def id_column() -> Column[Any]:
    """The primary key every table of nouns has: a time-ordered UUID made by `new_id`."""
    return Column("id", Id, primary_key=True)


def sealed_column(field: str, *, needed: bool = False) -> Column[Any]:
    """A column of personal data: holds what `services.protection.sealing.seal` makes of the row's `field`, never the
    text itself. Every such column is found by its mark and sealed anew when keys change.
    """
    mark = {"sealed": field}
    if needed:
        return Column(f"{field}_sealed", Text, nullable=False, server_default="", info=mark)
    return Column(f"{field}_sealed", Text, info=mark)


def index_column(field: str, *, beside: tuple[str, str] | None = None) -> Column[Any]:
    """The column beside a sealed one by which an equal value is found (`blind_index`).

    With `beside` it finds an equal value of that (table, field): the index that such a value would have there.
    """
    name = f"{field}_index" if beside is None else f"{field}_{beside[1]}_index"
    return Column(name, String(90), info={"index_of": field, "beside": beside})


def new_id() -> str:
    """A UUID of version 7: sortable by the quarter of a microsecond it was made in, not guessable (RFC 9562, 6.2)."""
    stamp, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    value = (stamp << 80) | (0x7 << 76) | (fraction << 64) | (0b10 << 62) | secrets.randbits(62)
    return str(uuid.UUID(int=value))
