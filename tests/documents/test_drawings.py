"""The QR code is drawn as what it should be."""

from __future__ import annotations

import re

import segno

from documents.qr import qr_path

ADDRESS = "https://fuhua.example.cn/verify/5D8W-K2RM-9HXA-T3QN"


def _modules(path: str) -> set[tuple[int, int]]:
    strokes = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path)
    assert all(there == back for _, _, there, back in strokes)
    return {(int(x) + step, int(y)) for x, y, width, _ in strokes for step in range(int(width))}


def test_the_path_draws_every_dark_module_of_the_code() -> None:
    drawn = qr_path(ADDRESS)
    code = segno.make(ADDRESS, error="m", micro=False, boost_error=False, mask=3)
    expected = {
        (column + 2, row + 2) for row, line in enumerate(code.matrix) for column, module in enumerate(line) if module
    }
    assert _modules(drawn.path) == expected
    assert drawn.size == len(code.matrix) + 4


def test_another_address_gives_another_code() -> None:
    assert qr_path(ADDRESS).path != qr_path(ADDRESS[:-1] + "P").path
