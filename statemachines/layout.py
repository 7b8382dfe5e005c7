"""Where each state of a process stands in a drawing: the main path straight from left to right, the rest around it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from statemachines.table import Process, State

COLUMN, ROW = 94, 86
LEFT, TOP = 10, 112
SIDE_ROWS = 2

STAGES_EN = {
    "验收": "Acceptance",
    "核查": "Finding",
    "告知": "Notice",
    "决定": "Decision",
    "归还": "Repayment",
    "入驻": "Enter",
    "孵化": "Incubate",
    "评估": "Assess",
    "出壳": "Graduate",
    "退出": "Left",
    "无": "Not entered",
    "申请": "Apply",
    "评审": "Assess",
    "协议": "Agree",
    "申报": "Application",
    "评定": "Rating",
    "公示": "Publicity",
    "有效": "In force",
    "执行": "Carry out",
    "完结": "Closed",
    "计划": "Plan",
    "审核": "Check",
    "支付": "Pay",
    "暂缓": "Held",
    "复核": "Review",
    "对接": "Match",
    "交付": "Deliver",
    "反馈": "Report",
    "需求": "Need",
    "采购": "Buy",
    "合同": "Contract",
    "履约": "Perform",
    "在册": "Listed",
}


@dataclass(frozen=True, slots=True)
class Band:
    """The columns of one stage, in pixels from the left."""

    stage: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The finished plan: centre of each state's box, the stage bands, the main path, the row of the ends, the size."""

    centres: dict[str, tuple[float, float]]
    rows: dict[str, int]
    bands: tuple[Band, ...]
    main: tuple[str, ...]
    width: float
    height: float


def main_path(process: Process[Any]) -> tuple[str, ...]:
    """The straight way through: the shortest path to the goal that only goes forward in the order of the table.

    A process without a goal leads to the final state that is farthest away, for the others are ways of breaking off.
    """
    order = {state.name: place for place, state in enumerate(process.states)}
    paths: dict[str, tuple[str, ...]] = {process.initial: (process.initial,)}
    waiting = [process.initial]
    while waiting:
        here = waiting.pop(0)
        for move in process.exits(here):
            ahead = order[move.dest] > order[here] and move.trigger not in process.by_review
            if ahead and move.dest not in paths:
                paths[move.dest] = (*paths[here], move.dest)
                waiting.append(move.dest)
    goals = [state.name for state in process.states if state.goal and state.name in paths]
    finals = [state.name for state in process.states if state.final and state.name in paths]
    return max((paths[name] for name in goals or finals or paths), key=len)


def stages(process: Process[Any]) -> tuple[str, ...]:
    """The stages the main path goes through, in order."""
    return tuple(dict.fromkeys(process.state(name).stage for name in main_path(process)))


@lru_cache(maxsize=32)
def layout(process: Process[Any]) -> Layout:
    """The plan of one process; the same process always gives the same plan."""
    main = main_path(process)
    columns, bands, total = _columns(process, main)
    rows = dict.fromkeys(main, 0)
    taken = {(0, column) for column in columns.values()}
    sides = [state for state in process.states if state.name not in main and not state.final]
    for state in sides:
        low, high = next(
            ((band.x, band.x + band.width) for band in bands if band.stage == state.stage), (0.0, float(total))
        )
        wish = _wish(process, state, columns, inside=(low, high - 1))
        cells = [(row, low + step) for row in range(1, SIDE_ROWS + 3) for step in range(int(high - low))]
        row, column = min(
            (one for one in cells if one not in taken), key=lambda one: (abs(one[1] - wish) + one[0], one)
        )
        taken.add((row, column))
        rows[state.name], columns[state.name] = row, column
    _place_ends(process, columns, rows, total)
    return Layout(
        centres={name: (LEFT + (columns[name] + 0.5) * COLUMN, TOP + rows[name] * ROW) for name in columns},
        rows=rows,
        bands=tuple(Band(band.stage, LEFT + band.x * COLUMN, band.width * COLUMN) for band in bands),
        main=main,
        width=2 * LEFT + total * COLUMN,
        height=TOP + max(rows.values()) * ROW + 44,
    )


def _columns(process: Process[Any], main: tuple[str, ...]) -> tuple[dict[str, float], list[Band], int]:
    """Columns of the main states and the band of each stage, as wide as its main or its side states need."""
    columns: dict[str, float] = {}
    bands: list[Band] = []
    start = 0
    for stage in stages(process):
        own = [name for name in main if process.state(name).stage == stage]
        sides = [one for one in process.states if one.stage == stage and one.name not in main and not one.final]
        width = max(len(own), -(-len(sides) // SIDE_ROWS))
        for place, name in enumerate(own):
            columns[name] = start + place + (width - len(own)) / 2
        bands.append(Band(stage, start, width))
        start += width
    return columns, bands, start


def _wish(process: Process[Any], state: State, columns: dict[str, float], *, inside: tuple[float, float]) -> float:
    """The column a state would like best: between those it is reached from, kept within its stage."""
    near = [
        columns[source]
        for source, dest, move in process.edges()
        if dest == state.name and source in columns and move.trigger not in process.by_review
    ]
    middle = sum(near) / len(near) if near else inside[0]
    return min(max(middle, inside[0]), inside[1])


def _place_ends(process: Process[Any], columns: dict[str, float], rows: dict[str, int], total: int) -> None:
    """Set the final states in a row at the bottom, each under those it is reached from; a full row begins another."""
    ends = [state for state in process.states if state.final and state.name not in rows]
    row = max(rows.values()) + 1
    wishes = {one.name: _wish(process, one, columns, inside=(0, total - 1)) for one in ends}
    places = [column / 2 for column in range(2 * total - 1)]
    free = list(places)
    for name in sorted(wishes, key=lambda one: wishes[one]):
        if not free:
            row, free = row + 1, list(places)
        column = min(free, key=lambda one: (abs(one - wishes[name]), one))
        free = [one for one in free if abs(one - column) >= 1.1]
        columns[name], rows[name] = column, row
