"""Context to HTML and style sheets, with Jinja2 in a sandbox; knows nothing of PDF."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from documents import format as printed
from documents.qr import qr_path
from documents.registry import kind_of

_HERE = Path(__file__).resolve().parent
_FAMILY_SHEETS = {"A": "letter", "B": "letter", "C": "form", "D": "certificate"}
LARGEST_HTML = 2_000_000


class PageTooLarge(ValueError):
    """The filled page is longer than any office document; the context is refused."""


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.clear()
    drawing: dict[str, Any] = {"qr_path": qr_path}
    environment.globals.update(drawing)
    # These would let a value through unescaped or reach into objects; no page needs them.
    for unsafe in ("safe", "attr", "xmlattr"):
        environment.filters.pop(unsafe)
    environment.filters.update(
        date=printed.chinese_date,
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
    )
    return environment


def to_html(kind_name: str, context: Any, *, receipt: str = "") -> str:
    """The page of one document, complete but for its style sheets (see `stylesheets`). `receipt` stands behind the
    address in the QR code (documents.receipt.make).

    Refuses an unknown kind (KeyError), a context of another kind (TypeError), a page that names a field the
    context lacks
    (jinja2.UndefinedError) and a filled page over 2 MB (PageTooLarge).
    """
    kind = kind_of(kind_name)
    if not isinstance(context, kind.context):
        raise TypeError(f"{kind_name} needs a {kind.context.__name__}, not a {type(context).__name__}")
    template = _environment().get_template(f"kinds/{kind_name}/page.html")
    html = template.render(document=context, head=context.head, kind=kind, receipt=receipt)
    if len(html) > LARGEST_HTML:
        raise PageTooLarge(
            f"{kind_name}: the filled page has {len(html)} characters, at most {LARGEST_HTML} are allowed"
        )
    return html


@cache
def stylesheets(kind_name: str) -> tuple[str, ...]:
    """CSS texts of a kind in cascade order: base, layout family, the kind's own."""
    kind = kind_of(kind_name)
    paths = (
        _HERE / "parts" / "base.css",
        _HERE / "parts" / f"{_FAMILY_SHEETS[kind.family]}.css",
        _HERE / "kinds" / kind_name / "page.css",
    )
    return tuple(path.read_text(encoding="utf-8") for path in paths)
