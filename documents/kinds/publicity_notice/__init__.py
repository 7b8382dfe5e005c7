"""D07 公示: shows the public which organizations are about to get a result, for how long, and how to object.

Everything in its context is public, for the stored file carries it: no person's name but the contact of the issuer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class PublicityEntry:
    """result: what the organization is about to get (拟同意入驻)."""

    organization: str
    result: str


@dataclass(frozen=True, kw_only=True)
class PublicityNotice:
    """starts_on and ends_on are both within the period. working_days: its length, counted in `unit`.

    objection_channel: where objections go, a phrase (office, telephone, address). The addressee of the head may be
    empty: a notice to the public names none.
    """

    head: Head
    subject: Literal["admission", "graduation", "award", "star", "supplier"]
    entries: tuple[PublicityEntry, ...]
    starts_on: date
    ends_on: date
    working_days: int
    objection_channel: str
    unit: Literal["working_days", "calendar_days"] = "working_days"


def sample() -> PublicityNotice:
    """A fictional notice with every field filled."""
    return PublicityNotice(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="关于拟入驻社区社会组织名单的公示",
            number="青河孵公示〔2026〕6号",
            addressee="",
            case_number="QYFH-2026-0031",
            organization_name="桦苑社区书画社",
            issued_on=date(2026, 11, 12),
            contact="高云舒",
            phone="0000-1234567",
            verify_code="0VJ6-RX4Q-T8CN-M2KH",
            verify_url="https://fuhua.example.cn/verify/0VJ6-RX4Q-T8CN-M2KH",
            seal="sample",
        ),
        subject="admission",
        entries=(PublicityEntry(organization="桦苑社区书画社", result="拟入驻"),),
        starts_on=date(2026, 11, 13),
        ends_on=date(2026, 11, 19),
        working_days=5,
        objection_channel="本中心综合科，电话0000-1234567，地址为望河街道综合服务中心二层",
    )


KIND = Kind(
    code="D07",
    name="publicity_notice",
    title_zh="公示",
    title_en="Publicity notice",
    family="B",
    number_key="公示",
    context=PublicityNotice,
    sample=sample,
    unprinted=frozenset({"head.case_number"}),
)
