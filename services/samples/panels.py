"""Writes the rounds of an invented case: panel, score sheets and result, or sheets still open."""

import random
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from services.assessments import form_files
from services.assessments.commitments import Sheet, committed
from services.assessments.concluding import marks_of, plain
from services.assessments.form_files import Form
from services.assessments.rules import PanelLimits, outcome, sheet_total
from services.rulesets.rules import Rules
from services.samples import routes
from services.samples.rows import Row
from services.samples.stories import Person, Step, Story, id_at

Rows = dict[str, list[Row]]


@cache
def _form(name: str) -> tuple[Form, dict[str, Any]]:
    form = form_files.load_form(name)
    return form, form_files.to_json(form)


def round_rows(story: Story, chance: random.Random, rules: Rules) -> Rows:
    """Rows of assessments, seats and score sheets; a round whose result led to a move is concluded."""
    found: Rows = {"assessments": [], "seats": [], "score_sheets": []}
    for place, step in enumerate(story.steps):
        form = routes.FORMS.get(step.move.code)
        if form is None:
            continue
        result = next((one for one in story.steps[place + 1 :] if one.move.code in routes.RESULTS), None)
        for name, rows in _round(story, step, form, result, chance, rules).items():
            found[name] += rows
    return found


def _round(story: Story, step: Step, form: str, result: Step | None, chance: random.Random, rules: Rules) -> Rows:
    opened = step.at + timedelta(seconds=30)
    identity = id_at(chance, opened)
    sheets = [_seated(one, part, identity, chance, step) for part, one in _parts(story)]
    row: Row = {
        "id": identity, "case_id": story.id, "form": form, "round": 1, "form_copy": _form(form)[1],
        "appointed_at": step.at - timedelta(minutes=2), "opened_at": opened, "concluded_at": None, "outcome": None,
        "mean_hundredths": None, "arbitration_open": False,
    }  # fmt: skip
    locked: list[Row] = []
    if result is not None:
        low, high = routes.RESULTS[result.move.code]
        aimed = chance.uniform(low, high)
        locked = [_sheet(identity, seat, form, aimed, chance, result) for seat in sheets]
        row |= _concluded(locked, form, result, rules)
    return {"assessments": [row], "seats": sheets, "score_sheets": locked}


def _parts(story: Story) -> Iterator[tuple[str, Person]]:
    for place, person in enumerate(story.panel):
        yield "member" if place else "lead", person


def _seated(person: Person, part: str, identity: str, chance: random.Random, step: Step) -> Row:
    return {
        "id": id_at(chance, step.at), "assessment_id": identity, "person_id": person.id, "part": part,
        "interest": "none", "interest_note": "", "declared_at": step.at - timedelta(minutes=1),
    }  # fmt: skip


def _sheet(identity: str, seat: Row, form: str, aimed: float, chance: random.Random, result: Step) -> Row:
    items = {
        one.id: Decimal(round(float(one.maximum) * min(1.0, (aimed + chance.uniform(-2, 2)) / 100) * 2)) / 2
        for one in _form(form)[0].criteria
    }
    at = result.at - timedelta(minutes=5)
    given, total = {key: format(value, "f") for key, value in items.items()}, int(sheet_total(items) * 100)
    content = Sheet(identity, seat["id"], given, {"total": "综合评议"}, (), total)
    return {
        "id": id_at(chance, at), "assessment_id": identity, "seat_id": seat["id"], "items": given,
        "comments": {"total": "综合评议"}, "veto": [], "total_hundredths": total, "saved_at": at, "locked_at": at,
        "commitment": committed(content, f"{chance.getrandbits(64):016x}"),
    }  # fmt: skip


def _concluded(sheets: list[Row], form: str, result: Step, rules: Rules) -> Row:
    totals = [Decimal(one["total_hundredths"]) / 100 for one in sheets]
    found = outcome(
        totals, marks=marks_of(form, rules), limits=PanelLimits(drop_extremes_from=rules.number("panel.size"))
    )
    return {
        "concluded_at": result.at - timedelta(minutes=4), "outcome": plain(asdict(found)),
        "mean_hundredths": int(found.mean * 100),
    }  # fmt: skip
