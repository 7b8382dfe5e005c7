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
    quiet = 2
    code = segno.make(text, error="m", micro=False, boost_error=False, mask=3)
    rows = [[bool(module) for module in row] for row in code.matrix]
    drawn = [
        f"M{column + quiet} {row + quiet}h{width}v1h-{width}z"
        for row, line in enumerate(rows)
        for column, width in _runs(line)
    ]
    return QrPath("".join(drawn), len(rows) + 2 * quiet)


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
