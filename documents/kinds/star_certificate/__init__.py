"""D28 星级证书: certifies the stars of an organization, from when to when, in which round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class StarCertificate:
    """stars: 1 to 5. identity: how the holder is known. valid_to: the last day; the page of verification says so after.

    round_title: the round as it was announced.
    """

    head: Head
    identity: Literal["uscc", "filing_number"]
    identity_number: str
    round_title: str
    stars: int
    valid_from: date
    valid_to: date


def sample() -> StarCertificate:
    """A fictional certificate with every field filled."""
    return StarCertificate(
        head=Head(
            issuer_name="青檐市河湾区民政局",
            document_title="星级证书",
            number="青河民星证〔2026〕2号",
            addressee="河湾区向阳里社区银龄日间照料中心",
            case_number="QYFH-XJ-2026-0002",
            organization_name="河湾区向阳里社区银龄日间照料中心",
            issued_on=date(2026, 7, 3),
            contact="吴青禾",
            phone="0000-1234567",
            verify_code="M3QC-71VX-8KTN-PD0H",
            verify_url="https://fuhua.example.cn/verify/M3QC-71VX-8KTN-PD0H",
            seal="sample",
        ),
        identity="uscc",
        identity_number="52229902MJ9000014X",
        round_title="河湾区2026年度社区社会组织星级评定",
        stars=4,
        valid_from=date(2026, 7, 1),
        valid_to=date(2029, 6, 30),
    )


KIND = Kind(
    code="D28",
    name="star_certificate",
    title_zh="星级证书",
    title_en="Star certificate",
    family="D",
    number_key="星证",
    context=StarCertificate,
    sample=sample,
    unprinted=frozenset({"head.case_number", "head.contact", "head.phone"}),
)
