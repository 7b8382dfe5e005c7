"""`chuke bench documents`: one certificate by naive call, ours and peers, each way in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from cli.bench.certificate import certificates, fields
from cli.bench.kept import Result

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements" / "peers.txt"
FONTS = ROOT / "documents" / "fonts"
OURS = (
    ("naive call, typefaces of the machine", "naive_system", 10),
    ("naive call, our typefaces", "naive_ours", 10),
    ("ours, laid out as a whole, warm", "whole", 4),
    ("ours, stamped", "stamped", 1),
    ("ours, stamped and signed", "signed", 1),
)
PEERS = (("Typst", "typst", 1), ("reportlab", "reportlab", 1), ("fpdf2", "fpdf2", 10))


def measure(*, count: int) -> Result:
    """Every way draws certificates of as many organizations; slow ones a part of them, their figures being for one."""
    rows: list[tuple[Any, ...]] = []
    with tempfile.TemporaryDirectory(prefix="chuke-bench-") as folder:
        for label, way, share in OURS:
            command = [sys.executable, "-m", "cli.bench.certificate", way, str(max(count // share, 5))]
            rows.append(_row(label, _answer(command)))
        python = _peers(Path(folder))
        for label, way, share in PEERS if python else ():
            said = Path(folder) / f"{way}.json"
            some = [fields(one) for one in certificates(max(count // share, 5))]
            said.write_text(json.dumps(some, ensure_ascii=False), encoding="utf-8")
            script = Path(__file__).with_name("peers.py")
            rows.append(_row(label, _answer([str(python), str(script), way, str(said), str(FONTS)])))
    rows += _ratios({row[0]: row for row in rows})
    rows += _table_rows()
    notes = (
        f"{count} certificates of different organizations (slow ways a quarter or a tenth), without a sample seal.",
        "Same typefaces, texts and code for all; CPU of one process each, after two documents that are not counted.",
        "Ours are PDF/A-3u with their data attached; peers draw a plain PDF by their own means of layout.",
        "Signed: PAdES B-B with demonstration keys (P-256), the seal drawn by the signature.",
    )
    return Result("documents", "certificate", ("what", "CPU ms each", "CPU s in all", "peak MB", "KB each"),
                  tuple(rows), notes)  # fmt: skip


def _row(label: str, found: dict[str, float]) -> tuple[Any, ...]:
    return label, found["ms"], found["seconds"], found["mb"], found["kb"]


def _answer(command: list[str]) -> dict[str, float]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _peers(folder: Path) -> Path | None:
    """A throw-away environment with the peers, from their lock; None (and their rows are missing) when it fails."""
    environment = folder / "peers"
    python = environment / "bin" / "python"
    made = [[sys.executable, "-m", "venv", str(environment)],
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes",
             "--only-binary", ":all:", "--requirement", str(LOCK)]]  # fmt: skip
    for command in made:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(f"peers: {done.stderr.strip().splitlines()[-1:]}")
            return None
    return python


def _ratios(rows: dict[str, tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    stamped = rows["ours, stamped"][1]
    against = ("naive call, typefaces of the machine", "naive call, our typefaces", "Typst", "reportlab", "fpdf2")
    return [(f"  {name} / stamped", rows[name][1] / stamped, "", "", "") for name in against if name in rows]


def _table_rows() -> list[tuple[Any, ...]]:
    """A table of nearly 2,000 rows within its budget, and one of more refused before it is laid out."""
    from documents.context import to_json
    from documents.registry import KINDS
    from documents.rendered import OverBudget
    from documents.renderer import Renderer

    kind = KINDS["purchase_catalogue"]  # five columns and a head row
    sample = kind.sample()
    found: list[tuple[Any, ...]] = []
    renderer = Renderer(processes=1)
    try:
        renderer.start()
        for wanted in (1_980, 2_001):
            lines = (sample.lines * (wanted // len(sample.lines) + 1))[:wanted]
            begun = time.monotonic()
            try:
                ended = f"{renderer.render(kind.name, to_json(replace(sample, lines=lines))).pages} pages"
            except OverBudget as refusal:
                ended = f"refused: {refusal.limit}"
            found.append((f"table of {len(lines):,} rows, by the clock: {ended}", "", time.monotonic() - begun, "", ""))
    finally:
        renderer.close()
    return found
