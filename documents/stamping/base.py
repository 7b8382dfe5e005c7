"""A page the engine laid out once: where its blocks of text stand, and the page itself without a letter on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from documents import pdf
from documents.press import SealPlace
from documents.rendered import Unfit
from documents.stamping.faces import face
from documents.stamping.lines import Block, Style, lines_of
from documents.stamping.skeleton import Page
from documents.stamping.source import Original, original_of

_EXACT = 0.06  # pixels; what pango rounds adds up to less
_BOLD = 600
_PLAIN = {
    "text_decoration_line": "none", "text_transform": "none", "word_spacing": 0, "hyphens": "manual",
    "direction": "ltr", "vertical_align": "baseline", "visibility": "visible", "word_break": "normal",
}  # fmt: skip
"""What a style must say to be set by us."""


@dataclass(frozen=True, slots=True)
class Base:
    """blocks: the texts of the page by block. baselines: of each line of each block, from the top, in pixels.
    code: left, top and side of the QR code. page_height: in pixels.
    """

    blocks: tuple[Block, ...]
    baselines: tuple[tuple[float, ...], ...]
    code: tuple[float, float, float]
    page_height: float
    seal_places: tuple[SealPlace, ...]
    original: Original


def base_of(name: str, html: str, sheets: tuple[str, ...], page: Page, *, own: str) -> Base:
    """The page without its texts, with a sample of the seal of `own` unless that is empty.

    Unfit when the engine set these texts otherwise than we would.
    """

    def read(document: Any) -> Base:
        reading = _Reading(document, page)
        reading.compare()
        baselines = tuple(tuple(line[0] for line in lines) for lines in reading.lines)
        places = pdf.seal_places(document)
        for box in reading.texts:
            box.text = ""
        drawn = pdf.written(document, places, own=own)
        height = float(document.pages[0].height)
        return Base(tuple(reading.blocks), baselines, reading.code, height, places, original_of(drawn))

    return pdf.laid_out(name, html, sheets, read)


class _Reading:
    """Walks the boxes of a one-page document and keeps what is printed, in the order of the page."""

    def __init__(self, document: Any, page: Page) -> None:
        if len(document.pages) != 1:
            raise Unfit("more than one page")
        self.blocks: tuple[Block, ...] = ()
        self.lines: list[list[tuple[float, list[tuple[int, str, float, float]]]]] = []
        self.texts: list[Any] = []
        self.code: tuple[float, float, float] = (0.0, 0.0, 0.0)
        self._page = page
        self._number, self._used = 0, 0
        found: list[Block] = []
        for box, flexible in _blocks(document.pages[0]._page_box, flexible=True):  # noqa: SLF001
            if box.element_tag.endswith("svg"):
                self._keep_code(box)
            else:
                found.append(self._block(box, flexible))
        self.blocks = tuple(found)
        if self._number != len(page.texts):
            raise Unfit("texts that are not where they were expected")

    def _keep_code(self, box: Any) -> None:
        if "qr" in (box.element.get("class") or "").split():
            self.code = (box.content_box_x(), box.content_box_y(), float(box.width))

    def _block(self, box: Any, flexible: bool) -> Block:
        runs: dict[int, Style] = {}
        lines: list[tuple[float, list[tuple[int, str, float, float]]]] = []
        indent = 0.0
        for line in box.children:
            parts = []
            for text in _text_boxes(line):
                number = self._next(text.text)
                runs.setdefault(number, _style(text.style))
                parts.append((number, text.text, float(text.position_x), float(text.position_x + text.width)))
                self.texts.append(text)
            baselines = {round(text.position_y + text.baseline, 3) for text in _text_boxes(line)}
            if len(baselines) != 1:
                raise Unfit("a line of several baselines")
            if not lines:
                indent = float(line.children[0].position_x - line.position_x)
            lines.append((baselines.pop(), parts))
        self.lines.append(lines)
        style = box.style
        align = {"start": "left", "end": "right"}.get(style["text_align_all"], style["text_align_all"])
        return Block(
            float(box.content_box_x()), float(box.width), indent, align, float(style["font_size"]), style["lang"] or "",
            tuple(runs.items()), flexible,
        )  # fmt: skip

    def _next(self, text: str) -> int:
        """The number of the text this box shows a part of."""
        if self._number < len(self._page.texts) and self._page.texts[self._number].startswith(text, self._used):
            number = self._number
            self._used += len(text)
            if self._used == len(self._page.texts[number]):
                self._number, self._used = number + 1, 0
            return number
        raise Unfit(f"a text that is not where it was expected: {text[:20]!r}")

    def compare(self) -> None:
        """Passes when we would set the same lines at the same places."""
        for block, lines in zip(self.blocks, self.lines, strict=True):
            ours = lines_of(block, self._page.texts)
            theirs = [parts for _, parts in lines]
            if [[(one.number, one.text) for one in line] for line in ours] != [
                [part[:2] for part in line] for line in theirs
            ]:
                raise Unfit("the engine breaks these lines elsewhere")
            for line, parts in zip(ours, theirs, strict=True):
                places = [(one.x - part[2], one.end - part[3]) for one, part in zip(line, parts, strict=True)]
                if any(abs(off) > _EXACT for place in places for off in place):
                    raise Unfit("the engine places this line elsewhere")


def _blocks(box: Any, *, flexible: bool) -> Iterator[tuple[Any, bool]]:
    """Every block of lines and every drawing; whether place and width hold for other texts too."""
    from weasyprint.formatting_structure import boxes

    box = getattr(box, "_box", box)
    if isinstance(box, boxes.ReplacedBox):
        yield box, flexible
        return
    flexible = flexible and not _shrinks(box)
    children = [getattr(child, "_box", child) for child in getattr(box, "children", ())]
    lines = [child for child in children if isinstance(child, boxes.LineBox)]
    if lines and any(_text_boxes(line) for line in lines):
        if len(lines) != len(children) or any(_has_other(line) for line in lines):
            raise Unfit("a block of texts and other things")
        yield box, flexible
        return
    for child in children:
        yield from _blocks(child, flexible=flexible)


def _shrinks(box: Any) -> bool:
    """Whether the box takes its width from its texts, or may share it with what stands beside it."""
    from weasyprint.formatting_structure import boxes

    if isinstance(box, (boxes.InlineBlockBox, boxes.TableCellBox, boxes.FlexBox, boxes.GridBox)):
        return True
    style = box.style
    loose = style["position"] in ("absolute", "fixed") or style["float"] != "none"
    return bool(loose and style["width"] == "auto")


def _text_boxes(box: Any) -> list[Any]:
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TextBox):
        return [box] if box.text.strip(" ") else []
    if isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        return [found for child in box.children for found in _text_boxes(child)]
    return []


def _has_other(line: Any) -> bool:
    from weasyprint.formatting_structure import boxes

    inside = line.descendants(placeholders=True)
    return any(not isinstance(box, (boxes.TextBox, boxes.InlineBox, boxes.LineBox)) for box in inside)


def _style(style: Any) -> Style:
    for name, value in _PLAIN.items():
        if style[name] != value:
            raise Unfit(f"{name}: {style[name]}")
    color = style["color"]
    if color.space not in ("srgb", "hsl", "hwb") or color.alpha != 1:
        raise Unfit("a colour of another kind")
    red, green, blue = color.to("srgb").coordinates
    spacing = style["letter_spacing"]
    return Style(
        face(style["font_family"][0], style["font_weight"] >= _BOLD), float(style["font_size"]),
        0.0 if spacing == "normal" else float(spacing), (red, green, blue), style["white_space"] == "normal",
    )  # fmt: skip
