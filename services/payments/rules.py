"""The reference of a payment, and the fingerprint by which a changed payment is told from the approved one."""

import hashlib
import re
from dataclasses import dataclass

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


def fingerprint(case_id: str, amount_fen: int, payee: Payee) -> str:
    """What was approved, as one value: another amount, account, holder or bank gives another one."""
    parts = (case_id, str(amount_fen), payee.account_id, payee.holder_name, payee.bank, payee.account_tail)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
