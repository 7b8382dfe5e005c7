"""Gapless numbers: one counter row a series, advanced inside the deciding transaction (会计法 art. 15)."""

from sqlalchemy import BigInteger, CheckConstraint, Column, String, Table, bindparam, insert, select, update

from services.database.base import METADATA
from services.database.work import Work

counters = Table(
    "counters",
    METADATA,
    Column("series", String(80), primary_key=True),
    Column("last", BigInteger, nullable=False),
    CheckConstraint("last >= 0", name="last_not_negative"),
)


_NEXT = (
    update(counters)
    .where(counters.c.series == bindparam("wanted"))
    .values(last=counters.c.last + 1)
    .returning(counters.c.last)
)


def next_number(work: Work, series: str) -> int:
    """The next number of the series, from 1; rolled back together with the unit of work, so no gap can stay.

    Waits while another transaction holds the same series.
    """
    taken = work.connection.execute(_NEXT, {"wanted": series}).scalar_one_or_none()
    if taken is not None:
        return int(taken)
    if work.connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as upsert

        statement = upsert(counters).values(series=series, last=1)
        statement = statement.on_conflict_do_update(
            index_elements=[counters.c.series], set_={"last": counters.c.last + 1}
        )
        return int(work.connection.execute(statement.returning(counters.c.last)).scalar_one())
    work.connection.execute(insert(counters).values(series=series, last=1))
    return 1


def hold_series(work: Work, series: str) -> None:
    """Let nobody take a number of the series until the unit of work ends; one that gave none yet is not held."""
    work.connection.execute(select(counters.c.last).where(counters.c.series == series).with_for_update())
