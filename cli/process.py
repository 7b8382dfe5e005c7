"""`chuke process`: the process tables as the engine reads them: list, check, draw, compare."""

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from cli.asking import Plain, WronglyAsked
from cli.printing import show_json, show_table

app = App(name="process", help="流程表 · the process tables")
PAGES = Path("docs/processes")


@app.command(name="list")
def list_(*, plain: Plain = Plain()) -> int:
    """列出全部流程及版本 · List every process and edition."""
    from statemachines.registry import CURRENT, EDITIONS

    rows = [
        {
            "kind": kind, "edition": edition, "zh": process.zh, "en": process.en, "states": len(process.states),
            "moves": len(process.moves), "current": CURRENT[kind].edition == edition,
        }
        for kind, editions in EDITIONS.items()
        for edition, process in editions.items()
    ]  # fmt: skip
    if plain.json:
        show_json(rows)
    else:
        columns = ("类型 kind", "版本 edition", "名称", "name", "状态 states", "步骤 moves", "现行 current")
        show_table(columns, [tuple(row.values()) for row in rows])
    return 0


@app.command
def check(kind: str = "", /, *, plain: Plain = Plain()) -> int:
    """检查流程表 · Check reachability, exits, labels, guards, separation of duties; exit status 1 on a finding."""
    from statemachines.check import check_process
    from statemachines.registry import EDITIONS

    chosen = [_known(kind)] if kind else list(EDITIONS)
    findings = {
        f"{one} v{edition}": check_process(process) for one in chosen for edition, process in EDITIONS[one].items()
    }
    if plain.json:
        show_json(findings)
    else:
        for name, found in findings.items():
            print(f"{'✗' if found else '✓'} {name}")
            for finding in found:
                print(f"    {finding}")
    return 1 if any(findings.values()) else 0


@app.command
def draw(
    kind: str = "incubation",
    /,
    *,
    docs: Annotated[bool, Parameter(name="--docs", negative="")] = False,
    form: Annotated[Literal["mermaid", "svg"], Parameter(name="--form")] = "mermaid",
    folder: Path = PAGES,
    plain: Plain = Plain(),
) -> int:
    """画出流程图 · Draw a process as Mermaid or SVG, or with --docs write the pages of all of them into the folder."""
    from statemachines import diagram
    from statemachines.registry import CURRENT

    if docs:
        folder.mkdir(parents=True, exist_ok=True)
        for path in diagram.write_pages(folder):
            print(path)
        return 0
    process = CURRENT[_known(kind)]
    print(diagram.mermaid(process, plain.lang) if form == "mermaid" else diagram.svg(process, lang=plain.lang), end="")
    return 0


@app.command
def diff(kind: str, first: int, second: int, /, *, plain: Plain = Plain()) -> int:
    """比较两个版本 · Compare two editions of a process row by row; exit status 5 when there is no such edition."""
    from services.errors import NotFound
    from statemachines.registry import EDITIONS

    editions = EDITIONS[_known(kind)]
    for edition in (first, second):
        if edition not in editions:
            raise NotFound(f"{kind} v{edition}")
    changes = _differences(_rows(editions[first]), _rows(editions[second]))
    if plain.json:
        show_json(changes)
    else:
        for mark, row in changes:
            print(f"{mark} {row}")
    return 0


def _rows(process: Any) -> dict[str, str]:
    rows = {f"state {one.name}": f"{one.zh} · {one.en} · {one.stage}" for one in process.states}
    for one in process.moves:
        guards = " ".join(guard.__name__ for guard in one.when)
        effects = " ".join(effect.name for effect in one.then)
        ways = f"{'|'.join(one.sources)} → {one.dest}" if hasattr(one, "sources") else one.dest
        rows[f"move {one.code} {one.trigger}"] = f"{ways} · {' '.join(one.by)} · {guards} · {effects}"
    return rows


def _differences(old: dict[str, str], new: dict[str, str]) -> list[tuple[str, str]]:
    gone = [("-", f"{name}: {row}") for name, row in old.items() if new.get(name) != row]
    come = [("+", f"{name}: {row}") for name, row in new.items() if old.get(name) != row]
    return gone + come


def _known(kind: str) -> str:
    from statemachines.registry import EDITIONS

    if kind not in EDITIONS:
        raise WronglyAsked(f"没有这种流程 no such process: {kind} ({', '.join(EDITIONS)})")
    return kind
