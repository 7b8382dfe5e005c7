"""Takes a filled page apart: the texts that are printed, and the skeleton around them, without the code's modules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from documents.rendered import Unfit

_PIECES = re.compile(r"(<svg\b.*?</svg>|<[^>]+>)", re.DOTALL)
_BLANKS = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class Page:
    """skeleton: everything but texts; two papers with the same skeleton differ in their texts alone. texts: as printed,
    in the order of the page.
    """

    skeleton: str
    texts: tuple[str, ...]


def taken_apart(html: str) -> Page:
    """The texts of a filled page and what is around them; nothing on the page depends on its head.

    Unfit where blanks would have to be collapsed across elements, and for lines broken by hand.
    """
    _, found, body = html.partition("</head>")
    if not found or "<br" in body:
        raise Unfit("a page without a head, or with lines broken by hand")
    parts = _PIECES.split(body)
    texts: list[str] = []
    for place in range(0, len(parts), 2):
        text = _BLANKS.sub(" ", unescape(parts[place]))
        parts[place] = "\0" if text.strip(" ") else ""
        if parts[place]:
            if text[0] == " " or text[-1] == " ":
                raise Unfit("a text with blanks around it")
            texts.append(text)
    return Page("".join(parts), tuple(texts))
