"""Draws an administrator's page in a child process with narrow limits, for whoever may not load the PDF engine.

The console proposes, previews and approves editions; it never loads the engine, and a page that never ends costs it
nothing but a child.
"""

from __future__ import annotations

import atexit
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from documents.context import to_json
from documents.editions.filling import inspect
from documents.editions.source import Finding, Source, SourceRefused
from documents.glyphs import MissingGlyph
from documents.registry import kind_of
from documents.rendered import Budget, OverBudget, RendererLost, RenderFailed
from documents.renderer import Renderer

SECONDS = 10
MEMORY_BYTES = 768 << 20
LARGEST_PDF = 20 << 20
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it. missing: fields of the context that are nowhere on the paper, when that was asked."""

    pdf: bytes
    pages: int
    missing: tuple[str, ...]


def tried(
    kind_name: str, context: Any, source: Source, *, extra_fonts: Path | None = None, fields: bool = False,
    seconds: int = SECONDS,
) -> Trial:  # fmt: skip
    """The paper of a context as this page draws it. With `fields` every field is looked for on it.

    SourceRefused for a page that holds what none may hold, and for one that breaks, warns, or uses up its time or
    memory when it is drawn (codes `drawn_slowly`, `drawn_large`, `drawn_badly`).
    """
    if found := inspect(kind_of(kind_name), source):
        raise SourceRefused(found)
    try:
        drawn, missing = _renderer(extra_fonts, seconds).tried(
            kind_name, to_json(context), source=source, fields=fields
        )
    except OverBudget as over:
        slow = over.limit in ("cpu", "wall")
        raise (_refused("drawn_slowly", seconds=seconds) if slow else _refused("drawn_large")) from None
    except RendererLost:
        raise _refused("drawn_large") from None
    except (RenderFailed, MissingGlyph) as failure:
        said = (str(failure).strip().splitlines() or ["—"])[-1]
        raise _refused("drawn_badly", said=said[:_LONGEST_REASON]) from None
    if len(drawn.pdf) > LARGEST_PDF:
        raise _refused("drawn_large")
    return Trial(drawn.pdf, drawn.pages, tuple(dict.fromkeys(missing)))


@cache
def _renderer(extra_fonts: Path | None, seconds: int) -> Renderer:
    """Two trials at once, each in a process of its own that ends with it: a page on trial leaves nothing behind."""
    budget = Budget(cpu_seconds=seconds, wall_seconds=4.0 * seconds, memory_bytes=MEMORY_BYTES)
    one = Renderer(extra_fonts=extra_fonts, processes=2, budget=budget, jobs_per_child=1)
    atexit.register(one.close)
    return one


def _refused(code: str, **facts: Any) -> SourceRefused:
    return SourceRefused((Finding(1, code, facts),))
