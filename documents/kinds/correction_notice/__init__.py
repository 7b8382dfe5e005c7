"""D03 补正通知书: tells an applicant once, completely, what its papers lack, and by when to bring it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class CorrectionItem:
    """field: the paper or the entry of the form. Their order is their printed number."""

    field: str
    problem: str
    how_to_fix: str


@dataclass(frozen=True, kw_only=True)
class CorrectionNotice:
    """application: what was applied for (入驻申请, 出壳申请). round: 1 for the first notice of a case.

    items: all of them; later notices may only repeat what stayed open. due_on: last day to correct.
    effect_if_late: a phrase after 逾期.
    """

    head: Head
    application: str
    applied_on: date
    items: tuple[CorrectionItem, ...]
    due_on: date
    round: int = 1
    effect_if_late: str = "视为撤回申请"


def sample() -> CorrectionNotice:
    """A fictional notice with every field filled."""
    return CorrectionNotice(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="补正通知书",
            number="青河孵补〔2026〕11号",
            addressee="铁东里社区秧歌队",
            case_number="QYFH-2026-0035",
            organization_name="铁东里社区秧歌队",
            issued_on=date(2026, 11, 18),
            contact="沈小满",
            phone="0000-1234567",
            verify_code="H6PC-3XWK-8TQD-0M2V",
            verify_url="https://fuhua.example.cn/verify/H6PC-3XWK-8TQD-0M2V",
            seal="sample",
        ),
        application="入驻申请",
        applied_on=date(2026, 11, 16),
        items=(
            CorrectionItem(
                field="成员名册",
                problem="缺成员名册。",
                how_to_fix="按样表填写全部成员姓名、住址和联系方式，由负责人签字。",
            ),
            CorrectionItem(
                field="场地证明",
                problem="场地证明无签章。",
                how_to_fix="由社区居民委员会在证明上签章，注明场地面积和使用期限。",
            ),
        ),
        due_on=date(2026, 12, 9),
        round=1,
        effect_if_late="视为撤回申请",
    )


KIND = Kind(
    code="D03",
    name="correction_notice",
    title_zh="补正通知书",
    title_en="Correction notice",
    family="B",
    number_key="补",
    context=CorrectionNotice,
    sample=sample,
)
