"""The red round seal of a demonstration, as drawing commands and as a small PDF: it carries 样章 and is no real seal.

It looks pressed, not printed: ink of uneven strength, an edge that is not quite sharp, specks where the paper stayed
bare, and colours that multiply with what lies under them, so that black letters stay black. All of it follows from
the name alone: the same name always gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from documents.glyphs import MissingGlyph

DIAMETER = 42.0
"""Millimetres, as the rules of 1999 ask of townships; no other body's seal is smaller than its letters can bear."""

CAPTION = "样章"
MULTIPLY = "/BM /Multiply"
_FONT = Path(__file__).resolve().parent / "fonts" / "DocSongBold.ttf"
_POINTS = 72 / 25.4
_FINE = 100  # the drawing is written in whole hundredths of a millimetre, which keeps it short
_RING = (20.95, 19.7)  # outer and inner radius
_ARC = 16.25  # radius on which the middles of the characters stand
_WIDEST_ARC = 252.0  # degrees between the first and the last character
_STAR = 6.4


@dataclass(frozen=True)
class SealCharacter:
    """One character on the arc: its middle in millimetres from the centre (x right, y up), its turn clockwise in
    degrees, and its width and height.
    """

    text: str
    x: float
    y: float
    turn: float
    width: float
    height: float


def seal_characters(issuer_name: str) -> tuple[SealCharacter, ...]:
    """Places the issuer's name left to right along the upper arc of a seal of 42 mm, feet towards the centre.

    Long names get narrow characters, as seal cutters do it.
    """
    count = len(issuer_name)
    step = min(23.0, _WIDEST_ARC / max(count - 1, 1))
    width = min(4.5, 0.86 * math.radians(step) * _ARC)
    height = min(5.2, width * 1.45)
    characters = []
    for position, text in enumerate(issuer_name):
        turn = step * (position - (count - 1) / 2)
        angle = math.radians(turn)
        x, y = _ARC * math.sin(angle), _ARC * math.cos(angle)
        characters.append(
            SealCharacter(text, round(x, 3), round(y, 3), round(turn, 3), round(width, 3), round(height, 3))
        )
    return tuple(characters)


def star_points(radius: float = _STAR) -> tuple[tuple[float, float], ...]:
    """The ten corners of the upright five-pointed star in the middle of a seal, in millimetres, y up."""
    corners = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.381966
        angle = math.radians(36 * corner)
        corners.append((reach * math.sin(angle), reach * math.cos(angle)))
    return tuple(corners)


@cache
def seal_drawing(issuer_name: str, caption: str = CAPTION) -> bytes:
    """PDF drawing commands of the seal inside a box of 42 mm (in points, lower left corner at 0 0).

    To be painted as an isolated transparency group with blend mode Multiply: what is white in it is no ink. Refuses
    (MissingGlyph) a character the seal's typeface does not have.
    """
    seed = int.from_bytes(hashlib.sha256(issuer_name.encode()).digest()[:8])
    chance = random.Random(seed)
    scale, middle = _POINTS / _FINE, DIAMETER / 2 * _POINTS
    lines = ["q", f"{scale:.8f} 0 0 {scale:.8f} {middle:.4f} {middle:.4f} cm"]
    lines += _ring(chance)
    lines.append(_polygon(star_points()))
    for character in seal_characters(issuer_name):
        lines.append(outline(character, issuer_name))
    for position, text in enumerate(caption):
        x = 4.6 * (position - (len(caption) - 1) / 2)
        lines.append(outline(SealCharacter(text, x, -13.6, 0, 4.2, 4.2), caption))
    lines.append("W n")
    lines += _ink(chance)
    lines += _bare_specks(chance)
    lines.append("Q")
    return "\n".join(line for line in lines if line).encode("ascii")


@cache
def seal_pdf(issuer_name: str, caption: str = CAPTION) -> bytes:
    """The seal as a PDF of one page of 42 x 42 mm that multiplies with whatever it is laid over.

    For a signature's appearance. The same name gives the same bytes. Refuses as `seal_drawing` does.
    """
    return as_page(seal_drawing(issuer_name, caption))


def as_page(drawing: bytes) -> bytes:
    """Drawing commands inside a box of 42 mm as a PDF of one page that multiplies with whatever it is laid over."""
    import pikepdf

    side = DIAMETER * _POINTS
    with pikepdf.new() as document:
        form = pikepdf.Stream(document, drawing)
        for key, value in group_entries(side).items():
            form[f"/{key}"] = pikepdf.Object.parse(value.encode())
        page = document.add_blank_page(page_size=(side, side))
        page.Contents = pikepdf.Stream(document, b"/Press gs /Seal Do")
        state = pikepdf.Object.parse(f"<< /Type /ExtGState {MULTIPLY} >>".encode())
        page.Resources = pikepdf.Dictionary(
            ExtGState=pikepdf.Dictionary(Press=document.make_indirect(state)),
            XObject=pikepdf.Dictionary(Seal=document.make_indirect(form)),
        )
        target = io.BytesIO()
        document.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return target.getvalue()


def group_entries(side: float) -> dict[str, str]:
    """What the stream dictionary of the seal's form says besides its length, in PDF notation; `side` in points."""
    return {
        "Type": "/XObject",
        "Subtype": "/Form",
        "BBox": f"[0 0 {side:.4f} {side:.4f}]",
        "Resources": "<< >>",
        "Group": "<< /Type /Group /S /Transparency /CS /DeviceRGB /I true >>",
    }


