"""D30 资金资助协议: the contract between the centre and an awarded organization, with open places for both seals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from documents.context import Basis, Head
from documents.kind import Kind
from documents.parts.blocks import Party, PlannedInstalment


@dataclass(frozen=True, kw_only=True)
class BudgetRow:
    """One item of the budget and what is granted for it."""

    name: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class AwardAgreement:
    """centre is 甲方, organization 乙方. number of the award notice: award_number. source: printed label.

    payee: holder of the account. custodian: whether that is somebody who keeps the money for 乙方. from_lottery adds
    the label duty and the forbidden uses of welfare-lottery money. audited_from_fen: from which sum on somebody
    outside audits. head.issued_on: day the text was made; both sides write the day they sign.
    """

    head: Head
    centre: Party
    organization: Party
    program: str
    project: str
    source: str
    amount_fen: int
    starts_on: date
    ends_on: date
    budget: tuple[BudgetRow, ...]
    plan: tuple[PlannedInstalment, ...]
    payee: str
    bank: str = ""
    account: str = ""
    custodian: bool = False
    purpose: str = ""
    from_lottery: bool = False
    award_number: str = ""
    basis: tuple[Basis, ...] = ()
    shift_percent: int = 10
    cash_to_fen: int = 100_000
    report_days: int = 30
    receipt_working_days: int = 10
    pass_mark: Decimal = Decimal(60)
    audited_from_fen: int = 5_000_000
    audited_percent: int = 10
    repay_days: int = 30
    copies: int = 3
    copies_kept_by: str = ""


def sample() -> AwardAgreement:
    """A fictional agreement with every field filled."""
    return AwardAgreement(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="资金资助协议",
            number="青河孵资协〔2026〕4号",
            addressee="晨光社区邻里互助社",
            case_number="QYFH-ZZ-2026-0004",
            organization_name="晨光社区邻里互助社",
            issued_on=date(2026, 7, 16),
            contact="钱一禾",
            phone="0000-1234569",
            verify_code="3QKH-8V2M-XT6C-W0PD",
            verify_url="https://fuhua.example.cn/verify/3QKH-8V2M-XT6C-W0PD",
            seal="sample",
        ),
        centre=Party(
            name="青檐市河湾区社区社会组织孵化中心",
            identity="uscc",
            identity_number="12229902MJ9000006F",
            address="青檐市河湾区望河街道学府路6号",
            leader="林知夏",
            contact="钱一禾",
            phone="0000-1234569",
        ),
        organization=Party(
            name="晨光社区邻里互助社",
            identity="filing_number",
            identity_number="229902001-2026-0003",
            address="青檐市河湾区望河街道晨光社区活动室",
            leader="周暖",
            contact="周暖",
            phone="19900000001",
        ),
        program="2026年度社区社会组织培育扶持资金",
        project="一键敲门",
        source="福利彩票公益金",
        amount_fen=2_400_000,
        starts_on=date(2026, 7, 20),
        ends_on=date(2027, 7, 19),
        budget=(
            BudgetRow(name="呼叫设备", amount_fen=960_000),
            BudgetRow(name="志愿者保险和交通", amount_fen=720_000),
            BudgetRow(name="宣传和培训", amount_fen=720_000),
        ),
        plan=(
            PlannedInstalment(number=1, amount_fen=1_200_000, condition="本协议生效"),
            PlannedInstalment(number=2, amount_fen=720_000, condition="中期评估达到合格线"),
            PlannedInstalment(number=3, amount_fen=480_000, condition="出壳评估合格或者结项验收通过"),
        ),
        payee="望河街道社区社会组织联合会",
        bank="青檐农村商业银行望河支行",
        account="尾号0031",
        custodian=True,
        purpose="扶老",
        from_lottery=True,
        award_number="青河孵资〔2026〕4号",
        basis=(
            Basis(
                title="青檐市河湾区社区社会组织培育资金管理办法（试行）", number="青河民〔2025〕7号", article="第九条"
            ),
        ),
        copies_kept_by="甲方、乙方和代管单位各执一份",
    )


KIND = Kind(
    code="D30",
    name="award_agreement",
    title_zh="资金资助协议",
    title_en="Award agreement",
    family="B",
    number_key="资协",
    context=AwardAgreement,
    sample=sample,
    second_party="organization",
)
