"""D35 购买服务目录: tells the public what an office buys, item by item, and for what it now calls for offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from documents.context import Basis, Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class CatalogueLine:
    """One item of the transfer catalogue. called: how much of it is asked for now, empty for none."""

    code: str
    service: str
    unit: str
    price_fen: int
    standard: str
    called: str = ""


@dataclass(frozen=True, kw_only=True)
class PurchaseCatalogue:
    """The published items of one year, and the call for offers on one of them.

    project: what is bought now; ceiling_fen: the most it may cost; closes_at: the hour until which bids stay sealed.
    federation_rule: whether, other things being equal, a federation goes first. payment, published_where: phrases.
    """

    head: Head
    year: int
    lines: tuple[CatalogueLine, ...]
    project: str
    need: str
    ceiling_fen: int
    closes_at: datetime
    published_on: date
    published_where: str
    federation_rule: bool
    payment: str
    basis: tuple[Basis, ...] = ()


def sample() -> PurchaseCatalogue:
    """A fictional catalogue with a call, every field filled."""
    return PurchaseCatalogue(
        head=Head(
            issuer_name="青檐市河湾区民政局",
            document_title="2026年度购买服务目录及采购公告",
            number="青河民购目〔2026〕1号",
            addressee="",
            case_number="QYFH-GM-2026-0001",
            organization_name="青檐市河湾区民政局",
            issued_on=date(2026, 2, 9),
            contact="吴青禾",
            phone="0000-1234560",
            verify_code="3TBW-90KM-X4HP-7ZQC",
            verify_url="https://fuhua.example.cn/verify/3TBW-90KM-X4HP-7ZQC",
            seal="sample",
        ),
        year=2026,
        lines=(
            CatalogueLine(
                code="SQ-YL-03", service="为老巡访", unit="户次", price_fen=5_000,
                standard="独居、空巢老年人每月上门巡访不少于两次，有记录、有签名", called="1200户次",
            ),
            CatalogueLine(
                code="SQ-ET-01", service="青少年课后托管", unit="人时", price_fen=1_200,
                standard="每班不超过20人，配备两名看护人员",
            ),
        ),
        project="为老巡访",
        need="望河街道、石桥镇独居和空巢老年人上门巡访",
        ceiling_fen=6_000_000,
        closes_at=datetime.fromisoformat("2026-03-02T09:00"),
        published_on=date(2026, 2, 9),
        published_where="区政府门户网站",
        federation_rule=True,
        payment="验收合格后按合格数量和质量支付",
        basis=(Basis(title="政府购买服务管理办法", number="财政部令第102号", article=""),),
    )  # fmt: skip


KIND = Kind(
    code="D35a",
    name="purchase_catalogue",
    title_zh="购买服务目录及采购公告",
    title_en="Catalogue and call for offers",
    family="B",
    number_key="购目",
    context=PurchaseCatalogue,
    sample=sample,
)
