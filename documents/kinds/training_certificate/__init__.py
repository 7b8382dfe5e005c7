"""D38 培训结业证书: certifies that a person finished a course; it has no place for an identity number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class TrainingCertificate:
    """The head's organization_name is the person's own name: the holder. body: where the person works, may be empty.

    hours: 学时. attended: percent of them. result: points of 100 of the closing test, None without a test.
    """

    head: Head
    body: str
    course: str
    hours: int
    held_from: date
    held_to: date
    attended: int
    result: Decimal | None = None


def sample() -> TrainingCertificate:
    """A fictional certificate with every field filled."""
    return TrainingCertificate(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="培训结业证书",
            number="青河孵培〔2026〕58号",
            addressee="田有禾",
            case_number="",
            organization_name="田有禾",
            issued_on=date(2026, 10, 30),
            contact="沈小满",
            phone="0000-1234567",
            verify_code="HN7C-2QW8-T5RX-M014",
            verify_url="https://fuhua.example.cn/verify/HN7C-2QW8-T5RX-M014",
            seal="sample",
        ),
        body="石桥村农技服务队",
        course="财务基础",
        hours=24,
        held_from=date(2026, 10, 12),
        held_to=date(2026, 10, 28),
        attended=96,
        result=Decimal("88"),
    )


KIND = Kind(
    code="D38",
    name="training_certificate",
    title_zh="培训结业证书",
    title_en="Certificate of completed training",
    family="D",
    number_key="培",
    context=TrainingCertificate,
    sample=sample,
    holder="person",
    unprinted=frozenset({"head.case_number", "head.contact", "head.phone"}),
)
