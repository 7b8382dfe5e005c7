"""D35 购买服务合同: what a purchaser buys from a contractor, to which standard, when and how it is paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.context import Basis, Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class ContractParty:
    """One side. identity: its unified code and what it is called; a purchaser may leave it empty."""

    name: str
    identity: str = ""
    leader: str = ""


@dataclass(frozen=True, kw_only=True)
class PurchaseContract:
    """purchaser is 甲方, contractor 乙方; partner takes part beside the contractor and signs nothing.

    item_code, service, unit: as in the catalogue. price_fen: of one unit, None where the total is no whole multiple of
    it. standard, payment: phrases. won_because: why this contractor, in words.
    """

    head: Head
    purchaser: ContractParty
    contractor: ContractParty
    item_code: str
    service: str
    unit: str
    quantity: int
    amount_fen: int
    standard: str
    payment: str
    payee: str
    source: str
    term_from: date
    term_to: date
    won_because: str
    price_fen: int | None = None
    partner: str = ""
    basis: tuple[Basis, ...] = ()


def sample() -> PurchaseContract:
    """A fictional contract with every field filled."""
    return PurchaseContract(
        head=Head(
            issuer_name="青檐市河湾区民政局",
            document_title="政府购买服务合同",
            number="青河民购〔2026〕1号",
            addressee="望河街道社区社会组织联合会",
            case_number="QYFH-GM-2026-0001",
            organization_name="望河街道社区社会组织联合会",
            issued_on=date(2026, 3, 25),
            contact="吴青禾",
            phone="0000-1234560",
            verify_code="5HX2-8RQD-K7NB-61VM",
            verify_url="https://fuhua.example.cn/verify/5HX2-8RQD-K7NB-61VM",
            seal="sample",
        ),
        purchaser=ContractParty(name="青檐市河湾区民政局", leader="郑远山"),
        contractor=ContractParty(name="望河街道社区社会组织联合会", identity="51229902MJ9000030N", leader="方既明"),
        item_code="SQ-YL-03",
        service="为老巡访",
        unit="户次",
        quantity=1200,
        price_fen=5_000,
        amount_fen=6_000_000,
        standard="对独居、空巢老年人每月上门巡访不少于两次，每次有记录、有签名，发现异常当日报告社区",
        payment="验收合格后按合格数量和质量一次支付",
        payee="望河街道社区社会组织联合会",
        source="区级部门预算",
        term_from=date(2026, 4, 1),
        term_to=date(2027, 3, 31),
        won_because="评审总分、各单项得分和报价均与另一投标单位相同，公告载明同等条件下优先向联合会购买",
        partner="晨光社区邻里互助社",
        basis=(Basis(title="政府购买服务管理办法", number="财政部令第102号", article=""),),
    )


KIND = Kind(
    code="D35",
    name="purchase_contract",
    title_zh="购买服务合同",
    title_en="Service contract",
    family="B",
    number_key="购",
    context=PurchaseContract,
    sample=sample,
    second_party="contractor",
)
