"""QR codes as one SVG path, so that they need no image file and print sharp at any size."""

from __future__ import annotations

from dataclasses import dataclass

import segno


@dataclass(frozen=True)
class QrPath:
    """`path`: SVG path data of the dark modules, one module = one unit. `size`: modules a side with the quiet
    zone of two.
    """

    path: str
    size: int


def qr_path(text: str) -> QrPath:
    """The QR code of `text`, error correction M; the mask is fixed so that the drawing is cheap and always the same."""
    size, runs = qr_runs(text)
    return QrPath("".join(f"M{column} {row}h{width}v1h-{width}z" for column, row, width in runs), size)


def qr_runs(text: str) -> tuple[int, list[tuple[int, int, int]]]:
    """Modules a side with the quiet zone, and each unbroken row of dark modules: column, row, width."""
    quiet = 2
    code = segno.make(text, error="m", micro=False, boost_error=False, mask=3)
    rows = [[bool(module) for module in row] for row in code.matrix]
    runs = [(column + quiet, row + quiet, width) for row, line in enumerate(rows) for column, width in _runs(line)]
    return len(rows) + 2 * quiet, runs


def _runs(line: list[bool]) -> list[tuple[int, int]]:
    """Start and length of each unbroken row of dark modules."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for column, dark in enumerate([*line, False]):
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            runs.append((start, column - start))
            start = None
    return runs
