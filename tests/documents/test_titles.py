"""Long titles are broken between words, into a trapezoid or a diamond."""

from __future__ import annotations

import random

import pytest

from documents.titles import broken, title_lines, ugliness, width, words

PIECES = (
    "青檐市河湾区民政局", "望河街道办事处", "关于", "公布", "2026年度", "社区社会组织", "星级评定", "结果",
    "的", "通知",
    "孵化中心", "资助项目",
    "第二批", "入驻", "和", "拟资助名单",
    "《管理办法（试行）》", "不予备案", "北甸镇志愿者协会", "公示", "〔2026〕12号",
)  # fmt: skip


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("入驻通知书", "入驻通知书"),
        ("社区社会组织星级评定结果通知书", "社区社会组织星级评定结果通知书"),
        ("关于开展2026年度入驻社会组织出壳评估工作的通知", "关于开展2026年度入驻\n社会组织出壳评估工作的通知"),
        (
            "青檐市河湾区民政局关于公布2026年度社区社会组织星级评定结果的通知",
            "青檐市河湾区民政局关于公布2026年度\n社区社会组织星级评定结果的通知",
        ),
        (
            "关于印发《青檐市河湾区社区社会组织孵化管理办法（试行）》的通知",
            "关于印发《青檐市河湾区社区社会组织\n孵化管理办法（试行）》的通知",
        ),
    ],
)
def test_titles_break_as_an_office_breaks_them(title: str, lines: str) -> None:
    assert title_lines(title) == lines


def test_a_title_with_line_ends_of_its_own_keeps_them() -> None:
    assert title_lines("关于公布结果\n的通知") == "关于公布结果\n的通知"


def test_nothing_is_lost_and_no_word_torn_in_random_titles() -> None:
    chance = random.Random(9704)
    for _ in range(150):
        title = "".join(chance.choices(PIECES, k=chance.randint(5, 10)))
        lines = title_lines(title).split("\n")
        assert "".join(lines) == title
        if len(lines) == 1:
            continue
        ends = {sum(map(len, lines[: count + 1])) for count in range(len(lines))}
        starts = [0]
        for piece in words(title):
            starts.append(starts[-1] + len(piece))
        assert ends <= set(starts)
        assert all(width(line) <= 19 for line in lines)
        assert not any(line[0] in "，。、》）〕的和号" for line in lines[1:])
        assert not any(line[-1] in "《（〔" for line in lines)


def test_an_hourglass_a_block_and_a_torn_word_are_uglier_than_what_is_chosen() -> None:
    title = "青檐市河湾区民政局关于公布2026年度社区社会组织星级评定结果的通知"
    chosen = ugliness(broken(title, 19))
    assert chosen < ugliness(("青檐市河湾区民政局关于公布", "2026年度", "社区社会组织星级评定结果的通知"))
    assert chosen < ugliness(("青檐市河湾区民政局关于", "公布2026年度社区社会", "组织星级评定结果的通知"))


def test_a_title_of_unusual_length_is_left_to_the_page() -> None:
    assert broken("长" * 100, 19) == ("长" * 100,)
