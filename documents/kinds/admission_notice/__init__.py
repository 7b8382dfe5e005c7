"""D08 入驻通知书: tells an applicant it is admitted, where, how long, and by when to sign the agreement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class AdmissionNotice:
    """applied_on: day of the application. room: printed place. sign_before: last day to sign. funding_hint may
    be empty.

    duties and funding_hint are phrases without closing punctuation.
    """

    head: Head
    applied_on: date
    mode: str
    room: str
    term_from: date
    term_to: date
    sign_before: date
    duties: tuple[str, ...]
    funding_hint: str = ""


def sample() -> AdmissionNotice:
    """A fictional notice with every field filled."""
    return AdmissionNotice(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="入驻通知书",
            number="青河孵入〔2026〕7号",
            addressee="桦苑社区书画社",
            case_number="QYFH-2026-0031",
            organization_name="桦苑社区书画社",
            issued_on=date(2026, 11, 20),
            contact="沈小满",
            phone="0000-1234567",
            verify_code="5D8W-K2RM-9HXA-T3QN",
            verify_url="https://fuhua.example.cn/verify/5D8W-K2RM-9HXA-T3QN",
            seal="sample",
        ),
        applied_on=date(2026, 11, 2),
        mode="实体入驻",
        room="望河街道综合服务中心二层203室",
        term_from=date(2026, 12, 1),
        term_to=date(2027, 11, 30),
        sign_before=date(2026, 12, 4),
        duties=("每季度首月10日前报送活动和财务情况，按时参加培训和评估", "爱护场地设备，不得转借或者转租"),
        funding_hint="可在签订协议后申报区级培育资金",
    )


KIND = Kind(
    code="D08",
    name="admission_notice",
    title_zh="入驻通知书",
    title_en="Admission notice",
    family="B",
    number_key="入",
    context=AdmissionNotice,
    sample=sample,
)
