"""D01 收件回执: what was handed in, when and to whom; the upper half stays as stub, the lower half goes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class ReceivedMaterial:
    """copies: how many pieces. original: False for copies and for files sent in electronically."""

    name: str
    copies: int = 1
    original: bool = False


@dataclass(frozen=True, kw_only=True)
class ReceiptSlip:
    """application: what was applied for (入驻申请, 出壳申请). received_at: local time. handler: who took it in;
    empty when the papers came in through the system. next_step_due: last day to answer. assisted: entered by the
    handler for the applicant, who signed on paper.
    """

    head: Head
    application: str
    materials: tuple[ReceivedMaterial, ...]
    received_at: datetime
    next_step_due: date
    handler: str = ""
    assisted: bool = False


def sample() -> ReceiptSlip:
    """A fictional slip with every field filled."""
    return ReceiptSlip(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="收件回执",
            number="青河孵收〔2026〕44号",
            addressee="铁东里社区秧歌队",
            case_number="QYFH-2026-0035",
            organization_name="铁东里社区秧歌队",
            issued_on=date(2026, 11, 16),
            contact="沈小满",
            phone="0000-1234567",
            verify_code="T8DN-4KVX-6QCJ-H1WR",
            verify_url="https://fuhua.example.cn/verify/T8DN-4KVX-6QCJ-H1WR",
            seal="sample",
        ),
        application="入驻申请",
        materials=(
            ReceivedMaterial(name="入驻申请表（发起人签字）", original=True),
            ReceivedMaterial(name="组织发展规划和年度活动计划（含预算）", original=True),
            ReceivedMaterial(name="章程草案"),
            ReceivedMaterial(name="活动场地证明"),
            ReceivedMaterial(name="社区居民委员会意见", original=True),
            ReceivedMaterial(name="承诺书", original=True),
        ),
        received_at=datetime(2026, 11, 16, 9, 40, tzinfo=timezone(timedelta(hours=8))),
        next_step_due=date(2026, 11, 23),
        handler="沈小满",
        assisted=True,
    )


KIND = Kind(
    code="D01",
    name="receipt_slip",
    title_zh="收件回执",
    title_en="Receipt slip",
    family="C",
    number_key="收",
    context=ReceiptSlip,
    sample=sample,
)
