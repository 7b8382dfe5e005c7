"""D14 整改复核意见书: says of each finding whether it was put right, on what evidence, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class RecheckedFinding:
    """finding: the fact as it was ordered to be put right. evidence: may be empty."""

    finding: str
    closed: bool
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class RecheckOpinion:
    """rectification_number: printed number of the order that was rechecked; may be empty.

    released_fen: money that is paid on again, 0 when none was held. opinion: typed, may be empty.
    """

    head: Head
    rechecked_on: date
    findings: tuple[RecheckedFinding, ...]
    result: Literal["passed", "failed"]
    released_fen: int = 0
    rectification_number: str = ""
    opinion: str = ""


def sample() -> RecheckOpinion:
    """A fictional opinion with every field filled."""
    return RecheckOpinion(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="整改复核意见书",
            number="青河孵整复〔2026〕2号",
            addressee="石桥村农技服务队",
            case_number="QYFH-2026-0012",
            organization_name="石桥村农技服务队",
            issued_on=date(2026, 12, 11),
            contact="赵未央",
            phone="0000-1234567",
            verify_code="C5RH-9WT0-X2KQ-7VMD",
            verify_url="https://fuhua.example.cn/verify/C5RH-9WT0-X2KQ-7VMD",
            seal="sample",
        ),
        rechecked_on=date(2026, 12, 10),
        findings=(
            RecheckedFinding(
                finding="培训记录缺4次。",
                closed=True,
                evidence="补交签到表4份、课程提纲4份、照片16张，与村民委员会活动登记一致。",
            ),
            RecheckedFinding(
                finding="3张凭证无明细。",
                closed=True,
                evidence="补交销售方盖章的明细清单3份，金额与凭证相符。",
            ),
        ),
        result="passed",
        released_fen=540_000,
        rectification_number="青河孵整〔2026〕2号",
        opinion="请继续按季度报送活动和财务情况。",
    )


KIND = Kind(
    code="D14",
    name="recheck_opinion",
    title_zh="整改复核意见书",
    title_en="Opinion on the recheck of a rectification",
    family="B",
    number_key="整复",
    context=RecheckOpinion,
    sample=sample,
)
