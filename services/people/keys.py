"""What whoever runs the machine does about keys: see what is sealed under which, put in a new one, drop an old one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, bindparam, case, func, null, select, update

from services.actors import SYSTEM
from services.audit.commands import record
from services.database.engine import Database
from services.database.tables import all_tables
from services.database.work import Work, reading, run
from services.errors import Refused
from services.people.acts import hold
from services.protection.keys import add_key, drop_key, ring
from services.protection.sealing import ALGORITHM, blind_index, seal, unseal

ROWS_AT_ONCE = 200
"""So few rows change in one unit of work that nobody who works meanwhile waits for longer than a blink."""


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key and how many values are sealed under it; `missing` for one that values need and the ring has not."""

    name: str
    current: bool
    missing: bool
    sealed: int


@dataclass(frozen=True, slots=True)
class Rotated:
    """The key that seals from now on, and how many values were sealed anew under it."""

    key: str
    resealed: int


def sealed_columns() -> tuple[tuple[Table, Column[Any]], ...]:
    """Every column of every table that holds sealed values, in the order of the tables' names."""
    tables = sorted(all_tables().tables.values(), key=lambda one: one.name)
    return tuple((table, column) for table in tables for column in table.columns if "sealed" in column.info)


def key_lines(work: Work) -> tuple[KeyLine, ...]:
    """Every key of the ring, the current one first, then those that sealed values need and the ring lacks."""
    counts: dict[str, int] = {}
    for _, column in sealed_columns():
        # The name stands between the first two points: what follows is longer than any name.
        rest = func.substr(column, len(ALGORITHM) + 2, 40)
        for begun, count in work.connection.execute(
            select(rest, func.count()).where(column.is_not(None), column != "").group_by(rest)
        ):
            name = begun.partition(".")[0]
            counts[name] = counts.get(name, 0) + count
    keys = ring()
    known = tuple(KeyLine(name, name == keys.current, False, counts.get(name, 0)) for name in keys.newest_first)
    lost = tuple(KeyLine(name, False, True, counts[name]) for name in sorted(counts) if name not in keys.keys)
    return known + lost


def rotate_keys(database: Database, *, now: datetime) -> Rotated:
    """Put a new key in and seal every value anew under it, a few rows at a time, while others go on working.

    The old keys stay on the ring, for backups and for whoever wrote in the meantime; `remove_key` takes them off.
    Broken off, it is simply called again (a further key is put in). KeysUnreadable when a value cannot be opened.
    """
    added = add_key()
    resealed = reseal(database, now=now)
    run(database, now, lambda work: _note(work, "keys:rotate", added, {"resealed": resealed}))
    return Rotated(added, resealed)


def reseal(database: Database, *, now: datetime) -> int:
    """Seal under the current key whatever is sealed under another; answers how many values that were."""
    return sum(_reseal_column(database, table, column, now=now) for table, column in sealed_columns())


def _reseal_column(database: Database, table: Table, column: Column[Any], *, now: datetime) -> int:
    (key,) = table.primary_key.columns
    old = (column.is_not(None), column != "", ~column.startswith(f"{ALGORITHM}.{ring().current}.", autoescape=True))
    wanted, done, last = select(key, column).where(*old).order_by(key).limit(ROWS_AT_ONCE), 0, None
    while True:
        with reading(database, now) as work:
            rows = work.connection.execute(wanted if last is None else wanted.where(key > last)).all()
        if not rows:
            return done
        pairs = [(identity, sealed) for identity, sealed in rows]
        done += run(database, now, lambda work, pairs=pairs: _reseal_rows(work, table, column, pairs))
        last = rows[-1][0]


def _reseal_rows(work: Work, table: Table, column: Column[Any], pairs: list[tuple[Any, str]]) -> int:
    (key,), field = table.primary_key.columns, column.info["sealed"]
    values: dict[Any, Any] = {column: bindparam("new")}
    indexes = [one for one in table.columns if one.info.get("index_of") == field]
    for index in indexes:
        # An index that a row does without (another kind of value) stays away.
        values[index] = case((index.is_(None), null()), else_=bindparam(f"by_{index.name}"))
    # Who changed the value in the meantime has sealed it anew already.
    statement = update(table).where(key == bindparam("of"), column == bindparam("old")).values(values)
    changed = 0
    for identity, old in pairs:
        text = unseal(table.name, str(identity), field, old)
        said = {"of": identity, "old": old, "new": seal(table.name, str(identity), field, text)}
        for index in indexes:
            place, of_field = index.info.get("beside") or (table.name, field)
            said[f"by_{index.name}"] = blind_index(place, of_field, text)
        changed += work.connection.execute(statement, said).rowcount
    return changed


def remove_key(database: Database, name: str, *, now: datetime) -> None:
    """Take a key off the ring for good: what older backups sealed under it can be opened by nobody any more.

    Refused while values are sealed under it, and for the key in use; KeysUnreadable for a name the ring has not.
    """
    with reading(database, now) as work:
        count = next((one.sealed for one in key_lines(work) if one.name == name), 0)
    if count:
        raise Refused("protection.key_still_needed", key=name, count=count)
    drop_key(name)
    run(database, now, lambda work: _note(work, "keys:remove", name, {}))


def _note(work: Work, action: str, name: str, details: dict[str, Any]) -> None:
    hold(work, "keys")
    record(work, stream="keys", actor=SYSTEM, role="system", action=action, object=name, details=details)
