"""A bank for trials: its own book on disk, with and without references it knows, and all the ways in which banks fail.

Its book says what was really paid. Nobody else's tables do: a test that counts double payments counts them here.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from services.payments.rules import Answer, Message, Order

Fate = Literal["ok", "lost", "busy", "hang", "twice", "late", "wrong", "refused"]
"""ok · lost: executed, the reply never arrives · busy: 503, nothing done · hang: neither done nor answered · twice: the
callback comes twice · late: executed, only a callback says so, later · wrong: another amount is paid · refused."""

Fates = Callable[[str, int], Fate]
"""What happens to a reference at its first, second … call."""

SCHEMA = """
create table if not exists payments (serial text primary key, reference text not null, amount_fen integer not null,
    account text not null, value_date text not null);
create table if not exists calls (reference text not null, fate text not null);
create table if not exists callbacks (id text not null, reference text not null, serial text not null,
    amount_fen integer not null, due integer not null, taken integer not null default 0);
"""


@dataclass(frozen=True, slots=True)
class Booked:
    """One payment as the bank's own book has it."""

    serial: str
    reference: str
    amount_fen: int
    value_date: date


def always_well(_reference: str, _call: int) -> Fate:
    """Every call is executed and answered."""
    return "ok"


class Simulator:
    """The bank. With `knows_references` a reference is executed once, whatever is asked; without, every call pays."""

    def __init__(self, book: Path, *, knows_references: bool, today: date, fates: Fates = always_well) -> None:
        self.book, self.knows_references, self.fates, self.today = book, knows_references, fates, today
        book.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as connection:
            connection.executescript(SCHEMA)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.book, timeout=30)
        # What a killed process wrote is kept all the same; only a power cut could lose it, and nobody pulls that plug.
        connection.execute("pragma synchronous = off")
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def pay(self, order: Order) -> Answer:
        """Execute or not, and answer or not, as the fate of this call says."""
        with self._open() as connection:
            (calls,) = connection.execute(
                "select count(*) from calls where reference = ?", (order.reference,)
            ).fetchone()
            fate = self.fates(order.reference, calls + 1)
            connection.execute("insert into calls values (?, ?)", (order.reference, fate))
            if fate == "busy":
                return Answer("nothing", words="银行忙，503")
            if fate == "hang":
                return Answer("nothing", words="等候银行答复超时")
            if fate == "refused":
                return Answer("refused", words="账号与户名不符")
            serial, amount_fen = self._execute(connection, order, fate)
            if fate in ("twice", "late"):
                self._call_back(connection, order.reference, serial=serial, amount_fen=amount_fen, late=fate == "late")
        if fate in ("lost", "late"):
            return Answer("nothing", words="等候银行答复超时")
        return Answer("paid", amount_fen, serial, self.today)

    def _execute(self, connection: sqlite3.Connection, order: Order, fate: Fate) -> tuple[str, int]:
        known = connection.execute(
            "select serial, amount_fen from payments where reference = ?", (order.reference,)
        ).fetchone()
        if known and self.knows_references:
            return str(known[0]), int(known[1])
        (count,) = connection.execute("select count(*) from payments").fetchone()
        serial = f"SIM{self.today:%Y%m%d}{count + 1:06d}"
        amount_fen = order.amount_fen + 1 if fate == "wrong" else order.amount_fen
        values = (serial, order.reference, amount_fen, order.account_number, self.today.isoformat())
        connection.execute("insert into payments values (?, ?, ?, ?, ?)", values)
        return serial, amount_fen

    def _call_back(
        self, connection: sqlite3.Connection, reference: str, *, serial: str, amount_fen: int, late: bool
    ) -> None:
        """One message id, delivered twice; a late one not at the first look."""
        for _ in range(2):
            connection.execute(
                "insert into callbacks (id, reference, serial, amount_fen, due) values (?, ?, ?, ?, ?)",
                (f"cb-{serial}", reference, serial, amount_fen, 1 if late else 0),
            )

    def news(self) -> tuple[Message, ...]:
        """The callbacks that have arrived by now, the last one first: banks keep no order."""
        with self._open() as connection:
            rows = connection.execute(
                "select rowid, id, reference, serial, amount_fen from callbacks where due <= 0 and taken = 0"
                " order by rowid desc"
            ).fetchall()
            connection.execute("update callbacks set due = due - 1 where due > 0")
        return tuple(Message(row[1], row[2], Answer("paid", int(row[4]), str(row[3]), self.today)) for row in rows)

    def acknowledge(self, messages: Sequence[Message]) -> None:
        """Messages of these ids do not come again."""
        with self._open() as connection:
            connection.executemany("update callbacks set taken = 1 where id = ?", [(one.id,) for one in messages])

    def calls(self) -> int:
        """How often the bank was asked."""
        with self._open() as connection:
            return int(connection.execute("select count(*) from calls").fetchone()[0])

    def booked(self) -> tuple[Booked, ...]:
        """Everything the bank has really paid, in order."""
        with self._open() as connection:
            rows = connection.execute(
                "select serial, reference, amount_fen, value_date from payments order by serial"
            ).fetchall()
        return tuple(Booked(row[0], row[1], int(row[2]), date.fromisoformat(row[3])) for row in rows)
