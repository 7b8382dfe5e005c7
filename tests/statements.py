"""Bank statements for tests: what was paid, and the file a bank would write about it, sound or with one fault."""

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from documents.format import in_yuan
from services.payments.rules import reference, references_in
from services.reconciliation.matching import Entered, Expected, Outcome, match
from services.reconciliation.rules import Line, Statement, line_keys

FIRST = date(2026, 12, 1)
ACCOUNT = "22990000000000188"
OPENING = 900_000_000
HEADINGS = ("交易日期", "交易流水号", "对方户名", "对方账号", "摘要", "借方发生额", "贷方发生额", "余额")


@dataclass(frozen=True)
class Booked:
    """A line as the bank booked it."""

    on: date
    serial: str
    payee: str
    tail: str
    memo: str
    amount_fen: int


def paid(count: int, *, seed: int = 1) -> tuple[list[Expected], list[Booked]]:
    """So many payments of December and what the bank booked of them: most by reference, some by name and amount."""
    chance = random.Random(seed)
    expected, booked = [], []
    for number in range(1, count + 1):
        day = FIRST + timedelta(days=(number - 1) * 20 // count)
        back, named = number % 10 == 0, number % 4 != 0
        amount = chance.randrange(50_000, 2_000_000) * (1 if back else -1)
        name, tail, serial = f"社区组织{number:05d}号联合会", f"{number % 10_000:04d}", f"B{2026120000 + number}"
        told = reference(2026, number) if not back else ""
        by_serial = serial if back else ""
        on = day + timedelta(days=chance.randrange(3))
        expected.append(
            Expected(f"e{number:05d}", f"QYFH-2026-{number:04d}-1", amount, told, name, tail, day, by_serial,
                     on if back else None)
        )  # fmt: skip
        booked.append(Booked(on, serial, name, tail, f"资助款 {told}" if named and told else "往来款", amount))
    return expected, sorted(booked, key=lambda one: (one.on, one.serial))


def written(
    booked: Sequence[Booked], *, opening: int = OPENING, encoding: str = "utf-8", newline: str = "\r\n",
    closing: int | None = None, first: date = FIRST, last: date = date(2026, 12, 31),
    balances: Sequence[int] | None = None,
) -> bytes:  # fmt: skip
    """The file: the bank's own totals above, the lines in the order given."""
    file, balance = io.StringIO(newline=""), opening
    writer = csv.writer(file, lineterminator=newline)
    moved = sum(one.amount_fen for one in booked)
    writer.writerows(
        [
            ["账号", ACCOUNT, "起始日期", first.isoformat(), "截止日期", last.isoformat()],
            ["期初余额", in_yuan(opening), "期末余额", in_yuan(opening + moved if closing is None else closing)],
            ["总笔数", len(booked), "借方合计", in_yuan(-sum(min(one.amount_fen, 0) for one in booked))],
            list(HEADINGS),
        ]
    )
    for place, one in enumerate(booked):
        balance = balance + one.amount_fen if balances is None else balances[place]
        out, back = (in_yuan(-one.amount_fen), "") if one.amount_fen < 0 else ("", in_yuan(one.amount_fen))
        account = f"6222000000{one.tail}" if one.tail else ""
        writer.writerow([f"{one.on:%Y%m%d}", one.serial, one.payee, account, one.memo, out, back, in_yuan(balance)])
    return file.getvalue().encode(encoding)


def entered(*statements: Statement) -> list[Entered]:
    """The lines as they would be kept: each once, whichever files it stands in."""
    kept: dict[str, Line] = {}
    for statement in statements:
        for line, key in line_keys(statement.lines).items():
            kept.setdefault(key, line)
    return [Entered(key, line, references_in(f"{line.memo} {line.serial}")) for key, line in kept.items()]


def matched(expected: Sequence[Expected], *statements: Statement) -> Outcome:
    """What matching comes to."""
    return match(expected, entered(*statements), [(one.from_on, one.to_on) for one in statements])


def shifted(one: Booked, **changed: object) -> Booked:
    """The line with something else in it."""
    return replace(one, **changed)  # type: ignore[arg-type]
