"""`chuke bulletin`: issues the bulletin of indicators of a month, and lists those issued."""

from cyclopts import App

from cli.asking import Asking, acting_on, instant, looking, opened
from cli.printing import show_json, show_table

app = App(name="bulletin", help="统计简报 · bulletins of indicators")


@app.command
def issue(month: str, /, *, centre: str = "", asking: Asking = Asking()) -> int:
    """制发简报 · Issue the bulletin of a month (2026-11): this one or the last.

    Parameters
    ----------
    month:
        月份 the month, as 2026-11.
    centre:
        制发机构 id of the centre that issues; empty: the only one.
    asking:
        通用选项 common options.
    """
    from services.reports.bulletins import issue_bulletin

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        number = issue_bulletin(database, actor, month, now=now, centre=centre)
    if asking.json:
        show_json({"number": number})
    else:
        print(number)
    return 0


@app.command(name="list")
def list_(*, asking: Asking = Asking()) -> int:
    """列出简报 · List the bulletins, the latest first."""
    from services.database.work import reading
    from services.reports.bulletins import bulletins

    with opened() as database, reading(database, instant(asking)) as work:
        found = bulletins(work, looking(work, asking))
    if asking.json:
        show_json(found)
    else:
        columns = ("编号 id", "文号 number", "日期 day", "状态 standing")
        show_table(columns, [(one.id, one.number, one.decided_on, one.standing) for one in found])
    return 0
