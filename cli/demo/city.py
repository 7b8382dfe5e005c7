"""The fictional city before anything happens: divisions, people, the centre, organizations, accounts, money."""
# ruff: noqa: E501 - the tables are read by rows

from dataclasses import dataclass, field
from datetime import date

from services.awards.commands import NewCall, open_call
from services.database.engine import Database
from services.database.work import Work, office_instant, reading, unit_of_work
from services.evaluators.acts import FIELDS, NewTerm, add_term
from services.funding.budgeting import NewBudgetLine, granted_line
from services.funding.commands import open_program
from services.organizations.commands import (
    NewOrganization,
    add_centre,
    add_division,
    enter_account,
    enter_organization,
    record_post,
    verify_account,
)
from services.people.commands import add_person, grant_role
from services.people.queries import actor_by_id
from services.rulesets.commands import seed_rule_set
from statemachines.roles import Role

FIRST_DAY = date(2025, 1, 2)
PASSWORD = "Qingyan-demo-2026"
DISTRICT, COUNTY = "229902", "229921"

# fmt: off
DIVISIONS = (
    ("229900",       "青檐市",     "prefecture", "city",     None),
    ("229902",       "河湾区",     "county",     "county",   "229900"),
    ("229902001",    "望河街道",   "street",     "street",   "229902"),
    ("229902001001", "晨光社区",   "community",  "urban",    "229902001"),
    ("229902001002", "向阳里社区", "community",  "urban",    "229902001"),
    ("229902002",    "桦林街道",   "street",     "street",   "229902"),
    ("229902002001", "桦苑社区",   "community",  "urban",    "229902002"),
    ("229902002002", "铁东里社区", "community",  "urban",    "229902002"),
    ("229902100",    "石桥镇",     "street",     "town",     "229902"),
    ("229902100200", "石桥村",     "community",  "rural",    "229902100"),
    ("229902100201", "前屯村",     "community",  "rural",    "229902100"),
    ("229921",       "松岭县",     "county",     "county",   "229900"),
    ("229921100",    "北甸镇",     "street",     "town",     "229921"),
    ("229921100200", "北甸村",     "community",  "rural",    "229921100"),
    ("229921200",    "柳泉乡",     "street",     "township", "229921"),
    ("229921200200", "柳泉村",     "community",  "rural",    "229921200"),
)


@dataclass(frozen=True, slots=True)
class Inhabitant:
    """A person of the city: how they sign in, what they are called, the role they hold and for which territory."""

    username: str
    name: str
    role: Role
    office: str
    division: str | None = None


