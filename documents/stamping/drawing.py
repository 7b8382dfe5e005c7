"""The drawing commands of one paper's texts and QR code, and which glyphs of which typeface they need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from documents.qr import qr_runs
from documents.stamping.faces import Face, Subset
from documents.stamping.lines import Placed

_POINT = 0.75  # points in a CSS pixel


@dataclass(slots=True)
class Used:
    """A typeface of the paper: its name in the page's resources, and each glyph with the character it stands for."""

    name: str
    texts: dict[int, str] = field(default_factory=dict)


def used_faces(lines: Iterable[Placed]) -> dict[Face, Used]:
    """Every typeface the lines need."""
    found: dict[Face, Used] = {}
    for line in lines:
        used = found.get(line.style.face)
        if used is None:
            used = found[line.style.face] = Used(f"T{len(found)}")
        for character, (glyph, _) in zip(line.text, line.glyphs, strict=True):
            used.texts.setdefault(glyph, character)
    return found


def text_commands(line: Placed, *, baseline: float, page_height: float, used: Used, subset: Subset) -> str:
    """One part of a line; `baseline` from the top of the page, in pixels."""
    style, face = line.style, line.style.face
    pieces: list[str] = []
    for (glyph, advance), step in zip(line.glyphs, line.steps, strict=True):
        pieces.append(f"{subset.new[glyph]:04x}")
        # The engine of the reader goes on by the natural width; what is more or less is said in thousandths.
        more = face.natural(glyph) - advance - step * 1000 / style.size
        if abs(more) >= 0.01:
            pieces.append(f">{more:.2f}<")
    red, green, blue = style.color
    x, y = line.x * _POINT, (page_height - baseline) * _POINT
    return (
        f"{red:.4g} {green:.4g} {blue:.4g} rg /{used.name} {style.size * _POINT:.6g} Tf "
        f"1 0 0 1 {x:.3f} {y:.3f} Tm [<{''.join(pieces)}>] TJ"
    )


def code_commands(text: str, place: tuple[float, float, float], page_height: float) -> str:
    """The QR code as rectangles, one for each unbroken row of dark modules."""
    left, top, side = place
    size, runs = qr_runs(text)
    module = side * _POINT / size
    bars = "".join(f"{column} {row} {width} 1 re " for column, row, width in runs)
    return f"q 0 g {module:.6f} 0 0 {-module:.6f} {left * _POINT:.3f} {(page_height - top) * _POINT:.3f} cm {bars}f Q"
