"""Chinese lines end flush right and break where Chinese may be broken, whatever is typed."""

from __future__ import annotations

import os
import random

import pytest

from documents import pdf
from documents.html import to_html
from documents.registry import KINDS

from .measuring import Mark, pages_of

LINES = 2_500 if os.environ.get("CHUKE_NIGHTLY") else 250
NEVER_FIRST = frozenset("，。、；：！？）》】〕”’…％℃")
NEVER_LAST = frozenset("（《【〔“‘")
PIECES = (
    *"社区组织孵化中心评估通知决定资助项目志愿服务居民邻里",
    *"书画太极养老助残活动经费章程备案登记",
    *"，。、；：！？", "（试行）", "《管理办法》", "“一键敲门”", "〔2026〕12号", "2026年11月", "¥12,000.00",
    "QYFH-2026-0031", "100%", "AED", "3个", "第2期", "——", "……",
)  # fmt: skip
SHEET = """@page { size: 210mm 297mm; margin: 37mm 26mm 35mm 28mm } body, p { margin: 0 }
html { font: 15.75pt/10.227mm 'Doc Song' }
p { text-align: %s; text-indent: 2em; overflow-wrap: anywhere }"""


def text(chance: random.Random) -> str:
    """A paragraph of three to twelve lines that people might have typed: marks and figures do not meet others."""
    made = [chance.choice(PIECES[:40])]
    while sum(map(len, made)) < chance.randint(60, 300):
        piece = chance.choice(PIECES)
        marks = piece[0] in NEVER_FIRST and (made[-1][-1] in NEVER_FIRST or made[-1] in ("——", "……"))
        if marks or (piece[0].isascii() and made[-1][-1].isascii()):
            continue
        made.append(piece)
    return "".join(made) + "。"


def lines_of(align: str, count: int, seed: int) -> list[list[tuple[Mark, ...]]]:
    """Printed lines by paragraph, about `count` in all."""
    pdf.start()
    chance = random.Random(seed)
    paragraphs = [text(chance) for _ in range(count * 2 // 7)]
    page = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    html = f'<html lang="zh-Hans"><title>x</title><body>{page}</body></html>'
    rows = [row for sheet in pages_of(pdf.render_html(html, (SHEET % align,))) for _, row in sheet.lines(15.75)]
    found: list[list[tuple[Mark, ...]]] = []
    for row in rows:
        if row[0].x > 30:
            found.append([])
        found[-1].append(row)
    printed = ["".join(mark.text for line in lines for mark in line) for lines in found]
    assert printed == paragraphs
    return found


def violations(paragraphs: list[list[tuple[Mark, ...]]]) -> list[str]:
    """Lines that begin or end with a mark that may not stand there."""
    return [
        "".join(mark.text for mark in line)
        for lines in paragraphs
        for place, line in enumerate(lines)
        if (place > 0 and line[0].text in NEVER_FIRST) or (place < len(lines) - 1 and line[-1].text in NEVER_LAST)
    ]


def ragged(paragraphs: list[list[tuple[Mark, ...]]]) -> list[float]:
    """How far each full line that consists mostly of Chinese ends from the right edge, in millimetres."""
    found = []
    for lines in paragraphs:
        for line in lines[:-1]:
            end = line[-1].end if not line[-1].text.isascii() else line[-1].right
            if sum(not mark.text.isascii() for mark in line) * 2 > len(line):
                found.append(abs(184 - end))
    return found


def test_no_line_begins_or_ends_with_a_mark_that_may_not_stand_there() -> None:
    paragraphs = lines_of("justify", LINES, 9704)
    assert sum(map(len, paragraphs)) > LINES * 0.6
    assert violations(paragraphs) == []


def test_a_forbidden_break_is_noticed() -> None:
    paragraphs = lines_of("justify", 60, 1)
    first, second = paragraphs[0][0], paragraphs[0][1]
    comma = next(mark for line in paragraphs[0] for mark in line if mark.text in NEVER_FIRST)
    assert violations([[first, (comma, *second)]]) != []


def test_no_line_begins_with_the_end_of_a_papers_number() -> None:
    page = to_html("recovery_notice", KINDS["recovery_notice"].sample())
    assert '（青河孵资〔2026〕<span class="nowrap">2号</span>，区级专项资金）' in page
    assert "<title>资金追回决定书（青河孵追〔2026〕1号）</title>" in page


@pytest.mark.parametrize(("align", "flush"), [("justify", True), ("left", False)])
def test_right_edges_of_chinese_lines_are_flush(align: str, flush: bool) -> None:
    ends = ragged(lines_of(align, LINES if flush else 120, 2012))
    far = [end for end in ends if end > 0.7]
    assert len(ends) > 30
    # A line before a long number or name in quotes stays short rather than being pulled apart.
    assert (len(far) <= len(ends) * 0.05) is flush
