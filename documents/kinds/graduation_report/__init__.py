"""D17 出壳评估报告: eleven gates with their evidence, the panel's scores, arbitration, and the advice that follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from documents.context import Head, Remedy
from documents.kind import Kind
from documents.parts.blocks import Arbitration, ItemMean, Panel, Seat


@dataclass(frozen=True, kw_only=True)
class Gate:
    """One gate. code: G1 to G11, printed with its words; label: words for a gate of another rule set."""

    code: str
    passed: bool
    evidence: str
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class GraduationReport:
    """term: first and last day of the incubation. grade "back" is 60 to 69.99 points: incubation goes on.

    graduation_type: "none" unless graduation is advised. advice and summary: free text.
    """

    head: Head
    term_from: date
    term_to: date
    gates: tuple[Gate, ...]
    panel: Panel
    grade: Literal["excellent", "good", "pass", "back", "fail"]
    graduation_type: Literal["registered", "filed", "none"]
    advice: str = ""
    summary: str = ""
    remedy: Remedy | None = None


_EVIDENCE = (
    "2025年11月10日开始孵化，已满12个月",
    "备案号229922100-2025-0002，登记申请已提交",
    "中期评估78.33分，无未完成的整改",
    "北甸村文化活动室使用协议，期限至2028年12月31日",
    "已拨两期均已确认收款，用款报告已接受，无欠款",
    "会长、秘书长和会计3人，会计参加财务培训24学时",
    "上一年度开展活动38次，有签到表和照片",
    "收回问卷52份，满意率92%",
    "2026年11月9日查询，未列入",
    "正式党员3名，已向北甸村党组织提交成立党支部申请",
    "出壳后一年工作计划，经2026年10月会员大会通过",
)


_RECKONING = (
    "首轮评分曾触发复议；经评审组讨论记录在案，并增补一名评审组以外的专家独立评分，按全部总分重新计算。首轮触发的情形如下。",
    "触发复议：最高总分与最低总分相差过大。",
    "连同增补的一份共6份评分表，先去掉一个最高总分90.5分和一个最低总分62分。",
    "计入平均的总分共4份：79、83、85、88。",
    "合计335分，除以4得83.75，四舍五入保留两位小数，均分83.75分。",
    "全部总分的最高与最低相差28.5分；去掉最高、最低后相差9分，未超过20分。",
    "均分83.75分不低于合格线70分，等次为“良好”。",
    "没有专家提出一票否决情形。",
)


def sample() -> GraduationReport:
    """A fictional report with every field filled: six totals after arbitration give 83.75."""
    labels = (
        "内部治理与民主决策",
        "团队与运作能力",
        "服务绩效",
        "财务规范与多元筹资",
        "社会评价",
        "党建",
        "信息公开与诚信",
        "可持续与品牌",
    )
    maxima = (20, 15, 25, 15, 10, 5, 5, 5)
    means = ("16.75", "12.50", "21.25", "11.75", "9.00", "4.25", "4.25", "4.00")
    return GraduationReport(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="出壳评估报告",
            number="青河孵出评〔2026〕4号",
            addressee="北甸村老年协会",
            case_number="QYFH-2025-0021",
            organization_name="北甸村老年协会",
            issued_on=date(2026, 11, 23),
            contact="赵未央",
            phone="0000-1234568",
            verify_code="V3EK-90PB-W6JS-5NTH",
            verify_url="https://fuhua.example.cn/verify/V3EK-90PB-W6JS-5NTH",
        ),
        term_from=date(2025, 11, 10),
        term_to=date(2026, 12, 31),
        gates=tuple(
            Gate(code=f"G{position}", passed=True, evidence=evidence) for position, evidence in enumerate(_EVIDENCE, 1)
        ),
        panel=Panel(
            seats=(
                Seat(name="专家1", total=Decimal("88")),
                Seat(name="专家2", total=Decimal("85")),
                Seat(name="专家3", total=Decimal("62"), fate="dropped_low"),
                Seat(name="专家4", total=Decimal("79")),
                Seat(name="专家5", total=Decimal("90.5"), fate="dropped_high"),
                Seat(name="专家6", total=Decimal("83"), added=True),
            ),
            items=tuple(
                ItemMean(code=f"R{position}", label=label, maximum=maximum, mean=Decimal(mean))
                for position, (label, maximum, mean) in enumerate(zip(labels, maxima, means, strict=True), 1)
            ),
            mean=Decimal("83.75"),
            spread=Decimal("28.5"),
            arbitration=Arbitration(
                reasons=("最高总分与最低总分相差28.5分，超过20分",),
                minutes=(
                    "2026年11月20日，评审组就分歧逐项讨论：专家3认为财务公开不足，其余专家认为公示栏和会议记录可以证明已按季公开。\n"
                    "经增补一名未参加首轮评审的专家独立评分（83分），按全部六个总分去掉最高、最低各一个后重新计算，均分83.75分。评审组全体成员对重新计算的结果无异议。"
                ),
            ),
            explanation=_RECKONING,
        ),
        grade="good",
        graduation_type="filed",
        advice="建议备案出壳。登记申请办结后，凭登记证书办理登记信息变更；出壳后跟踪回访12个月。",
        summary="孵化期内会员由41名增加到63名，形成“暖巢互助”品牌，为独居老人上门服务1260人次。",
        remedy=Remedy(kind="internal", body="青檐市河湾区社区社会组织孵化中心复核小组", period="10个工作日"),
    )


KIND = Kind(
    code="D17",
    name="graduation_report",
    title_zh="出壳评估报告",
    title_en="Graduation assessment report",
    family="C",
    number_key="出评",
    context=GraduationReport,
    sample=sample,
)
