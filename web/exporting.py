"""Writes a list as an Excel or CSV file in which nothing is ever a formula, with a last line that says who took it."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fastapi.responses import Response
from xlsxwriter import Workbook

Cell = str | int | date | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_BEFORE = " \t\r\n\x00\u3000\xa0'\"“”‘’`;,；，"
_LIVE = "=+-@＝＋－＠﹦﹢﹣﹫"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading and how wide it is, in characters."""

    heading: str
    width: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list to be taken along; `taken` says who took it and when, and stands below the last row."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    taken: str


def harmless(text: str) -> str:
    """The text as a cell of a CSV file that no spreadsheet takes for a formula; control characters are left out.

    A quote goes before whatever a formula could begin with, however many blanks, quotes or separators hide it, and
    before a leading separator, tab or line break: some programs split the line there and read on.
    """
    kept = _CONTROL.sub("", text)
    bare = kept.lstrip(_BEFORE)
    hidden = kept[:1] in "\t\r\n;；" if kept else False
    return f"'{kept}" if (bare[:1] and bare[0] in _LIVE) or hidden else kept


def csv_file(sheet: Sheet) -> bytes:
    """UTF-8 with its mark, so that Excel and WPS read it; every cell quoted."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow([harmless(one.heading) for one in sheet.columns])
    for row in sheet.rows:
        writer.writerow([_plain(cell) for cell in row])
    writer.writerow([harmless(sheet.taken)])
    return file.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    if isinstance(cell, str):
        return harmless(cell)
    return "" if cell is None else str(cell)


def xlsx_file(sheet: Sheet) -> bytes:
    """Cells of declared types, headings frozen and printed on every page; memory stays flat however long it is."""
    file = io.BytesIO()
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "in_memory": False,
    }  # fmt: skip
    with Workbook(file, options) as book:
        page = book.add_worksheet(_CONTROL.sub("", sheet.name)[:31] or "1")
        head = book.add_format({"bold": True, "bg_color": "#E3F4F1", "border": 1, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, column.width)
            page.write_string(0, place, column.heading, head)
        line = 0
        for line, row in enumerate(sheet.rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(line, place, _CONTROL.sub("", cell)[:32_000])
                elif isinstance(cell, date):
                    page.write_datetime(line, place, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
                elif cell is not None:
                    page.write_number(line, place, cell)
        page.write_string(line + 2, 0, sheet.taken)
        page.freeze_panes(1, 1)
        page.repeat_rows(0)
        page.autofilter(0, 0, max(line, 1), len(sheet.columns) - 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_footer(f"&L{sheet.taken.replace('&', '＆')}&R&P / &N")
    return file.getvalue()


def download(sheet: Sheet, *, kind: str, name: str) -> Response:
    """The file as an answer that is saved, never opened in the page."""
    content = csv_file(sheet) if kind == "csv" else xlsx_file(sheet)
    media = "text/csv; charset=utf-8" if kind == "csv" else XLSX
    return Response(content, media_type=media, headers={"content-disposition": f'attachment; filename="{name}.{kind}"'})


def template_file(
    author: str, headings: Sequence[str], sample: Sequence[str], *, choices: dict[int, Sequence[str]]
) -> bytes:
    """An Excel file to be filled in: headings, one sample row, and lists to choose from in the columns of `choices`."""
    file = io.BytesIO()
    with Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"author": author})
        page = book.add_worksheet()
        head, plain = book.add_format({"bold": True, "bg_color": "#E3F4F1", "border": 1}), book.add_format()
        plain.set_num_format("@")
        for place, one in enumerate(headings):
            # As text, so that codes keep their noughts and days their form.
            page.set_column(place, place, max(14, 2 * len(one) + 2), plain)
            page.write_string(0, place, one, head)
        for place, one in enumerate(sample):
            page.write_string(1, place, one, plain)
        for place, values in choices.items():
            page.data_validation(1, place, 1000, place, {"validate": "list", "source": list(values)})
        page.freeze_panes(1, 0)
    return file.getvalue()
