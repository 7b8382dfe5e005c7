"""`chuke organization`: the register of organizations, their people and the accounts they are paid into."""

from datetime import date
from typing import TYPE_CHECKING, Literal

from cyclopts import App

from cli.asking import Asking, acting, acting_on, instant, looking, opened
from cli.case import identity_in
from cli.printing import show_json, show_table

if TYPE_CHECKING:
    from services.database.work import Work

app = App(name="organization", help="社区社会组织 · organizations")
account = App(name="account", help="收款账户 · payee accounts")
app.command(account)

Category = Literal["SERVICE", "CULTURE_SPORT", "CHARITY", "SUPPORT_HUB"]
Form = Literal["association", "service_organization", "foundation", "none"]
Post = Literal["leader", "deputy", "finance", "staff", "member", "founder", "donor"]


@app.command
def add(
    name: str,
    /,
    *,
    category: Category,
    subtype: str,
    home: str,
    leader: str,
    phone: str = "",
    filing_number: str = "",
    credit_code: str = "",
    form: Form | None = None,
    members: int = 0,
    party_members: int = 0,
    founded: date | None = None,
    scope: str = "",
    asking: Asking = Asking(),
) -> int:
    """登记组织 · Enter an organization: registered with a credit code, filed with a filing number, else neither.

    Parameters
    ----------
    name:
        组织名称 its name.
    category:
        类别 SERVICE 生活服务, CULTURE_SPORT 文体活动, CHARITY 公益慈善 or SUPPORT_HUB 支持平台.
    subtype:
        服务类型 what it does, as 邻里互助社.
    home:
        所在社区（街道）区划代码 code of its community or street, see `chuke division list`.
    leader:
        负责人 its leader.
    phone:
        负责人电话 the leader's telephone.
    filing_number:
        备案号 street code-year-serial, as 229902001-2026-0003.
    credit_code:
        统一社会信用代码 unified social credit code.
    form:
        法律形式 legal form; read off the credit code when not given.
    members:
        成员数 members.
    party_members:
        正式党员数 full party members.
    founded:
        成立日期 day of founding.
    scope:
        业务范围 scope of its work.
    asking:
        通用选项 common options.
    """
    from services.organizations.acts import NewOrganization, enter_organization
    from services.organizations.rules import legal_form_of, normalize_credit_code

    now = instant(asking)
    new = NewOrganization(
        name=name, legal_form=form or legal_form_of(normalize_credit_code(credit_code)) or "none",
        legal_status="REGISTERED" if credit_code else "FILED" if filing_number else "UNFILED", category=category,
        subtype=subtype, home_division=home, leader_name=leader, leader_phone=phone,
        filing_number=filing_number or None, credit_code=credit_code or None, members=members,
        full_party_members=party_members, founded_on=founded, scope_text=scope or subtype,
    )  # fmt: skip
    with acting_on(asking) as (database, actor):
        _answer("id", enter_organization(database, actor, new, now=now), asking)
    return 0


@app.command(name="list")
def list_(*, find: str = "", asking: Asking = Asking()) -> int:
    """列出组织 · List the organizations you may know of; --find by name, pinyin, initials or number."""
    from services.database.work import reading
    from services.organizations.queries import organization_lines

    with opened() as database, reading(database, instant(asking)) as work:
        found = organization_lines(work, looking(work, asking), find=find)
    if asking.json:
        show_json(found)
        return 0
    zh = asking.lang == "zh"
    columns = ("名称", "登记", "孵化", "区划", "编号") if zh else ("name", "legal status", "stage", "division", "id")
    rows = [(one.name, one.legal_status, one.incubation_stage, one.home_division, one.id) for one in found]
    show_table(columns, rows)
    return 0


@app.command
def post(
    organization: str,
    username: str,
    post: Post,
    /,
    *,
    valid_from: date | None = None,
    valid_to: date | None = None,
    asking: Asking = Asking(),
) -> int:
    """登记任职 · Record that a person holds or held a post in an organization; recusal rests on it."""
    from services.database.work import reading
    from services.organizations.acts import record_post
    from services.people.queries import actor_named

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor, person = acting(work, asking), actor_named(work, username)
            identity = identity_in(work, "organizations", organization, code="organization.not_found")
            since = valid_from or work.today
        record_post(
            database, actor, organization_id=identity, person_id=person.id, post=post, held_from=since,
            held_to=valid_to, now=now,
        )  # fmt: skip
    if asking.json:
        show_json({"organization": identity, "person": username, "post": post, "from": since, "to": valid_to})
    return 0


