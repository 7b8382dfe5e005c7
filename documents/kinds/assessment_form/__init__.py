"""D06 入驻评审意见表: every evaluator's marks, the dropped totals, the mean and the panel's advice, on one
landscape sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from documents.context import Head
from documents.kind import Kind
from documents.parts.blocks import CommitteeVote


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One item of the form: code A1, label, most points."""

    code: str
    label: str
    maximum: int


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One evaluator's marks in the order of the criteria. kept: counted in the mean; "dropped_high" and
    "dropped_low" are not.
    """

    evaluator: str
    marks: tuple[Decimal, ...]
    total: Decimal
    kept: Literal["kept", "dropped_high", "dropped_low"]
    advice: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class AssessmentForm:
    """mean: points of 100 after dropping. spread: highest less lowest total. vetoes: confirmed ones only.
    advice: the panel's. explanation: how the result was reckoned. votes: of the committee, where it decided.
    """

    head: Head
    assessed_on: date
    place: str
    criteria: tuple[Criterion, ...]
    sheets: tuple[Sheet, ...]
    mean: Decimal
    spread: Decimal
    pass_mark: Decimal
    vetoes: tuple[str, ...]
    advice: str
    panel_lead: str
    explanation: tuple[str, ...] = ()
    votes: tuple[CommitteeVote, ...] = ()


def _sheet(evaluator: str, marks: str, kept: Literal["kept", "dropped_high", "dropped_low"], comment: str) -> Sheet:
    values = tuple(map(Decimal, marks.split()))
    return Sheet(
        evaluator=evaluator, marks=values, total=sum(values, Decimal(0)), kept=kept, advice="同意入驻", comment=comment
    )


def sample() -> AssessmentForm:
    """A fictional summary with every field filled: 78, 82.5, 75, 80 and 71 give 77.67."""
    labels = ("需求契合与公益性", "发起人与团队", "计划可行性", "组织基础", "可持续性", "党建与合规", "特色品牌")
    maxima = (20, 20, 20, 15, 10, 10, 5)
    return AssessmentForm(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="入驻评审意见表（汇总）",
            number="青河孵评〔2026〕8号",
            addressee="桦苑社区书画社",
            case_number="QYFH-2026-0031",
            organization_name="桦苑社区书画社",
            issued_on=date(2026, 11, 12),
            contact="沈小满",
            phone="0000-1234567",
            verify_code="M4XJ-7PQ2-C9KD-W0TB",
            verify_url="https://fuhua.example.cn/verify/M4XJ-7PQ2-C9KD-W0TB",
        ),
        assessed_on=date(2026, 11, 12),
        place="望河街道综合服务中心203室",
        criteria=tuple(
            Criterion(code=f"A{position}", label=label, maximum=maximum)
            for position, (label, maximum) in enumerate(zip(labels, maxima, strict=True), 1)
        ),
        sheets=(
            _sheet("顾南乔", "16.5 15.5 15 11.5 7.5 8 4", "kept", "群众基础好，每周活动稳定；建议明确财务公开办法。"),
            _sheet("陆时雨", "17 16.5 16 12.5 8 8.5 4", "dropped_high", "团队分工清楚，骨干成员投入时间有保证。"),
            _sheet("温如许", "16 15 14 11 7.5 8 3.5", "kept", "年度计划可行，第三季度预算偏紧。"),
            _sheet("季北辰", "17 16 15.5 11.5 8 8 4", "kept", "与“一村一居一特色”结合紧密，可作为社区文化品牌培育。"),
            _sheet("邵听澜", "15 14.5 13 10.5 7 7.5 3.5", "dropped_low", "收入来源单一，建议拓展共建单位支持。"),
        ),
        mean=Decimal("77.67"),
        spread=Decimal("11.50"),
        pass_mark=Decimal("70"),
        vetoes=(),
        advice="同意入驻",
        panel_lead="顾南乔",
        explanation=(
            "共5份评分表，去掉一个最高总分82.5分和一个最低总分71分。",
            "计入平均的总分共3份：75、78、80。",
            "合计233分，除以3得77.666667，四舍五入保留两位小数，均分77.67分。",
            "最高总分与最低总分相差11.5分，未超过20分。",
            "全部总分的总体标准差为3.99，未超过10。",
            "均分77.67分不低于合格线70分，等次为“合格”。",
            "没有专家提出一票否决情形。",
        ),
    )


KIND = Kind(
    code="D06",
    name="assessment_form",
    title_zh="入驻评审意见表",
    title_en="Admission assessment form",
    family="C",
    number_key="评",
    context=AssessmentForm,
    sample=sample,
)
