"""Breaks the texts of a block into lines and places every glyph, as the engine does with the same texts.

Lengths are CSS pixels, as in the engine's boxes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from documents.justify import WIDE_RUN, WIDEST_GAP
from documents.rendered import Unfit
from documents.stamping.faces import Face, Glyph

_MOST_KEPT = 8


@dataclass(frozen=True, slots=True)
class Style:
    """How one text is set. color: red, green and blue from 0 to 1."""

    face: Face
    size: float
    spacing: float
    color: tuple[float, float, float]
    wraps: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A block of lines: where it stands, and the numbers and styles of the texts in it. flexible: its place and width
    do not depend on its texts.
    """

    left: float
    width: float
    indent: float
    align: str
    size: float
    language: str
    runs: tuple[tuple[int, Style], ...]
    flexible: bool
    kept: dict[tuple[str, ...], tuple[tuple[Placed, ...], ...]] = field(default_factory=dict, compare=False)
    """Lines that were set before: most blocks of a certificate say the same on each."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A part of one text on one line: where it begins and ends, and each glyph with its distance to the next one."""

    number: int
    style: Style
    text: str
    x: float
    end: float
    glyphs: tuple[Glyph, ...]
    steps: tuple[float, ...]


@dataclass(slots=True)
class _Character:
    text: str
    number: int
    style: Style
    glyph: Glyph
    wide: bool

    @property
    def advance(self) -> float:
        return self.glyph[1] * self.style.size / 1000


def lines_of(block: Block, texts: tuple[str, ...]) -> tuple[tuple[Placed, ...], ...]:
    """The lines of a block. Unfit for what only the engine can set: other scripts, blanks at line ends, a line that has
    no place to be broken.
    """
    said = tuple(texts[number] for number, _ in block.runs)
    if said in block.kept:
        return block.kept[said]
    characters = [one for number, style in block.runs for one in _characters(texts[number], number, style)]
    lines = _broken(block, characters)
    placed = tuple(
        _placed(block, line, indent=0.0 if at else block.indent, last=at == len(lines) - 1)
        for at, line in enumerate(lines)
    )
    if len(block.kept) < _MOST_KEPT:
        block.kept[said] = placed
    return placed


def _characters(text: str, number: int, style: Style) -> list[_Character]:
    found: list[_Character] = []
    at = 0
    for run in WIDE_RUN.finditer(text):
        found += _narrow(text[at : run.start()], number, style)
        found += [_Character(one, number, style, style.face.single(one), True) for one in run.group()]
        at = run.end()
    return found + _narrow(text[at:], number, style)


def _narrow(text: str, number: int, style: Style) -> list[_Character]:
    if not text:
        return []
    glyphs = style.face.shaped(text)
    return [_Character(one, number, style, glyph, False) for one, glyph in zip(text, glyphs, strict=True)]


def _broken(block: Block, characters: list[_Character]) -> list[list[_Character]]:
    width = block.indent + sum(one.advance + one.style.spacing for one in characters)
    if width <= block.width + 0.001 or not any(style.wraps for _, style in block.runs):
        return [characters]
    if any(one.style.spacing or one.text == " " for one in characters):
        raise Unfit("a spaced text of several lines")
    may_break = _break_points(block, characters)
    lines: list[list[_Character]] = []
    start, last, used = 0, 0, block.indent
    for at, one in enumerate(characters):
        if at in may_break:
            last = at
        used += one.advance
        if used > block.width + 0.001:
            if last <= start:
                raise Unfit("a line that cannot be broken")
            lines.append(characters[start:last])
            start = last
            used = sum(other.advance for other in characters[start : at + 1])
    return [*lines, characters[start:]]


def _break_points(block: Block, characters: list[_Character]) -> set[int]:
    from weasyprint.text.line_break import get_log_attrs

    attributes: Any = get_log_attrs("".join(one.text for one in characters), block.language)
    return {
        at
        for at in range(1, len(characters))
        if attributes[at].is_line_break
        and (characters[at - 1].style.wraps or characters[at].number != characters[at - 1].number)
    }


def _placed(block: Block, line: list[_Character], *, indent: float, last: bool) -> tuple[Placed, ...]:
    used = indent + sum(one.advance + one.style.spacing for one in line)
    room, gap, x = block.width - used, 0.0, block.left + indent
    if room > 0 and block.align in ("center", "right", "end"):
        x += room / 2 if block.align == "center" else room
    elif room > 0 and block.align == "justify" and not last:
        gap = _gap(block, line, room)
    placed = []
    for characters, style in _runs(line):
        spaces = [style.spacing + (gap if one.wide else 0.0) for one in characters]
        steps = tuple((left + right) / 2 for left, right in zip(spaces, [*spaces[1:], -spaces[-1]], strict=True))
        glyphs = tuple(one.glyph for one in characters)
        text = "".join(one.text for one in characters)
        end = x + sum(one.advance + style.spacing + (gap if one.wide else 0.0) for one in characters)
        placed.append(Placed(characters[0].number, style, text, x, end, glyphs, steps))
        x = end
    return tuple(placed)


def _runs(line: list[_Character]) -> list[tuple[list[_Character], Style]]:
    runs: list[tuple[list[_Character], Style]] = []
    for one in line:
        if runs and runs[-1][0][-1].number == one.number:
            runs[-1][0].append(one)
        else:
            runs.append(([one], one.style))
    return runs


def _gap(block: Block, line: list[_Character], room: float) -> float:
    """How far Chinese characters are spread to end the line flush: see documents.justify."""
    places = sum(one.wide for one in line) - line[-1].wide
    gap = room / max(places, 1)
    spaced = any(one.text == " " for one in line)
    if (spaced and places * 3 < len(line)) or gap > WIDEST_GAP * block.size:
        if spaced:
            raise Unfit("a line that is spread by its blanks")
        return 0.0
    return gap
