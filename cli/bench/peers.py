"""Draws the same certificate with peers of the PDF engine, by the means each has; runs in an environment of its own.

`python peers.py WAY FIELDS.json FONTS` prints one line of JSON like cli.bench.certificate. Imports nothing of ours.
"""

from __future__ import annotations

import importlib
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Draw = Callable[[dict[str, Any]], bytes]
MM = 72 / 25.4
WIDTH, HEIGHT = 297.0, 210.0
RED, GOLD, PAPER = "#a8262b", "#b98b3a", "#fffdf6"

TYPST = """#set page(width: 297mm, height: 210mm, margin: 0mm, fill: rgb("#fffdf6"))
#set text(font: ("Doc Kai", "Doc Song"), size: 20pt, lang: "zh")
#let f = json(bytes(sys.inputs.fields))
#let at(x, y, w, body) = place(top + left, dx: x, dy: y, box(width: w, body))
#place(top + left, dx: 9mm, dy: 9mm, rect(width: 279mm, height: 192mm, stroke: 2.2mm + rgb("#a8262b")))
#place(top + left, dx: 12mm, dy: 12mm, rect(width: 273mm, height: 186mm, stroke: 0.4mm + rgb("#b98b3a")))
#at(0mm, 24mm, 297mm, align(center,
  text(font: "Doc Song", weight: "bold", size: 58pt, fill: rgb("#a8262b"), tracking: 24pt, f.title)))
#at(33mm, 51mm, 231mm, align(right, text(font: "Doc Song", size: 12.5pt, f.number)))
#at(33mm, 66mm, 231mm, {
  set par(justify: true, leading: 1em, first-line-indent: (amount: 2em, all: true))
  [#f.body #parbreak() #f.close]
})
#at(33mm, 154mm, 27mm, image(bytes(f.svg), format: "svg", width: 27mm))
#at(63mm, 159mm, 90mm, text(font: "Doc Song", size: 9pt, [#f.code \\ #f.ask \\ #text(size: 7pt, f.url)]))
#at(144mm, 162mm, 120mm, align(center, text(font: "Doc Song", size: 16pt, [#f.issuer \\ #f.day])))
#at(33mm, 188mm, 231mm, align(center, text(font: "Doc Song", size: 8.5pt, f.note)))
"""


def typst(fonts: Path) -> Draw:
    """Typst, one compiler for all."""
    page = Path(tempfile.mkdtemp(prefix="chuke-bench-typst-")) / "page.typ"
    page.write_text(TYPST, encoding="utf-8")
    compiler = importlib.import_module("typst").Compiler(str(page), font_paths=[str(fonts)], ignore_system_fonts=True)

    def draw(fields: dict[str, Any]) -> bytes:
        size, runs = _code(fields["url"])
        bars = "".join(f"M{column} {row}h{width}v1h-{width}z" for column, row, width in runs)
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{bars}"/></svg>'
        said = json.dumps({**fields, "svg": svg}, ensure_ascii=False)
        return bytes(compiler.compile(format="pdf", sys_inputs={"fields": said}))

    return draw


def reportlab(fonts: Path) -> Draw:
    """reportlab, its fonts registered once, lines broken by its own Chinese rules."""
    metrics = importlib.import_module("reportlab.pdfbase.pdfmetrics")
    fonts_module = importlib.import_module("reportlab.pdfbase.ttfonts")
    canvas_module = importlib.import_module("reportlab.pdfgen.canvas")
    platypus, styles = (importlib.import_module(f"reportlab.{name}") for name in ("platypus", "lib.styles"))
    for name in ("DocSong", "DocSongBold", "DocKai"):
        metrics.registerFont(fonts_module.TTFont(name, str(fonts / f"{name}.ttf")))
    style = styles.ParagraphStyle(
        "body", fontName="DocKai", fontSize=20, leading=14 * MM, firstLineIndent=40, wordWrap="CJK", alignment=4
    )

    def draw(fields: dict[str, Any]) -> bytes:
        out = io.BytesIO()
        page = canvas_module.Canvas(out, pagesize=(WIDTH * MM, HEIGHT * MM))
        page.setTitle(fields["title"])
        page.setFillColor(PAPER)
        page.rect(0, 0, WIDTH * MM, HEIGHT * MM, stroke=0, fill=1)
        for inset, width, color in ((10.1, 2.2, RED), (12.2, 0.4, GOLD)):
            page.setStrokeColor(color)
            page.setLineWidth(width * MM)
            page.rect(inset * MM, inset * MM, (WIDTH - 2 * inset) * MM, (HEIGHT - 2 * inset) * MM)
        page.setFillColor(RED)
        page.setFont("DocSongBold", 58)
        page.drawCentredString(WIDTH / 2 * MM, (HEIGHT - 42) * MM, fields["title"], charSpace=24)
        page.setFillColor("#000000")
        page.setFont("DocSong", 12.5)
        page.drawRightString((WIDTH - 33) * MM, (HEIGHT - 56) * MM, fields["number"])
        frame = platypus.Frame(33 * MM, 75 * MM, 231 * MM, 75 * MM, 0, 0, 0, 0)
        frame.addFromList([platypus.Paragraph(fields[name], style) for name in ("body", "close")], page)
        for size, y, name in ((9, 163, "code"), (9, 168, "ask"), (7, 173, "url")):
            page.setFont("DocSong", size)
            page.drawString(63 * MM, (HEIGHT - y) * MM, fields[name])
        page.setFont("DocSong", 16)
        page.drawCentredString(204 * MM, (HEIGHT - 167) * MM, fields["issuer"])
        page.drawCentredString(204 * MM, (HEIGHT - 178) * MM, fields["day"])
        page.setFont("DocSong", 8.5)
        page.drawCentredString(WIDTH / 2 * MM, (HEIGHT - 191) * MM, fields["note"])
        size, runs = _code(fields["url"])
        module = 27 / size
        for column, row, width in runs:
            page.rect(
                (33 + column * module) * MM, (HEIGHT - 154 - (row + 1) * module) * MM, width * module * MM, module * MM,
                stroke=0, fill=1,
            )  # fmt: skip
        page.save()
        return out.getvalue()

    return draw


