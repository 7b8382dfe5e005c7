"""What any page of ours is filled with: the filters and drawings, in a sandbox of the given class."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from jinja2 import BaseLoader, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from documents import format as printed
from documents.qr import qr_path
from documents.titles import title_lines

HERE = Path(__file__).resolve().parent
UNSAFE_FILTERS = ("safe", "attr", "xmlattr")
"""These would let a value through unescaped or reach into objects; no page needs them."""

SandboxT = TypeVar("SandboxT", bound=ImmutableSandboxedEnvironment)


def made(sandbox: type[SandboxT], loader: BaseLoader | None = None) -> SandboxT:
    """A new environment of that class; a filled text is always escaped, an unknown name always an error."""
    environment = sandbox(
        loader=loader or FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.globals.clear()
    drawing: dict[str, Any] = {"qr_path": qr_path}
    environment.globals.update(drawing)
    for unsafe in UNSAFE_FILTERS:
        environment.filters.pop(unsafe)
    environment.filters.update(
        date=printed.chinese_date,
        date_ko=printed.korean_date,
        time=printed.chinese_time,
        ordinal=printed.chinese_ordinal,
        money=printed.money,
        capitals=printed.amount_in_capitals,
        money_capitals=printed.money_with_capitals,
        score=printed.score,
        mark=printed.mark,
        masked_name=printed.masked_name,
        masked_phone=printed.masked_phone,
        masked_account=printed.masked_account,
        title_lines=title_lines,
    )
    return environment
