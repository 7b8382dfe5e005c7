"""`chuke release`: batches of results prepared on their cases, looked at, and made known at one moment."""

from typing import TYPE_CHECKING

from cyclopts import App

from cli.asking import Asking, acting, acting_on, instant, opened
from cli.printing import show_json, show_table

if TYPE_CHECKING:
    from services.cases.releases import Line

app = App(name="release", help="结果批量发布 · releases of results")


@app.command(name="list")
def list_(*, asking: Asking = Asking()) -> int:
    """列出各批结果 · List the batches, the latest first."""
    from services.cases.releases import batches
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        found = batches(work, acting(work, asking))
    if asking.json:
        show_json(found)
        return 0
    columns = ("编号 id", "进度 standing", "准备人 prepared by", "尚余 left", "发布 released")
    show_table(columns, [(one.id, one.standing, one.prepared_by, one.left, one.released_at) for one in found])
    return 0


@app.command
def show(batch: str, /, *, asking: Asking = Asking()) -> int:
    """试办一批结果 · Rehearse every result of a batch; nothing is changed."""
    from services.cases.releases import batch_page

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        found = batch_page(database, actor, batch=batch, now=now)
    return _told(found.lines, asking)


@app.command
def publish(batch: str, /, *, asking: Asking = Asking()) -> int:
    """统一发布 · Make every result of a batch known; asked again it goes on where it was cut off."""
    from services.cases.releases import release

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        found = release(database, actor, batch=batch, now=now)
    return _told(found.lines, asking)


def _told(lines: "tuple[Line, ...]", asking: Asking) -> int:
    rows = [
        (
            one.number,
            one.move.trigger,
            one.standing,
            one.state or "—",
            ", ".join(one.refused.codes if one.refused else ()),
        )
        for one in lines
    ]
    if asking.json:
        show_json([dict(zip(("number", "trigger", "standing", "state", "reasons"), row, strict=True)) for row in rows])
    else:
        show_table(("案号 case", "操作 trigger", "进度 standing", "状态 state", "原因 reasons"), rows)
    return 0
