"""What a form shows before anybody typed: rows of its lists, and what the case already knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.assessments.form_files import Criterion, load_form
from services.cases.queries import CasePage, TimelineLine
from statemachines.registry import process_of
from statemachines.table import Field
from web.forms.posted import Posted

EMPTY_ROWS = 3


@dataclass(frozen=True, slots=True)
class Input:
    """One field as it is drawn: its name in the form, the text in it, a hint beside it, whether the page filled it."""

    field: Field
    name: str
    value: str
    hint: str = ""
    given: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One top-level field: a single input, or the rows of a list."""

    field: Field
    single: Input | None
    rows: tuple[tuple[Input, ...], ...] = ()


def draw(form: Sequence[Field], *, known: Mapping[str, Any], posted: Posted | None, lang: str) -> tuple[Part, ...]:
    """The form with what was posted before a refusal, else with what is already known about the case."""
    parts = []
    for field in form:
        if field.kind == "list":
            parts.append(Part(field, None, _rows(field, known.get(field.name, ()), posted, lang)))
        else:
            value = posted.text(field.name) if posted else str(known.get(field.name, ""))
            parts.append(Part(field, Input(field, field.name, value)))
    return tuple(parts)


def _rows(
    field: Field, known: Sequence[Mapping[str, str]], posted: Posted | None, lang: str
) -> tuple[tuple[Input, ...], ...]:
    count = len(known) or EMPTY_ROWS
    if posted is not None:
        while count < 100 and any(posted.text(f"{field.name}.{count}.{column.name}") for column in field.columns):
            count += 1
    rows = []
    for number in range(count):
        row = known[number] if number < len(known) else {}
        rows.append(tuple(_input(field, column, number, row, posted, lang) for column in field.columns))
    return tuple(rows)


def _input(field: Field, column: Field, number: int, row: Mapping[str, str], posted: Posted | None, lang: str) -> Input:
    name = f"{field.name}.{number}.{column.name}"
    value = posted.text(name) if posted else row.get(column.name, "")
    hint = row.get(f"{column.name}_hint_{lang}", "")
    return Input(column, name, value, hint, given=column.name in row)


def known_of(page: CasePage, trigger: str) -> dict[str, Any]:
    """What is known already that belongs into this form: gates, areas of need, the items asked for, the findings."""
    if trigger == "record_gates":
        gates = load_form("graduation").gates
        rows = [{"gate": one.id, "gate_hint_zh": one.label_zh, "gate_hint_en": one.label_en} for one in gates]
        return {"gates": rows}
    if trigger == "record_plan":
        return {"needs": [_area(one) for one in load_form("needs").criteria]}
    if trigger in ("resubmit", "resubmit_assisted", "resubmit_graduation", "resubmit_star"):
        items = _last(page, ("request_correction", "request_graduation_correction", "request_star_correction")).get(
            "items", []
        )
        hints = [f"{one.get('field', '')}：{one.get('how_to_fix', '')}" for one in items]
        return {"answers": [{"answer_hint_zh": hint, "answer_hint_en": hint} for hint in hints]}
    if trigger == "report_recheck":
        findings = _last(page, ("order_rectification",)).get("findings", [])
        return {"rechecks": [{"finding": one.get("fact", "")} for one in findings]}
    return {}


def _area(one: Criterion) -> dict[str, str]:
    hint = f"{one.label_en}: {one.guidance_en}"
    return {"area": one.label_zh, "area_hint_zh": one.guidance_zh, "area_hint_en": hint}


def trigger_of(page: CasePage, line: TimelineLine) -> str:
    """The trigger behind a line of the timeline."""
    process = process_of(page.line.kind, page.edition)
    return next((move.trigger for move in process.moves if move.code == line.row), "")


def _last(page: CasePage, triggers: tuple[str, ...]) -> dict[str, Any]:
    lines = [line for line in page.timeline if trigger_of(page, line) in triggers]
    return lines[-1].details if lines else {}
