"""Prints results: JSON for programs, aligned columns for people; sentences of refusals in the person's language."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

if TYPE_CHECKING:
    from services.errors import RowFault, ServiceError


def plain(value: Any) -> Any:
    """The value as JSON can hold it: records as objects, days and amounts as text, sets sorted."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(one) for one in value)
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (Decimal, Path)):
        return str(value)
    return value


def show_json(value: Any) -> None:
    """One JSON document on stdout."""
    print(json.dumps(plain(value), ensure_ascii=False, indent=2))


def show_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows under their headings, aligned by the width of the characters; only the headings when there is none."""
    cells = [[_text(value) for value in row] for row in [columns, *rows]]
    widths = [max(cell_len(row[place]) for row in cells) for place in range(len(columns))]
    for row in cells:
        padded = (text + " " * (width - cell_len(text)) for text, width in zip(row, widths, strict=True))
        print("  ".join(padded).rstrip())


def _text(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return str(plain(value))


def sentences(error: "ServiceError", lang: str) -> list[str]:
    """The catalogue's sentence for each reason code; the bare code where the catalogue has none."""
    from services.messages import sentence

    said = []
    for code in error.codes:
        try:
            said.append(sentence(code, lang, **error.facts))
        except KeyError:
            said.append(code)
    return said


def _told_row(fault: "RowFault", lang: str) -> dict[str, Any]:
    from services.messages import sentence

    return {"line": fault.line, "code": fault.code, "sentence": sentence(fault.code, lang, **fault.facts)}


def show_refusal(error: "ServiceError", *, lang: str, as_json: bool) -> None:
    """Why something was not done: sentences with their codes on stderr, and an object on stdout for programs.

    An error that carries the `faults` of a file's lines is told line by line.
    """
    said = sentences(error, lang)
    rows = [_told_row(one, lang) for one in error.facts.get("faults", ())]
    if as_json:
        answer = {"done": False, "kind": type(error).__name__, "codes": error.codes, "sentences": said}
        show_json(answer | {"rows": rows} if rows else answer)
    for code, text in zip(error.codes, said, strict=True):
        print(f"{text} [{code}]", file=sys.stderr)
    for one in rows:
        print(f"  {one['line']}: {one['sentence']} [{one['code']}]", file=sys.stderr)
    if not error.codes:
        print(str(error), file=sys.stderr)