CENTRE = "孵化中心"
PEOPLE = (
    Inhabitant("linzhixia",    "林知夏", Role.CENTRE_MANAGER,         CENTRE),
    Inhabitant("shenxiaoman",  "沈小满", Role.INTAKE_CLERK,           CENTRE),
    Inhabitant("zhaoweiyang",  "赵未央", Role.CASE_MANAGER,           CENTRE),
    Inhabitant("xuwendi",      "许闻笛", Role.SEAL_KEEPER,            CENTRE),
    Inhabitant("tangyian",     "唐亦安", Role.ASSESSMENT_SECRETARY,   CENTRE),
    Inhabitant("gunanqiao",    "顾南乔", Role.EVALUATOR,              "专家库"),
    Inhabitant("lushiyu",      "陆时雨", Role.EVALUATOR,              "专家库"),
    Inhabitant("jiangzhaoye",  "江照野", Role.EVALUATOR,              "专家库"),
    Inhabitant("wenruxu",      "温如许", Role.EVALUATOR,              "专家库"),
    Inhabitant("jibeichen",    "季北辰", Role.EVALUATOR,              "专家库"),
    Inhabitant("shaotinglan",  "邵听澜", Role.EVALUATOR,              "专家库"),
    Inhabitant("chengyuanfan", "程远帆", Role.EVALUATOR,              "松岭县专家库"),
    Inhabitant("suniannan",    "苏念南", Role.EVALUATOR,              "松岭县专家库"),
    Inhabitant("hanzhiqiu",    "韩知秋", Role.EVALUATOR,              "松岭县专家库"),
    Inhabitant("fangmuyun",    "方慕云", Role.EVALUATOR,              "松岭县专家库"),
    Inhabitant("luoyunshen",   "罗云深", Role.REVIEW_MEMBER,          "复核委员会"),
    Inhabitant("bailingyi",    "白令仪", Role.REVIEW_MEMBER,          "复核委员会"),
    Inhabitant("muqingyang",   "穆清扬", Role.REVIEW_MEMBER,          "复核委员会"),
    Inhabitant("wuqinghe",     "吴青禾", Role.CIVIL_AFFAIRS_HANDLER,  "河湾区民政局", DISTRICT),
    Inhabitant("zhengyuanshan", "郑远山", Role.CIVIL_AFFAIRS_LEADER,  "河湾区民政局", DISTRICT),
    Inhabitant("guchangfeng",  "顾长风", Role.CIVIL_AFFAIRS_LEADER,   "松岭县民政局", COUNTY),
    Inhabitant("fengxiaozhou", "冯小舟", Role.STREET_HANDLER,         "望河街道", "229902001"),
    Inhabitant("chenwangyue",  "陈望岳", Role.STREET_LEADER,          "望河街道", "229902001"),
    Inhabitant("hexiaotang",   "何晓棠", Role.COMMITTEE_LIAISON,      "晨光社区居委会", "229902001001"),
    Inhabitant("qianyihe",     "钱一禾", Role.FINANCE_MAKER,          "财务室"),
    Inhabitant("sunjianwei",   "孙见微", Role.FINANCE_CHECKER,        "财务室"),
    Inhabitant("zhouyouyu",    "周有余", Role.FINANCE_PAYER,          "财务室"),
    Inhabitant("gaoyunshu",    "高云舒", Role.PARTY_INSTRUCTOR,       "党建指导站"),
    Inhabitant("yanyinuo",     "严一诺", Role.AUDITOR,                "审计组"),
    Inhabitant("shihengyi",    "石恒一", Role.SYSTEM_ADMINISTRATOR,   "信息组"),
    Inhabitant("caoxingye",    "曹星野", Role.SECURITY_ADMINISTRATOR, "信息组"),
    Inhabitant("duruoheng",    "杜若蘅", Role.LOG_ADMINISTRATOR,      "信息组"),
)


@dataclass(frozen=True, slots=True)
class Resident:
    """An organization of the city with its leader, who signs in under `username` as its applicant."""

    key: str
    name: str
    username: str
    leader: str
    category: str
    subtype: str
    home: str
    legal_form: str = "none"
    filing_number: str | None = None
    credit_code: str | None = None
    members: int = 24
    party_members: int = 0

    @property
    def legal_status(self) -> str:
        """Registered with a credit code, filed with a filing number, else neither."""
        if self.credit_code:
            return "REGISTERED"
        return "FILED" if self.filing_number else "UNFILED"


S, A = "service_organization", "association"
ORGANIZATIONS = (
    Resident("O1",  "晨光社区邻里互助社",             "zhounuan",     "周暖",   "SERVICE",       "邻里互助社",     "229902001001", filing_number="229902001-2026-0003"),
    Resident("O2",  "河湾区向阳里社区银龄日间照料中心", "heshouzhuo", "何守拙", "SERVICE",       "日间照料",       "229902001002", S, credit_code="52229902MJ9000014X", members=18, party_members=3),
    Resident("O3",  "桦苑社区书画社",                 "qinmoyan",     "秦墨言", "CULTURE_SPORT", "书画/艺术团",    "229902002001", filing_number="229902002-2026-0001"),
    Resident("O4",  "铁东里社区秧歌队",               "mayue",        "马跃",   "CULTURE_SPORT", "秧歌/表演队",    "229902002002"),
    Resident("O5",  "望河街道社区社会组织联合会",     "fangjiming",   "方既明", "SUPPORT_HUB",   "联合会",         "229902001",    A, credit_code="51229902MJ9000030N", members=34, party_members=5),
    Resident("O6",  "石桥镇社区社会组织服务中心",     "yezhiwei",     "叶知微", "SUPPORT_HUB",   "服务中心",       "229902100",    S, credit_code="52229902MJ9000022Q", members=12),
    Resident("O7",  "石桥村农技服务队",               "tianyouhe",    "田有禾", "SERVICE",       "农技培训",       "229902100200", filing_number="229902100-2025-0002"),
    Resident("O8",  "前屯村爱心超市",                 "songyuan",     "宋予安", "CHARITY",       "爱心超市",       "229902100201", S, credit_code="52229902MJ9000057B", members=15),
    Resident("O9",  "北甸村老年协会",                 "shichangqing", "石长青", "CHARITY",       "老年协会",       "229921100200", filing_number="229921100-2024-0001", members=63, party_members=3),
    Resident("O10", "柳泉村戏曲表演队",               "liubanxia",    "柳半夏", "CULTURE_SPORT", "戏曲/表演队",    "229921200200", filing_number="229921200-2025-0001"),
    Resident("O11", "桦林街道青少年托管中心",         "jiaruoxu",     "贾若虚", "SERVICE",       "青少年托管",     "229902002001", S, credit_code="52229902MJ9000081U", members=14),
    Resident("O12", "北甸镇志愿者协会（筹）",         "dingyifan",    "丁一帆", "CHARITY",       "志愿者协会",     "229921100"),
)

