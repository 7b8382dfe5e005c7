"""`chuke fund`: programmes and budget lines, money that comes back, and the position of every line."""

from datetime import date
from typing import TYPE_CHECKING, Literal

from cyclopts import App

from cli.asking import Asking, acting, acting_on, fen_given, instant, looking, opened
from cli.printing import show_json, show_table
from documents.format import in_yuan

if TYPE_CHECKING:
    from services.database.work import Work

app = App(name="fund", help="资金 · programmes, budget lines, refunds, recoveries")

Funding = Literal["purchase", "project_grant", "activity_subsidy"]
Cause = Literal["misuse", "expulsion", "withdrawal", "unspent", "failed_acceptance"]
Source = Literal[
    "county_budget", "street_budget", "welfare_lottery", "donation", "self_raised", "higher_level_transfer"
]


@app.command
def program(name: str, year: int, /, *, kind: Funding = "project_grant", asking: Asking = Asking()) -> int:
    """登记项目资金 · Open a fund programme of one year."""
    from services.funding.acts import open_program

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        answer("id", open_program(database, actor, name=name, year=year, funding_type=kind, now=now), asking)
    return 0


@app.command
def line(
    program: str,
    /,
    *,
    year: int | None = None,
    source: Source,
    office: str,
    yuan: str,
    purpose: str = "",
    asking: Asking = Asking(),
) -> int:
    """提请预算 · Propose money of one source on a budget line; it counts once a second person approved it.

    Parameters
    ----------
    program:
        项目资金名称或编号 name or id of the programme.
    year:
        年度 its year, when several have that name.
    source:
        资金来源 county_budget 县级财政, street_budget 街道财政, welfare_lottery 福彩公益金, donation 捐赠,
        self_raised 自筹, higher_level_transfer 上级补助.
    office:
        预算单位 whose budget it is.
    yuan:
        预算金额（元） the amount, in yuan.
    purpose:
        用途 purpose, for money that may only serve one.
    asking:
        通用选项 common options.
    """
    from services.database.work import reading
    from services.funding.budgeting import NewBudgetLine, propose_line

    now, amount_fen = instant(asking), fen_given(yuan)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            new = NewBudgetLine(program_named(work, program, year), source, office, amount_fen, purpose)
        answer("proposal", propose_line(database, actor, new, now=now), asking)
    return 0


@app.command
def refund(award: str, /, *, yuan: str, serial: str, received: date | None = None, asking: Asking = Asking()) -> int:
    """登记结余退回 · Unspent money of an award (by its number) came back; the bank's serial is booked once."""
    from services.database.work import reading
    from services.funding.acts import MoneyBack, record_refund

    now, amount_fen = instant(asking), fen_given(yuan)
    with opened() as database:
        with reading(database, now) as work:
            actor, award_id = acting(work, asking), _award(work, award)
            back = MoneyBack(amount_fen, serial, received or work.today)
        answer("voucher", record_refund(database, actor, back, award_id=award_id, now=now), asking)
    return 0


@app.command
def recover(award: str, /, *, cause: Cause, asking: Asking = Asking()) -> int:
    """登记追回线索 · Open a recovery on an award, by its number; notice, decision and repayments are moves of its case.

    Parameters
    ----------
    award:
        资助编号 number of the award.
    cause:
        追回原因 misuse 挪用, expulsion 清退, withdrawal 退出, unspent 结余未退, failed_acceptance 验收不合格.
    asking:
        通用选项 common options.
    """
    from services.cases.recovering import find_recovery

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        answer("number", find_recovery(database, actor, award_number=award, cause=cause, now=now).number, asking)
    return 0


@app.command
def recoveries(*, asking: Asking = Asking()) -> int:
    """列出追回 · Recoveries, those still open first; amounts in yuan (JSON: fen)."""
    from services.cases.recovering import recovery_lines
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        lines = recovery_lines(work, looking(work, asking))
    if asking.json:
        show_json(lines)
        return 0
    zh = ("案号", "资助", "组织", "状态", "应追回", "已归还", "期限")
    en = ("number", "award", "organization", "state", "owed", "repaid", "due")
    rows = [
        (one.number, one.award_number, one.organization, one.state_zh if asking.lang == "zh" else one.state_en,
         in_yuan(one.decided_fen or one.asked_fen or 0), in_yuan(one.repaid_fen), one.due_on)
        for one in lines
    ]  # fmt: skip
    show_table(zh if asking.lang == "zh" else en, rows)
    return 0


@app.command
def unspent(*, asking: Asking = Asking()) -> int:
    """列出逾期结余 · Money nobody has used up for two years, on budget lines and with organizations."""
    from services.authority.rules import demand
    from services.cases.unspent import unspent as found
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "ledger:read")
        lines = found(work)
    if asking.json:
        show_json(lines)
        return 0
    zh = ("年度", "项目资金", "来源", "组织", "自", "金额")
    en = ("year", "programme", "source", "kept by", "since", "amount")
    rows = [(one.year, one.program, one.source, one.organization, one.since, in_yuan(one.amount_fen)) for one in lines]
    show_table(zh if asking.lang == "zh" else en, rows)
    return 0


@app.command
def position(*, year: int | None = None, asking: Asking = Asking()) -> int:
    """资金情况 · Every budget line with its programme, its id and what is left; amounts in yuan (JSON: fen)."""
    from services.authority.rules import demand
    from services.database.work import reading
    from services.funding.queries import budget_position

    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "ledger:read")
        lines = budget_position(work, year=year)
    if asking.json:
        show_json(lines)
        return 0
    zh = ("年度", "项目资金", "来源", "用途", "预算", "可用", "净付", "编号")
    en = ("year", "programme", "source", "purpose", "appropriated", "available", "net paid", "id")
    rows = [
        (one.year, one.program, one.source, one.purpose, in_yuan(one.appropriated), in_yuan(one.available),
         in_yuan(one.net_paid), one.id)
        for one in lines
    ]  # fmt: skip
    show_table(zh if asking.lang == "zh" else en, rows)
    return 0


def program_named(work: "Work", named: str, year: int | None) -> str:
    """The id of the programme of that name, or id; NotFound when there is none, or several."""
    from services.errors import NotFound
    from services.funding.queries import programs

    found = [one for one, name, of, _ in programs(work) if named in (one, name) and year in (None, of)]
    if len(found) != 1:
        raise NotFound("budget.program_not_found")
    return found[0]


def _award(work: "Work", number: str) -> str:
    from services.cases.turn import load_subject

    return str(load_subject(work, number=number).case.id)


def answer(name: str, value: str, asking: Asking) -> None:
    """Print the one thing that was made: bare, or as JSON under its name."""
    if asking.json:
        show_json({name: value})
    else:
        print(value)
