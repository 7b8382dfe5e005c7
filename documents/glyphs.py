"""Refuses, before anything is drawn, a text with a character our typefaces do not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

_FONTS = Path(__file__).resolve().parent / "fonts"
_CHARSETS = ("charset.txt", "charset-ko.txt")
_INVISIBLE = frozenset(map(ord, "\n"))


class MissingGlyph(ValueError):
    """A text holds a character no typeface at hand can print; says which, and in which field."""

    def __init__(self, text: str, character: str, field: str) -> None:
        self.text = text
        self.character = character
        self.code_point = f"U+{ord(character):04X}"
        self.field = field
        super().__init__(
            f"{field}: no typeface has {character!r} ({self.code_point}) of {text!r}; "
            "check the spelling, or add a typeface that has it to the extra font folder"
        )


@cache
def printable_characters() -> frozenset[int]:
    """Code points that every shipped face, or the 宋体 behind it, can print, and those of the Korean face."""
    codes: set[int] = set()
    for line in " ".join((_FONTS / name).read_text(encoding="ascii") for name in _CHARSETS).split():
        first, _, last = line.partition("-")
        codes.update(range(int(first, 16), int(last or first, 16) + 1))
    codes.discard(0xAD)  # the soft hyphen has a glyph that nobody sees: two names that look alike would differ
    return frozenset(codes)


def check_glyphs(data: Any, *, field: str = "", extra: frozenset[int] = frozenset()) -> None:
    """Passes when every text in `data` (nested dicts and lists, as documents.context.to_json gives) can be printed.

    `extra` are code points an operator's own fonts add. Refuses with MissingGlyph naming the field by its path,
    `head.addressee`.
    """
    for path, text in texts(data, field):
        for character in text:
            code = ord(character)
            if code not in printable_characters() and code not in extra and code not in _INVISIBLE:
                raise MissingGlyph(text, character, path)


def texts(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in nested dicts and lists with its path: ("duties.0", "按时报送…")."""
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from texts(value, f"{path}.{key}" if path else str(key))
    elif isinstance(data, Sequence):
        for position, value in enumerate(data):
            yield from texts(value, f"{path}.{position}")
