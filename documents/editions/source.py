"""One page as an administrator wrote it, the shipped one to begin with, and what is wrong with a line of it."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from documents.environment import HERE

LONGEST_PAGE = 40_000
LONGEST_STYLE = 20_000


@dataclass(frozen=True, slots=True)
class Source:
    """`page`: the page in our template language. `style`: its style sheet, which comes after those of the family."""

    page: str
    style: str

    @property
    def digest(self) -> str:
        """Names these two texts: their SHA-256."""
        return hashlib.sha256(f"{len(self.page)}\n{self.page}{self.style}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a line may not stand; `code` completes a reason `template.<code>`, `facts` fill its sentence.

    Codes that begin with `style_` speak of the style sheet, all others of the page. Lines count from 1.
    """

    line: int
    code: str
    facts: dict[str, Any] = field(default_factory=dict)


def hidden_characters(text: str, code: str) -> tuple[Finding, ...]:
    """Where a text holds what nobody sees: control and format characters, turns of direction, private characters."""
    return tuple(
        Finding(number, code, {"word": f"U+{ord(one):04X}"})
        for number, line in enumerate(text.split("\n"), 1)
        for one in line
        if one != "\t" and unicodedata.category(one) in {"Cc", "Cf", "Co", "Cs"}
    )


class SourceRefused(ValueError):
    """A page holds what no page may hold; `findings` says which line and why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__("; ".join(f"line {one.line}: {one.code} {one.facts or ''}".strip() for one in findings[:5]))


@cache
def shipped(kind_name: str) -> Source:
    """The page a kind is shipped with. Refuses (FileNotFoundError) an unknown kind."""
    folder = HERE / "kinds" / kind_name
    return Source(*((folder / name).read_text(encoding="utf-8") for name in ("page.html", "page.css")))
