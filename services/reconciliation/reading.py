"""Reads a bank's statement file, whatever it was saved as: CSV or XLSX by a declared layout, or camt.053 XML."""

import csv
import io
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from itertools import pairwise
from numbers import Real
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from services.applications.containers import check_container
from services.errors import Invalid, RowFault
from services.reconciliation.camt import is_xml, read_camt
from services.reconciliation.rules import Line, Statement, statement_faults

LARGEST = 8_000_000
MOST_LINES = 20_000
NEEDED = ("date", "payee")
_DIGITS = str.maketrans("０１２３４５６７８９．，－＋", "0123456789.,-+")
_DAYS = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
Table = list[list[str]]


@dataclass(frozen=True, slots=True)
class Layout:
    """How one bank lays its statements out: headings by what they hold, and the labels of its own totals."""

    key: str
    name: str
    name_en: str
    columns: Mapping[str, tuple[str, ...]]
    totals: Mapping[str, tuple[str, ...]]
    directions: Mapping[str, tuple[str, ...]]

    def places(self, row: Sequence[str]) -> dict[str, int]:
        """Where each column stands in a row of headings; those it does not have are left out."""
        plain = [_plain(cell) for cell in row]
        found = {
            name: next((plain.index(label) for label in labels if label in plain), -1)
            for name, labels in self.columns.items()
        }
        return {name: place for name, place in found.items() if place >= 0}

    def missing(self, places: Mapping[str, int]) -> list[str]:
        """The first name of each heading that is needed and not there."""
        amounts = ("amount", "direction") if self.directions else ("debit", "credit")
        return [self.columns[name][0] for name in (*NEEDED, *amounts) if name not in places]


@cache
def layouts() -> tuple[Layout, ...]:
    """The layouts that are shipped, one TOML file each."""
    found = []
    folder = files("services.reconciliation").joinpath("banks")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            said = tomllib.loads(file.read_text(encoding="utf-8"))
            parts = [
                {name: tuple(labels) for name, labels in said.get(part, {}).items()}
                for part in ("columns", "totals", "directions")
            ]
            found.append(Layout(file.name.removesuffix(".toml"), said["name"], said["name_en"], *parts))
    return tuple(found)


def read_statement(content: bytes | None) -> Statement:
    """The statement in the file. Invalid("reconciliation.refused") with every fault of every row, or with what is the
    matter with the whole: empty, too large, no table, headings missing, altered or cut off. All of it or nothing.
    """
    if not content:
        raise Invalid("input.missing", field="file", label="对账单文件", label_en="statement file")
    if len(content) > LARGEST:
        raise Invalid("upload.too_large", megabytes=LARGEST // 1_000_000)
    if is_xml(content):
        statement = read_camt(content)
    else:
        encoding, table = _table(content)
        statement = _from_table(table, encoding)
    if faults := statement_faults(statement):
        raise _refused(faults)
    return statement


def _refused(faults: Sequence[RowFault]) -> Invalid:
    return Invalid("reconciliation.refused", faults=tuple(faults), count=len({one.line for one in faults}))


# The file as a table ------------------------------------------------------------------------------


def _table(content: bytes) -> tuple[str, Table]:
    encoding, rows = ("XLSX", _sheet(content)) if content.startswith(b"PK") else _csv(content)
    if len(rows) > MOST_LINES:
        raise Invalid("input.too_many_rows", most=MOST_LINES)
    return encoding, rows


def _sheet(content: bytes) -> Table:
    check_container(content, "xlsx")
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except (CalamineError, IndexError):
        raise Invalid("input.not_a_table") from None
    return [[_cell(one) for one in row] for row in sheet.to_python(skip_empty_area=False)]


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Real) and not isinstance(value, int):
        # A sheet keeps every number as a fraction; what it shows has two places at most.
        shown = Decimal(repr(value))
        return str(int(shown)) if shown == shown.to_integral_value() else str(shown.quantize(Decimal("0.01")))
    return str(value).strip()


def _csv(content: bytes) -> tuple[str, Table]:
    encoding, text = _text(content)
    try:
        dialect = "\t" if text.count("\t") > text.count(",") else ","
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=dialect, strict=True)
        return encoding, [[cell.strip().lstrip("\t'") for cell in row] for row in rows]
    except csv.Error:
        raise Invalid("input.not_a_table") from None


def _text(content: bytes) -> tuple[str, str]:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _decoded(content, name)
    try:
        return "UTF-8", content.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(content, "gb18030")


def _decoded(content: bytes, name: str) -> tuple[str, str]:
    called = {"utf-8-sig": "UTF-8 BOM", "utf-16": "UTF-16", "gb18030": "GB 18030"}[name]
    try:
        return called, content.decode(name)
    except UnicodeDecodeError:
        raise Invalid("reconciliation.not_readable") from None


# The table as a statement -------------------------------------------------------------------------


def _from_table(table: Table, encoding: str) -> Statement:
    layout, head, places = _headings(table)
    totals = _totals(layout, table, head)
    faults: list[RowFault] = []
    lines: list[Line] = []
    for row, cells in enumerate(table[head + 1 :], start=head + 2):
        if not any(cells) or _is_total(layout, cells):
            continue
        try:
            lines.append(_line(layout, places, row, cells))
        except Invalid as error:
            faults += [RowFault(row, code, error.facts) for code in error.codes]
    statement = _whole(layout, totals, lines, encoding, faults)
    if faults or statement is None:
        raise _refused(faults)
    return statement