# Whose account the money goes to: its own when registered, else that of the federation under a custody agreement.
ACCOUNTS = (
    ("O1", "O5", "custody"), ("O2", "O2", "corporate"), ("O7", "O5", "custody"), ("O8", "O8", "corporate"),
    ("O9", "O5", "custody"), ("O10", "O5", "custody"), ("O11", "O11", "corporate"),
    ("O5", "O5", "corporate"),
)

# Programme, year, source, purpose, yuan.
CALLED_FOR = "邻里互助、养老助残、儿童托管、文体活动、农技服务等社区公益项目，常年申报、随到随评。"
BUDGET = (
    ("社区社会组织培育扶持资金", 2025, "county_budget",   "",     100_000),
    ("社区社会组织培育扶持资金", 2026, "county_budget",   "",     180_000),
    ("社区社会组织培育扶持资金", 2026, "welfare_lottery", "",     100_000),
    ("社区社会组织培育扶持资金", 2026, "donation",        "文化活动", 20_000),
)
# fmt: on


@dataclass
class Founded:
    """The ids the city was founded with: by Chinese name for people, by key for organizations and their accounts."""

    centre_id: str = ""
    people: dict[str, str] = field(default_factory=dict)
    organizations: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    programs: dict[int, str] = field(default_factory=dict)
    lines: dict[tuple[int, str], str] = field(default_factory=dict)
    purchase_line: str = ""


def found(database: Database, *, password: str | None = PASSWORD) -> Founded:
    """Enter everything the story begins with, dated before it; answers the ids.

    Without a password nobody can sign in, and nothing needs to be hashed.
    """
    founded = Founded()
    with unit_of_work(database, office_instant(FIRST_DAY)) as work:
        seed_rule_set(work)
        for code, name, level, kind, parent in DIVISIONS:
            add_division(work, code=code, name=name, level=level, kind=kind, parent_code=parent)
        founded.centre_id = add_centre(
            work, name="青檐市河湾区社区社会组织孵化中心", number_prefix="青河孵", bureau_prefix="青河民", case_prefix="QYFH",
            division_code=DISTRICT, places=12, contact="沈小满", phone="0000-1234567",
        )  # fmt: skip
        _settle_people(work, founded, password)
        _settle_organizations(work, founded, password)
        _former_post(work, founded)
        _open_accounts(work, founded)
        _open_budget(work, founded)
    _fill_pool(database, founded)
    return founded


def _settle_people(work: Work, founded: Founded, password: str | None) -> None:
    for one in PEOPLE:
        identity = add_person(work, username=one.username, name=one.name, password=password)
        grant_role(work, identity, one.role, valid_from=FIRST_DAY, office=one.office, division_code=one.division)
        founded.people[one.name] = identity


