"""The reference of a payment, the fingerprint of what was approved, and how any bank is spoken to."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

_REFERENCE = re.compile(r"ZF\d{11}")


def reference(year: int, serial: int) -> str:
    """ZF20260000127: what is printed to the bank for one attempt; the last digit checks the others (Luhn).

    Refuses (ValueError) a serial that has no six digits' room and a year without four.
    """
    if not 1 <= serial <= 999_999 or not 1000 <= year <= 9999:
        raise ValueError(f"no such reference: year {year}, serial {serial}")
    digits = f"{year}{serial:06d}"
    return f"ZF{digits}{_check(digits)}"


def reference_holds(text: str) -> bool:
    """Whether the text is a reference with its check digit right."""
    return bool(_REFERENCE.fullmatch(text)) and _check(text[2:-1]) == text[-1]


def references_in(text: str) -> tuple[str, ...]:
    """Every sound reference within what a bank printed, in order and once each; banks put spaces and dashes between."""
    plain = re.sub(r"[\s\-_/.·]", "", text).upper()
    found = (plain[hit.start() : hit.start() + 13] for hit in re.finditer(r"ZF(?=\d{11})", plain))
    return tuple(dict.fromkeys(one for one in found if reference_holds(one)))


def _check(digits: str) -> str:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


@dataclass(frozen=True, slots=True)
class Payee:
    """Whose account a payment goes to; of the number only the last four digits, since a row's number never changes."""

    account_id: str
    holder_name: str
    bank: str
    account_tail: str


@dataclass(frozen=True, slots=True)
class Order:
    """What the bank is told: whom to pay how much under which reference; the account number in full."""

    reference: str
    amount_fen: int
    holder_name: str
    account_number: str = field(repr=False)
    bank: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known after asking the bank: paid (with its serial), refused (in its words), or nothing at all."""

    said: Literal["paid", "refused", "nothing"]
    amount_fen: int | None = None
    bank_serial: str | None = None
    value_date: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A word of the bank that came by itself: its own id (the same when it comes twice) and what it is about."""

    id: str
    reference: str
    answer: Answer


class Bank(Protocol):
    """A bank that is spoken to by a program.

    `knows_references`: asked again under a reference it has seen, it answers with what it did then and pays nothing.
    Only of such a bank may the same attempt be asked twice.
    """

    knows_references: bool

    def pay(self, order: Order) -> Answer:
        """Ask for one payment. Never raises: whatever is no clear answer is the answer `nothing`."""
        ...

    def news(self) -> tuple[Message, ...]:
        """What the bank has said by itself and nobody acknowledged; some of it twice, late, or out of order."""
        ...

    def acknowledge(self, messages: Sequence[Message]) -> None:
        """These messages are booked and need not come again."""
        ...


def yuan(fen: int) -> str:
    """12000.00 from fen: two decimals, no separators."""
    return f"{fen // 100}.{fen % 100:02d}"


def fingerprint(case_id: str, amount_fen: int, payee: Payee) -> str:
    """What was approved, as one value: another amount, account, holder or bank gives another one."""
    parts = (case_id, str(amount_fen), payee.account_id, payee.holder_name, payee.bank, payee.account_tail)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
