"""D18 出壳证书: certifies that an organization ended its incubation with success, and how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class GraduationCertificate:
    """identity: how the holder is known, by 统一社会信用代码 or by 备案号. score: points of 100."""

    head: Head
    identity: Literal["uscc", "filing_number"]
    identity_number: str
    term_from: date
    term_to: date
    score: Decimal
    grade: Literal["excellent", "good", "pass"]
    graduation_type: Literal["registered", "filed"]


def sample() -> GraduationCertificate:
    """A fictional certificate with every field filled."""
    return GraduationCertificate(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="出壳证书",
            number="QYFH-CQ-2026-0003",
            addressee="河湾区向阳里社区银龄日间照料中心",
            case_number="QYFH-2025-0009",
            organization_name="河湾区向阳里社区银龄日间照料中心",
            issued_on=date(2026, 6, 29),
            contact="沈小满",
            phone="0000-1234567",
            verify_code="7K3M-Q9TV-2XHD-84PW",
            verify_url="https://fuhua.example.cn/verify/7K3M-Q9TV-2XHD-84PW",
            seal="sample",
        ),
        identity="uscc",
        identity_number="52229902MJ9000014X",
        term_from=date(2025, 6, 16),
        term_to=date(2026, 6, 15),
        score=Decimal("86.50"),
        grade="good",
        graduation_type="registered",
    )


KIND = Kind(
    code="D18",
    name="graduation_certificate",
    title_zh="出壳证书",
    title_en="Graduation certificate",
    family="D",
    number_key="CQ",
    context=GraduationCertificate,
    sample=sample,
    unprinted=frozenset({"head.case_number", "head.contact", "head.phone"}),
)
