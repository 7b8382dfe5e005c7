"""`chuke grade`: national grades of registered organizations, as they were announced and what became of them."""

from datetime import date
from typing import Literal

from cyclopts import App

from cli.asking import Asking, acting, acting_on, instant, looking, opened
from cli.case import identity_in
from cli.printing import show_json, show_table

app = App(name="grade", help="评估等级 · national grades 1A to 5A")
Level = Literal["national", "province", "prefecture", "county"]


@app.command
def record(
    organization: str, grade: int, /, *, announced: date, level: Level, assessor: str, basis: str,
    asking: Asking = Asking(),
) -> int:  # fmt: skip
    """登记等级 · Record an announced grade; how long it holds is computed.

    Parameters
    ----------
    organization:
        组织名称或编号 name or id of the registered organization.
    grade:
        等级 1 to 5.
    announced:
        公布日期 day of the announcement.
    level:
        评估级别 national, province, prefecture or county.
    assessor:
        评估机构 who assessed.
    basis:
        公布文件 number of the announcement.
    asking:
        通用选项 common options.
    """
    from services.database.work import reading
    from services.grades.acts import NewGrade, record_grade

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            identity = identity_in(work, "organizations", organization, code="organization.not_found")
        new = NewGrade(identity, grade, announced, level, assessor, basis)
        _answer(record_grade(database, actor, new, now=now), asking)
    return 0


@app.command(name="list")
def list_(*, asking: Asking = Asking()) -> int:
    """列出等级 · List the grades you may know of, the ones that end first before the others."""
    from services.database.work import reading
    from services.grades.queries import grades

    with opened() as database, reading(database, instant(asking)) as work:
        found, today = grades(work, looking(work, asking)), work.today
    names = ("organization", "grade", "valid_from", "valid_to", "standing", "id")
    rows = [(one.organization, one.called, one.valid_from, one.valid_to, one.on(today), one.id) for one in found]
    if asking.json:
        show_json([dict(zip(names, row, strict=True)) for row in rows])
        return 0
    columns = ("组织", "等级", "有效期起", "有效期止", "状态", "编号") if asking.lang == "zh" else names
    show_table(columns, rows)
    return 0


@app.command
def lower(grade_id: str, /, *, to: int, on: date, reason: str, asking: Asking = Asking()) -> int:
    """登记降低等级 · Record that a held grade was lowered; answers the id of the lower one."""
    from services.grades.acts import lower_grade

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        _answer(lower_grade(database, actor, grade_id=grade_id, to=to, on=on, reason=reason, now=now), asking)
    return 0


@app.command
def cancel(grade_id: str, /, *, on: date, reason: str, asking: Asking = Asking()) -> int:
    """登记取消等级 · Record that a held grade was cancelled."""
    from services.grades.acts import cancel_grade

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        cancel_grade(database, actor, grade_id=grade_id, on=on, reason=reason, now=now)
        _answer(grade_id, asking)
    return 0


@app.command(name="return")
def return_(grade_id: str, /, *, on: date, asking: Asking = Asking()) -> int:
    """登记交回 · Record that certificate and plaque of an ended grade came back."""
    from services.grades.acts import note_returned

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        note_returned(database, actor, grade_id=grade_id, on=on, now=now)
        _answer(grade_id, asking)
    return 0


def _answer(identity: str, asking: Asking) -> None:
    if asking.json:
        show_json({"id": identity})
    else:
        print(identity)
