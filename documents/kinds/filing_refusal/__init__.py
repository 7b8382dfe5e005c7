"""D24 不予备案决定书: a street refuses a filing, with what it found, its rules, and the statutory remedies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.context import Basis, Head, Remedy
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class FilingRefusal:
    """facts: what the office found, a sentence. reason: why that is no filing. reapply: what may be done next."""

    head: Head
    applied_on: date
    accepted_on: date
    facts: str
    reason: str
    basis: tuple[Basis, ...]
    remedy: Remedy
    reapply: str = ""


def sample() -> FilingRefusal:
    """A fictional decision with every field filled."""
    return FilingRefusal(
        head=Head(
            issuer_name="青檐市河湾区望河街道办事处",
            document_title="不予备案决定书",
            number="望河备不备〔2026〕1号",
            addressee="晨光社区棋友会（筹）",
            case_number="",
            organization_name="晨光社区棋友会（筹）",
            issued_on=date(2026, 9, 21),
            contact="冯小舟",
            phone="0000-1234570",
            verify_code="2HQK-T81D-M6VS-NX04",
            verify_url="https://fuhua.example.cn/verify/2HQK-T81D-M6VS-NX04",
        ),
        applied_on=date(2026, 9, 7),
        accepted_on=date(2026, 9, 9),
        facts="经核对名册，实有成员6名，不足10名",
        reason="成员人数不符合会员类组织的备案条件",
        basis=(
            Basis(
                title="青檐市河湾区社区社会组织备案管理办法（试行）", number="青河民〔2025〕4号", article="第七条第三项"
            ),
        ),
        remedy=Remedy(
            kind="statutory",
            body="青檐市河湾区人民政府",
            period="60日",
            court="有管辖权的人民法院",
            court_period="6个月",
        ),
        reapply="成员达到10名后可以重新申请备案。",
    )


KIND = Kind(
    code="D24",
    name="filing_refusal",
    title_zh="不予备案决定书",
    title_en="Decision not to file",
    family="A",
    number_key="不备",
    context=FilingRefusal,
    sample=sample,
    unprinted=frozenset({"head.case_number"}),
)
