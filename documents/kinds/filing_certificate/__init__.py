"""D23 社区社会组织备案证书: certifies that a street filed an organization; the original to hang, and the duplicate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class FilingChange:
    """One change that was filed later and is written onto the duplicate."""

    on: date
    item: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class FilingCertificate:
    """The number in the head is the filing number. valid_to: the last day, None for a filing without an end.

    territory: where the organization is active. scope: what it does. changes: what the duplicate tells of later.
    """

    head: Head
    leader: str
    place: str
    scope: str
    territory: str
    filed_on: date
    valid_to: date | None = None
    changes: tuple[FilingChange, ...] = ()


def sample() -> FilingCertificate:
    """A fictional certificate with every field filled."""
    return FilingCertificate(
        head=Head(
            issuer_name="青檐市河湾区望河街道办事处",
            document_title="社区社会组织备案证书",
            number="229902001-2026-0003",
            addressee="晨光社区邻里互助社",
            case_number="",
            organization_name="晨光社区邻里互助社",
            issued_on=date(2026, 5, 18),
            contact="冯小舟",
            phone="0000-1234570",
            verify_code="F3NA-6K2W-9TQX-41RD",
            verify_url="https://fuhua.example.cn/verify/F3NA-6K2W-9TQX-41RD",
            seal="sample",
        ),
        leader="周暖",
        place="望河街道晨光社区综合服务站一层102室",
        scope="邻里互助、困难老人探访、便民服务",
        territory="晨光社区",
        filed_on=date(2026, 5, 18),
        valid_to=date(2029, 5, 17),
        changes=(
            FilingChange(
                on=date(2026, 9, 7), item="活动场所", before="晨光社区居委会一层", after="综合服务站一层102室"
            ),
        ),
    )


KIND = Kind(
    code="D23",
    name="filing_certificate",
    title_zh="社区社会组织备案证书",
    title_en="Filing certificate of a community social organization",
    family="D",
    number_key="备",
    number_pattern="{prefix}-{year}-{serial:04d}",
    pages=2,
    context=FilingCertificate,
    sample=sample,
    unprinted=frozenset({"head.case_number", "head.contact", "head.phone"}),
)
