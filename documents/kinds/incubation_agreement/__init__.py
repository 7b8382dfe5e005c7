"""D10 孵化协议: the contract between the centre and an admitted organization, with open places for both seals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.context import Basis, Head
from documents.kind import Kind
from documents.parts.blocks import Party, PlannedInstalment


@dataclass(frozen=True, kw_only=True)
class AgreedService:
    """One of the five services of the policy and what the centre does under it."""

    name: str
    content: str


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """One kind of thing handed over with the room. state: 完好."""

    name: str
    quantity: int
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class Funding:
    """The award agreed together with the incubation. number: of the award notice; payee: who holds the account."""

    project: str
    source: str
    amount_fen: int
    plan: tuple[PlannedInstalment, ...]
    number: str = ""
    payee: str = ""


# 三（三）of the province's guidance of 2017 names these five; the contents are what a centre can promise anyone.
FIVE_SERVICES = (
    AgreedService(name="咨询指导", content="提供登记备案、章程制定、政策法规和日常管理方面的咨询，每季度至少面谈一次"),
    AgreedService(name="孵化培育", content="开展需求评估，制定培育计划书，配备导师，跟踪培育进展"),
    AgreedService(name="能力培养", content="组织负责人、财务人员和骨干志愿者参加培训与交流"),
    AgreedService(name="组织运作", content="指导建立民主决策、财务管理、信息公开和档案管理制度，协助开展党建工作"),
    AgreedService(name="资金援助", content="协助申报项目资金和活动补贴，对接捐赠与公益资源，指导规范使用资金"),
)
CENTRE_DUTIES = (
    "按本协议和培育计划书提供场地、设备和服务，不收取入驻费、服务费",
    "公开评审、评估的标准、程序和结果，听取乙方意见",
    "对乙方的活动、财务和场地安全进行指导、检查，发现问题及时书面告知",
    "不干预乙方依照章程开展的内部事务",
)
ORGANIZATION_DUTIES = (
    "依法依章程开展非营利活动，所报材料和数据真实、完整",
    "每季度首月10日前报送上一季度活动、服务对象和资金使用情况",
    "按时参加培训、中期评估和出壳评估，落实整改要求",
    "爱护场地和设备，遵守消防、用电和公共秩序规定，不转借、转租或者改变用途",
    "资助款专款专用、专账核算，不存入个人账户，接受检查和审计",
    "开展涉及老年人、未成年人和残疾人的活动时落实安全保护措施",
)


@dataclass(frozen=True, kw_only=True)
class IncubationAgreement:
    """centre is 甲方, organization 乙方. term: first and last day; months: its length.

    mode: "resident" has a room, "virtual" none. funding is None when no award is agreed here. services, duties and
    special_terms are phrases without closing punctuation. head.issued_on: day the text was made; both sides write
    the day they sign.
    """

    head: Head
    centre: Party
    organization: Party
    mode: Literal["resident", "virtual"]
    term_from: date
    term_to: date
    months: int
    room: str = ""
    room_area: str = ""
    equipment: tuple[Equipment, ...] = ()
    services: tuple[AgreedService, ...] = FIVE_SERVICES
    centre_duties: tuple[str, ...] = CENTRE_DUTIES
    organization_duties: tuple[str, ...] = ORGANIZATION_DUTIES
    funding: Funding | None = None
    basis: tuple[Basis, ...] = ()
    special_terms: tuple[str, ...] = ()
    handover_working_days: int = 15
    repay_days: int = 30
    copies: int = 3
    copies_kept_by: str = ""


def sample() -> IncubationAgreement:
    """A fictional agreement with every field filled."""
    return IncubationAgreement(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="社区社会组织孵化协议",
            number="青河孵协〔2026〕6号",
            addressee="桦苑社区书画社",
            case_number="QYFH-2026-0031",
            organization_name="桦苑社区书画社",
            issued_on=date(2026, 11, 23),
            contact="沈小满",
            phone="0000-1234567",
            verify_code="2WCH-9F4Z-KR6M-0TDV",
            verify_url="https://fuhua.example.cn/verify/2WCH-9F4Z-KR6M-0TDV",
            seal="sample",
        ),
        centre=Party(
            name="青檐市河湾区社区社会组织孵化中心",
            identity="uscc",
            identity_number="12229902MJ9000006F",
            address="青檐市河湾区望河街道学府路6号",
            leader="林知夏",
            contact="赵未央",
            phone="0000-1234568",
        ),
        organization=Party(
            name="桦苑社区书画社",
            identity="filing_number",
            identity_number="229902002-2026-0005",
            address="青檐市河湾区桦林街道桦苑社区活动室",
            leader="秦墨言",
            contact="秦墨言",
            phone="19900000003",
        ),
        mode="resident",
        term_from=date(2026, 12, 1),
        term_to=date(2027, 11, 30),
        months=12,
        room="望河街道综合服务中心二层203室",
        room_area="12㎡",
        equipment=(
            Equipment(name="办公桌椅", quantity=2, state="完好"),
            Equipment(name="书画台", quantity=1, state="完好，台面有轻微划痕"),
            Equipment(name="文件柜", quantity=1, state="完好"),
        ),
        funding=Funding(
            project="翰墨进社区",
            source="区级专项资金",
            amount_fen=1_000_000,
            plan=(
                PlannedInstalment(number=1, amount_fen=500_000, condition="协议签订后"),
                PlannedInstalment(number=2, amount_fen=300_000, condition="中期评估达到70分"),
                PlannedInstalment(number=3, amount_fen=200_000, condition="出壳评估合格并完成验收"),
            ),
            number="青河孵资〔2026〕6号",
            payee="望河街道社区社会组织联合会（代管）",
        ),
        basis=(Basis(title="青檐市河湾区社区社会组织孵化管理办法（试行）", number="青河民〔2025〕6号", article=""),),
        special_terms=("乙方每月为桦苑社区居民开放公益书画课不少于两次",),
        copies_kept_by="甲方、乙方和桦林街道办事处各执一份",
    )


KIND = Kind(
    code="D10",
    name="incubation_agreement",
    title_zh="孵化协议",
    title_en="Incubation agreement",
    family="B",
    number_key="协",
    context=IncubationAgreement,
    sample=sample,
    second_party="organization",
)
