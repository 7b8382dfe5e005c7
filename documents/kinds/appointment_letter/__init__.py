"""D41 评审专家聘书: appoints an evaluator to the pool, for which fields and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class AppointmentLetter:
    """The head's organization_name is the evaluator's own name: the holder. body: where the evaluator works, may be
    empty. fields: as they are called. valid_to: the last day of the term.
    """

    head: Head
    body: str
    fields: tuple[str, ...]
    valid_from: date
    valid_to: date
    duties: tuple[str, ...]


DUTIES = (
    "独立、客观、公正地评审，对本人的评分和意见负责",
    "有利害关系的主动声明并回避",
    "对评审过程和申请材料保密，不收受申请组织的财物",
)
"""What every evaluator undertakes."""


def sample() -> AppointmentLetter:
    """A fictional letter with every field filled."""
    return AppointmentLetter(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="聘书",
            number="青河孵聘〔2026〕1号",
            addressee="顾南乔",
            case_number="",
            organization_name="顾南乔",
            issued_on=date(2026, 1, 4),
            contact="唐亦安",
            phone="0000-1234567",
            verify_code="P4YX-7DKN-2M8T-QW5H",
            verify_url="https://fuhua.example.cn/verify/P4YX-7DKN-2M8T-QW5H",
            seal="sample",
        ),
        body="青檐市社会工作者协会",
        fields=("社区服务", "文化体育"),
        valid_from=date(2026, 1, 1),
        valid_to=date(2027, 12, 31),
        duties=DUTIES,
    )


KIND = Kind(
    code="D41",
    name="appointment_letter",
    title_zh="评审专家聘书",
    title_en="Letter of appointment of an evaluator",
    family="D",
    number_key="聘",
    context=AppointmentLetter,
    sample=sample,
    holder="person",
    unprinted=frozenset({"head.case_number", "head.contact", "head.phone"}),
)
