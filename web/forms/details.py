"""Reads what a person said with a move out of a posted form: `reason`, and lists as `items.0.problem`."""

from collections.abc import Sequence
from typing import Any

from statemachines.table import Field
from web.forms.posted import Posted

MOST_ROWS = 100


def read_details(form: Sequence[Field], posted: Posted) -> dict[str, Any]:
    """The declared fields only, as the services take them; an unticked box says no, an empty row is not there.

    Whatever else was posted is left aside: it could never be stored.
    """
    details: dict[str, Any] = {}
    for field in form:
        if field.kind == "list":
            details[field.name] = _rows(field, posted)
        elif field.kind == "yes" and field.required:
            details[field.name] = posted.text(field.name, "no") or "no"
        elif value := _value(field, posted.text(field.name)):
            details[field.name] = value
    return details


def _rows(field: Field, posted: Posted) -> list[dict[str, Any]]:
    rows = []
    for number in range(MOST_ROWS):
        row = {
            column.name: value
            for column in field.columns
            if (value := _value(column, posted.text(f"{field.name}.{number}.{column.name}")))
        }
        # What the page itself filled in (a number of a gate) does not make a row that somebody wrote.
        if row and row.keys() != {name for name in row if f"{field.name}.{number}.{name}.given" in posted.values}:
            rows.append(row)
    return rows


_FULL_WIDTH = {ord(full): half for full, half in zip("０１２３４５６７８９．，－", "0123456789.,-", strict=True)}


def _value(field: Field, text: str) -> str:
    """Numbers typed with a Chinese input method come in full width; they are the same numbers."""
    return text.translate(_FULL_WIDTH) if field.kind in ("integer", "amount", "score", "date") else text
