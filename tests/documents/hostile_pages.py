"""Pages that ask for more time, memory or paper than any office document, each with what comes of it.

They are what a page could hold if it were drawn unread; what the inspection of editions says of them stands in
tests/unit/test_editions.py.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import quote

from PIL import Image

from documents.editions.source import Source

OVER = ("cpu", "wall", "memory")
"""More than its budget; which limit comes first is a matter of how busy the machine is."""


@dataclass(frozen=True, slots=True)
class Hostile:
    """What makes the body of the page, and its style sheet; `ends`: how it may end, by the limit or by words of the
    refusal.
    """

    body: Callable[[], str]
    ends: tuple[str, ...]
    style: str = ""

    def source(self) -> Source:
        """The whole page."""
        page = f'<html lang="zh-Hans"><head><title>x</title></head><body>{self.body()}</body></html>'
        return Source(page, self.style)


def plain(text: str, times: int = 1) -> Callable[[], str]:
    """A text, that many times."""
    return lambda: text * times


def nested(opening: str, levels: int, closing: str) -> Callable[[], str]:
    """An element in itself, that many levels deep."""
    return lambda: opening * levels + "x" + closing * levels


def boxes(display: str, levels: int) -> Hostile:
    """Boxes that lay out what is in them again for each of them."""
    ends = OVER if levels > 8 else ("drawn",)
    return Hostile(nested('<div class="a">', levels, "</div>"), ends, f".a {{ display: {display} }}")


def picture(kind: str, mode: str, size: int, **saved: object) -> Callable[[], str]:
    """A picture of one colour in the page itself: small as a file, large as a picture."""

    def made() -> str:
        target = BytesIO()
        Image.new(mode, (size, size)).save(target, kind, **saved)
        return f'<img src="data:image/{kind};base64,{b64encode(target.getvalue()).decode()}">'

    return made


def drawing(text: str) -> Callable[[], str]:
    """The same with a drawing."""
    return lambda: f'<img src="data:image/svg+xml,{quote(text)}">'


SVG = 'xmlns="http://www.w3.org/2000/svg" width="9" height="9"'


def used() -> str:
    """A drawing that uses a drawing ten times, which uses a drawing ten times …, six times over."""
    groups = [f"<use href='#u{level - 1}'/>" * 10 for level in range(1, 7)]
    levels = "".join(f'<g id="u{level}">{group}</g>' for level, group in enumerate(groups, 1))
    return f'<svg {SVG}><g id="u0"><path d="M0 0h1"/></g>{levels}</svg>'


CELL = "<table><tr><td %s>x</td></tr></table>"
LAUGHS = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))

HOSTILE: dict[str, Hostile] = {
    "300 nested boxes": Hostile(nested("<div>", 300, "</div>"), ("nested",)),
    "20 000 nested boxes": Hostile(nested("<div>", 20_000, "</div>"), (*OVER, "nested")),
    **{f"flex {levels} deep": boxes("flex", levels) for levels in (5, 7, 8, 12)},
    **{f"grid {levels} deep": boxes("grid", levels) for levels in (5, 8, 16)},
    "a cell over a million columns": Hostile(plain(CELL % 'colspan="1000000"'), (*OVER, "drawn")),
    "a cell over ten million rows": Hostile(plain(CELL % 'rowspan="10000000"'), ("drawn",)),
    "a page of 3 mm": Hostile(plain("字", 2_000), OVER, "@page { size: 3mm 3mm; margin: 0 }"),
    "a million characters": Hostile(plain("字", 1_000_000), OVER),
    "a million drawings": Hostile(used, OVER),
    "30 000 paragraphs": Hostile(plain("<p>x</p>", 30_000), OVER),
    "30 000 rows": Hostile(lambda: f"<table>{'<tr><td>x</td></tr>' * 30_000}</table>", ("rows",)),
    "three million characters": Hostile(plain("字", 3_000_000), ("size",)),
    "ten million pixels high": Hostile(plain('<p class="a">x</p>'), ("drawn",), ".a { height: 10000000px }"),
    "a hundred thousand columns": Hostile(plain("<p>x</p>"), ("drawn",), "body { columns: 100000 }"),
    "25 nested tables": Hostile(nested("<table><tr><td>", 25, "</td></tr></table>"), ("drawn",)),
    "a picture of 12 000 by 12 000": Hostile(picture("png", "L", 12_000), ("drawn", "memory")),
    "a coloured picture of 12 000 by 12 000": Hostile(picture("png", "RGB", 12_000), ("inline image",)),
    "a picture of 20 000 by 20 000": Hostile(picture("png", "1", 20_000), ("image",)),
    "a photograph of 1 dot an inch": Hostile(picture("jpeg", "RGB", 300, dpi=(1, 1)), ("drawn",)),
    "a photograph of 65 535 dots an inch": Hostile(picture("jpeg", "RGB", 300, dpi=(65535, 65535)), ("drawn",)),
    "a photograph of megabytes": Hostile(
        lambda: f'<img src="data:image/jpeg;base64,{"A" * 1_900_000}">', ("inline image",)
    ),
    "a billion laughs": Hostile(
        drawing(f'<!DOCTYPE svg [<!ENTITY l0 "ha">{LAUGHS}]><svg {SVG}><text y="9">&l9;</text></svg>'), ("image",)
    ),
    "an entity of its own": Hostile(
        drawing(f'<!DOCTYPE svg [<!ENTITY a "ha">]><svg {SVG}><text y="9">&a;</text></svg>'), ("drawn",)
    ),
}  # fmt: skip
