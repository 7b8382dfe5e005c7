"""`chuke ledger`: the position of every line, the trial balance, one voucher, closing and reversing, and the check."""

from typing import TYPE_CHECKING, Literal

from cyclopts import App

from cli.asking import Asking, WronglyAsked, acting_on, instant, looking, opened
from cli.printing import show_json, show_table
from documents.format import in_yuan

if TYPE_CHECKING:
    from datetime import date

    from services.database.engine import Database
    from services.ledger.trial import TrialRow

app = App(name="ledger", help="台账 · the book")


@app.command
def balance(*, year: int | None = None, asking: Asking = Asking()) -> int:
    """预算执行 · The position of each budget line, of all years or one; amounts in yuan (in JSON: fen)."""
    from services.authority.rules import demand
    from services.database.work import reading
    from services.funding.queries import budget_position

    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "ledger:read")
        lines = budget_position(work, year=year)
    if asking.json:
        show_json(lines)
        return 0
    names = ("appropriated", "available", "committed", "payable", "paid", "returned", "net_paid", "receivable")
    zh = ("预算", "可用", "已承诺", "应付", "已付", "退回", "净付", "应收")
    columns = (
        "年度" if asking.lang == "zh" else "year",
        "来源" if asking.lang == "zh" else "source",
        *(zh if asking.lang == "zh" else names),
    )
    show_table(columns, [(one.year, one.source, *(in_yuan(getattr(one, name)) for name in names)) for one in lines])
    return 0


@app.command
def trial(period: str = "", /, *, asking: Asking = Asking()) -> int:
    """试算平衡表 · The trial balance of a year (2026) or a month (2026-11), of this month when left out."""
    from services.authority.rules import demand
    from services.database.work import reading
    from services.ledger.chart import ACCOUNTS, account_name
    from services.ledger.rules import days_of, month_of
    from services.ledger.trial import Span, trial_balance

    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "ledger:read")
        first, last = _days(period) if period else days_of(month_of(work.today))
        rows = trial_balance(work, Span(first, last))
    if asking.json:
        show_json(rows)
        return 0
    columns = ("科目", "名称", "期初", "借方", "贷方", "期末")
    if asking.lang == "en":
        columns = ("no.", "account", "opening", "debit", "credit", "closing")
    shown = [
        (ACCOUNTS[row.account].number, account_name(row.account, asking.lang), *map(in_yuan, _figures(row)))
        for row in rows
    ]
    total = [sum(column) for column in zip(*(_figures(row) for row in rows), strict=True)]
    show_table(columns, [*shown, ("", "合计" if asking.lang == "zh" else "sum", *map(in_yuan, total))])
    return 0 if total[3] == 0 and total[1] == total[2] else 1


def _figures(row: "TrialRow") -> tuple[int, int, int, int]:
    return row.opening, row.debit, row.credit, row.closing


def _days(period: str) -> tuple["date", "date"]:
    from services.ledger.rules import days_of

    try:
        if len(period) == 4:
            return days_of(f"{period}-01")[0], days_of(f"{period}-12")[1]
        return days_of(period)
    except ValueError:
        raise WronglyAsked(f"{period}: 2026 | 2026-11") from None


@app.command
def voucher(number: str, /, *, asking: Asking = Asking()) -> int:
    """查看凭证 · One voucher: its lines, who posted it and when, what it reverses or what reversed it."""
    from services.authority.rules import demand
    from services.database.work import OFFICE_TIME, reading
    from services.ledger.chart import account_name, kind_name
    from services.ledger.trial import voucher as whole

    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "ledger:read")
        one = whole(work, number)
    if asking.json:
        show_json(one)
        return 0
    zh = asking.lang == "zh"
    print(f"{one.voucher}  {one.posted_on}  {kind_name(one.kind, asking.lang)}  {one.memo}")
    print(f"{'记账' if zh else 'posted'}: {one.posted_by} {one.at.astimezone(OFFICE_TIME):%Y-%m-%d %H:%M}")
    if one.reverses or one.reversed_by:
        said = ("冲销" if zh else "reverses") if one.reverses else ("被冲销于" if zh else "reversed by")
        print(f"{said}: {one.reverses or one.reversed_by} ({one.reason})")
    lines = [
        (account_name(line.account, asking.lang), in_yuan(max(line.amount_fen, 0)), in_yuan(max(-line.amount_fen, 0)))
        for line in one.lines
    ]
    show_table(("科目", "借方", "贷方") if zh else ("account", "debit", "credit"), lines)
    return 0


@app.command
def close(month: str, /, *, asking: Asking = Asking()) -> int:
    """提出结账 · Propose to close a month (2026-11); somebody else confirms it with `chuke ledger confirm`."""
    from services.funding.bookkeeping import propose_closing

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        _answer(asking, proposal=propose_closing(database, actor, month=month, now=now))
    return 0


@app.command
def reopen(month: str, /, *, reason: str, asking: Asking = Asking()) -> int:
    """提出反结账 · Propose to open a closed month again; somebody else confirms it."""
    from services.funding.bookkeeping import propose_reopening

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        _answer(asking, proposal=propose_reopening(database, actor, month=month, reason=reason, now=now))
    return 0


@app.command
def reverse(number: str, /, *, reason: str, asking: Asking = Asking()) -> int:
    """提出冲销 · Propose to reverse a voucher that no case wrote; somebody else confirms it."""
    from services.funding.bookkeeping import Correction, propose_reversal

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        _answer(asking, proposal=propose_reversal(database, actor, Correction(number, reason), now=now))
    return 0


