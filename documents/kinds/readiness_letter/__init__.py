"""D26 登记条件预审意见及推荐函: what a centre found of the conditions for registration; it replaces no licence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.context import Basis, Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class ReadinessCondition:
    """One condition: what is asked for, what was found, and what is missing where it is not met."""

    condition: str
    found: str
    met: bool
    gap: str = ""


@dataclass(frozen=True, kw_only=True)
class ReadinessLetter:
    """The addressee is the registration authority. advice: what the centre advises, a full sentence."""

    head: Head
    organization_form: str
    filing_number: str
    conditions: tuple[ReadinessCondition, ...]
    basis: tuple[Basis, ...]
    advice: str


def sample() -> ReadinessLetter:
    """A fictional letter with every field filled."""
    return ReadinessLetter(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="登记条件预审意见及推荐函",
            number="青河孵荐〔2026〕3号",
            addressee="松岭县民政局",
            case_number="QYFH-2025-0021",
            organization_name="北甸村老年协会",
            issued_on=date(2026, 10, 12),
            contact="赵未央",
            phone="0000-1234567",
            verify_code="W8RD-51TN-X3QK-6MHV",
            verify_url="https://fuhua.example.cn/verify/W8RD-51TN-X3QK-6MHV",
        ),
        organization_form="社会团体",
        filing_number="229921100-2024-0002",
        conditions=(
            ReadinessCondition(condition="会员不少于50名", found="会员63名≥50名", met=True),
            ReadinessCondition(condition="活动资金不少于30000元", found="资金30000元，已验资", met=True),
            ReadinessCondition(condition="有固定的住所", found="北甸村文化活动中心东侧两间，使用权2年", met=True),
            ReadinessCondition(condition="有章程草案和组织机构", found="章程草案经会员大会通过", met=True),
            ReadinessCondition(condition="有与业务相适应的专职工作人员", found="专职1名、兼职4名", met=True),
        ),
        basis=(Basis(title="社会团体登记管理条例", number="国务院令第250号", article="第十条"),),
        advice="场所、章程齐备，各项条件均已具备，建议受理其登记申请",
    )


KIND = Kind(
    code="D26",
    name="readiness_letter",
    title_zh="登记条件预审意见及推荐函",
    title_en="Opinion on readiness to register, and letter of recommendation",
    family="B",
    number_key="荐",
    context=ReadinessLetter,
    sample=sample,
)
