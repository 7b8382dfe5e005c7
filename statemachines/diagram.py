"""A process for readers: as Mermaid text, as a picture (SVG), and as the generated page of the documentation.

`python -m statemachines.diagram FOLDER` writes the pages.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from statemachines.drawing import stepper_svg, svg
from statemachines.layout import STAGES_EN, stages
from statemachines.registry import CURRENT
from statemachines.roles import ROLES, Role
from statemachines.table import Effect, Limit, Move, Process

__all__ = ["mermaid", "page", "stages", "stepper_svg", "svg", "write_pages"]


def mermaid(process: Process[Any], lang: str = "zh") -> str:
    """The process as a Mermaid `stateDiagram-v2`: stages as groups, each move with its code, label and roles."""
    lines = ["stateDiagram-v2", "    direction LR"]
    groups = dict.fromkeys(state.stage for state in process.states)
    for number, stage in enumerate(groups, start=1):
        lines.append(f'    state "{_plain(_stage(stage, lang))}" as stage_{number} {{')
        lines += [
            f'        state "{_plain(state.zh if lang == "zh" else state.en)}" as {state.name}'
            for state in process.states
            if state.stage == stage
        ]
        lines.append("    }")
    lines.append(f"    [*] --> {process.initial}")
    for source, dest, move in process.edges():
        label = move.zh if lang == "zh" else move.en
        lines.append(f"    {source} --> {dest} : {_plain(f'{move.code} {label} ({_roles(move.by, lang)})')}")
    lines += [f"    {state.name} --> [*]" for state in process.states if state.final]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Text without the marks that end or open something in Mermaid."""
    for mark, instead in ((":", " –"), (";", ","), ("#", " "), ('"', "'"), ("{", "("), ("}", ")")):
        text = text.replace(mark, instead)
    return text


def _stage(stage: str, lang: str) -> str:
    return stage if lang == "zh" else STAGES_EN.get(stage, stage)


def _roles(roles: tuple[Role, ...], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(ROLES[role].zh if lang == "zh" else ROLES[role].en for role in roles)


def page(process: Process[Any]) -> str:
    """The documentation page of a process (Markdown): the drawing, every state and every move, Chinese and English."""
    return "\n".join(
        [
            f"# {process.zh} · {process.en}",
            "",
            f"第 {process.edition} 版，由流转表生成，请勿手改；流转表改动后运行 `chuke process draw --docs`。",
            "",
            f"Edition {process.edition}, generated from the table; write anew with `chuke process draw --docs`.",
            "",
            "```mermaid",
            mermaid(process).rstrip(),
            "```",
            "",
            *_state_table(process),
            "",
            *_move_table(process),
            "",
            *_separation(process),
            "",
        ]
    )


def _state_table(process: Process[Any]) -> Iterator[str]:
    yield "## 状态 · States"
    yield ""
    yield "| 代码 Code | 状态 State | 阶段 Stage | 等待谁 Waits for | 期限 Clocks |"
    yield "|---|---|---|---|---|"
    for state in process.states:
        waits = "；".join(f"{ROLES[role].zh} {ROLES[role].en}" for role in state.waits_for)
        if state.final or state.goal:
            waits = "终点 end" if state.final else "目标 goal"
        clocks = "；".join(map(_clock, state.limits))
        stage = f"{state.stage} {_stage(state.stage, 'en')}"
        yield f"| `{state.name}` | {state.zh} {state.en} | {stage} | {waits} | {clocks} |"


def _clock(limit: Limit) -> str:
    fires = f" → `{limit.fires}`" if limit.fires else ""
    return f"`{limit.key}`{'（按个案日期 dated）' if limit.dated else ''}{fires}"


def _move_table(process: Process[Any]) -> Iterator[str]:
    yield "## 流转 · Moves"
    yield ""
    yield "| 编号 Row | 操作 Trigger | 名称 Label | 从 From | 到 To | 由谁 By | 条件 Guards | 后续 Effects |"
    yield "|---|---|---|---|---|---|---|---|"
    for move in process.moves:
        yield "| " + " | ".join(_move_cells(process, move)) + " |"


def _move_cells(process: Process[Any], move: Move[Any]) -> Iterator[str]:
    yield move.code
    yield f"`{move.trigger}`"
    yield f"{move.zh} {move.en}"
    yield "<br>".join(process.state(source).zh for source in move.sources)
    yield process.state(move.dest).zh
    yield "<br>".join(f"{ROLES[role].zh} {ROLES[role].en}" for role in move.by)
    yield "<br>".join(f"`{guard.__name__}`" for guard in move.when)
    yield "<br>".join(map(_effect, move.then))


def _effect(effect: Effect) -> str:
    values = [str(value) for name, value in effect.parameters().items() if name != "to"]
    return f"`{effect.name}`" + (f" {', '.join(values)}" if values else "")


def _separation(process: Process[Any]) -> Iterator[str]:
    yield "## 不相容职责 · Duties kept apart"
    yield ""
    yield "同一人在同一个案中不得兼任下列任何一对职责。One person may never join any of these pairs on one case."
    yield ""
    duties = ", ".join(f"`{one}`–`{other}`" for one, other in process.conflicts)
    yield duties or "—"


def write_pages(folder: Path) -> tuple[Path, ...]:
    """Write one page per kind of case, of its current edition, into `folder` (made if missing); answers the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, process in CURRENT.items():
        path = folder / f"{kind}.md"
        path.write_text(page(process), encoding="utf-8")
        written.append(path)
    return tuple(written)


if __name__ == "__main__":
    write_pages(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/processes"))
