"""D36 年度报告书: an organization's report on its year in six chapters, with a small balance sheet that adds up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.context import ContextInvalid, Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class MoneyLine:
    """One line of income or spending of the year."""

    label: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class BalanceLine:
    """One line of the balance sheet at the beginning and at the end of the year."""

    label: str
    begin_fen: int
    end_fen: int


@dataclass(frozen=True, kw_only=True)
class StaffChange:
    """One change of a person in charge or of an organ within the year."""

    on: date
    what: str


@dataclass(frozen=True, kw_only=True)
class Activity:
    """One kind of activity of the year: how often, and how many people took part."""

    label: str
    times: int
    people: int


@dataclass(frozen=True, kw_only=True)
class AnnualReport:
    """The issuer is the organization itself. identity: how it is known. members: of an association, 0 of others.

    compliance: keeping law and charter. formalities: what was registered or filed in the year. plan: of the next year.
    conclusion: of the authority, "none" until it is given; concluded_by and concluded_on beside it.
    """

    head: Head
    year: int
    identity: Literal["uscc", "filing_number"]
    identity_number: str
    leader: str
    place: str
    authority: str
    members: int
    full_time: int
    part_time: int
    party_members: int
    compliance: str
    formalities: str
    activities: tuple[Activity, ...]
    activity_note: str
    changes: tuple[StaffChange, ...]
    income: tuple[MoneyLine, ...]
    spending: tuple[MoneyLine, ...]
    assets: tuple[BalanceLine, ...]
    liabilities: tuple[BalanceLine, ...]
    net_assets: tuple[BalanceLine, ...]
    plan: str
    conclusion: Literal["none", "passed", "nearly_passed", "failed"] = "none"
    concluded_by: str = ""
    concluded_on: date | None = None

    def __post_init__(self) -> None:
        for moment in ("begin_fen", "end_fen"):
            owed = _total(self.liabilities, moment) + _total(self.net_assets, moment)
            if _total(self.assets, moment) != owed:
                raise ContextInvalid("annual_report: the balance sheet does not balance")
        grown = _total(self.net_assets, "end_fen") - _total(self.net_assets, "begin_fen")
        if grown != _total(self.income, "amount_fen") - _total(self.spending, "amount_fen"):
            raise ContextInvalid("annual_report: net assets grew by something else than income less spending")
        if (self.conclusion == "none") != (self.concluded_on is None):
            raise ContextInvalid("annual_report: a conclusion has its day")


def _total(lines: tuple[BalanceLine, ...] | tuple[MoneyLine, ...], of: str) -> int:
    return sum(int(getattr(one, of)) for one in lines)


def sample() -> AnnualReport:
    """A fictional report with every field filled: income 81 200.00, spending 79 933.40, 46 activities."""
    return AnnualReport(
        head=Head(
            issuer_name="望河街道社区社会组织联合会",
            document_title="社会组织年度报告书\n（2025年度）",
            number="青河民年〔2026〕4号",
            addressee="青檐市河湾区民政局",
            case_number="",
            organization_name="望河街道社区社会组织联合会",
            issued_on=date(2026, 3, 24),
            contact="方既明",
            phone="0000-1234572",
            verify_code="R6TE-9W3K-X1QH-7MV2",
            verify_url="https://fuhua.example.cn/verify/R6TE-9W3K-X1QH-7MV2",
        ),
        year=2025,
        identity="uscc",
        identity_number="51229902MJ9000030N",
        leader="方既明",
        place="望河街道综合服务中心二层",
        authority="青檐市河湾区民政局",
        members=34,
        full_time=2,
        part_time=3,
        party_members=4,
        compliance="遵守法律法规和国家政策，没有受到行政处罚；按照章程召开会员大会1次、理事会4次，重大事项民主决策。",
        formalities="本年度办理住所变更登记1次（2025年6月3日核准）；印章式样和银行账户已备案。",
        activities=(
            Activity(label="为老探访和助餐", times=24, people=1860),
            Activity(label="邻里节和文化活动", times=12, people=2140),
            Activity(label="社会组织能力培训", times=6, people=312),
            Activity(label="议事协商", times=4, people=128),
        ),
        activity_note="活动均在章程规定的业务范围内开展，大型活动已事前报告街道。",
        changes=(StaffChange(on=date(2025, 4, 18), what="会员大会选举方既明为会长，原会长任期届满"),),
        income=(
            MoneyLine(label="会费收入", amount_fen=1_020_000),
            MoneyLine(label="捐赠收入", amount_fen=600_000),
            MoneyLine(label="政府补助收入", amount_fen=4_500_000),
            MoneyLine(label="提供服务收入", amount_fen=2_000_000),
        ),
        spending=(
            MoneyLine(label="业务活动成本", amount_fen=6_842_000),
            MoneyLine(label="管理费用", amount_fen=1_081_340),
            MoneyLine(label="其他费用", amount_fen=70_000),
        ),
        assets=(
            BalanceLine(label="货币资金", begin_fen=2_962_000, end_fen=3_073_660),
            BalanceLine(label="应收款项", begin_fen=300_000, end_fen=240_000),
            BalanceLine(label="固定资产净值", begin_fen=650_000, end_fen=575_000),
        ),
        liabilities=(BalanceLine(label="应付款项", begin_fen=400_000, end_fen=250_000),),
        net_assets=(
            BalanceLine(label="非限定性净资产", begin_fen=2_312_000, end_fen=2_238_660),
            BalanceLine(label="限定性净资产", begin_fen=1_200_000, end_fen=1_400_000),
        ),
        plan="继续做好为老探访和会员培训，新增社区议事协商试点2处。",
        conclusion="passed",
        concluded_by="青檐市河湾区民政局",
        concluded_on=date(2026, 6, 18),
    )


KIND = Kind(
    code="D36",
    name="annual_report",
    title_zh="年度报告书",
    title_en="Annual report",
    family="C",
    number_key="年",
    context=AnnualReport,
    sample=sample,
    unprinted=frozenset({"head.case_number"}),
)
