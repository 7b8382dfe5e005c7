"""The body of a rendering process: passes its self-test, then draws one job after the other until its line closes.

Started by documents.renderer only. It limits itself before each job, so that a hostile or broken page costs a child.
"""

from __future__ import annotations

import math
import os
import resource
import socket
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from documents.rendered import Budget, OverBudget, RenderFailed, method_of
from documents.wire import Closed, receive, send


def main(descriptor: int) -> int:
    """Serves the line with that descriptor: first the settings, then one job after the other."""
    threading.Thread(target=_leave_with_parent, name="parent-watch", daemon=True).start()
    with socket.socket(fileno=descriptor) as line:
        setting, _ = receive(line)
        budget = Budget(**setting["budget"])
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (budget.memory_bytes, budget.memory_bytes))
        send(line, _fit(setting))
        while True:
            try:
                job, _ = receive(line)
            except Closed:
                return 0
            _limit_cpu(budget.cpu_seconds)
            send(line, *_done(job, budget))


def _leave_with_parent() -> None:
    """The parent holds the other end of our standard input for as long as it lives, and writes nothing."""
    while os.read(0, 1024):
        pass
    os._exit(0)


def _fit(setting: dict[str, Any]) -> dict[str, Any]:
    try:
        from documents import pdf
        from documents.self_test import golden_sha256, self_test

        pdf.start(extra_fonts=Path(setting["extra_fonts"]) if setting["extra_fonts"] else None)
        engine = self_test()
        golden = golden_sha256()
    except Exception as failure:
        return {"ended": "unfit", "message": f"{type(failure).__name__}: {failure}"}
    if setting["golden"] not in ("", golden):
        return {"ended": "unfit", "message": "the golden page came out unlike that of the first renderer"}
    return {"ended": "ok", "engine": engine, "golden": golden}


def _limit_cpu(seconds: int) -> None:
    """The kernel ends this process (SIGXCPU) when the job has used that much more than what is used by now."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + seconds, hard))


def _done(job: dict[str, Any], budget: Budget) -> tuple[dict[str, Any], bytes]:
    from documents.context import ContextInvalid
    from documents.editions.source import SourceRefused
    from documents.glyphs import MissingGlyph

    try:
        return _drawn(job, budget)
    except MissingGlyph as refusal:
        said = {"text": refusal.text, "character": refusal.character, "field": refusal.field}
        return {"ended": "glyph", "reusable": True, **said}, b""
    except ContextInvalid as refusal:
        return {"ended": "context", "reusable": True, "message": str(refusal)}, b""
    except SourceRefused as refusal:
        return {"ended": "source", "reusable": True, "findings": [asdict(one) for one in refusal.findings]}, b""
    except OverBudget as refusal:
        return {"ended": "budget", "reusable": True, "limit": refusal.limit, "allowed": refusal.allowed}, b""
    except MemoryError:
        # What is left of memory after that is nothing to draw the next document with.
        return {"ended": "budget", "limit": "memory", "allowed": budget.memory_bytes}, b""
    except RenderFailed as failure:
        if _is_out_of_memory():
            return {"ended": "budget", "limit": "memory", "allowed": budget.memory_bytes}, b""
        return {"ended": "failed", "message": str(failure)[:2000]}, b""
    except Exception as failure:
        return {"ended": "failed", "message": f"{type(failure).__name__}: {failure}"[:2000]}, b""


def _is_out_of_memory() -> bool:
    """Whether the address space was all but used up: libraries then fail with words that say nothing of it."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return False
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return int(status.partition("VmPeak:")[2].split()[0]) << 10 > limit - (32 << 20)


def _drawn(job: dict[str, Any], budget: Budget) -> tuple[dict[str, Any], bytes]:
    """The document of a job {kind, data, receipt, engine, source, fields}, and which fields are not on it."""
    from documents.context import from_json
    from documents.draw import draw
    from documents.editions.source import Source
    from documents.printed_fields import text_of, unprinted_fields
    from documents.registry import kind_of

    kind = kind_of(job["kind"])
    context = from_json(kind, job["data"])
    source = Source(**job["source"]) if job["source"] else None
    drawn = draw(kind.name, context, source, receipt=job["receipt"], budget=budget, method=method_of(job["engine"]))
    missing: list[str] = []
    if job["fields"]:
        missing = unprinted_fields(context, text_of(drawn.pdf, context.head), allowed=kind.unprinted)
    document = asdict(drawn)
    return {"ended": "ok", "document": document, "missing": missing}, document.pop("pdf")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