@account.command(name="add")
def account_add(
    organization: str, number: str, /, *, bank: str, holder: str = "", agreement: str = "", agreed: date | None = None,
    branch: str = "", bank_code: str = "", holder_name: str = "", replaces: str = "", reason: str = "",
    asking: Asking = Asking(),
) -> int:  # fmt: skip
    """登记（变更）收款账户 · Enter a payee account, or with --replaces the one that takes another one's place; a
    second person of finance verifies it, and it is on hold for 24 hours.

    Parameters
    ----------
    organization:
        组织名称或编号 name or id of the organization.
    number:
        账号 the account's number, digits only.
    bank:
        开户银行 the bank.
    holder:
        代管单位 name or id of the organization that holds the account in custody; its own account when not given.
    agreement:
        代管协议编号 number of the custody agreement; paid by reimbursement (报账) when not given.
    agreed:
        协议签订日期 its day.
    branch:
        开户网点 the branch.
    bank_code:
        联行号（12位） CNAPS number of the bank.
    holder_name:
        银行户名 the holder's name as the bank printed it.
    replaces:
        被替换的账户编号 id of the account it takes the place of.
    reason:
        变更理由 why.
    asking:
        通用选项 common options.
    """
    from services.cases.payee_accounts import NewAccount, change_account, enter_account
    from services.database.work import reading

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            owner = identity_in(work, "organizations", organization, code="organization.not_found")
            held_by = identity_in(work, "organizations", holder or organization, code="organization.not_found")
            former = _account(work, replaces) if replaces else ""
        kind, basis = ("custody", "agreement" if agreement else "reimbursement") if holder else ("corporate", "own")
        new = NewAccount(
            owner, held_by, number, bank, kind, holder_name, branch, bank_code, basis, "", agreement, agreed
        )
        if former:
            _answer("id", change_account(database, actor, new, account_id=former, reason=reason, now=now), asking)
        else:
            _answer("id", enter_account(database, actor, new, now=now), asking)
    return 0


@account.command(name="verify")
def account_verify(account_id: str, /, *, asking: Asking = Asking()) -> int:
    """核验收款账户 · Confirm an account against the bank's certificate; another person than who entered it."""
    from services.cases.payee_accounts import verify_account
    from services.database.work import reading

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor, identity = acting(work, asking), _account(work, account_id)
        verify_account(database, actor, account_id=identity, now=now)
    if asking.json:
        show_json({"id": identity, "verified": True})
    return 0


@account.command(name="refuse")
def account_refuse(account_id: str, /, *, reason: str, asking: Asking = Asking()) -> int:
    """退回收款账户 · Turn an entered account down, with the reason."""
    from services.cases.payee_accounts import refuse_account
    from services.database.work import reading

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor, identity = acting(work, asking), _account(work, account_id)
        refuse_account(database, actor, account_id=identity, reason=reason, now=now)
    if asking.json:
        show_json({"id": identity, "refused": True})
    return 0


def _account(work: "Work", named: str) -> str:
    return identity_in(work, "payee_accounts", named, code="organization.account_not_found")


@app.command
def accounts(organization: str = "", /, *, asking: Asking = Asking()) -> int:
    """列出收款账户 · List payee accounts, of one organization or all, with masked numbers."""
    from services.database.work import reading
    from services.organizations.queries import account_lines

    with opened() as database, reading(database, instant(asking)) as work:
        identity = (
            identity_in(work, "organizations", organization, code="organization.not_found") if organization else None
        )
        found = account_lines(work, looking(work, asking), organization_id=identity)
    if asking.json:
        show_json(found)
        return 0
    zh = ("组织", "户名", "账号", "登记人", "核验人", "编号")
    columns = zh if asking.lang == "zh" else ("organization", "holder", "number", "entered by", "verified by", "id")
    rows = [(one.organization, one.holder_name, one.account_number, one.entered_by, one.verified_by, one.id)
            for one in found]  # fmt: skip
    show_table(columns, rows)
    return 0


def _answer(name: str, value: str, asking: Asking) -> None:
    if asking.json:
        show_json({name: value})
    else:
        print(value)
