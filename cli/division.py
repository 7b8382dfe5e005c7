"""`chuke division`: the territory tree of prefecture, county, streets and communities."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from cli.asking import Asking, Plain, instant, managing, opened, rows_given
from cli.printing import show_json, show_table

app = App(name="division", help="行政区划 · divisions")
COLUMNS = ("code", "name", "level", "kind", "parent_code")


@app.command(name="import")
def import_(
    file: Path, /, *, dry_run: Annotated[bool, Parameter(name="--dry-run", negative="")] = False,
    asking: Asking = Asking(),
) -> int:  # fmt: skip
    """导入区划 · Take over divisions from a CSV file; known ones are brought up to it, none is removed.

    Parameters
    ----------
    file:
        CSV 文件，列为 code,name,level,kind,parent_code；level 为 prefecture、county、street、
        community，kind 为 city、county、street、town、township、urban、rural，最上一级不填 parent_code
        a CSV file with these columns; the top of the tree has no parent_code.
    dry_run:
        只核对，不写入 check every line and say what would be done, but write nothing.
    asking:
        通用选项 common options.
    """
    from services.database.work import reading
    from services.organizations.acts import import_divisions
    from services.organizations.rules import Division

    now = instant(asking)
    rows = [
        (line, Division(row["code"], row["name"], row["level"], row["kind"], row["parent_code"] or None))
        for line, row in rows_given(file, COLUMNS)
    ]
    with opened() as database:
        with reading(database, now) as work:
            actor = managing(work, asking)
        done = import_divisions(database, actor, rows, now=now, dry_run=dry_run)
    if asking.json:
        show_json({"dry_run": dry_run, "added": done.added, "changed": done.changed, "unchanged": done.unchanged})
    else:
        said = f"新增 added {len(done.added)}，更改 changed {len(done.changed)}，未变 unchanged {done.unchanged}"
        print(f"{said}{'（未写入 nothing written）' if dry_run else ''}")
    return 0


@app.command(name="list")
def list_(under: str = "", /, *, plain: Plain = Plain()) -> int:
    """列出区划 · List the divisions whose code begins with UNDER, or all."""
    from services.database.work import reading
    from services.organizations.queries import division_lines

    with opened() as database, reading(database) as work:
        found = division_lines(work, under=under)
    if plain.json:
        show_json(found)
        return 0
    columns = ("代码", "名称", "级别", "类别", "上级") if plain.lang == "zh" else COLUMNS
    show_table(columns, [(one.code, one.name, one.level, one.kind, one.parent_code) for one in found])
    return 0
