"""Writes down the statements a piece of work sends to the database, so that a benchmark can send the same ones raw."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from services.database.engine import Database


@dataclass(frozen=True, slots=True)
class Sent:
    """One statement as the driver got it; `many` says that the parameters are a list of sets."""

    statement: str
    parameters: Any
    many: bool


@contextmanager
def recording(database: Database) -> Iterator[list[Sent]]:
    """The list that fills while the block runs, in the order of sending; BEGIN and COMMIT are not in it."""
    sent: list[Sent] = []

    def listen(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        # SQLite's own BEGIN goes the same way and is the transaction, not the work.
        if not statement.startswith("BEGIN"):
            sent.append(Sent(statement, parameters, many))

    event.listen(database.engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", listen)
