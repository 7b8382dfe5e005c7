"""The bank's statement of December: written as a bank would from what was paid, and taken over by the cashier."""

import csv
import io
from datetime import date

from cli.demo.acting import City, Step, StoryFailed
from cli.demo.phases import PAYER
from documents.format import in_yuan
from services.cases.reconciling import import_statement
from services.database.work import office_instant, reading
from services.reconciliation.matching import Expected
from services.reconciliation.queries import expected_things

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 4)
ACCOUNT, OPENING_FEN = "22990000000000018", 60_000_000
HEADINGS = ("交易日期", "交易流水号", "对方户名", "对方账号", "摘要", "借方发生额", "贷方发生额", "余额")


def steps() -> list[Step]:
    """The last step of all: every payment and every repayment of these days is found on the statement."""
    at = office_instant(LAST, 17)
    return [Step(at, "O7", "导入12月1日至4日银行对账单，逐笔相符", reconcile, True)]


def reconcile(city: City) -> None:
    """Import the file. StoryFailed when anything of it does not agree."""
    with reading(city.database, city.now) as work:
        booked = [one for one in expected_things(work) if one.on is not None and FIRST <= one.on <= LAST]
    found = import_statement(
        city.database, city.actor(PAYER), content=_file(booked), file_name="2026年12月对账单.csv", now=city.now
    )
    if found.open or found.matched != len(booked) or not booked:
        raise StoryFailed(f"statement of December: {found.matched} of {len(booked)} matched, open: {found.open}")
    city.notes["statement"] = found.matched


def _file(booked: list[Expected]) -> bytes:
    """As the bank's web page gives it: GB 18030, its own totals above the lines."""
    lines = sorted(booked, key=lambda one: (str(one.on), one.serial))
    closing = OPENING_FEN + sum(one.amount_fen for one in lines)
    out, balance = io.StringIO(newline=""), OPENING_FEN
    writer = csv.writer(out)
    writer.writerow(["账号", ACCOUNT, "起始日期", FIRST.isoformat(), "截止日期", LAST.isoformat()])
    writer.writerow(["期初余额", in_yuan(OPENING_FEN), "期末余额", in_yuan(closing), "总笔数", len(lines)])
    writer.writerow(HEADINGS)
    for one in lines:
        balance += one.amount_fen
        sums = [in_yuan(-one.amount_fen), ""] if one.amount_fen < 0 else ["", in_yuan(one.amount_fen)]
        told = f"资助款 {one.reference}" if one.reference else "退款"
        tail = f"2299{one.tail}" if one.tail else ""
        writer.writerow([f"{one.on:%Y%m%d}", one.serial, one.payee, tail, told, *sums, in_yuan(balance)])
    return out.getvalue().encode("gb18030")
