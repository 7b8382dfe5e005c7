"""`chuke evaluator`: the pool of evaluators, and what conflicts of interest are found by."""

from datetime import date
from typing import Literal

from cyclopts import App

from cli.asking import Asking, acting_on, instant, looking, opened
from cli.printing import show_json, show_table

app = App(name="evaluator", help="专家库 · the pool of evaluators")

ServiceField = Literal["SERVICE", "CULTURE_SPORT", "CHARITY", "SUPPORT_HUB"]
ContactKind = Literal["phone", "address", "account"]
TieKind = Literal["family", "founder", "donor", "supplier", "paid", "rival"]


@app.command(name="list")
def list_(*, asking: Asking = Asking()) -> int:
    """列出专家库 · List the terms of the pool with how many seats each person holds."""
    from services.assessments.queries import seats_held
    from services.database.work import reading
    from services.evaluators.queries import pool_lines

    with opened() as database, reading(database, instant(asking)) as work:
        lines, loads, today = pool_lines(work, looking(work, asking)), seats_held(work), work.today
    if asking.json:
        show_json(lines)
        return 0
    columns = ("专家 evaluator", "领域 fields", "聘期 term", "在办 load", "状态 standing", "编号 id")
    show_table(
        columns,
        [
            (one.name, " ".join(one.fields), f"{one.term_from} {one.term_to}",
             f"{loads.get(one.person_id, 0)}/{one.most_seats}", one.standing(today), one.id)
            for one in lines
        ],
    )  # fmt: skip
    return 0


@app.command
def add(
    username: str,
    /,
    *fields: ServiceField,
    term_from: date,
    term_to: date,
    most_seats: int = 5,
    body: str = "",
    appointment: str = "",
    centre: str = "",
    asking: Asking = Asking(),
) -> int:
    """登记聘期 · Add a term: username, then the fields the person knows; --term-from and --term-to.

    Parameters
    ----------
    username:
        用户名 username.
    fields:
        专业领域 fields of service.
    term_from:
        聘期开始 first day.
    term_to:
        聘期结束 last day.
    most_seats:
        同时在办席位上限 most seats at once.
    body:
        工作单位 employer.
    appointment:
        聘书编号 number of a letter issued on paper; empty: one is issued now.
    centre:
        发聘机构 id of the centre that appoints; empty: the only one.
    asking:
        通用选项 common options.
    """
    from services.cases.appointing import appoint
    from services.evaluators.acts import NewTerm

    now = instant(asking)
    new = NewTerm(username, fields, term_from, term_to, most_seats, body, appointment)
    with acting_on(asking) as (database, actor):
        _answer(appoint(database, actor, new, now=now, centre=centre), asking)
    return 0


@app.command
def end(term: str, /, *, reason: str, asking: Asking = Asking()) -> int:
    """解聘 · End a term today: the id of the term and --reason."""
    from services.cases.appointing import dismiss

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        dismiss(database, actor, term_id=term, reason=reason, now=now)
    return 0


@app.command
def contact(
    kind: ContactKind, value: str, /, *, username: str = "", organization: str = "", asking: Asking = Asking()
) -> int:
    """登记供比对的联系方式 · Keep a telephone, address or account sealed, only to be compared: of --username or
    --organization.
    """
    from services.evaluators.acts import note_contact

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        identity = note_contact(
            database, actor, username=username, organization=organization, kind=kind, value=value, now=now
        )
        _answer(identity, asking)
    return 0


@app.command
def tie(
    kind: TieKind,
    /,
    *,
    source: str,
    username: str = "",
    body: str = "",
    relative: str = "",
    organization: str = "",
    until: date | None = None,
    asking: Asking = Asking(),
) -> int:
    """登记关系 · Record a tie: one end by --username or --body, the other by --relative or --organization.

    Parameters
    ----------
    kind:
        关系 what ties them.
    source:
        来源 where it is known from.
    username:
        专家 evaluator.
    body:
        所属组织（编号或名称） an own organization, by id or name.
    relative:
        亲属的用户名 username of the relative.
    organization:
        被评组织（编号或名称） the assessed organization, by id or name.
    until:
        结束日期 when it ended.
    asking:
        通用选项 common options.
    """
    from services.evaluators.acts import NewTie, record_tie

    now = instant(asking)
    new = NewTie(kind, source, username, body, relative, organization, until)
    with acting_on(asking) as (database, actor):
        _answer(record_tie(database, actor, new, now=now), asking)
    return 0


def _answer(identity: str, asking: Asking) -> None:
    if asking.json:
        show_json({"id": identity})
    else:
        print(identity)
