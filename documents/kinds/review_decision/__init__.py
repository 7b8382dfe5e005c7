"""D22 复核决定书: what a review came to, or why the request for one was not accepted, and what can still be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.context import Basis, Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class ReviewVote:
    """One member of the review panel by name, unit and vote."""

    name: str
    unit: str
    part: Literal["lead", "member"]
    vote: Literal["upheld", "changed", "remanded"]


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """When both sides were heard, who spoke for the evaluators, and what each said."""

    held_on: date
    applicant_said: str
    evaluators_by: str
    evaluators_said: str


@dataclass(frozen=True, kw_only=True)
class ReviewDecision:
    """decision: the label of what was complained about (不予入驻); decision_number may be empty where it was told of
    without a paper. An inadmissible request has no panel, hearing or tally; `findings` then is the reason.
    proper_body: where to turn instead of a review, empty where one was held. effect: a full sentence.
    """

    head: Head
    result: Literal["inadmissible", "upheld", "changed", "remanded"]
    decision: str
    decision_number: str
    decided_on: date
    served_on: date
    lodged_on: date
    wish: str
    grounds: str
    hearing: Hearing | None
    panel: tuple[ReviewVote, ...]
    tally: str
    findings: str
    basis: tuple[Basis, ...]
    effect: str
    proper_body: str
    further_body: str


def sample() -> ReviewDecision:
    """A fictional decision with every field filled."""
    return ReviewDecision(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="复核决定书",
            number="青河孵复核〔2026〕1号",
            addressee="北甸镇志愿者协会（筹）",
            case_number="QYFH-FH-2026-0001",
            organization_name="北甸镇志愿者协会（筹）",
            issued_on=date(2026, 12, 3),
            contact="沈小满",
            phone="0000-1234567",
            verify_code="4TGX-9KQ2-M7CB-R0VN",
            verify_url="https://fuhua.example.cn/verify/4TGX-9KQ2-M7CB-R0VN",
        ),
        result="remanded",
        decision="不予入驻",
        decision_number="青河孵不入〔2026〕3号",
        decided_on=date(2026, 10, 30),
        served_on=date(2026, 10, 31),
        lodged_on=date(2026, 11, 9),
        wish="撤销不予入驻决定，重新组织评审。",
        grounds="评审专家江照野曾在同类组织任职，离职不满两年，评审前未声明，也未回避。",
        hearing=Hearing(
            held_on=date(2026, 12, 1),
            applicant_said="专家与申请组织存在竞争关系，评分明显偏低。",
            evaluators_by="唐亦安",
            evaluators_said="各专家独立评分，组成评审组时未掌握该任职情况。",
        ),
        panel=(
            ReviewVote(name="罗云深", unit="青檐市社会组织总会", part="lead", vote="remanded"),
            ReviewVote(name="白令仪", unit="青檐学院公共管理系", part="member", vote="remanded"),
            ReviewVote(name="穆清扬", unit="河湾区法律援助中心", part="member", vote="remanded"),
        ),
        tally="3:0",
        findings="经核查，一名专家应回避未回避：该专家2025年3月自同类组织离职，至评审之日不满两年，影响评审公正。",
        basis=(
            Basis(
                title="青檐市河湾区社区社会组织孵化管理办法（试行）",
                number="青河民〔2025〕6号",
                article="第三十一条",
            ),
        ),
        effect="撤销不予入驻决定，由新的评审组重新评审。",
        proper_body="",
        further_body="青檐市河湾区民政局",
    )


KIND = Kind(
    code="D22",
    name="review_decision",
    title_zh="复核决定书",
    title_en="Review decision",
    family="B",
    number_key="复核",
    context=ReviewDecision,
    sample=sample,
)