def _ring(chance: random.Random) -> list[str]:
    """Outer edge one way round and inner edge the other, both a hair off the circle."""
    edges = []
    for radius, direction in zip(_RING, (1, -1), strict=True):
        waves = [(count, 6.2832 * chance.random()) for count in (5, 13, 29, 47)]
        points = []
        for step in range(180):
            angle = direction * math.radians(2 * step)
            off = sum(math.sin(count * angle + phase) for count, phase in waves) * 0.018
            points.append(((radius + off) * math.cos(angle), (radius + off) * math.sin(angle)))
        edges.append(_polygon(tuple(points)))
    return edges


def _ink(chance: random.Random) -> list[str]:
    """Red that grows a little weaker across the seal, as when the hand leans to one side, and thin patches in it.

    Each band covers what is left of the seal, so that no seam shows between two of them.
    """
    lean, bands = 6.2832 * chance.random(), 16
    lines = [f"{math.cos(lean):.4f} {math.sin(lean):.4f} {-math.sin(lean):.4f} {math.cos(lean):.4f} 0 0 cm"]
    for band in range(bands):
        part = band / (bands - 1)
        lines.append(f"{0.78 + 0.07 * part:.4f} {0.05 + 0.11 * part:.4f} {0.07 + 0.11 * part:.4f} rg")
        left = -22 + 44 * band / bands
        lines.append(f"{_whole(left)} -2200 {_whole(22 - left)} 4400 re f")
    for shade in ("0.86 0.22 0.23 rg", "0.89 0.30 0.30 rg"):
        lines.append(shade)
        for _ in range(60):
            x, y = _somewhere(chance)
            lines.append(_blot(chance, x, y, 0.08 + 0.4 * chance.random() ** 2) + " f")
    return lines


def _bare_specks(chance: random.Random) -> list[str]:
    """Small places without ink, more of them on the side that was pressed less."""
    lines = ["1 1 1 rg"]
    for _ in range(260):
        x, y = _somewhere(chance)
        if chance.random() < 0.5 + x / 50:
            lines.append(_blot(chance, x, y, 0.03 + 0.12 * chance.random() ** 3) + " f")
    return lines


def _somewhere(chance: random.Random) -> tuple[float, float]:
    """A place on the seal where there is ink: on the star, among the letters, or on the ring."""
    first, last = ((0.0, _STAR), (13.5, 19.0), _RING[::-1])[int(3 * chance.random())]
    angle, reach = 6.2832 * chance.random(), first + (last - first) * chance.random()
    return reach * math.cos(angle), reach * math.sin(angle)


def _blot(chance: random.Random, x: float, y: float, size: float) -> str:
    corners = []
    for corner in range(4):
        angle, reach = math.radians(90 * corner), size * (0.55 + 0.45 * chance.random())
        corners.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    return _polygon(tuple(corners))


def _polygon(points: tuple[tuple[float, float], ...]) -> str:
    first, *others = (_point(point) for point in points)
    return f"{first} m " + " ".join(f"{point} l" for point in others) + " h"


def _point(point: tuple[float, float]) -> str:
    return f"{_whole(point[0])} {_whole(point[1])}"


def _whole(millimetres: float) -> int:
    return round(millimetres * _FINE)


def outline(character: SealCharacter, name: str) -> str:
    """The outline of one character as path commands in hundredths of a millimetre, its middle where it belongs.

    Refuses (MissingGlyph) a character the typeface does not have; `name` is what it is part of.
    """
    from fontTools.misc.transform import Identity
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.transformPen import TransformPen

    font = _font()
    glyph = font["cmap"].getBestCmap().get(ord(character.text))
    if glyph is None:
        raise MissingGlyph(name, character.text, "seal")
    em = font["head"].unitsPerEm
    # The em box of 宋体 stands 120 units below the baseline; its middle is 380 above.
    placed = Identity.translate(character.x, character.y).rotate(-math.radians(character.turn))
    placed = placed.scale(character.width / em, character.height / em).translate(-em / 2, -0.38 * em)
    glyphs = font.getGlyphSet()
    pen = DecomposingRecordingPen(glyphs)
    glyphs[glyph].draw(TransformPen(pen, placed))
    return " ".join(_path(pen.value))


def _path(strokes: list[tuple[str, tuple[Any, ...]]]) -> Iterator[str]:
    """TrueType's strokes as PDF path commands; a curve with one handle becomes one with two."""
    from fontTools.pens.basePen import decomposeQuadraticSegment

    here = (0.0, 0.0)
    for stroke, points in strokes:
        if stroke == "closePath":
            yield "h"
        elif stroke == "qCurveTo":
            for handle, there in decomposeQuadraticSegment(points):
                first, second = _two_thirds(here, handle), _two_thirds(there, handle)
                yield f"{_point(first)} {_point(second)} {_point(there)} c"
                here = there
        else:
            here = points[-1]
            yield f"{_point(here)} {'m' if stroke == 'moveTo' else 'l'}"


def _two_thirds(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    return start[0] + (end[0] - start[0]) * 2 / 3, start[1] + (end[1] - start[1]) * 2 / 3


@cache
def _font() -> Any:
    from fontTools.ttLib import TTFont

    return TTFont(_FONT, lazy=True)
