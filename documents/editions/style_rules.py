"""What the style sheet of an edition may say: known properties, our typefaces, nothing that loads or never ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import tinycss2

from documents.editions.source import LONGEST_STYLE, Finding, hidden_characters, shipped

FAMILIES = frozenset({"Doc Song", "Doc Hei", "Doc Kai", "Doc Fang"})
MOST_RULES = 200
LARGEST_LENGTH = 1_000
LEAST_TYPE_PT = 5.0
PAGE_MM = (90.0, 600.0)
_POINTS = {"pt": 1.0, "px": 0.75, "mm": 72 / 25.4, "cm": 720 / 25.4, "in": 72.0}
_UNITS = frozenset({"mm", "cm", "pt", "px", "in", "em", "rem"})
_SIDES = ("", "-top", "-right", "-bottom", "-left")
PROPERTIES = frozenset(
    {
        *(f"border{side}{what}" for side in _SIDES for what in ("", "-width", "-style", "-color")),
        *(f"margin{side}" for side in _SIDES), *(f"padding{side}" for side in _SIDES),
        "background", "background-color", "border-collapse", "border-spacing", "bottom", "break-after", "break-before",
        "break-inside", "clear", "color", "content", "counter-increment", "counter-reset", "display", "float",
        "font-family", "font-size", "font-style", "font-weight", "height", "left", "letter-spacing", "line-height",
        "list-style-type", "max-height", "max-width", "min-height", "min-width", "opacity", "orphans",
        "overflow-wrap", "page-break-after", "page-break-before", "page-break-inside", "position", "right", "size",
        "table-layout", "text-align", "text-decoration", "text-indent", "top", "vertical-align", "white-space",
        "widows", "width", "word-break", "word-spacing", "z-index",
    }
)  # fmt: skip
DISPLAYS = frozenset({"block", "inline", "inline-block", "table", "table-row", "table-cell", "list-item"})
"""Without flex and grid: nested, they take a time that grows without bound. Without none: nothing is hidden."""

FUNCTIONS = frozenset({"counter", "element", "running", "rgb"})
_SELECTING = frozenset({"not", "nth-child", "nth-last-child", "nth-of-type"})
_MARGINS = frozenset(
    f"{edge}-{place}"
    for edge, places in (
        ("top", ("left-corner", "left", "center", "right", "right-corner")),
        ("bottom", ("left-corner", "left", "center", "right", "right-corner")),
        ("left", ("top", "middle", "bottom")),
        ("right", ("top", "middle", "bottom")),
    )
    for place in places
)


def style_findings(style: str, kind_name: str) -> tuple[Finding, ...]:
    """Every line of the style sheet that may not stand, in order; what the shipped one of the kind says may stand."""
    if len(style) > LONGEST_STYLE:
        return (Finding(1, "style_too_long", {"longest": LONGEST_STYLE, "given": len(style)}),)
    if hidden := hidden_characters(style, "style_hidden_character"):
        return hidden
    rules = tinycss2.parse_stylesheet(style, skip_comments=True, skip_whitespace=True)
    if len(rules) > MOST_RULES:
        return (Finding(rules[MOST_RULES].source_line, "style_too_many", {"most": MOST_RULES}),)
    allowed = _said(shipped(kind_name).style)
    found = (one for one in _in_rules(rules) if (one.code, one.facts.get("word")) not in allowed)
    return tuple(sorted(found, key=lambda one: one.line))


@cache
def _said(style: str) -> frozenset[tuple[str, str]]:
    """The properties and ways of display that our own style sheet needs although no other may have them."""
    rules = tinycss2.parse_stylesheet(style, skip_comments=True, skip_whitespace=True)
    exempt = {"style_property", "style_display"}
    return frozenset((one.code, one.facts["word"]) for one in _in_rules(rules) if one.code in exempt)


def _in_rules(rules: Iterable[Any]) -> Iterator[Finding]:
    for rule in rules:
        if rule.type == "error":
            yield Finding(rule.source_line, "style_unreadable", {})
        elif rule.type == "at-rule":
            yield from _in_page(rule)
        else:
            yield from _in_selector(rule.prelude)
            yield from _in_block(rule.content, page=False)


def _in_page(rule: Any) -> Iterator[Finding]:
    if rule.lower_at_keyword != "page" or rule.content is None:
        yield Finding(rule.source_line, "style_at_rule", {"word": f"@{rule.at_keyword}"})
        return
    for one in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
        if one.type == "at-rule" and one.lower_at_keyword in _MARGINS and one.content is not None:
            yield from _in_block(one.content, page=False)
        elif one.type == "at-rule":
            yield Finding(one.source_line, "style_at_rule", {"word": f"@{one.at_keyword}"})
        else:
            yield from _in_declaration(one, page=True)


def _in_selector(prelude: Iterable[Any]) -> Iterator[Finding]:
    for token in prelude:
        if token.type in ("function", "url", "{} block", "[] block", "at-keyword", "error") and not (
            token.type == "function" and token.lower_name in _SELECTING
        ):
            yield Finding(token.source_line, "style_selector", {"word": token.serialize()[:40]})


def _in_block(content: Iterable[Any], *, page: bool) -> Iterator[Finding]:
    for one in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        yield from _in_declaration(one, page=page)


def _in_declaration(one: Any, *, page: bool) -> Iterator[Finding]:
    if one.type != "declaration":
        word = "@" + one.at_keyword if one.type == "at-rule" else "{"
        yield Finding(one.source_line, "style_unreadable" if one.type == "error" else "style_at_rule", {"word": word})
        return
    name = one.lower_name
    if name not in PROPERTIES or (name == "size" and not page):
        yield Finding(one.source_line, "style_property", {"word": one.name[:40]})
        return
    yield from _in_value(name, one.value)
    words = [token for token in one.value if token.type not in ("whitespace", "comment")]
    yield from _of_property(name, words, one.source_line)


def _in_value(name: str, tokens: Iterable[Any]) -> Iterator[Finding]:
    for token in tokens:
        line = token.source_line
        if token.type == "function":
            if token.lower_name not in FUNCTIONS:
                yield Finding(line, "style_loads", {"word": f"{token.name}()"})
            yield from _in_value(name, token.arguments)
        elif token.type in ("url", "at-keyword", "{} block", "[] block", "() block", "error", "unicode-range"):
            yield Finding(line, "style_loads", {"word": token.serialize()[:40]})
        elif (token.type == "dimension" and (abs(token.value) > LARGEST_LENGTH or token.lower_unit not in _UNITS)) or (
            token.type in ("number", "percentage") and abs(token.value) > LARGEST_LENGTH
        ):
            yield Finding(line, "style_size", {"word": token.serialize()[:40]})


def _of_property(name: str, words: list[Any], line: int) -> Iterator[Finding]:
    if name == "font-family":
        for family in _families(words):
            if family not in FAMILIES:
                yield Finding(line, "style_family", {"word": family[:40], "families": "、".join(sorted(FAMILIES))})
    elif name == "display":
        yield from (
            Finding(line, "style_display", {"word": word.serialize()[:40]})
            for word in words
            if word.type != "ident" or word.lower_value not in DISPLAYS
        )
    elif name == "font-size":
        yield from (Finding(line, "style_type_small", {}) for word in words if _too_small(word))
    elif name == "opacity":
        yield from (Finding(line, "style_faint", {}) for word in words if getattr(word, "value", 0) < 0.3)
    elif name == "size":
        lengths = [word.value for word in words if word.type == "dimension" and word.lower_unit == "mm"]
        if len(lengths) != 2 or len(words) != 2 or not all(PAGE_MM[0] <= one <= PAGE_MM[1] for one in lengths):
            yield Finding(line, "style_page_size", {"least": f"{PAGE_MM[0]:.0f}", "most": f"{PAGE_MM[1]:.0f}"})


def _families(words: list[Any]) -> Iterator[str]:
    name: list[str] = []
    for word in words:
        if word.type == "literal" and word.value == ",":
            yield " ".join(name)
            name = []
        else:
            name.append(str(word.value) if word.type in ("string", "ident") else word.serialize())
    yield " ".join(name)


def _too_small(word: Any) -> bool:
    if word.type == "dimension" and word.lower_unit in _POINTS:
        return bool(word.value * _POINTS[word.lower_unit] < LEAST_TYPE_PT)
    return not (word.type == "dimension" and word.value >= 0.5)
