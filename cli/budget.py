"""`chuke budget`: what is proposed about the budget, and the second person's decision."""

from datetime import date
from typing import Literal

from cyclopts import App

from cli.asking import Asking, acting, fen_given, instant, looking, opened
from cli.case import identity_in
from cli.fund import answer, program_named
from cli.printing import show_json, show_table
from documents.format import in_yuan

app = App(name="budget", help="预算 · adjustments, closings, ceilings and their approval")


@app.command
def proposals(*, asking: Asking = Asking()) -> int:
    """待批准 · What waits for a second person; amounts in yuan (JSON: fen)."""
    from services.authority.rules import demand
    from services.database.work import reading
    from services.funding import queries

    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "budget:read")
        found = queries.proposals(work, waiting=True)
    if asking.json:
        show_json(found)
        return 0
    zh = ("事项", "项目资金", "年度", "来源", "单位", "金额", "提议人", "理由", "编号")
    en = ("act", "programme", "year", "source", "office", "amount", "proposed by", "reason", "id")
    rows = [
        (one.ceiling or one.act, one.program, one.year or "", one.source, one.office,
         "" if one.amount_fen is None else in_yuan(one.amount_fen), one.proposed_by, one.reason, one.id)
        for one in found
    ]  # fmt: skip
    show_table(zh if asking.lang == "zh" else en, rows)
    return 0


@app.command
def approve(proposal: str, /, *, asking: Asking = Asking()) -> int:
    """批准 · Approve what somebody else proposed; answers the budget line, or the proposal for a ceiling."""
    from services.database.work import reading
    from services.funding.budgeting import approve as approve_it

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            identity = identity_in(work, "budget_proposals", proposal, code="budget.proposal_not_found")
        answer("id", approve_it(database, actor, proposal_id=identity, now=now), asking)
    return 0


@app.command
def refuse(proposal: str, /, *, reason: str, asking: Asking = Asking()) -> int:
    """不予批准 · Refuse a proposal, or take one's own back, with the reason."""
    from services.database.work import reading
    from services.funding.budgeting import refuse as refuse_it

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            identity = identity_in(work, "budget_proposals", proposal, code="budget.proposal_not_found")
        refuse_it(database, actor, proposal_id=identity, reason=reason, now=now)
        answer("proposal", identity, asking)
    return 0


@app.command
def adjust(
    line: str, /, *, direction: Literal["increase", "decrease"], yuan: str, reason: str, asking: Asking = Asking()
) -> int:
    """提请调整 · Propose to raise or lower an approved line (its id: `chuke fund position`)."""
    from services.database.work import reading
    from services.funding.budgeting import Adjustment, propose_adjustment

    now, amount_fen = instant(asking), fen_given(yuan)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            identity = identity_in(work, "budget_lines", line, code="budget.line_not_found")
        wanted = Adjustment(identity, direction, amount_fen, reason)
        answer("proposal", propose_adjustment(database, actor, wanted, now=now), asking)
    return 0


@app.command
def close(line: str, /, *, reason: str, asking: Asking = Asking()) -> int:
    """提请关闭 · Propose to close a line whose year is over (its id: `chuke fund position`)."""
    from services.database.work import reading
    from services.funding.budgeting import propose_closing

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            identity = identity_in(work, "budget_lines", line, code="budget.line_not_found")
        done = propose_closing(database, actor, budget_line_id=identity, reason=reason, now=now)
        answer("proposal", done, asking)
    return 0


@app.command
def ceiling(
    kind: Literal["programme", "year", "office"], /, *, reason: str, yuan: str = "", program: str = "",
    year: int | None = None, source: str = "", office: str = "", asking: Asking = Asking(),
) -> int:  # fmt: skip
    """提请上限 · Propose the most that may be promised of a programme, in a year, or by an office of one source.

    Parameters
    ----------
    kind:
        上限种类 programme 项目资金总额, year 年度总额, office 单位年度来源额.
    reason:
        理由 why.
    yuan:
        上限金额（元），不填为取消上限 the ceiling, in yuan; left out, it is lifted.
    program:
        项目资金名称或编号 name or id of the programme.
    year:
        年度 the year.
    source:
        资金来源 the source, for an office.
    office:
        预算单位 the office.
    asking:
        通用选项 common options.
    """
    from services.database.work import reading
    from services.funding.budgeting import NewCeiling, propose_ceiling

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            of = program_named(work, program, year) if program else None
        new = NewCeiling(kind, reason, fen_given(yuan) if yuan else None, of, year, source, office)
        answer("proposal", propose_ceiling(database, actor, new, now=now), asking)
    return 0


@app.command
def execution(*, year: int, by: Literal["source", "office", "program"] = "source", asking: Asking = Asking()) -> int:
    """预算执行 · What became of a year's budget, by source, office or programme; amounts in yuan (JSON: fen)."""
    from services.authority.rules import demand
    from services.database.work import reading
    from services.reports import budget

    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "ledger:read")
        groups = budget.execution(work, year=year, by=by)
    if asking.json:
        show_json(groups)
        return 0
    zh = ("分组", "批复预算", "可用", "已承诺", "应付", "已支付", "退回", "执行率")
    en = ("group", *budget.FIGURES, "rate")
    total = budget.whole(groups)
    rows = [
        (one.key, *(in_yuan(getattr(one, name)) for name in budget.FIGURES), f"{one.rate_hundredths / 100:.2f}%")
        for one in (*groups, total)
    ]
    show_table(zh if asking.lang == "zh" else en, rows)
    return 0


@app.command
def notice(*, year: int, asking: Asking = Asking()) -> int:
    """福彩公益金公告 · A year's lottery money by purpose, programme and organization; in yuan (JSON: fen)."""
    from services.authority.rules import demand
    from services.database.work import reading
    from services.reports.budget import lottery_notice

    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "ledger:read")
        found = lottery_notice(work, year=year)
    if asking.json:
        show_json(found)
        return 0
    zh = ("用途", "项目资金", "组织", "项目", "结果", "批准资助", "净支付")
    en = ("purpose", "programme", "organization", "project", "result", "awarded", "net paid")
    rows = [
        (of.purpose, one.program, one.organization, one.project, one.state_zh, in_yuan(one.promised),
         in_yuan(one.net_paid))
        for of in found.purposes
        for one in of.awards
    ]  # fmt: skip
    show_table(zh if asking.lang == "zh" else en, rows)
    return 0


@app.command
def publish(*, year: int, place: str, on: date | None = None, asking: Asking = Asking()) -> int:
    """登记公告 · Record where and when the notice of a year's lottery money was published."""
    from services.database.work import reading
    from services.funding.acts import publish_notice

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor, day = acting(work, asking), on or work.today
        publish_notice(database, actor, year=year, place=place, on=day, now=now)
        answer("year", str(year), asking)
    return 0
