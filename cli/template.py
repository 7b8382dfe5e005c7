"""`chuke template`: the pages of papers, and how an edition comes about by two people."""

from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from cli.asking import Asking, acting_on, file_given, instant, looking, opened
from cli.printing import show_json, show_table

app = App(name="template", help="文书样式 · the pages of papers")


@app.command(name="list")
def list_(kind: str = "", /, *, asking: Asking = Asking()) -> int:
    """列出各文种现行版式，或者一种文书的各版 · List the edition in force of each kind, or every edition of one."""
    from documents.registry import KINDS
    from services.authority.rules import demand
    from services.database.work import reading
    from services.errors import NotFound
    from services.templates.queries import editions_of, numbers_in_force

    if kind and kind not in KINDS:
        raise NotFound("template.unknown")
    with opened() as database, reading(database, instant(asking)) as work:
        actor = looking(work, asking)
        demand(actor, "template:read")
        lines = editions_of(work, actor, kind) if kind else ()
        numbers = numbers_in_force(work)
    if asking.json:
        show_json({"editions": lines} if kind else {"in_force": {name: numbers.get(name, 0) for name in KINDS}})
    elif kind:
        columns = ("编号 id", "版次 number", "状态 stage", "起草 by", "决定 decided by", "文书 papers", "理由 reason")
        rows = [
            (one.id, one.number or "—", one.stage, one.proposed_by, one.decided_by, one.papers, one.reason)
            for one in lines
        ]
        show_table(columns, rows)
    else:
        kinds = sorted(KINDS.values(), key=lambda one: one.code)
        columns = ("文种 code", "名称 name", "现行版式 edition")
        show_table(columns, [(one.code, one.name, numbers.get(one.name, 0)) for one in kinds])
    return 0


@app.command
def export(kind: str, folder: Path, /, *, shipped: bool = False, asking: Asking = Asking()) -> int:
    """把现行版式存成文件 · Save the page and the style sheet of a kind to a folder, to be edited.

    Parameters
    ----------
    kind:
        文种名称 the kind, as `template list` names it.
    folder:
        文件夹 where page.html and page.css go.
    shipped:
        存系统自带的版式 the page that comes with the software, whatever is in force.
    asking:
        通用选项 common options.
    """
    from documents.editions.source import shipped as original
    from documents.registry import KINDS
    from services.authority.rules import demand
    from services.database.work import reading
    from services.errors import NotFound
    from services.templates.acts import source_in_force

    if kind not in KINDS:
        raise NotFound("template.unknown")
    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "template:read")
        number, source = (0, original(kind)) if shipped else source_in_force(work, kind)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "page.html").write_text(source.page, encoding="utf-8")
    (folder / "page.css").write_text(source.style, encoding="utf-8")
    _say(asking, f"{kind} {number} → {folder}", number=number)
    return 0


@app.command
def draft(
    kind: str,
    folder: Path,
    /,
    *,
    reason: str,
    wanted_from: Annotated[date | None, Parameter(name="--from")] = None,
    asking: Asking = Asking(),
) -> int:
    """起草新版式 · Keep page.html and page.css of a folder as the own draft; every line is looked at first.

    Parameters
    ----------
    kind:
        文种名称 the kind, as `template list` names it.
    folder:
        文件夹 where page.html and page.css are.
    reason:
        理由 why.
    wanted_from:
        启用日期 the day it shall begin; as soon as it is approved when left out.
    asking:
        通用选项 common options.
    """
    from services.templates.acts import save_draft

    page, style = (file_given(folder / name).decode(errors="replace") for name in ("page.html", "page.css"))
    with acting_on(asking) as (database, actor):
        identity = save_draft(
            database, actor, kind=kind, page=page, style=style, reason=reason, wanted_from=wanted_from,
            now=instant(asking),
        )  # fmt: skip
    _say(asking, f"已保存草稿 drafted: {identity}", id=identity)
    return 0


@app.command
def preview(edition: str, file: Path, /, *, paper: str = "", asking: Asking = Asking()) -> int:
    """预览 · Draw the sample, or an issued paper (id from `document list`), by an edition into a PDF file."""
    from services.authority.rules import demand
    from services.cases.template_previews import inputs_to_try
    from services.database.work import reading
    from services.templates.drawing import drawn
    from services.templates.queries import edition_for

    with opened() as database, reading(database, instant(asking)) as work:
        actor = looking(work, asking)
        demand(actor, "template:read")
        found = edition_for(work, actor, edition)
        inputs = inputs_to_try(work, actor, found.line.kind, paper)
    trial = drawn(found.line.kind, found.source, inputs)
    file.write_bytes(trial.pdf)
    _say(asking, f"{trial.pages} 页 pages → {file}", pages=trial.pages, file=str(file))
    return 0


@app.command
def propose(edition: str, /, *, asking: Asking = Asking()) -> int:
    """提交草稿 · Ask a second person to approve the own draft."""
    from services.templates.acts import propose_edition

    with acting_on(asking) as (database, actor):
        propose_edition(database, actor, edition_id=edition, now=instant(asking))
    _say(asking, f"已提交 proposed: {edition}", id=edition)
    return 0


@app.command
def approve(edition: str, /, *, asking: Asking = Asking()) -> int:
    """批准 · Put in force what somebody else proposed."""
    from services.templates.acts import approve_edition

    with acting_on(asking) as (database, actor):
        number = approve_edition(database, actor, edition_id=edition, now=instant(asking))
    _say(asking, f"已批准，第{number}版 approved: {edition}", id=edition, number=number)
    return 0


@app.command
def refuse(edition: str, /, *, reason: str, asking: Asking = Asking()) -> int:
    """退回 · Send back what somebody else proposed."""
    from services.templates.acts import send_back_edition

    with acting_on(asking) as (database, actor):
        send_back_edition(database, actor, edition_id=edition, reason=reason, now=instant(asking))
    _say(asking, f"已退回 sent back: {edition}", id=edition)
    return 0


@app.command
def withdraw(edition: str, /, *, asking: Asking = Asking()) -> int:
    """撤回 · Take the own draft or proposal back."""
    from services.templates.acts import withdraw_edition

    with acting_on(asking) as (database, actor):
        withdraw_edition(database, actor, edition_id=edition, now=instant(asking))
    _say(asking, f"已撤回 withdrawn: {edition}", id=edition)
    return 0


@app.command
def retire(edition: str, /, *, reason: str, asking: Asking = Asking()) -> int:
    """停用 · Let no further paper be drawn from an approved edition."""
    from services.templates.acts import retire_edition

    with acting_on(asking) as (database, actor):
        retire_edition(database, actor, edition_id=edition, reason=reason, now=instant(asking))
    _say(asking, f"已停用 retired: {edition}", id=edition)
    return 0


def _say(asking: Asking, told: str, **facts: object) -> None:
    if asking.json:
        show_json(facts)
    else:
        print(told)
