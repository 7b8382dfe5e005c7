"""`chuke case`: the work list, one case, opening and advancing it, its materials and the moves it offers."""

import json
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from cyclopts import App, Parameter

from cli.asking import Asking, WronglyAsked, acting, acting_on, file_given, instant, looking, opened
from cli.printing import sentences, show_json, show_table

app = App(name="case", help="个案 · cases")
Details = Annotated[tuple[str, ...], Parameter(name="--set", consume_multiple=True, negative="")]


@app.command(name="list")
def list_(
    *,
    kind: str | None = None,
    stage: str | None = None,
    state: str | None = None,
    find: str = "",
    mine: Annotated[bool, Parameter(name="--mine", negative="")] = False,
    limit: int = 200,
    asking: Asking = Asking(),
) -> int:
    """列出个案 · List cases, the latest moved first; --mine lists what waits for you, the nearest due day first."""
    from services.cases.lists import case_list
    from services.cases.queries import waiting_for
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        if mine:
            lines = waiting_for(work, acting(work, asking), limit=limit)
        else:
            lines = case_list(work, looking(work, asking), kind=kind, stage=stage, state=state, text=find, limit=limit)
    if asking.json:
        show_json(lines)
        return 0
    zh = asking.lang == "zh"
    columns = ("案号", "类型", "组织", "状态", "期限") if zh else ("number", "kind", "organization", "state", "due")
    rows = [(one.number, one.kind, one.organization, one.state_zh if zh else one.state_en, one.due_on) for one in lines]
    show_table(columns, rows)
    return 0


@app.command
def show(number: str, /, *, asking: Asking = Asking()) -> int:
    """查看一个个案 · Show one case: state, clocks, timeline, papers, money."""
    page = _page(number, asking)
    if asking.json:
        show_json(page)
        return 0
    zh = asking.lang == "zh"
    line = page.line
    print(f"{line.number}  {line.organization}  {line.state_zh if zh else line.state_en}  v{line.version}")
    for clock in page.clocks:
        if clock.standing == "running":
            mark = "（暂定）" if clock.provisional else ""
            print(f"  {clock.key}: {clock.due_on}{mark}")
    print()
    show_table(
        ("#", "日期" if zh else "day", "办理" if zh else "move", "状态" if zh else "state", "经办" if zh else "by"),
        [
            (one.sequence, one.at.date(), one.zh if zh else one.en, one.dest_zh if zh else one.dest_en, one.actor)
            for one in page.timeline
        ],
    )
    for paper in page.documents:
        print(f"  {paper.code} {paper.number}  {paper.standing}")
    return 0


@app.command
def offers(number: str, /, *, asking: Asking = Asking()) -> int:
    """现在可以办什么 · The moves open to the acting person, and for each closed one the reasons why."""
    from services.errors import Refused

    if not asking.as_:
        raise WronglyAsked("请用 --as 指明办理人 · name the acting person with --as")
    page = _page(number, asking)
    if asking.json:
        show_json(page.offers)
        return 0
    for one in page.offers:
        print(f"{'✗' if one.reasons else '✓'} {one.trigger}  {one.zh if asking.lang == 'zh' else one.en}")
        for text in sentences(Refused(*one.reasons), asking.lang):
            print(f"    {text}")
    return 0


@app.command(name="open")
def open_(organization: str, /, *, centre: str = "", plan: str = "", asking: Asking = Asking()) -> int:
    """为组织开立入驻申请 · Open a draft application; ORGANIZATION is its id, or the name of one you act for."""
    from services.cases.commands import open_incubation
    from services.database.work import reading

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            organization_id, centre_id = _organization(work, organization), _centre(work, centre)
        found = open_incubation(
            database, actor, organization_id=organization_id, centre_id=centre_id, plan=plan, now=now
        )
    if asking.json:
        show_json(found)
    else:
        print(found.number)
    return 0


@app.command
def advance(
    number: str,
    trigger: str,
    /,
    *,
    set_: Details = (),
    details: Path | None = None,
    seen: int | None = None,
    request: str = "",
    asking: Asking = Asking(),
) -> int:
    """办理一步 · Move a case through the one door.

    Parameters
    ----------
    number:
        案号 number of the case.
    trigger:
        动作 trigger, as `case offers` lists them.
    set_:
        字段=值 field=value, may be repeated.
    details:
        JSON 文件 a JSON file with the fields, for lists.
    seen:
        您看到的版本 the version you saw; refused when someone moved the case since.
    request:
        请求编号 the request's own id: asking again with it changes nothing.
    asking:
        通用选项 common options.
    """
    from services.cases.advance import AdvanceCase
    from services.cases.commands import advance_case

    now = instant(asking)
    command = AdvanceCase(number, trigger, seen, _told(set_, details), request)
    with acting_on(asking) as (database, actor):
        advanced = advance_case(database, actor, command, now=now)
    if asking.json:
        show_json(advanced)
        return 0
    print(f"{advanced.case_number}  {advanced.source} → {advanced.state}  v{advanced.version}")
    for paper in advanced.documents:
        print(f"  {paper['document']}  {paper['number']}")
    return 0


@app.command
def materials(
    number: str,
    /,
    *names: str,
    original: Annotated[bool, Parameter(name="--original", negative="")] = False,
    asking: Asking = Asking(),
) -> int:
    """登记或查看材料 · Note materials as handed in; without names, list what is there and what is missing."""
    from services.cases.commands import provide_materials

    if names:
        now = instant(asking)
        with acting_on(asking) as (database, actor):
            provide_materials(database, actor, number=number, names=names, original=original, now=now)
    page = _page(number, asking)
    if asking.json:
        show_json({"materials": page.materials, "missing": page.materials_missing})
        return 0
    for one in page.materials:
        print(f"✓ {one.name}  {one.provided_on}")
    for name in page.materials_missing:
        print(f"✗ {name}")
    return 0


def _page(number: str, asking: Asking) -> Any:
    from services.cases.queries import case_page
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        return case_page(work, looking(work, asking), number)


def _told(pairs: tuple[str, ...], path: Path | None) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if path is not None:
        try:
            told = json.loads(file_given(path))
        except ValueError as error:
            raise WronglyAsked(f"{path}: {error}") from None
        if not isinstance(told, dict):
            raise WronglyAsked(f"{path}: 应为对象 must hold an object")
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise WronglyAsked(f"--set {pair}: 字段=值 field=value")
        told[name] = value
    return told


def _organization(work: Any, named: str) -> str:
    return identity_in(work, "organizations", named, code="organization.not_found")


def _centre(work: Any, named: str) -> str:
    return identity_in(work, "centres", named, code="organization.not_found")


def identity_in(
    work: Any, table: str, named: str, *, code: str, give: str = "id", where: tuple[str, str] | None = None
) -> str:
    """The id of the row that has this id or name, or of the only row when none is named; NotFound(`code`) otherwise.

    `give` answers another column of that row; `where` looks only at rows whose column holds that id.
    """
    from services.errors import NotFound

    called = "name" if table in ("organizations", "centres") else "id"
    column, wanted = where or (called, "")
    statement = f"select id, {called}, {give}, {column} from {table}"  # noqa: S608 - our own names, never a person's text
    found = [
        str(row[2])
        for row in work.connection.exec_driver_sql(statement)
        if (not named or named in (row[1], _hyphenated(row[0]))) and (not wanted or _hyphenated(row[3]) == wanted)
    ]
    if len(found) != 1:
        raise NotFound(code)
    return _hyphenated(found[0])


def _hyphenated(identity: Any) -> str:
    """SQLite keeps ids without hyphens."""
    return str(UUID(str(identity)))
