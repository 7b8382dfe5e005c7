"""Measures printed pages in millimetres from the paper's upper left corner: characters, rules and colours, as PDFium
finds them in the file.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

MILLIMETRE = 25.4 / 72
RED = (215, 20, 26)


@dataclass(frozen=True)
class Mark:
    """One printed character: its origin (left end of its base line), its type size, and the box of its ink."""

    text: str
    x: float
    baseline: float
    size: float
    left: float
    top: float
    right: float
    bottom: float
    colour: tuple[int, int, int]

    @property
    def end(self) -> float:
        """Where a full-width character ends."""
        return self.x + self.size


@dataclass(frozen=True)
class Rule:
    """One filled or stroked area without text."""

    left: float
    top: float
    right: float
    bottom: float
    colour: tuple[int, int, int]


@dataclass(frozen=True)
class Page:
    """What one page shows."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    rules: tuple[Rule, ...]

    def line(self, text: str) -> tuple[Mark, ...]:
        """The characters of the first place where `text` stands in one line; fails when it stands nowhere."""
        flat = "".join(mark.text for mark in self.marks)
        at = flat.find(text)
        assert at >= 0, f"{text!r} is not on the page: {flat[:200]!r}"
        return self.marks[at : at + len(text)]

    def lines(self, size: float) -> list[tuple[float, tuple[Mark, ...]]]:
        """Base lines from the top with the characters of this type size (points) on them."""
        found: dict[float, list[Mark]] = {}
        for mark in self.marks:
            if abs(mark.size / MILLIMETRE - size) < 0.06:
                baseline = next((known for known in found if abs(known - mark.baseline) < 0.5), mark.baseline)
                found.setdefault(baseline, []).append(mark)
        return [(baseline, tuple(sorted(found[baseline], key=lambda mark: mark.x))) for baseline in sorted(found)]


def pages_of(document: bytes) -> list[Page]:
    """Every page of a PDF, measured."""
    with pypdfium2.PdfDocument(document) as opened:
        return [_page(page) for page in opened]


def top(marks: tuple[Mark, ...]) -> float:
    return min(mark.top for mark in marks)


def bottom(marks: tuple[Mark, ...]) -> float:
    return max(mark.bottom for mark in marks)


def middle(marks: tuple[Mark, ...]) -> float:
    """Of the ink, from side to side."""
    return (min(mark.left for mark in marks) + max(mark.right for mark in marks)) / 2


def _page(page: pypdfium2.PdfPage) -> Page:
    width, height = page.get_size()
    text = page.get_textpage()
    marks = tuple(mark for at in range(text.count_chars()) if (mark := _mark(text, at, height)) is not None)
    rules = tuple(_rule(item, height) for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1))
    return Page(width * MILLIMETRE, height * MILLIMETRE, marks, rules)


def _mark(text: pypdfium2.PdfTextPage, at: int, height: float) -> Mark | None:
    character = text.get_text_range(at, 1)
    if not character.strip():
        return None
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, at, x, y)
    left, low, right, high = (value * MILLIMETRE for value in text.get_charbox(at))
    shades = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFText_GetFillColor(text, at, *shades)
    tall = height * MILLIMETRE
    return Mark(
        character,
        x.value * MILLIMETRE,
        tall - y.value * MILLIMETRE,
        raw.FPDFText_GetFontSize(text, at) * 0.75 * MILLIMETRE,  # the file counts in CSS pixels
        left,
        tall - high,
        right,
        tall - low,
        (shades[0].value, shades[1].value, shades[2].value),
    )


def _rule(item: pypdfium2.PdfObject, height: float) -> Rule:
    left, low, right, high = (value * MILLIMETRE for value in item.get_bounds())
    shades = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFPageObj_GetFillColor(item, *shades)
    tall = height * MILLIMETRE
    return Rule(left, tall - high, right, tall - low, (shades[0].value, shades[1].value, shades[2].value))
