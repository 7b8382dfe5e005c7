"""The body of a rendering child process: reads one job from standard input, writes the document to standard output.

Started by documents.pdf.render_limited only. It limits itself before it reads, so that a hostile or broken page
costs a child, not the worker.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

_EXPECTED = 3  # exit status for a refusal or failure that the parent passes on


def main() -> int:
    """Renders the job {kind, data, source, extra_fonts, cpu_seconds, memory_bytes}; prints a JSON line, then the bytes.

    With `fields` the line also says which fields of the data are nowhere on the paper.
    """
    job: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    resource.setrlimit(resource.RLIMIT_CPU, (job["cpu_seconds"], job["cpu_seconds"]))
    resource.setrlimit(resource.RLIMIT_AS, (job["memory_bytes"], job["memory_bytes"]))
    from documents import pdf
    from documents.context import from_json
    from documents.editions.source import Source
    from documents.printed_fields import text_of, unprinted_fields
    from documents.registry import kind_of

    try:
        if job["extra_fonts"]:
            pdf.start(extra_fonts=Path(job["extra_fonts"]))
        kind = kind_of(job["kind"])
        context = from_json(kind, job["data"])
        source = Source(**job["source"]) if job.get("source") else None
        rendered = pdf.render(kind.name, context, source, receipt=job.get("receipt", ""))
        text = text_of(rendered.pdf, context.head) if job.get("fields") else ""
    except Exception as failure:
        sys.stderr.write(f"{type(failure).__name__}: {failure}")
        return _EXPECTED
    head: dict[str, Any] = {
        "sha256": rendered.sha256,
        "pages": rendered.pages,
        "engine": rendered.engine,
        "fonts": rendered.fonts,
    }
    head["missing"] = unprinted_fields(context, text, allowed=kind.unprinted) if job.get("fields") else []
    head["seal_places"] = [asdict(place) for place in rendered.seal_places]
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + rendered.pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
