"""D12 中期评估报告: what an organization did in its first half, how the panel scored it, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from documents.context import Head, Remedy
from documents.kind import Kind
from documents.parts.blocks import ItemMean, Panel, Seat


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to put right. rule and measure may be empty."""

    fact: str
    rule: str = ""
    measure: str = ""


@dataclass(frozen=True, kw_only=True)
class MidtermReport:
    """period: the months assessed. activities, beneficiaries (persons) and spend_fen are None when not reported.

    result: "no_report" when the organization's own report was late or missing. instalment_effect: what happens to the
    instalment that hangs on this report; number and amount may be None. opinion: free text.
    """

    head: Head
    period_from: date
    period_to: date
    activities: int | None
    beneficiaries: int | None
    spend_fen: int | None
    panel: Panel
    result: Literal["pass", "rectify", "rectify_with_warning", "no_report"]
    instalment_effect: Literal["release", "hold", "stop", "none"]
    instalment_number: int | None = None
    instalment_fen: int | None = None
    findings: tuple[Finding, ...] = ()
    summary: str = ""
    satisfaction: str = ""
    opinion: str = ""
    rectify_by: date | None = None
    remedy: Remedy | None = None


def sample() -> MidtermReport:
    """A fictional report with every field filled: 66, 70.5, 64, 69 and 68 give 67.67."""
    labels = (
        "治理与制度",
        "计划完成度",
        "能力建设与培训参与",
        "活动与受益",
        "资金使用与财务",
        "满意度",
        "党建与信息公开",
    )
    maxima = (15, 25, 15, 15, 15, 10, 5)
    means = ("10.33", "17.17", "7.67", "11.33", "9.50", "8.50", "3.17")
    return MidtermReport(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="中期评估报告",
            number="青河孵中评〔2026〕5号",
            addressee="石桥村农技服务队",
            case_number="QYFH-2026-0012",
            organization_name="石桥村农技服务队",
            issued_on=date(2026, 11, 6),
            contact="赵未央",
            phone="0000-1234568",
            verify_code="H5QM-1ZKD-7V3A-R8XJ",
            verify_url="https://fuhua.example.cn/verify/H5QM-1ZKD-7V3A-R8XJ",
        ),
        period_from=date(2026, 4, 20),
        period_to=date(2026, 10, 19),
        activities=7,
        beneficiaries=312,
        spend_fen=864_000,
        panel=Panel(
            seats=(
                Seat(name="专家1", total=Decimal("66")),
                Seat(name="专家2", total=Decimal("70.5"), fate="dropped_high"),
                Seat(name="专家3", total=Decimal("64"), fate="dropped_low"),
                Seat(name="专家4", total=Decimal("69")),
                Seat(name="专家5", total=Decimal("68")),
            ),
            items=tuple(
                ItemMean(code=f"M{position}", label=label, maximum=maximum, mean=Decimal(mean))
                for position, (label, maximum, mean) in enumerate(zip(labels, maxima, means, strict=True), 1)
            ),
            mean=Decimal("67.67"),
            spread=Decimal("6.5"),
        ),
        result="rectify",
        instalment_effect="hold",
        instalment_number=2,
        instalment_fen=540_000,
        findings=(
            Finding(fact="培训记录缺4次", rule="孵化协议第五条第三项", measure="补办培训并补齐签到、课件和照片等记录"),
            Finding(fact="3张凭证没有购物明细", rule="孵化协议第五条第五项", measure="补充明细清单，完善报销审批手续"),
        ),
        summary="上半年在石桥村、前屯村开展大棚管理和病虫害防治讲座7次，入户指导46户，编印农技明白纸500份。",
        satisfaction="收回问卷41份，满意率85%",
        opinion="服务贴近农户需要，群众认可；培训参与和财务凭证管理未达到要求，应限期整改。",
        rectify_by=date(2026, 12, 9),
        remedy=Remedy(kind="internal", body="青檐市河湾区社区社会组织孵化中心复核小组", period="10个工作日"),
    )


KIND = Kind(
    code="D12",
    name="midterm_report",
    title_zh="中期评估报告",
    title_en="Midterm assessment report",
    family="C",
    number_key="中评",
    context=MidtermReport,
    sample=sample,
)
