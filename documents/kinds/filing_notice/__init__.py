"""D25 备案变更、注销、撤销通知书: what became of a filing, from when, and how to object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.context import Basis, ContextInvalid, Head, Remedy
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class FiledItem:
    """One filed item as it was and as it is."""

    item: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class FilingNotice:
    """variant: the filing was changed, cancelled (it ended) or revoked (it is taken away). changes: of a change alone.

    reason: a full sentence. return_by: until when the certificate comes back, None where it stays.
    """

    head: Head
    variant: Literal["changed", "cancelled", "revoked"]
    filing_number: str
    reason: str
    effective_on: date
    remedy: Remedy
    changes: tuple[FiledItem, ...] = ()
    basis: tuple[Basis, ...] = ()
    return_by: date | None = None

    def __post_init__(self) -> None:
        if (self.variant == "changed") != bool(self.changes):
            raise ContextInvalid("filing_notice: a change names what changed, an end of the filing does not")


def sample() -> FilingNotice:
    """A fictional notice of a change with every field filled."""
    return FilingNotice(
        head=Head(
            issuer_name="青檐市河湾区望河街道办事处",
            document_title="备案变更通知书",
            number="望河备备变〔2026〕2号",
            addressee="晨光社区邻里互助社",
            case_number="",
            organization_name="晨光社区邻里互助社",
            issued_on=date(2026, 9, 7),
            contact="冯小舟",
            phone="0000-1234570",
            verify_code="KT5W-03XN-8QDM-R27F",
            verify_url="https://fuhua.example.cn/verify/KT5W-03XN-8QDM-R27F",
        ),
        variant="changed",
        filing_number="229902001-2026-0003",
        reason="社区综合服务站建成启用",
        effective_on=date(2026, 9, 7),
        remedy=Remedy(
            kind="statutory",
            body="青檐市河湾区人民政府",
            period="60日",
            court="有管辖权的人民法院",
            court_period="6个月",
        ),
        changes=(
            FiledItem(
                item="活动场所", before="晨光社区居委会一层活动室（甲）", after="晨光社区综合服务站一层102室（乙）"
            ),
        ),
        basis=(
            Basis(title="青檐市河湾区社区社会组织备案管理办法（试行）", number="青河民〔2025〕4号", article="第十五条"),
        ),
        return_by=date(2026, 9, 21),
    )


KIND = Kind(
    code="D25",
    name="filing_notice",
    title_zh="备案变更（注销、撤销）通知书",
    title_en="Notice of a changed, cancelled or revoked filing",
    family="A",
    number_key="备变",
    context=FilingNotice,
    sample=sample,
    unprinted=frozenset({"head.case_number"}),
)
