"""Draws an administrator's page in a child process with narrow limits, for whoever may not load the PDF engine.

The console proposes, previews and approves editions; it never loads the engine, and a page that never ends costs it
nothing but a child.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from documents.context import to_json
from documents.editions.filling import inspect
from documents.editions.source import Finding, Source, SourceRefused
from documents.registry import kind_of

SECONDS = 10
MEMORY_BYTES = 768 << 20
LARGEST_PDF = 20 << 20
_LONGEST_REASON = 200
_one_at_a_time = threading.Semaphore(2)
_TIMED_OUT = {-24, -9}  # killed at its limit of processor time, or at once after it


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
    job = {
        "kind": kind_name, "data": to_json(context), "extra_fonts": str(extra_fonts or ""), "cpu_seconds": seconds,
        "memory_bytes": MEMORY_BYTES, "source": {"page": source.page, "style": source.style}, "fields": fields,
    }  # fmt: skip
    command = [sys.executable, "-m", "documents.render_child"]
    root = Path(__file__).resolve().parent.parent
    with _one_at_a_time:
        try:
            done = subprocess.run(
                command, input=json.dumps(job).encode(), capture_output=True, timeout=4 * seconds, cwd=root, check=False
            )
        except subprocess.TimeoutExpired:
            raise _refused("drawn_slowly", seconds=seconds) from None
    if done.returncode != 0:
        raise _reason(done.returncode, done.stderr.decode(errors="replace").strip(), seconds)
    line, _, pdf = done.stdout.partition(b"\n")
    head = json.loads(line)
    if len(pdf) > LARGEST_PDF or hashlib.sha256(pdf).hexdigest() != head["sha256"]:
        raise _refused("drawn_large")
    return Trial(pdf, head["pages"], tuple(dict.fromkeys(head["missing"])))


def _reason(status: int, said: str, seconds: int) -> SourceRefused:
    if status in _TIMED_OUT:
        return _refused("drawn_slowly", seconds=seconds)
    if "MemoryError" in said or (status < 0 and not said):
        return _refused("drawn_large")
    return _refused("drawn_badly", said=(said.splitlines() or ["—"])[-1][:_LONGEST_REASON])


def _refused(code: str, **facts: Any) -> SourceRefused:
    return SourceRefused((Finding(1, code, facts),))
