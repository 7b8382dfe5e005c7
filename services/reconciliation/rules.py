"""What a statement is, whether it is whole, and what each of its lines is known by; pure rules over frozen facts."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from documents.format import in_yuan
from services.errors import RowFault


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement: what left the account is negative; `row` is where it stood in the file, from 1."""

    row: int
    on: date
    amount_fen: int
    serial: str = ""
    payee: str = ""
    tail: str = ""
    memo: str = ""
    balance_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as it was read: whose account, which days, its own totals, its lines in the order of the file."""

    bank: str
    account: str
    from_on: date
    to_on: date
    opening_fen: int
    closing_fen: int
    lines: tuple[Line, ...]
    encoding: str = ""
    debit_sum_fen: int | None = None
    credit_sum_fen: int | None = None
    count: int | None = None


# Is it whole? -------------------------------------------------------------------------------------


def statement_faults(one: Statement) -> tuple[RowFault, ...]:
    """Why the statement cannot be taken over, every fault; line 0 is the statement itself.

    Codes: `reconciliation.days_reversed`, `…_count_differs`, `…_sum_differs`, `…_balance_differs` (opening balance and
    lines do not give the closing one: something is missing or altered), `…_outside_its_days`.
    """
    found: list[RowFault] = []
    moved = sum(line.amount_fen for line in one.lines)
    sums = {
        "debit": (one.debit_sum_fen, -sum(line.amount_fen for line in one.lines if line.amount_fen < 0)),
        "credit": (one.credit_sum_fen, sum(line.amount_fen for line in one.lines if line.amount_fen > 0)),
    }
    if one.from_on > one.to_on:
        found.append(RowFault(0, "reconciliation.days_reversed"))
    if one.count is not None and one.count != len(one.lines):
        found.append(RowFault(0, "reconciliation.count_differs", {"said": one.count, "found": len(one.lines)}))
    for said, added in sums.values():
        if said is not None and abs(said) != added:
            found.append(
                RowFault(0, "reconciliation.sum_differs", {"said": in_yuan(abs(said)), "found": in_yuan(added)})
            )
    if one.opening_fen + moved != one.closing_fen:
        facts = {"said": in_yuan(one.closing_fen), "found": in_yuan(one.opening_fen + moved)}
        found.append(RowFault(0, "reconciliation.balance_differs", facts))
    outside = (line for line in one.lines if not one.from_on <= line.on <= one.to_on)
    found += [RowFault(line.row, "reconciliation.outside_its_days", {"day": line.on.isoformat()}) for line in outside]
    return tuple(found)


def out_of_order(one: Statement) -> bool:
    """Whether the lines stand in another order than they happened in: days going back, or balances that do not chain.

    A file written with the latest line first is in order.
    """
    return not any(_in_order(one, lines) for lines in (one.lines, one.lines[::-1]))


def _in_order(one: Statement, lines: Sequence[Line]) -> bool:
    balance, day = one.opening_fen, one.from_on
    for line in lines:
        balance += line.amount_fen
        if line.on < day or (line.balance_fen is not None and line.balance_fen != balance):
            return False
        day = line.on
    return True


def line_keys(lines: Iterable[Line]) -> dict[Line, str]:
    """What each line is known by wherever it stands in whichever file: its content, and of equal ones the how-manieth.

    The row does not count, so that order and the cutting into files change nothing; the balance counts where the bank
    printed no serial.
    """
    seen: Counter[str] = Counter()
    found: dict[Line, str] = {}
    for line in lines:
        named = line.serial or f"={line.balance_fen}"
        content = (line.on.isoformat(), str(line.amount_fen), named, fold(line.payee), line.tail, fold(line.memo))
        digest = hashlib.sha256("\x1f".join(content).encode()).hexdigest()[:48]
        seen[digest] += 1
        found[line] = f"{digest}.{seen[digest]}"
    return found


def fold(text: str) -> str:
    """A name as it is compared: half width, without blanks and brackets' shapes, in small letters."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
