"""The mark an electronic signature of the other side leaves on an agreement: who signed and on which day, no seal."""

from __future__ import annotations

from datetime import date

from documents.format import chinese_date
from documents.seal import DIAMETER, SealCharacter, as_page, outline

TITLE = "电子签名"
_INK = "0.10 0.16 0.42 rg 0.10 0.16 0.42 RG"
_WIDTH, _LINE = 36.0, 5.6  # millimetres: what a line may be wide, and from one line to the next
_LARGE, _SMALL = 4.2, 3.4
_POINTS = 72 / 25.4


def signature_mark_pdf(name: str, day: date) -> bytes:
    """One page of 42 x 42 mm: 电子签名, the name in up to four lines, the day, between two rules.

    The same name and day give the same bytes. Refuses (MissingGlyph) a character the typeface does not have.
    """
    per_line = int(_WIDTH / _LARGE)
    names = [name[first : first + per_line] for first in range(0, min(len(name), 4 * per_line), per_line)]
    lines = [(TITLE, _SMALL), *((one, _LARGE) for one in names), (chinese_date(day), _SMALL)]
    scale, middle = _POINTS / 100, DIAMETER / 2 * _POINTS
    top = _LINE * (len(lines) - 1) / 2
    commands = [f"q {scale:.8f} 0 0 {scale:.8f} {middle:.4f} {middle:.4f} cm {_INK} 25 w"]
    for place, (text, size) in enumerate(lines):
        commands += _line(text, size, top - place * _LINE)
    for y in (top + 5, -top - 5):
        commands.append(f"{-_WIDTH * 50:.0f} {y * 100:.0f} m {_WIDTH * 50:.0f} {y * 100:.0f} l S")
    return as_page("\n".join([*commands, "Q"]).encode("ascii"))


def _line(text: str, size: float, y: float) -> list[str]:
    """The line in the middle; Latin letters and figures take half the width of a character."""
    widths = [size / 2 if one.isascii() else size for one in text]
    x = -sum(widths) / 2
    commands = []
    for one, width in zip(text, widths, strict=True):
        commands.append(f"{outline(SealCharacter(one, x + size / 2, y, 0, size, size), text)} f")
        x += width
    return commands
