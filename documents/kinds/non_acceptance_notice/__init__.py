"""D04 不予受理通知书: tells an applicant why its application is not taken up, who to turn to, and how to object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.context import Basis, Head, Remedy
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class NonAcceptanceNotice:
    """reason_code: outside the scope, the territory or the kinds of the centre, or short of the conditions.
    reason: typed, several lines allowed.

    application: what was applied for (入驻申请). basis: may be empty. proper_body: where to turn instead, a name;
    may be empty.
    """

    head: Head
    application: str
    applied_on: date
    reason_code: Literal["scope", "territory", "capacity", "conditions"]
    reason: str
    remedy: Remedy
    basis: tuple[Basis, ...] = ()
    proper_body: str = ""


def sample() -> NonAcceptanceNotice:
    """A fictional notice with every field filled."""
    return NonAcceptanceNotice(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="不予受理通知书",
            number="青河孵不受〔2026〕2号",
            addressee="某建材公司业余队",
            case_number="QYFH-2026-0029",
            organization_name="某建材公司业余队",
            issued_on=date(2026, 10, 16),
            contact="沈小满",
            phone="0000-1234567",
            verify_code="W9TB-5MJ2-K4RX-C8HN",
            verify_url="https://fuhua.example.cn/verify/W9TB-5MJ2-K4RX-C8HN",
            seal="sample",
        ),
        application="入驻申请",
        applied_on=date(2026, 10, 12),
        reason_code="scope",
        reason="你单位成员均为本企业职工，系企业内部团体，不是由社区居民发起、在社区开展活动的社区社会组织。",
        basis=(
            Basis(
                title="青檐市河湾区社区社会组织孵化管理办法（试行）",
                number="青河民〔2025〕6号",
                article="第三条、第九条",
            ),
        ),
        proper_body="单位工会",
        remedy=Remedy(kind="internal", body="青檐市河湾区社区社会组织孵化中心复核小组", period="10个工作日"),
    )


KIND = Kind(
    code="D04",
    name="non_acceptance_notice",
    title_zh="不予受理通知书",
    title_en="Non-acceptance notice",
    family="B",
    number_key="不受",
    context=NonAcceptanceNotice,
    sample=sample,
)
