"""What drawing a document gives back, what it may cost, and how it is refused; knows no PDF engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from documents.press import SealPlace

Method = Literal["any", "stamped", "whole"]
"""How a document is drawn: onto a page laid out before, as a whole, or in whichever of the two ways it can be."""

STAMP = "stamp 1"
"""Stands in the engine's description of a stamped document; the figure rises when one would get other bytes."""

Limit = Literal["cpu", "wall", "memory", "pages", "rows", "size"]


@dataclass(frozen=True)
class Rendered:
    """pdf: the bytes to keep. sha256: of these bytes, hexadecimal. engine: versions that made them. fonts:
    families used, sorted. seal_places: where seals belong, whether a sample is pressed there or not.
    """

    pdf: bytes
    sha256: str
    pages: int
    engine: str
    fonts: tuple[str, ...]
    seal_places: tuple[SealPlace, ...] = ()


def method_of(engine: str) -> Method:
    """How a document with that engine's description was drawn; one that was not drawn yet is drawn in any way."""
    if not engine:
        return "any"
    return "stamped" if STAMP in engine.split("; ") else "whole"


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What one document may cost. 2,000 rows in five columns take 7 s and 330 MB, a certificate 0.1 s and 140 MB."""

    cpu_seconds: int = 20
    wall_seconds: float = 60.0
    memory_bytes: int = 512 << 20
    pages: int = 200
    rows: int = 2_000
    size: int = 2_000_000


BUDGET = Budget()


class RenderFailed(RuntimeError):
    """The engine warned, broke, or used a typeface that is not ours; there is no document."""


class OverBudget(RuntimeError):
    """A document would cost more than it may: which limit, and how much that allows; there is no document."""

    def __init__(self, limit: Limit, allowed: float) -> None:
        self.limit = limit
        self.allowed = allowed
        super().__init__(f"over the limit of {limit}: {allowed:g}")


class RendererUnfit(RuntimeError):
    """The renderer did not pass its self-test or could not be started: nothing may be drawn until it is mended."""


class RendererLost(RuntimeError):
    """A rendering process ended or answered nonsense in the middle of a document; another try may well succeed."""


class Unfit(Exception):
    """The document cannot be drawn onto a page that was laid out before; it is laid out as a whole. Says why."""