@app.command
def proposals(*, asking: Asking = Asking()) -> int:
    """等待复核 · What was proposed and waits for the second person."""
    from services.authority.rules import demand
    from services.database.work import reading
    from services.ledger.periods import proposals as waiting

    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "ledger:read")
        found = waiting(work)
    if asking.json:
        show_json(found)
        return 0
    columns = (
        ("编号", "事项", "对象", "提出人", "理由") if asking.lang == "zh" else ("id", "act", "what", "by", "reason")
    )
    show_table(columns, [(one.id, one.act, one.month or one.voucher, one.proposed_by, one.reason) for one in found])
    return 0


@app.command
def confirm(proposal: str, /, *, decision: Literal["do", "refuse"] = "do", asking: Asking = Asking()) -> int:
    """复核 · Do what somebody else proposed, or refuse it; closing December prints what is carried forward."""
    from services.funding import bookkeeping

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        if decision == "refuse":
            bookkeeping.turn_down(database, actor, proposal_id=proposal, now=now)
            _answer(asking, refused=proposal)
            return 0
        done = bookkeeping.confirm(database, actor, proposal_id=proposal, now=now)
        _answer(asking, done=done)
        if done.endswith("-12") and not asking.json:
            _carry_over(database, int(done[:4]), asking)
    return 0


@app.command
def carry(year: int, /, *, asking: Asking = Asking()) -> int:
    """结转下年 · What each budget line takes from the year into the next; amounts in yuan (in JSON: fen)."""
    from services.authority.rules import demand
    from services.database.work import reading

    with opened() as database:
        with reading(database, instant(asking)) as work:
            demand(looking(work, asking), "ledger:read")
        _carry_over(database, year, asking)
    return 0


def _carry_over(database: "Database", year: int, asking: Asking) -> None:
    from services.database.work import reading
    from services.funding.queries import budget_position
    from services.ledger.chart import account_name
    from services.ledger.queries import carried_forward

    accounts = ("AVAILABLE", "COMMITTED", "PAYABLE", "RECEIVABLE")
    with reading(database, instant(asking)) as work:
        found, of = carried_forward(work, year), {one.id: one for one in budget_position(work)}
    if asking.json:
        show_json(found)
        return
    names = ("资金项目", "来源") if asking.lang == "zh" else ("programme", "source")
    rows = [
        (f"{of[one.budget_line_id].program} {of[one.budget_line_id].year}", of[one.budget_line_id].source,
         *(in_yuan(one.fen.get(account, 0)) for account in accounts))
        for one in found
    ]  # fmt: skip
    show_table((*names, *(account_name(account, asking.lang) for account in accounts)), rows)


@app.command
def check(*marks: str, asking: Asking = Asking()) -> int:
    """核对台账 · Prove I8 to I14: one line each with what was counted; exit status 1 when one is broken.

    Parameters
    ----------
    marks:
        以前用 ledger mark 留下的印记：证明其后没有改动 marks kept earlier: nothing up to them was changed since.
    asking:
        通用选项 common options.
    """
    from services.authority.rules import demand
    from services.database.work import reading
    from services.invariants.money import prove
    from services.ledger.marks import kept

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            demand(looking(work, asking), "ledger:read")
            stand = {mark: kept(work, mark) for mark in marks}
        proofs = prove(database, now=now)
    if asking.json:
        show_json({"proofs": proofs, "marks": stand} if stand else proofs)
    for one in () if asking.json else proofs:
        counted = ", ".join(f"{COUNTED[name] if asking.lang == 'zh' else name.replace('_', ' ')} {number}"
                            for name, number in one.counted.items())  # fmt: skip
        print(f"{'✗' if one.broken else '✓'} {one.code} {one.zh if asking.lang == 'zh' else one.en} · {counted}")
        if one.broken:
            print(f"    {one.rows[0]} ({one.broken})")
    for mark, stands in () if asking.json else stand.items():
        zh = "印记以前的凭证没有改动" if stands else "印记以前的凭证被改动过"
        en = "nothing up to the mark was changed" if stands else "something up to the mark was changed"
        print(f"{'✓' if stands else '✗'} I13 {zh if asking.lang == 'zh' else en} · {mark}")
    return 1 if any(one.broken for one in proofs) or not all(stand.values()) else 0


@app.command
def mark(*, asking: Asking = Asking()) -> int:
    """留印记 · Print a mark of each year's vouchers, to be kept elsewhere and given to `ledger check` later."""
    from services.authority.rules import demand
    from services.database.work import reading
    from services.ledger.marks import marks

    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "ledger:read")
        made = marks(work)
    if asking.json:
        show_json(made)
    for one in () if asking.json else made:
        print(one)
    return 0


COUNTED = {
    "vouchers": "凭证", "postings": "分录", "budget_lines": "预算", "awards": "资助", "ceilings": "上限",
    "instalments": "分期", "reversals": "冲销", "refunds": "退回", "closed_months": "已结账月份", "paid": "银行已付",
    "held": "结果未明", "statement_lines": "银行流水", "matched": "已对上",
}  # fmt: skip


def _answer(asking: Asking, **said: str) -> None:
    if asking.json:
        show_json(said)
    else:
        print(*said.values())
