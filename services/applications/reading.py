"""What was written in a field of the form, as people read it."""

from typing import Any

from documents.format import money
from statemachines.table import Field


def text_of(field: Field, value: Any, lang: str) -> str:
    """The value in words of that language; empty for nothing. A list is read column by column."""
    if value in (None, ""):
        return ""
    if field.kind == "yes":
        return ("是" if value else "否") if lang == "zh" else ("Yes" if value else "No")
    if field.kind == "amount":
        return money(int(value))
    if field.kind == "choice":
        return next((zh if lang == "zh" else en for key, zh, en in field.choices if key == value), str(value))
    return str(value)


def cells_of(field: Field, rows: Any, lang: str) -> list[tuple[str, ...]]:
    """The rows of a list in words; a dash for what was left empty."""
    return [tuple(text_of(column, row.get(column.name), lang) or "—" for column in field.columns) for row in rows]