def fpdf2(fonts: Path) -> Draw:
    """fpdf2; it reads and cuts its fonts anew for each document."""
    made: Any = importlib.import_module("fpdf").FPDF

    def draw(fields: dict[str, Any]) -> bytes:
        page = made("L", "mm", "A4")
        for name in ("DocSong", "DocSongBold", "DocKai"):
            page.add_font(name, fname=str(fonts / f"{name}.ttf"))
        page.set_auto_page_break(False)
        page.add_page()
        page.set_fill_color(PAPER)
        page.rect(0, 0, WIDTH, HEIGHT, style="F")
        for inset, width, color in ((10.1, 2.2, RED), (12.2, 0.4, GOLD)):
            page.set_draw_color(color)
            page.set_line_width(width)
            page.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)
        page.set_text_color(RED)
        _line(page, "DocSongBold", 58, 0, 24, WIDTH, fields["title"], "C")
        page.set_text_color("#000000")
        _line(page, "DocSong", 12.5, 33, 51, 231, fields["number"], "R")
        page.set_font("DocKai", size=20)
        page.set_xy(33, 62)
        page.multi_cell(231, 14, f"　　{fields['body']}\n　　{fields['close']}", wrapmode="CHAR", align="J")
        for size, y, name in ((9, 159, "code"), (9, 164, "ask"), (7, 169, "url")):
            _line(page, "DocSong", size, 63, y, 90, fields[name], "L")
        _line(page, "DocSong", 16, 144, 161, 120, fields["issuer"], "C")
        _line(page, "DocSong", 16, 144, 172, 120, fields["day"], "C")
        _line(page, "DocSong", 8.5, 33, 188, 231, fields["note"], "C")
        size, runs = _code(fields["url"])
        module = 27 / size
        page.set_fill_color("#000000")
        for column, row, width in runs:
            page.rect(33 + column * module, 154 + row * module, width * module, module, style="F")
        return bytes(page.output())

    return draw


def _code(text: str) -> tuple[int, list[tuple[int, int, int]]]:
    """Modules a side, and each unbroken row of dark modules, made as ours are."""
    matrix = importlib.import_module("segno").make(text, error="m", micro=False, boost_error=False, mask=3).matrix
    runs: list[tuple[int, int, int]] = []
    for row, line in enumerate(matrix):
        start = None
        for column, dark in enumerate([*line, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                runs.append((start + 2, row + 2, column - start))
                start = None
    return len(matrix) + 4, runs


def _line(page: Any, font: str, size: float, x: float, y: float, width: float, text: str, align: str) -> None:
    page.set_font(font, size=size)
    page.set_xy(x, y)
    page.cell(width, 7, text, align=align)


WAYS = {one.__name__: one for one in (typst, reportlab, fpdf2)}


def main() -> None:
    """Measures one peer over every certificate of the file, after two that are not counted."""
    draw = WAYS[sys.argv[1]](Path(sys.argv[3]))
    some = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    if len(sys.argv) > 4:
        Path(sys.argv[4]).write_bytes(draw(some[0]))
    for one in some[:2]:
        draw(one)
    size, begun = 0, time.process_time()
    for one in some:
        size += len(draw(one))
    spent = time.process_time() - begun
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(json.dumps({"ms": spent / len(some) * 1000, "seconds": spent, "mb": peak, "kb": size / len(some) / 1024}))


if __name__ == "__main__":
    main()
