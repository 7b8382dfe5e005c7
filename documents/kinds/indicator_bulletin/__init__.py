"""D42 统计简报: the indicators of a period with numerator and denominator, charts, and how they were counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class BulletinFigure:
    """One indicator. value: as printed ("75.00%", "12件"). part of whole: what it was reckoned from, None where it is
    a count. target: as printed, or empty.
    """

    code: str
    label: str
    value: str
    part: int | None = None
    whole: int | None = None
    target: str = ""


@dataclass(frozen=True, kw_only=True)
class BulletinBar:
    """One bar of a chart: its label, its number, and how many of them are overdue."""

    label: str
    number: int
    late: int = 0


@dataclass(frozen=True, kw_only=True)
class BulletinChart:
    """One chart of bars in the order given."""

    title: str
    unit: str
    bars: tuple[BulletinBar, ...]


@dataclass(frozen=True, kw_only=True)
class IndicatorBulletin:
    """period: as printed ("2026年11月"). as_of: the instant the figures were counted at. lead: the findings in words.

    notes: how the figures were counted.
    """

    head: Head
    period: str
    period_from: date
    period_to: date
    as_of: datetime
    lead: tuple[str, ...]
    figures: tuple[BulletinFigure, ...]
    charts: tuple[BulletinChart, ...]
    notes: tuple[str, ...]


def sample() -> IndicatorBulletin:
    """A fictional bulletin with every field filled."""
    return IndicatorBulletin(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="社区社会组织孵化统计简报\n（2026年10月）",
            number="青河孵报〔2026〕10号",
            addressee="各有关单位",
            case_number="",
            organization_name="青檐市河湾区社区社会组织孵化中心",
            issued_on=date(2026, 11, 2),
            contact="林知夏",
            phone="0000-1234567",
            verify_code="Z5HM-1QW4-T9XK-83DN",
            verify_url="https://fuhua.example.cn/verify/Z5HM-1QW4-T9XK-83DN",
        ),
        period="2026年10月",
        period_from=date(2026, 10, 1),
        period_to=date(2026, 10, 31),
        as_of=datetime.fromisoformat("2026-10-31T17:30"),
        lead=(
            "城市平均1.00，农村平均1.00，枢纽覆盖40%。",
            "截至期末在办个案9件，其中逾期1件。",
            "本月受理2件，准予入驻1件，出壳0件。",
            "实体场地12个，已使用4个。",
        ),
        figures=(
            BulletinFigure(code="I1", label="城市社区平均", value="1.00", part=4, whole=4, target="10"),
            BulletinFigure(code="I2", label="农村社区平均", value="1.00", part=4, whole=4, target="5"),
            BulletinFigure(code="I3", label="农村服务类组织覆盖", value="25.00%", part=1, whole=4, target="≥1/3"),
            BulletinFigure(code="I5", label="枢纽支持类覆盖", value="40.00%", part=2, whole=5, target="≥90%"),
            BulletinFigure(code="I6", label="联合会覆盖", value="20.00%", part=1, whole=5, target="基本覆盖"),
            BulletinFigure(code="I15", label="按期办理", value="88.89%", part=8, whole=9, target="≥95%"),
            BulletinFigure(code="I17", label="场地使用", value="33.33%", part=4, whole=12),
            BulletinFigure(code="I18", label="出壳率", value="33.33%", part=1, whole=3),
        ),
        charts=(
            BulletinChart(
                title="各阶段在办个案",
                unit="件",
                bars=(
                    BulletinBar(label="入驻", number=3, late=1),
                    BulletinBar(label="孵化", number=4),
                    BulletinBar(label="评估", number=2),
                    BulletinBar(label="出壳", number=1),
                ),
            ),
            BulletinChart(
                title="近一年申请进展",
                unit="件",
                bars=(
                    BulletinBar(label="提交", number=12),
                    BulletinBar(label="受理", number=11),
                    BulletinBar(label="入驻", number=8),
                    BulletinBar(label="出壳", number=1),
                ),
            ),
        ),
        notes=(
            "指标按统计时点在备案或者登记状态的组织计算，每个组织只计一次；",
            "比率为分子除以分母，保留两位小数，与目标比较时不四舍五入；",
            "不足3人的人数不公布。",
        ),
    )


KIND = Kind(
    code="D42",
    name="indicator_bulletin",
    title_zh="统计简报",
    title_en="Indicator bulletin",
    family="C",
    number_key="报",
    context=IndicatorBulletin,
    sample=sample,
    unprinted=frozenset({"head.case_number"}),
)
