"""D16 延期决定书: lengthens a term once, with its conditions, or refuses to, with its reason and the way to object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.context import ContextInvalid, Head, Remedy
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class ExtensionDecision:
    """applied_on: None when the centre took it up itself after the term. new_end: the old end when it is refused.

    months: of the extension, 0 when refused. conditions and reason: typed, the reason may be empty when granted.
    remedy: of a refusal. notice_days: how long before the end graduation is to be applied for.
    """

    head: Head
    granted: bool
    applied_on: date | None
    old_end: date
    new_end: date
    notice_days: int
    months: int = 0
    conditions: str = ""
    reason: str = ""
    remedy: Remedy | None = None

    def __post_init__(self) -> None:
        if self.granted != (self.remedy is None):
            raise ContextInvalid("extension_decision: a refusal has a remedy, a grant has none")


def sample() -> ExtensionDecision:
    """A fictional decision that grants the extension."""
    return ExtensionDecision(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="延期决定书",
            number="青河孵延〔2026〕1号",
            addressee="晨光社区楼道议事会",
            case_number="QYFH-2025-0021",
            organization_name="晨光社区楼道议事会",
            issued_on=date(2026, 11, 6),
            contact="赵未央",
            phone="0000-1234567",
            verify_code="H2ZQ-5RVK-C8M1-0XTE",
            verify_url="https://fuhua.example.cn/verify/H2ZQ-5RVK-C8M1-0XTE",
            seal="sample",
        ),
        granted=True,
        applied_on=date(2026, 10, 26),
        old_end=date(2026, 11, 30),
        new_end=date(2027, 5, 31),
        notice_days=30,
        months=6,
        conditions="须补足活动4次",
        reason="治理和财务已经规范，活动次数尚未达到出壳门槛，补足计划可行",
    )


KIND = Kind(
    code="D16",
    name="extension_decision",
    title_zh="延期决定书",
    title_en="Decision on an extension",
    family="B",
    number_key="延",
    context=ExtensionDecision,
    sample=sample,
)
