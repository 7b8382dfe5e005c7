"""Reads an uploaded table, CSV in the encodings Excel saves or XLSX, as rows of plain text."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook

from services.errors import Invalid

MOST_ROWS = 20_000
FILE = ("文件", "file")


def table_of(content: bytes | None) -> list[list[str]]:
    """Every row of the first sheet as plain text; Invalid when the file is missing, no table or too long."""
    if not content:
        raise Invalid("input.missing", field="file", label=FILE[0], label_en=FILE[1])
    rows = _sheet(content) if content.startswith(b"PK") else _csv(content)
    if len(rows) > MOST_ROWS:
        raise Invalid("input.too_many_rows", most=MOST_ROWS)
    return rows


def _sheet(content: bytes) -> list[list[str]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except (CalamineError, IndexError):
        raise Invalid("input.not_a_table") from None
    return [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def _plain(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    # A sheet keeps every number as a fraction; a division's code is none.
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error:
        raise Invalid("input.not_a_table") from None


def rows_under(table: Sequence[Sequence[str]], columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """(line, cell by column) below the headings, without blank lines; Invalid for a column that has no heading."""
    headings = [cell.lower() for cell in table[0]] if table else []
    if missing := [name for name in columns if name not in headings]:
        raise Invalid("input.columns_missing", columns=missing)
    places = {name: headings.index(name) for name in columns}
    found = []
    for line, row in enumerate(table[1:], start=2):
        cells = {name: row[place] if place < len(row) else "" for name, place in places.items()}
        if any(cells.values()):
            found.append((line, cells))
    return found
