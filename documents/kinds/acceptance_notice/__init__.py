"""D02 受理通知书: tells an applicant from which day its application counts, and until when it is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class AcceptanceNotice:
    """application: what was applied for (入驻申请, 出壳申请). due_on: last day to decide.

    working_days: until then, 0 where they are not counted so. clock_rule: what the days leave out, a phrase; may be
    empty. query_code: may be empty. No remedy: an acceptance
    takes nothing from anybody.
    """

    head: Head
    application: str
    applied_on: date
    accepted_on: date
    due_on: date
    clock_rule: str = ""
    query_code: str = ""
    working_days: int = 0


def sample() -> AcceptanceNotice:
    """A fictional notice with every field filled."""
    return AcceptanceNotice(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="受理通知书",
            number="青河孵受〔2026〕19号",
            addressee="石桥镇社区社会组织服务中心",
            case_number="QYFH-2026-0033",
            organization_name="石桥镇社区社会组织服务中心",
            issued_on=date(2026, 11, 9),
            contact="沈小满",
            phone="0000-1234567",
            verify_code="2NQ8-V5HT-0KCW-R7ZM",
            verify_url="https://fuhua.example.cn/verify/2NQ8-V5HT-0KCW-R7ZM",
            seal="sample",
        ),
        application="入驻申请",
        applied_on=date(2026, 11, 5),
        accepted_on=date(2026, 11, 9),
        due_on=date(2026, 12, 7),
        clock_rule="评审时间另计",
        query_code="738205",
        working_days=20,
    )


KIND = Kind(
    code="D02",
    name="acceptance_notice",
    title_zh="受理通知书",
    title_en="Acceptance notice",
    family="B",
    number_key="受",
    context=AcceptanceNotice,
    sample=sample,
)
