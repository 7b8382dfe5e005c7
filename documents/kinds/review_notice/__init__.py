"""D05 评审告知书: tells applicant and evaluators who assesses, when, where, and until when to ask for recusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class PanelMember:
    """unit: where the evaluator works; may be empty."""

    name: str
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class ReviewNotice:
    """assessment: which one is to be held. meets_at: printed time of day, 14:00. recusal_due_on: last day to ask.

    agenda: phrases in their order; may be empty.
    """

    head: Head
    assessment: Literal["admission", "graduation"]
    panel: tuple[PanelMember, ...]
    meets_on: date
    meets_at: str
    place: str
    recusal_due_on: date
    agenda: tuple[str, ...] = ()


def sample() -> ReviewNotice:
    """A fictional notice with every field filled."""
    return ReviewNotice(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="评审告知书",
            number="青河孵评告〔2026〕8号",
            addressee="石桥镇社区社会组织服务中心",
            case_number="QYFH-2026-0033",
            organization_name="石桥镇社区社会组织服务中心",
            issued_on=date(2026, 11, 16),
            contact="唐亦安",
            phone="0000-1234567",
            verify_code="Z3KD-7QWM-1VHR-X5T9",
            verify_url="https://fuhua.example.cn/verify/Z3KD-7QWM-1VHR-X5T9",
            seal="sample",
        ),
        assessment="admission",
        panel=(
            PanelMember(name="顾南乔", unit="青檐市社会组织促进会"),
            PanelMember(name="陆时雨", unit="青檐师范学院社会工作系"),
            PanelMember(name="温如许", unit="青檐正和会计师事务所"),
            PanelMember(name="季北辰", unit="松岭县社区服务中心"),
            PanelMember(name="邵听澜", unit="青檐市志愿服务联合会"),
        ),
        meets_on=date(2026, 11, 20),
        meets_at="14:00",
        place="望河街道综合服务中心203室",
        recusal_due_on=date(2026, 11, 18),
        agenda=("申请组织陈述10分钟", "专家提问和答复15分钟", "专家独立评分", "评审组合议"),
    )


KIND = Kind(
    code="D05",
    name="review_notice",
    title_zh="评审告知书",
    title_en="Assessment notice with panel and recusal right",
    family="B",
    number_key="评告",
    context=ReviewNotice,
    sample=sample,
)