def _settle_organizations(work: Work, founded: Founded, password: str | None) -> None:
    for number, one in enumerate(ORGANIZATIONS, start=1):
        identity = enter_organization(
            work,
            NewOrganization(
                name=one.name, legal_form=one.legal_form, legal_status=one.legal_status, category=one.category,
                subtype=one.subtype, home_division=one.home, leader_name=one.leader, leader_phone=f"199000000{number:02d}",
                filing_number=one.filing_number, credit_code=one.credit_code, members=one.members,
                full_party_members=one.party_members, scope_text=one.subtype,
            ),
        )  # fmt: skip
        leader = add_person(work, username=one.username, name=one.leader, password=password)
        grant_role(work, leader, Role.APPLICANT, valid_from=FIRST_DAY, office=one.name, organization_id=identity)
        record_post(work, organization_id=identity, person_id=leader, post="leader", held_from=FIRST_DAY)
        founded.people[one.leader] = leader
        founded.organizations[one.key] = identity


LATER_POOL = "松岭县专家库"
TERMS = ((FIRST_DAY, date(2025, 12, 31)), (date(2026, 1, 1), date(2027, 12, 31)))
LATER_TERMS = ((date(2026, 11, 26), date(2028, 11, 25)),)
"""The neighbouring county lends its evaluators when O12 needs a panel of people who had no part in it."""


def _fill_pool(database: Database, founded: Founded) -> None:
    """The evaluators' terms in the pool: one until the end of 2025, one for the two years after; some join later."""
    secretary = next(one for one in PEOPLE if one.role is Role.ASSESSMENT_SECRETARY)
    now = office_instant(FIRST_DAY)
    with reading(database, now) as work:
        actor = actor_by_id(work, founded.people[secretary.name])
    evaluators = [one for one in PEOPLE if one.role is Role.EVALUATOR]
    for number, one in enumerate(evaluators, start=1):
        fields = (FIELDS[number % len(FIELDS)], FIELDS[(number + 1) % len(FIELDS)])
        for begins, ends in LATER_TERMS if one.office == LATER_POOL else TERMS:
            appointment = f"聘〔{begins.year}〕{number}号"
            new = NewTerm(one.username, fields, begins, ends, most_seats=12, appointment=appointment)
            add_term(database, actor, new, now=now)


def _former_post(work: Work, founded: Founded) -> None:
    """江照野 worked for O6 until March 2025: less than two years before its assessment."""
    record_post(
        work, organization_id=founded.organizations["O6"], person_id=founded.people["江照野"], post="staff",
        held_from=date(2022, 3, 1), held_to=date(2025, 3, 31),
    )  # fmt: skip


def _open_accounts(work: Work, founded: Founded) -> None:
    maker = actor_by_id(work, founded.people["钱一禾"])
    checker = actor_by_id(work, founded.people["孙见微"])
    for number, (key, holder, kind) in enumerate(ACCOUNTS, start=1):
        account = enter_account(
            work, actor=maker, organization_id=founded.organizations[key],
            holder_organization_id=founded.organizations[holder],
            account_number="2299000000000031" if kind == "custody" else f"22990000000001{number:02d}",
            bank="青檐农村商业银行（虚构）", kind=kind,
        )  # fmt: skip
        verify_account(work, actor=checker, account_id=account)
        founded.accounts[key] = account


def _open_budget(work: Work, founded: Founded) -> None:
    maker = actor_by_id(work, founded.people["钱一禾"])
    checker = actor_by_id(work, founded.people["孙见微"])
    bought = open_program(work, name="购买服务（部门预算）", year=2026, funding_type="purchase")
    purchases = NewBudgetLine(bought, "county_budget", "河湾区民政局", 6_000_000)
    founded.purchase_line = granted_line(work, purchases, proposer=maker, approver=checker)
    for name, year, source, purpose, yuan in BUDGET:
        if year not in founded.programs:
            founded.programs[year] = open_program(work, name=name, year=year)
            call = NewCall(
                founded.programs[year], f"{year}年度社区社会组织培育扶持项目申报", CALLED_FOR, date(year, 1, 1),
                date(year, 12, 31), 5_000_000, rolling=True,
            )  # fmt: skip
            open_call(work, call, opened_by=None)
        new = NewBudgetLine(founded.programs[year], source, "河湾区民政局", yuan * 100, purpose)
        founded.lines[year, source] = granted_line(work, new, proposer=maker, approver=checker)
