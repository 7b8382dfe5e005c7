"""`chuke award`: opens applications for public money; every further step is a move of the case."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from cyclopts import App, Parameter

from cli.asking import Asking, WronglyAsked, acting, acting_on, fen_given, instant, looking, opened
from cli.case import identity_in
from cli.printing import show_json, show_table
from documents.format import in_yuan

app = App(name="award", help="资助 · awards of public money")


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class TermsAsked:
    """On which terms an award is asked for; what is left out is as usual."""

    call: str = ""
    """申报通知编号 id of the call; the open one of the programme when not named."""
    plan: str = ""
    """分期比例 shares of the instalments, as 50/30/20."""
    item: tuple[str, ...] = ()
    """预算科目和金额 a budget item with its amount in yuan, as 材料=3000; once for each."""
    starts: date | None = None
    """项目开始日期 first day of the project."""
    ends: date | None = None
    """项目结束日期 last day of the project."""


@app.command(name="open")
def open_(
    incubation: str,
    /,
    *,
    line: str,
    yuan: str,
    project: str,
    account: str = "",
    purpose: str = "",
    terms: TermsAsked = TermsAsked(),
    asking: Asking = Asking(),
) -> int:
    """申请资助 · Open a draft award beside an incubation case, within a call.

    Parameters
    ----------
    incubation:
        孵化案号 number of the incubation case.
    line:
        预算编号 id of the budget line (see `chuke ledger balance --json`).
    yuan:
        申请金额 the amount asked for, in yuan.
    project:
        项目名称 the project's name.
    account:
        收款账户编号 id of the payee account; the organization's only one when not named.
    purpose:
        彩票公益金用途 purpose of lottery money.
    terms:
        申报通知、分期、预算和期限 call, plan, budget and days.
    asking:
        通用选项 common options.
    """
    from services.cases.commands import open_award
    from services.cases.opening import NewAward
    from services.cases.turn import load_subject
    from services.database.work import reading

    now, requested_fen = instant(asking), fen_given(yuan)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            subject = load_subject(work, number=incubation)
            owner = subject.case.organization_id
            new = NewAward(
                organization_id=owner,
                centre_id=subject.case.centre_id,
                program_id=identity_in(work, "budget_lines", line, give="program_id", code="award.not_found"),
                budget_line_id=line,
                project=project,
                requested_fen=requested_fen,
                account_id=identity_in(
                    work, "payee_accounts", account, where=("organization_id", owner),
                    code="organization.account_not_found",
                ),
                incubation_case_id=subject.case.id,
                purpose=purpose,
                call_id=terms.call,
                plan=_shares(terms.plan),
                budget=tuple(_item(one) for one in terms.item),
                starts_on=terms.starts,
                ends_on=terms.ends,
            )  # fmt: skip
        found = open_award(database, actor, new, now=now)
    if asking.json:
        show_json(found)
    else:
        print(found.number)
    return 0


def _shares(plan: str) -> tuple[int, ...]:
    parts = [one for one in plan.split("/") if one]
    if not all(one.isascii() and one.isdigit() for one in parts):
        raise WronglyAsked("--plan 50/30/20")
    return tuple(int(one) for one in parts)


def _item(text: str) -> tuple[str, int]:
    name, _, amount = text.rpartition("=")
    if not name.strip():
        raise WronglyAsked('--item "材料=3000"')
    return name.strip(), fen_given(amount)


Category = Literal["SERVICE", "CULTURE_SPORT", "CHARITY", "SUPPORT_HUB"]


@app.command
def call(
    program: str,
    title: str,
    /,
    *,
    asked_for: str,
    opens: date,
    closes: date,
    ceiling: str,
    category: tuple[Category, ...] = (),
    rolling: bool = False,
    asking: Asking = Asking(),
) -> int:
    """发布申报通知 · Open a call of a programme; awards are applied for within it only.

    Parameters
    ----------
    program:
        项目资金编号 id of the programme.
    title:
        标题 its title.
    asked_for:
        支持内容 what for.
    opens:
        开始日期 first day.
    closes:
        截止日期 last day.
    ceiling:
        单项资助上限 ceiling of an award, in yuan.
    category:
        面向组织类别 kinds of organization; all when not named.
    rolling:
        随到随评 decided as they come; else together once it is closed.
    asking:
        通用选项 common options.
    """
    from services.awards.acts import open_call
    from services.awards.commands import NewCall

    now = instant(asking)
    new = NewCall(program, title, asked_for, opens, closes, fen_given(ceiling), category, rolling)
    with acting_on(asking) as (database, actor):
        identity = open_call(database, actor, new, now=now)
    if asking.json:
        show_json({"id": identity})
    else:
        print(identity)
    return 0


@app.command
def calls(*, asking: Asking = Asking()) -> int:
    """查看申报通知 · Every call with its window, its ceiling and how many applied."""
    from services.authority.rules import demand
    from services.awards.queries import calls as every
    from services.database.work import reading

    now = instant(asking)
    with opened() as database, reading(database, now) as work:
        demand(looking(work, asking), "call:read")
        found, today = every(work), work.today
    if asking.json:
        show_json(found)
    else:
        rows = [
            (one.id, one.title, one.opens_on, one.closes_on, in_yuan(one.ceiling_fen), one.applications,
             one.standing(today))
            for one in found
        ]  # fmt: skip
        show_table(("编号 id", "标题 title", "开始 opens", "截止 closes", "上限 ceiling", "申请 applied", "状态"), rows)
    return 0


@app.command
def spending(number: str, /, *, asking: Asking = Asking()) -> int:
    """查看预算和支出 · The budget of an award beside what was spent."""
    from services.cases.spending import spending_of
    from services.database.work import reading

    now = instant(asking)
    with opened() as database, reading(database, now) as work:
        found = spending_of(work, looking(work, asking), number)
    if asking.json:
        show_json(found)
    else:
        rows = [
            (one.item.name, in_yuan(one.item.amount_fen), in_yuan(one.spent_fen), in_yuan(one.left_fen))
            for one in found.items
        ]
        show_table(("预算科目 item", "预算 granted", "支出 spent", "余额 left"), rows)
        print(f"结余 balance {in_yuan(found.balance_fen)}")
    return 0
