"""D33 项目结项验收报告: what a project promised, reached, spent against its budget, and how it scored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from documents.context import Head, Remedy
from documents.kind import Kind
from documents.parts.blocks import ItemMean


@dataclass(frozen=True, kw_only=True)
class SpentRow:
    """One item of the budget: what was granted for it and what was spent."""

    name: str
    budget_fen: int
    spent_fen: int


@dataclass(frozen=True, kw_only=True)
class Output:
    """One thing the project was to bring about, as agreed and as reached."""

    output: str
    agreed: str
    reached: str


@dataclass(frozen=True, kw_only=True)
class AcceptanceReport:
    """amount_fen: the award; paid_fen: of it so far paid; balance_fen: paid and not spent, to be returned.

    audit: what an auditor from outside found, a sentence; empty where none was asked for. last_instalment says what
    happens to what is not paid yet.
    """

    head: Head
    program: str
    project: str
    source: str
    starts_on: date
    ends_on: date
    amount_fen: int
    paid_fen: int
    rows: tuple[SpentRow, ...]
    outputs: tuple[Output, ...]
    score: Decimal
    result: Literal["good", "pass", "fail"]
    opinion: str
    balance_fen: int
    items: tuple[ItemMean, ...] = ()
    beneficiaries: int | None = None
    satisfaction: str = ""
    report: str = ""
    audit: str = ""
    last_instalment: Literal["release", "cancel", "none"] = "none"
    return_days: int = 30
    remedy: Remedy | None = None


def sample() -> AcceptanceReport:
    """A fictional report with every field filled: 30 000.00 granted, 29 640.50 spent, 359.50 go back."""
    return AcceptanceReport(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="项目结项验收报告",
            number="青河孵验〔2026〕1号",
            addressee="河湾区向阳里社区银龄日间照料中心",
            case_number="QYFH-ZZ-2025-0001",
            organization_name="河湾区向阳里社区银龄日间照料中心",
            issued_on=date(2026, 7, 29),
            contact="赵未央",
            phone="0000-1234568",
            verify_code="6MTX-0WQH-C9KV-27PD",
            verify_url="https://fuhua.example.cn/verify/6MTX-0WQH-C9KV-27PD",
        ),
        program="2025年度社区社会组织培育扶持资金",
        project="银龄日间照料",
        source="区级专项资金",
        starts_on=date(2025, 8, 4),
        ends_on=date(2026, 7, 10),
        amount_fen=3_000_000,
        paid_fen=3_000_000,
        rows=(
            SpentRow(name="照料设备", budget_fen=1_500_000, spent_fen=1_496_200),
            SpentRow(name="活动耗材", budget_fen=900_000, spent_fen=886_350),
            SpentRow(name="志愿者保险和培训", budget_fen=600_000, spent_fen=581_500),
        ),
        outputs=(
            Output(output="日间照料", agreed="每周5天", reached="每周5天，全年246天"),
            Output(output="上门探访", agreed="400人次", reached="436人次"),
        ),
        score=Decimal("88.00"),
        result="good",
        opinion="约定的产出全部完成，老人和家属满意，票据齐全，同意通过验收。",
        balance_fen=35_950,
        items=(
            ItemMean(code="C1", label="产出", maximum=30, mean=Decimal("27.00")),
            ItemMean(code="C2", label="成效", maximum=30, mean=Decimal("26.00")),
            ItemMean(code="C3", label="满意度", maximum=20, mean=Decimal("18.00")),
            ItemMean(code="C4", label="资金合规", maximum=20, mean=Decimal("17.00")),
        ),
        beneficiaries=820,
        satisfaction="收回问卷48份，满意率92%",
        report="一年来为向阳里社区二十六名失能、高龄老人提供日间照料，组织上门探访四百余人次。",
        audit="经随机抽取由青檐正明会计师事务所审计（青正审〔2026〕31号），无保留意见",
        last_instalment="release",
        remedy=Remedy(kind="internal", body="青檐市河湾区社区社会组织孵化中心复核小组", period="10个工作日"),
    )


KIND = Kind(
    code="D33",
    name="acceptance_report",
    title_zh="项目结项验收报告",
    title_en="Acceptance report",
    family="C",
    number_key="验",
    context=AcceptanceReport,
    sample=sample,
)
