"""D09 不予入驻决定书: refuses an application with its score, reasons, rules and the way to object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from documents.context import Basis, Head, Remedy
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class RefusalDecision:
    """score and pass_mark: points of 100; score is None when the refusal does not rest on an assessment.
    reason: a full sentence. reapply_months: how long that is from the decision, 0 where it is not said.
    """

    head: Head
    applied_on: date
    score: Decimal | None
    pass_mark: Decimal
    failed_items: tuple[str, ...]
    reason: str
    basis: tuple[Basis, ...]
    remedy: Remedy
    reapply_from: date
    reapply_months: int = 0


def sample() -> RefusalDecision:
    """A fictional decision with every field filled."""
    return RefusalDecision(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="不予入驻决定书",
            number="青河孵不入〔2026〕3号",
            addressee="北甸镇志愿者协会（筹）",
            case_number="QYFH-2026-0027",
            organization_name="北甸镇志愿者协会（筹）",
            issued_on=date(2026, 10, 30),
            contact="沈小满",
            phone="0000-1234567",
            verify_code="8RTC-46NE-J0VP-ZB7S",
            verify_url="https://fuhua.example.cn/verify/8RTC-46NE-J0VP-ZB7S",
        ),
        applied_on=date(2026, 9, 28),
        score=Decimal("53.67"),
        pass_mark=Decimal("60"),
        failed_items=(
            "计划可行性：年度计划没有可以衡量的产出，预算没有测算依据；",
            "组织基础：尚无章程草案和固定活动场所；",
            "可持续性：没有稳定的志愿者队伍和收入来源。",
        ),
        reason="评审得分低于最低合格分数，不符合入驻条件",
        basis=(
            Basis(
                title="青檐市河湾区社区社会组织孵化管理办法（试行）",
                number="青河民〔2025〕6号",
                article="第十四条第二款",
            ),
        ),
        remedy=Remedy(kind="internal", body="青檐市河湾区社区社会组织孵化中心复核小组", period="10个工作日"),
        reapply_from=date(2027, 1, 30),
        reapply_months=3,
    )


KIND = Kind(
    code="D09",
    name="refusal_decision",
    title_zh="不予入驻决定书",
    title_en="Refusal decision",
    family="B",
    number_key="不入",
    context=RefusalDecision,
    sample=sample,
)
