"""D15 中止孵化通知书: tells an incubated organization that its incubation stands still, why, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class SuspensionNotice:
    """cause: typed. expected_to: the last day of the suspension, never later than the rules allow.

    ends_on: the end of the term before the suspension lengthens it. held_fen: money that waits, 0 when none does.
    agreement_number: of the signed agreement, may be empty. longest_months: of one suspension.
    """

    head: Head
    cause: str
    suspended_from: date
    expected_to: date
    ends_on: date
    longest_months: int
    held_fen: int = 0
    agreement_number: str = ""


def sample() -> SuspensionNotice:
    """A fictional notice with every field filled."""
    return SuspensionNotice(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="中止孵化通知书",
            number="青河孵止〔2026〕1号",
            addressee="前屯村爱心超市",
            case_number="QYFH-2026-0014",
            organization_name="前屯村爱心超市",
            issued_on=date(2026, 10, 19),
            contact="赵未央",
            phone="0000-1234567",
            verify_code="M4XA-7PQ9-3WTE-V0C8",
            verify_url="https://fuhua.example.cn/verify/M4XA-7PQ9-3WTE-V0C8",
            seal="sample",
        ),
        cause="供水管破裂，场地不能使用",
        suspended_from=date(2026, 10, 19),
        expected_to=date(2027, 1, 19),
        ends_on=date(2027, 5, 10),
        longest_months=3,
        held_fen=300_000,
        agreement_number="青河孵协〔2026〕3号",
    )


KIND = Kind(
    code="D15",
    name="suspension_notice",
    title_zh="中止孵化通知书",
    title_en="Notice of suspension",
    family="B",
    number_key="止",
    context=SuspensionNotice,
    sample=sample,
)
