"""D29 资助决定通知书: tells an applicant what it is awarded, from which source, and when each instalment is paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from documents.context import Basis, Head, Remedy
from documents.kind import Kind
from documents.parts.blocks import PlannedInstalment


@dataclass(frozen=True, kw_only=True)
class AwardNotice:
    """program: the funding program, 2026年度…资助. project: what the applicant called it. source: printed label.

    from_lottery adds the label duty and the forbidden uses of welfare-lottery money. score is None when the award
    does not rest on a review. payee: holder of the account when it is not the applicant. conditions: phrases.
    """

    head: Head
    program: str
    project: str
    source: str
    amount_fen: int
    plan: tuple[PlannedInstalment, ...]
    purpose: str = ""
    from_lottery: bool = False
    applied_on: date | None = None
    score: Decimal | None = None
    payee: str = ""
    conditions: tuple[str, ...] = ()
    sign_before: date | None = None
    basis: tuple[Basis, ...] = ()
    remedy: Remedy | None = None


def sample() -> AwardNotice:
    """A fictional notice with every field filled."""
    return AwardNotice(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="资助决定通知书",
            number="青河孵资〔2026〕4号",
            addressee="晨光社区邻里互助社",
            case_number="QYFH-ZZ-2026-0004",
            organization_name="晨光社区邻里互助社",
            issued_on=date(2026, 7, 6),
            contact="钱一禾",
            phone="0000-1234569",
            verify_code="9PZB-T4HC-E71X-MW3K",
            verify_url="https://fuhua.example.cn/verify/9PZB-T4HC-E71X-MW3K",
            seal="sample",
        ),
        program="2026年度社区社会组织培育资金",
        project="一键敲门",
        source="区级专项资金",
        amount_fen=2_400_000,
        plan=(
            PlannedInstalment(number=1, amount_fen=1_200_000, condition="签订资金资助协议", due_on=date(2026, 8, 3)),
            PlannedInstalment(number=2, amount_fen=720_000, condition="中期评估达到70分", due_on=date(2027, 1, 15)),
            PlannedInstalment(
                number=3, amount_fen=480_000, condition="出壳评估合格并完成验收", due_on=date(2027, 7, 30)
            ),
        ),
        purpose="为晨光社区独居老人提供每周两次的敲门问候和应急帮助",
        applied_on=date(2026, 6, 8),
        score=Decimal("82.33"),
        payee="望河街道社区社会组织联合会（代管）",
        conditions=(
            "资助款专款专用、专账核算，按批准的预算使用",
            "每期用款后报送用款报告和凭证，接受检查和审计",
            "项目结束后30日内结项，结余资金按原渠道退回",
        ),
        sign_before=date(2026, 7, 20),
        basis=(
            Basis(
                title="青檐市河湾区社区社会组织培育资金管理办法（试行）", number="青河民〔2025〕7号", article="第九条"
            ),
        ),
        remedy=Remedy(kind="internal", body="青檐市河湾区社区社会组织孵化中心复核小组", period="10个工作日"),
    )


KIND = Kind(
    code="D29",
    name="award_notice",
    title_zh="资助决定通知书",
    title_en="Award notice",
    family="B",
    number_key="资",
    context=AwardNotice,
    sample=sample,
)
