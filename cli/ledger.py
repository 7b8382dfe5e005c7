"""`chuke ledger`: the position of every budget line, derived from the book, and whether the book still holds."""

from cyclopts import App

from cli.asking import Asking, instant, looking, opened
from cli.printing import show_json, show_table, yuan

app = App(name="ledger", help="台账 · the book")
MONEY = ("I8", "I9", "I10", "I11", "I12", "I13")


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
    show_table(columns, [(one.year, one.source, *(yuan(getattr(one, name)) for name in names)) for one in lines])
    return 0


@app.command
def check(*, asking: Asking = Asking()) -> int:
    """核对台账 · Check balances, floors, ceilings, vouchers and instalments; exit status 1 when one is broken."""
    from cli.invariants import report
    from services.authority.rules import demand
    from services.database.work import reading
    from services.invariants.check import check as check_all

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            demand(looking(work, asking), "ledger:read")
        findings = [one for one in check_all(database, now=now) if one.code in MONEY]
    return report(findings, lang=asking.lang, as_json=asking.json)
