"""The QR code and the sample seal are drawn as what they should be."""

from __future__ import annotations

import math
import re

import pytest
import segno

from documents.html import to_html
from documents.qr import qr_path
from documents.registry import KINDS
from documents.seal import seal_characters, star_path

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


@pytest.mark.parametrize("name", ["青檐市河湾区社区社会组织孵化中心", "河湾区民政局", "中"])
def test_seal_names_stay_inside_the_ring_and_upright_in_the_middle(name: str) -> None:
    characters = seal_characters(name)
    assert "".join(character.text for character in characters) == name
    assert all(math.hypot(character.x, character.y) + character.size <= 20.6 for character in characters)
    assert sum(character.turn for character in characters) == pytest.approx(0, abs=0.1)
    assert [character.x for character in characters] == sorted(character.x for character in characters) or len(
        name
    ) > 11


def test_the_star_points_up() -> None:
    assert star_path().startswith("M0.000 -6.200L")


def test_a_drawn_seal_says_that_it_is_a_sample() -> None:
    page = to_html("admission_notice", KINDS["admission_notice"].sample())
    assert page.count('<svg class="seal"') == page.count(">样章<") == 1


def test_without_a_sample_seal_nothing_is_drawn_in_its_place() -> None:
    page = to_html("refusal_decision", KINDS["refusal_decision"].sample())
    assert '<svg class="seal"' not in page
    assert "样章" not in page
