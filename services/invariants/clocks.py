"""Clocks against states: what the state asks for runs, nothing else does, and the case shows the nearest due day."""

from typing import Any

from services.invariants.batches import Batch
from services.invariants.findings import Report
from statemachines.registry import process_of


def check_clocks(batch: Batch, report: Report) -> None:
    """A running clock has a due day and belongs to the present state; a final state has none."""
    for case in batch.cases:
        state = process_of(case.kind, case.edition).state(case.state)
        running = [clock for clock in batch.clocks.get(case.id, []) if clock.standing == "running"]
        keys = {clock.key for clock in running}
        for clock in running:
            if clock.due_on is None:
                report.add("clocks", f"{case.number}: {clock.key} runs without a due day")
            if state.final or clock.key not in {limit.key for limit in state.limits}:
                report.add("clocks", f"{case.number}: {clock.key} runs in {case.state}")
        if case.version:
            for limit in state.limits:
                if not limit.dated and limit.key not in keys:
                    report.add("clocks", f"{case.number}: {limit.key} does not run in {case.state}")
        if (case.due_on, case.timer_on) != (_earliest(running), _earliest([one for one in running if one.fires])):
            report.add(
                "clocks",
                f"{case.number} shows due day {case.due_on} and timer day {case.timer_on}, its clocks say otherwise",
            )


def _earliest(clocks: list[Any]) -> Any:
    return min((clock.due_on for clock in clocks if clock.due_on is not None), default=None)
