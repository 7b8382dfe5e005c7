"""Reads the markup of a page strictly: known elements and attributes, all closed, values only where they are safe.

The same reader looks at a page while it is written, where values are still places, and at the filled page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from documents.editions.source import Finding
from documents.environment import HERE

PLACE = "\ue000"
"""Stands for a value that is filled in later; no text of ours may hold it."""

CHOICE = "\ue001"
"""Stands for one of several texts that the page itself writes out."""

VOID = frozenset({"br", "col", "hr", "meta"})
DRAWN = frozenset({"circle", "line", "path", "polyline", "rect"})
"""Elements of a drawing, which may close themselves."""

ELEMENTS = frozenset({
    "b", "br", "caption", "circle", "col", "colgroup", "dd", "div", "dl", "dt", "em", "g", "h1", "h2", "h3", "h4", "hr",
    "i", "li", "line", "ol", "p", "path", "polyline", "rect", "section", "small", "span", "strong", "sub", "sup", "svg",
    "table", "tbody", "td", "text", "tfoot", "th", "thead", "tr", "tspan", "u", "ul",
})  # fmt: skip
_PLACED = frozenset({
    "cx", "cy", "d", "font-family", "font-size", "font-weight", "height", "points", "r", "rx", "ry", "text-anchor",
    "transform", "width", "x", "x1", "x2", "y", "y1", "y2",
})  # fmt: skip
PLAIN = frozenset({"class", "colspan", "lang", "rowspan", "span"})
_FIXED = frozenset({
    "fill", "opacity", "stroke", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-width", "viewBox",
    "xmlns",
})  # fmt: skip
ATTRIBUTES = PLAIN | _PLACED | _FIXED
MOST_SPAN = 60
DEEPEST = 40

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_ATTRIBUTE = re.compile(r"""([A-Za-z][A-Za-z0-9-]*)\s*=\s*("[^"]*"|'[^']*')""")
_SPACE = re.compile(r"\s+")


@dataclass
class Reader:
    """Where the reading stands: which elements are open, and whether the opening tag of the last one is still open."""

    elements: frozenset[str] = ELEMENTS
    attributes: frozenset[str] = ATTRIBUTES
    stack: list[str] = field(default_factory=list)
    in_tag: str = ""
    spaced: bool = False
    lost: bool = False
    findings: list[Finding] = field(default_factory=list)

    def inner(self) -> Reader:
        """A reader for what stands inside a loop, a condition or a macro: it may close only what it opens itself."""
        return Reader(self.elements, self.attributes, [], self.in_tag, self.spaced, self.lost, self.findings)

    def read(self, text: str, line: int) -> None:
        """Read on; `line` is where the text begins. What does not fit is added to `findings`, the first one ends it."""
        at = 0
        while at < len(text) and not self.lost:
            here = line + text.count("\n", 0, at)
            step = self._in_tag(text, at, here) if self.in_tag else self._in_text(text, at, here)
            # What follows a mistake cannot be told any more.
            self.lost = step <= at
            at = step

    def _found(self, line: int, code: str, word: str = "") -> int:
        self.findings.append(Finding(line, code, {"word": word[:40].strip()} if word else {}))
        return -1

    def _in_text(self, text: str, at: int, line: int) -> int:
        start = text.find("<", at)
        if start < 0:
            return len(text)
        line += text.count("\n", at, start)
        tag = _TAG.match(text, start)
        if tag is None:
            return self._found(line, "markup_broken", text[start : start + 12].replace(PLACE, "…").replace(CHOICE, "…"))
        name = tag[2].lower()
        if name not in self.elements:
            return self._found(line, "element", name)
        if tag[1]:
            return self._closed(name, text, tag.end(), line)
        self.in_tag, self.spaced = name, False
        return tag.end()

    def _closed(self, name: str, text: str, at: int, line: int) -> int:
        if not self.stack or self.stack[-1] != name:
            return self._found(line, "not_closed", self.stack[-1] if self.stack else name)
        if text[at : at + 1] != ">":
            return self._found(line, "markup_broken", f"</{name}")
        self.stack.pop()
        return at + 1

    def _in_tag(self, text: str, at: int, line: int) -> int:
        if space := _SPACE.match(text, at):
            self.spaced = True
            return space.end()
        if text[at] == ">" or (text.startswith("/>", at) and self.in_tag in VOID | DRAWN):
            return self._opened(text, at, line)
        found = _ATTRIBUTE.match(text, at)
        if found is None or not self.spaced:
            filled = re.match(r"[A-Za-z0-9-]*=?[\ue000\ue001]", text[at:])
            return self._found(line, "place_in_tag" if filled else "markup_broken", f"<{self.in_tag}")
        self.spaced = False
        return found.end() if self._fits(found[1], found[2][1:-1], line) else -1

    def _opened(self, text: str, at: int, line: int) -> int:
        closed = text[at] == "/"
        if not closed and self.in_tag not in VOID:
            self.stack.append(self.in_tag)
            if len(self.stack) > DEEPEST:
                self.findings.append(Finding(line, "too_deep", {"most": DEEPEST}))
                return -1
        self.in_tag = ""
        return at + 1 + closed

    def _fits(self, name: str, value: str, line: int) -> bool:
        if name not in self.attributes:
            return self._found(line, "attribute", name) >= 0
        if name in _FIXED and PLACE in value:
            return self._found(line, "place_in_attribute", name) >= 0
        counted = name in ("colspan", "rowspan", "span") and PLACE not in value and CHOICE not in value
        if counted and not (value.isascii() and value.isdigit() and 1 <= int(value[:4]) <= MOST_SPAN):
            return self._found(line, "span_large", f'{name}="{value}"') >= 0
        if name in ("fill", "stroke") and "(" in value:
            return self._found(line, "attribute", f"{name}=…(") >= 0
        return True


_NEVER = frozenset({"action", "data", "href", "poster", "rel", "src", "srcset", "style"})
"""Attributes that load something or carry a style of their own; not even our parts have one."""


@cache
def _of_parts() -> tuple[frozenset[str], frozenset[str]]:
    """Elements and attributes of our own layouts, read off them."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((HERE / "parts").glob("*.html"))]
    elements = {name.lower() for text in texts for _, name in _TAG.findall(text)}
    attributes = {name for text in texts for name, _ in _ATTRIBUTE.findall(text)}
    return ELEMENTS | elements, (ATTRIBUTES | attributes) - _NEVER


def filled_findings(html: str) -> tuple[Finding, ...]:
    """What is in a filled page that neither our parts nor any edition may bring: the last net before it is drawn."""
    reader = Reader(*_of_parts())
    reader.read(html.replace("<!DOCTYPE html>", "", 1), 1)
    if not reader.findings and reader.stack:
        reader.findings.append(Finding(1, "not_closed", {"word": reader.stack[-1]}))
    return tuple(reader.findings)
