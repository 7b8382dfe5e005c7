"""Breaks a long title into lines by meaning and shape, as offices do it: no word is torn, and the lines form a
trapezoid or a diamond, never a block or an hourglass (GB/T 9704-2012, 7.3.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, pairwise

MOST_LINES = 4
# Words a title of our papers is made of; what stands in none of them is taken character by character.
_WORDS = frozenset(
    """
    社区社会组织 社会组织 孵化中心 服务中心 联合会 志愿者 协会 关于 开展 印发 做好 下达 年度
    入驻 孵化 评估 评审 评定 出壳 证书 协议 合同 通知书 通知 决定书 决定 意见书 意见 报告书
    报告 回执 回证 公示 公告 通报 目录 登记 备案 条件 预审 推荐函 建议函 变更 注销 撤销 复核
    受理 不予 准予 拟 清退 整改 中期 资助 资金 拨付 追回 收款 确认书 确认 购买 服务 项目
    结项 验收 捐赠 资源 对接 星级 结果 培训 结业 聘书 专家 党组织 建立 退出 交接 清单 延期
    中止 恢复 需求 培育 计划书 计划 事先 告知书 告知 送达 统计 简报 年度报告 街道办事处 街道
    民政局 民政 管理 办法 试行 工作 方案 名单 情况 补正 材料 申请 社区 活动 经费 使用
    日间照料 志愿服务 居民 邻里 互助社 书画社
    """.split()  # noqa: SIM905 - one word a line would fill the file
)
_LONGEST = max(map(len, _WORDS))
_WHOLE = re.compile(r"〔[^〕]*〕[0-9]*号?|[0-9A-Za-z.,%-]+[年月日号期次]*|《[^《》]{1,10}》")
_NEVER_FIRST = frozenset("，。、；：！？）》】〕”’的地得了着等及和与并或之号年月日期")
_NEVER_LAST = frozenset("（《【〔“‘第拟")


def title_lines(title: str, most: int = 19) -> str:
    """The title with line ends where it should be broken; a title with line ends of its own, or one that fits into
    `most` characters, is left alone.
    """
    if "\n" in title or width(title) <= most:
        return title
    return "\n".join(broken(title, most))


def width(text: str) -> float:
    """How many full characters wide: figures and Latin letters count half."""
    return sum(0.55 if character.isascii() else 1 for character in text)


def broken(title: str, most: int) -> tuple[str, ...]:
    """The best division of a title into as few lines as hold it, at most four; a title longer than that is left to the
    page to break.
    """
    pieces = tuple(words(title))
    fewest = max(2, -int(-width(title) // most))
    for count in range(fewest, MOST_LINES + 1):
        found = [lines for lines in _divisions(pieces, count) if all(width(line) <= most for line in lines)]
        if found:
            return min(found, key=ugliness)
    return (title,)


def words(title: str) -> Iterator[str]:
    """The pieces that are never torn: known words (the longest first), figures with what they count, numbers in
    brackets, and single characters with the marks that cling to them.
    """
    pending = ""
    position = 0
    while position < len(title):
        found = _WHOLE.match(title, position)
        piece = found[0] if found else _known(title, position)
        position += len(piece)
        if position < len(title) and (piece[-1] in _NEVER_LAST or title[position] in _NEVER_FIRST):
            pending += piece
            continue
        yield pending + piece
        pending = ""
    if pending:
        yield pending


def _known(title: str, position: int) -> str:
    for length in range(min(_LONGEST, len(title) - position), 1, -1):
        if title[position : position + length] in _WORDS:
            return title[position : position + length]
    return title[position]


def _divisions(pieces: tuple[str, ...], count: int) -> Iterator[tuple[str, ...]]:
    for cuts in combinations(range(1, len(pieces)), count - 1):
        ends = (0, *cuts, len(pieces))
        yield tuple("".join(pieces[first:last]) for first, last in pairwise(ends))


def ugliness(lines: tuple[str, ...]) -> float:
    """How far a division is from what an office would print: the shape first, then even steps, then where it breaks."""
    widths = [width(line) for line in lines]
    longest, average = max(widths), sum(widths) / len(widths)
    bad = 40.0 * (not _good_shape(widths))
    bad += sum(abs(one - average) for one in widths) / 2
    bad += 12 * max(0, longest * 0.4 - min(widths))
    bad += 3 * sum(len(line) > 1 and _ends_inside(line, after) for line, after in pairwise(lines))
    # 关于 alone before a break, or a last line that only says what sort of paper it is.
    bad += 6 * sum(line.endswith("关于") for line in lines[:-1])
    return bad + (4 if len(lines[-1]) <= 3 else 0)


def _good_shape(widths: list[float]) -> bool:
    """Every line shorter than the one before, every line longer, or the longest in the middle; by a character at
    least somewhere.
    """
    steps = [after - before for before, after in pairwise(widths)]
    if any(abs(step) < 1 for step in steps):
        return False
    signs = [step > 0 for step in steps]
    return signs == sorted(signs, reverse=True)


def _ends_inside(line: str, after: str) -> bool:
    """Whether the break falls between two single characters no known word holds: most likely inside a name."""
    return _single_at_end(line) and _single_at_start(after)


def _single_at_end(line: str) -> bool:
    return not any(line.endswith(word) for word in _WORDS) and line[-1] not in _NEVER_FIRST and not line[-1].isascii()


def _single_at_start(line: str) -> bool:
    return not any(line.startswith(word) for word in _WORDS) and line[0] not in _NEVER_LAST and not line[0].isascii()
