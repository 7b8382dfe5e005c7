"""D39 捐赠/资源对接确认书: tells the donor what was given to whom; it is no fiscal donation receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class GiftConfirmation:
    """quantity and value_fen: as received. through: the body that received it for an organization that is no legal
    person, or empty. value_fen: the stated fair value; None where hours or people were given.
    """

    head: Head
    donor: str
    resource: Literal["money", "goods", "venue_hours", "volunteers", "equipment_loan"]
    title: str
    quantity: int
    unit: str
    purpose: str
    receiver: str
    delivered_on: date
    value_fen: int | None = None
    proof: str = ""
    through: str = ""
    agreed_on: date | None = None
    received_by: str = ""
    condition: str = ""


def sample() -> GiftConfirmation:
    """A fictional confirmation with every field filled."""
    return GiftConfirmation(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="捐赠（资源对接）确认书",
            number="青河孵捐〔2026〕7号",
            addressee="青檐市河湾区望河商贸有限公司",
            case_number="QYFH-JZ-2026-0007",
            organization_name="晨光社区邻里互助社",
            issued_on=date(2026, 11, 18),
            contact="沈小满",
            phone="0000-1234567",
            verify_code="D3KM-8T2Q-5WNX-7HZA",
            verify_url="https://fuhua.example.cn/verify/D3KM-8T2Q-5WNX-7HZA",
        ),
        donor="青檐市河湾区望河商贸有限公司",
        resource="goods",
        title="折叠桌",
        quantity=20,
        unit="张",
        value_fen=360_000,
        proof="购货发票（2026年10月30日），单价180.00元",
        purpose="社区长者食堂用餐和议事活动",
        receiver="晨光社区邻里互助社",
        through="望河街道社区社会组织联合会",
        delivered_on=date(2026, 11, 17),
        agreed_on=date(2026, 11, 12),
        received_by="周暖",
        condition="数量相符，完好",
    )


KIND = Kind(
    code="D39",
    name="gift_confirmation",
    title_zh="捐赠（资源对接）确认书",
    title_en="Gift confirmation",
    family="B",
    number_key="捐",
    context=GiftConfirmation,
    sample=sample,
)