def _headings(table: Table) -> tuple[Layout, int, dict[str, int]]:
    best: tuple[int, list[str]] | None = None
    for number, row in enumerate(table[:60]):
        for layout in layouts():
            places = layout.places(row)
            missing = layout.missing(places)
            if not missing:
                return layout, number, places
            if len(places) > (best[0] if best else 2):
                best = len(places), missing
    if best is None:
        raise Invalid("reconciliation.no_headings")
    raise Invalid("input.columns_missing", columns=best[1])


def _totals(layout: Layout, table: Table, head: int) -> dict[str, str]:
    """What the bank says of the whole, wherever it stands: a label and, in the cell behind it, the value."""
    labels = {label: name for name, group in layout.totals.items() for label in group}
    found: dict[str, str] = {}
    for number, row in enumerate(table):
        cells = [cell for cell in (piece for one in row for piece in _pieces(one)) if cell]
        if number == head or (number > head and not _is_total(layout, row)):
            continue
        for name, value in pairwise(cells):
            if _plain(name) in labels:
                found.setdefault(labels[_plain(name)], value)
    return found


def _pieces(cell: str) -> list[str]:
    """A label and its value that share a cell, as 期初余额：100.00."""
    return [part.strip() for part in re.split("[：:]", cell, maxsplit=1)]


def _is_total(layout: Layout, row: Sequence[str]) -> bool:
    labels = {label for group in layout.totals.values() for label in group}
    first = next((cell for cell in row if cell), "")
    return _plain(_pieces(first)[0]) in labels


def _plain(text: str) -> str:
    return re.sub(r"[\s()（）*]|元$|\(元\)", "", text).replace("（", "").replace("）", "")


def _line(layout: Layout, places: Mapping[str, int], row: int, cells: Sequence[str]) -> Line:
    def at(name: str) -> str:
        place = places.get(name, len(cells))
        return cells[place] if place < len(cells) else ""

    amount = _by_direction(layout, at) if layout.directions else _by_columns(at)
    return Line(
        row, day_of(at("date")), amount, at("serial"), at("payee"), at("account").replace(" ", "")[-4:], at("memo"),
        fen_of(at("balance")) if at("balance") else None,
    )  # fmt: skip


def _by_columns(at: Any) -> int:
    debit, credit = (fen_of(at(name)) if at(name) not in ("", "-", "--") else 0 for name in ("debit", "credit"))
    if bool(debit) == bool(credit):
        raise Invalid("reconciliation.amount_unclear")
    # A negative amount in its column is the bank's own correction (红字) and counts the other way.
    return -debit if debit else credit


def _by_direction(layout: Layout, at: Any) -> int:
    amount, said = abs(fen_of(at("amount"))), at("direction")
    way = next((name for name, marks in layout.directions.items() if said in marks), "")
    if not way or not amount:
        raise Invalid("reconciliation.amount_unclear")
    return -amount if way == "out" else amount


def _whole(
    layout: Layout, totals: Mapping[str, str], lines: list[Line], encoding: str, faults: list[RowFault]
) -> Statement | None:
    missing = [layout.totals[name][0] for name in ("account", "opening", "closing") if name not in totals]
    if missing:
        faults.append(RowFault(0, "reconciliation.totals_missing", {"columns": "、".join(missing)}))
        return None
    try:
        days = sorted(line.on for line in lines)
        first = day_of(totals["from"]) if "from" in totals else days[0] if days else None
        last = day_of(totals["to"]) if "to" in totals else days[-1] if days else None
        if first is None or last is None:
            raise Invalid("reconciliation.nothing_in_it")
        sums = [fen_of(totals[name]) if name in totals else None for name in ("debit_sum", "credit_sum")]
        return Statement(
            layout.key, re.sub(r"\D", "", totals["account"]), first, last, fen_of(totals["opening"]),
            fen_of(totals["closing"]), tuple(lines), encoding, sums[0], sums[1], _count(totals),
        )  # fmt: skip
    except Invalid as error:
        faults += [RowFault(0, code, error.facts) for code in error.codes]
        return None


def _count(totals: Mapping[str, str]) -> int | None:
    digits = re.sub(r"\D", "", totals.get("count", ""))
    return int(digits) if digits else None


def fen_of(text: str) -> int:
    """An amount as banks print it, in fen; Invalid for whatever is none: 1e2, NaN, three places."""
    plain = text.translate(_DIGITS).replace(",", "").replace("¥", "").replace("￥", "").replace(" ", "").rstrip("元")
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,2})?", plain):
        raise Invalid("reconciliation.no_amount", said=text[:40])
    try:
        return int(Decimal(plain) * 100)
    except InvalidOperation:
        raise Invalid("reconciliation.no_amount", said=text[:40]) from None


def day_of(text: str) -> date:
    """A day as banks print it, with or without the time behind; Invalid for whatever is none."""
    plain = re.split(r"[ T]", text.translate(_DIGITS).strip())[0]
    if re.fullmatch(r"\d{5}(\.0)?", plain):
        return date(1899, 12, 30) + timedelta(days=int(plain.partition(".")[0]))
    for form in _DAYS:
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Invalid("reconciliation.no_day", said=text[:40])
