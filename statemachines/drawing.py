"""A process as a picture (SVG): the path a case took is lit, its present state strongly, the rest is muted.

Only class names and presentation attributes are used, never a style attribute or element, so that the picture may stand
in a page whose content security policy allows no inline style; a style sheet may recolour it through the class names.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Any

from statemachines.layout import COLUMN, ROW, STAGES_EN, Layout, layout, stages
from statemachines.roles import ROLES
from statemachines.table import Move, Process, State

BOX_WIDTH, BOX_HEIGHT = 76, 42
FONT = "system-ui, 'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"

INK, QUIET, LINE, FAINT, PAPER = "#1f2933", "#5b6673", "#b9c2cc", "#dde3e9", "#ffffff"
LIT, LIT_PAPER, STRONG, BAND, BAND_ALTERNATE = "#0f766e", "#e3f4f1", "#0b5d57", "#f4f6f8", "#eaeef2"

Edges = dict[tuple[str, str], list[Move[Any]]]


def svg(process: Process[Any], *, path: Sequence[str] = (), current: str | None = None, lang: str = "zh") -> str:
    """The whole process as one SVG element.

    `path` are the states the case has been in, oldest first (the present one may be last); `current` is the state it is
    in now. Without both, nothing is muted. Refuses (KeyError) a state the process does not have.
    """
    walked = [process.state(name).name for name in path]
    if current is not None and (not walked or walked[-1] != process.state(current).name):
        walked.append(current)
    plan, edges = layout(process), _edges(process)
    taken = set(pairwise(walked))
    parts = [_open(process, plan, current, lang), *_bands(plan, lang)]
    for lit in (False, True):
        for (source, dest), moves in edges.items():
            if ((source, dest) in taken) == lit:
                look = _edge_look(plan, (source, dest), lit=lit, leaves_current=source == current)
                parts.append(_edge(process, plan, moves, ends=(source, dest), look=look, lang=lang))
    parts += [_box(plan, state, look=_box_look(state.name, walked, current), lang=lang) for state in process.states]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _edges(process: Process[Any]) -> Edges:
    found: Edges = {}
    for source, dest, move in process.edges():
        if source != dest:
            found.setdefault((source, dest), []).append(move)
    return found


def _open(process: Process[Any], plan: Layout, current: str | None, lang: str) -> str:
    name = process.zh if lang == "zh" else process.en
    if current is None:
        title = f"{name}流程图" if lang == "zh" else f"Drawing of the {name} process"
    else:
        now = _label(process.state(current), lang)
        title = f"{name}流程图，当前状态：{now}" if lang == "zh" else f"Drawing of the {name} process, now: {now}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="process process-{process.kind}" role="img" '
        f'viewBox="0 0 {plan.width:g} {plan.height:g}" width="{plan.width:g}" height="{plan.height:g}" '
        f'font-family="{escape(FONT)}" font-size="13" text-anchor="middle" '
        f'lang="{"zh-CN" if lang == "zh" else "en"}">\n'
        f"<title>{escape(title)}</title>"
    )


def _bands(plan: Layout, lang: str) -> Iterator[str]:
    for number, band in enumerate(plan.bands):
        fill = BAND if number % 2 == 0 else BAND_ALTERNATE
        name = band.stage if lang == "zh" else STAGES_EN.get(band.stage, band.stage)
        yield (
            f'<g class="stage"><rect x="{band.x + 2:g}" y="4" width="{band.width - 4:g}" height="{plan.height - 8:g}" '
            f'rx="10" fill="{fill}"/><text class="stage-name" x="{band.x + band.width / 2:g}" y="30" font-size="17" '
            f'font-weight="600" fill="{QUIET}">{escape(name)}</text></g>'
        )


def _edge_look(plan: Layout, ends: tuple[str, str], *, lit: bool, leaves_current: bool) -> str:
    if lit:
        return "taken"
    if leaves_current:
        return "next"
    return "main" if ends in pairwise(plan.main) else "side"


_STROKES = {
    "taken": (LIT, 'stroke-width="3"'),
    "next": (LIT, 'stroke-width="1.6" stroke-dasharray="5 4"'),
    "main": ("#8a96a3", 'stroke-width="2"'),
    "side": (LINE, 'stroke-width="1"'),
}


def _edge(
    process: Process[Any], plan: Layout, moves: list[Move[Any]], *, ends: tuple[str, str], look: str, lang: str
) -> str:
    colour, stroke = _STROKES[look]
    line, head = _route(plan, *ends)
    said = ", ".join(f"{move.code} {move.zh if lang == 'zh' else move.en}" for move in moves)
    names = [_label(process.state(name), lang) for name in ends]
    return (
        f'<g class="move move-{look}"><title>{escape(f"{names[0]} → {names[1]}: {said}")}</title>'
        f'<path d="{line}" fill="none" stroke="{colour}" {stroke}/><path d="{head}" fill="{colour}"/></g>'
    )


def _route(plan: Layout, source: str, dest: str) -> tuple[str, str]:
    """The line of a move and its arrow head: straight along the main path, arcs above it, curves below it."""
    (x1, y1), (x2, y2) = plan.centres[source], plan.centres[dest]
    half_w, half_h = BOX_WIDTH / 2, BOX_HEIGHT / 2
    row1, row2 = plan.rows[source], plan.rows[dest]
    neighbours = row1 == row2 and abs(x2 - x1) <= 1.6 * COLUMN
    along = (source, dest) in pairwise(plan.main)
    if along or (neighbours and row1 > 0):
        side = 1 if x2 > x1 else -1
        start, end = x1 + side * half_w, x2 - side * half_w
        return f"M{start:g} {y1:g}H{end - side * 5:g}", _head(end, y2, (side, 0))
    if row1 == row2 == 0:
        rise = min(26 + abs(x2 - x1) * 0.07, 62)
        side = 10 if x2 > x1 else -10
        a, b, top = x1 + side, x2 - side, y1 - half_h
        return f"M{a:g} {top:g}C{a:g} {top - rise:g} {b:g} {top - rise:g} {b:g} {top - 6:g}", _head(b, top, (0, 1))
    if row1 == row2:
        a, b, low = x1, x2, y1 + half_h
        return f"M{a:g} {low:g}C{a:g} {low + 30:g} {b:g} {low + 30:g} {b:g} {low + 6:g}", _head(b, low, (0, -1))
    down = 1 if row2 > row1 else -1
    shift = 0 if abs(x1 - x2) > COLUMN else 9 * down
    a, b = x1 - shift, x2 - shift
    start, end = y1 + down * half_h, y2 - down * half_h
    bend = max(abs(end - start) * 0.45, ROW * 0.3) * down
    line = f"M{a:g} {start:g}C{a:g} {start + bend:g} {b:g} {end - bend:g} {b:g} {end - 6 * down:g}"
    return line, _head(b, end, (0, down))


def _head(x: float, y: float, toward: tuple[int, int]) -> str:
    dx, dy = toward
    back_x, back_y = x - 8 * dx, y - 8 * dy
    return f"M{x:g} {y:g}L{back_x - 4 * dy:g} {back_y - 4 * dx:g}L{back_x + 4 * dy:g} {back_y + 4 * dx:g}Z"


_BOXES = {  # fill, border, border width, text
    "current": (STRONG, STRONG, "2", PAPER),
    "taken": (LIT_PAPER, LIT, "1.6", INK),
    "muted": (PAPER, FAINT, "1", QUIET),
    "plain": (PAPER, LINE, "1.2", INK),
}


def _box_look(name: str, walked: list[str], current: str | None) -> str:
    if name == current:
        return "current"
    if name in walked:
        return "taken"
    return "muted" if walked else "plain"


def _box(plan: Layout, state: State, *, look: str, lang: str) -> str:
    x, y = plan.centres[state.name]
    fill, border, width, ink = _BOXES[look]
    left, top = x - BOX_WIDTH / 2, y - BOX_HEIGHT / 2
    parts = [f'<g class="state state-{look}"><title>{escape(_hint(state, lang))}</title>']
    if look == "current":
        parts.append(
            f'<rect class="halo" x="{left - 5:g}" y="{top - 5:g}" width="{BOX_WIDTH + 10}" height="{BOX_HEIGHT + 10}" '
            f'rx="12" fill="none" stroke="{LIT}" stroke-width="2" stroke-opacity="0.45"/>'
        )
    radius = BOX_HEIGHT / 2 if state.final or state.goal else 8
    parts.append(
        f'<rect x="{left:g}" y="{top:g}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="{radius:g}" fill="{fill}" '
        f'stroke="{border}" stroke-width="{width}"/>'
    )
    parts.append(_text(_label(state, lang), x, y, ink=ink, bold=look == "current"))
    if look == "taken":
        parts.append(
            f'<circle cx="{left + 3:g}" cy="{top + 3:g}" r="7" fill="{LIT}"/>'
            f'<path d="M{left - 0.4:g} {top + 3:g}l2.4 2.6 4.4 -5" fill="none" stroke="{PAPER}" stroke-width="1.6"/>'
        )
    return "".join([*parts, "</g>"])


def _text(label: str, x: float, y: float, *, ink: str, bold: bool) -> str:
    lines = _wrap(label)
    size = 13.5 if label and ord(label[0]) > 0x2E80 else 11
    weight = ' font-weight="700"' if bold else ""
    first = y + size * 0.36 - (len(lines) - 1) * size * 0.58
    spans = "".join(
        f'<tspan x="{x:g}" y="{first + n * size * 1.16:g}">{escape(one)}</tspan>' for n, one in enumerate(lines)
    )
    return f'<text font-size="{size:g}" fill="{ink}"{weight}>{spans}</text>'


def _wrap(label: str) -> list[str]:
    """A label in at most three lines that fit a box: Chinese cut in the middle, English between words."""
    if ord(label[0]) > 0x2E80:
        half = -(-len(label) // 2)
        return [label] if len(label) <= 5 else [label[:half], label[half:]]
    lines: list[str] = []
    for word in label.split():
        if lines and len(lines[-1]) + len(word) < 13:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _label(state: State, lang: str) -> str:
    return state.zh if lang == "zh" else state.en


def _hint(state: State, lang: str) -> str:
    who = [ROLES[role].zh if lang == "zh" else ROLES[role].en for role in state.waits_for]
    if not who:
        return _label(state, lang)
    return f"{state.zh}（等待：{'、'.join(who)}）" if lang == "zh" else f"{state.en} (waits for: {', '.join(who)})"


def stepper_svg(process: Process[Any], *, current: str, path: Sequence[str] = (), lang: str = "zh") -> str:
    """The stages of the main path (入驻 孵化 评估 出壳) in one short line, those reached lit, the present one strongly.

    A case that ended aside of the main path (refused, withdrawn, expelled) keeps the stages it reached, and none is
    marked as present. `path` as in `svg`. Refuses (KeyError) a state the process does not have.
    """
    names = stages(process)
    state, width = process.state(current), 100 * len(names)
    seen = {process.state(name).stage for name in (*path, current)} & set(names)
    here = names.index(state.stage) if state.stage in names else -1
    reached = max([here, *(names.index(name) for name in seen)])
    label = _label(state, lang)
    title = f"{process.zh}：{label}" if lang == "zh" else f"{process.en}: {label}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="stepper" role="img" viewBox="0 0 {width} 68" width="{width}" '
        f'height="68" font-family="{escape(FONT)}" text-anchor="middle" lang="{"zh-CN" if lang == "zh" else "en"}">'
        f"<title>{escape(title)}</title>"
    )
    parts = [head]
    for number in range(1, len(names)):
        lit = number <= reached
        parts.append(
            f'<path class="step-line" d="M{number * 100 - 32} 24H{number * 100 + 32}" fill="none" '
            f'stroke="{LIT if lit else FAINT}" stroke-width="{3 if lit else 2}"/>'
        )
    for number, stage in enumerate(names):
        ended_here = number == here and (state.goal or state.final)
        done = number < reached or ended_here or (number == reached and here < 0)
        look = "current" if number == here and not ended_here else "done" if done else "ahead"
        parts.append(_step(number, stage if lang == "zh" else STAGES_EN.get(stage, stage), look=look))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _step(number: int, name: str, *, look: str) -> str:
    x = number * 100 + 50
    fill, border, ink = {
        "current": (STRONG, STRONG, PAPER),
        "done": (LIT_PAPER, LIT, LIT),
        "ahead": (PAPER, LINE, QUIET),
    }[look]
    mark = (
        f'<path d="M{x - 5.5} 24.5l4 4 7.5 -8.5" fill="none" stroke="{LIT}" stroke-width="2.2"/>'
        if look == "done"
        else f'<text x="{x}" y="29" font-size="14" font-weight="600" fill="{ink}">{number + 1}</text>'
    )
    halo, weight = "", "400"
    if look == "current":
        weight = "700"
        halo = f'<circle cx="{x}" cy="24" r="19" fill="none" stroke="{LIT}" stroke-opacity="0.4" stroke-width="2"/>'
    return (
        f'<g class="step step-{look}">{halo}<circle cx="{x}" cy="24" r="14" fill="{fill}" stroke="{border}" '
        f'stroke-width="1.8"/>{mark}<text x="{x}" y="60" font-size="14" font-weight="{weight}" '
        f'fill="{INK if look != "ahead" else QUIET}">{escape(name)}</text></g>'
    )
