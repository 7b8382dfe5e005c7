"""Context to HTML and style sheets, with Jinja2 in a sandbox; knows nothing of PDF."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment

from documents.editions.filling import filled
from documents.editions.source import Source
from documents.environment import HERE, made
from documents.kind import Kind
from documents.registry import kind_of

_FAMILY_SHEETS = {"A": ("letter", "official"), "B": ("letter", "centre_letter"), "C": ("form",), "D": ("certificate",)}
_SERIAL = re.compile(r"(?<=〕)(\d+号)(?=[^<>]*<)")
LARGEST_HTML = 2_000_000


class PageTooLarge(ValueError):
    """The filled page is longer than any office document; the context is refused."""


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return made(ImmutableSandboxedEnvironment)


def to_html(kind_name: str, context: Any, source: Source | None = None, *, receipt: str = "") -> str:
    """The page of one document, complete but for its style sheets (see `sheets_of`). `receipt` stands behind the
    address in the QR code (documents.receipt.make).

    With `source` an administrator's page is filled instead of the shipped one; only a process that limits itself may
    do that. Refuses an unknown kind (KeyError), a context of another kind (TypeError), a page that names a field the
    context lacks (jinja2.UndefinedError), a filled page over 2 MB (PageTooLarge), and a source that holds what none
    may hold (documents.editions.source.SourceRefused).
    """
    kind = kind_of(kind_name)
    if not isinstance(context, kind.context):
        raise TypeError(f"{kind_name} needs a {kind.context.__name__}, not a {type(context).__name__}")
    if source is not None:
        return _set(kind, filled(kind, context, source, receipt=receipt))
    template = _environment().get_template(f"kinds/{kind_name}/{_page_of(kind_name, context.head.language)}")
    html = template.render(document=context, head=context.head, kind=kind, receipt=receipt)
    if len(html) > LARGEST_HTML:
        raise PageTooLarge(
            f"{kind_name}: the filled page has {len(html)} characters, at most {LARGEST_HTML} are allowed"
        )
    return _set(kind, html)


def _set(kind: Kind, html: str) -> str:
    """The page with every 〔2026〕12号 in its text whole behind its year, so that no line begins with a lone 号.

    Certificates name no number inside a sentence, and are set without this when they are stamped.
    """
    if kind.family == "D":
        return html
    head, body, text = html.partition("<body")
    return head + body + _SERIAL.sub(r'<span class="nowrap">\1</span>', text)


@cache
def _page_of(kind_name: str, language: str) -> str:
    """The page of the kind in that edition of the language; the Chinese one where it has no other."""
    edition = f"page.{language}.html"
    return edition if (HERE / "kinds" / kind_name / edition).is_file() else "page.html"


@cache
def stylesheets(kind_name: str) -> tuple[str, ...]:
    """CSS texts of a kind in cascade order: base, layout family, the kind's own."""
    kind = kind_of(kind_name)
    paths = (
        HERE / "parts" / "base.css",
        *(HERE / "parts" / f"{sheet}.css" for sheet in _FAMILY_SHEETS[kind.family]),
        HERE / "kinds" / kind_name / "page.css",
    )
    return tuple(path.read_text(encoding="utf-8") for path in paths)


def sheets_of(kind_name: str, source: Source | None) -> tuple[str, ...]:
    """The style sheets a paper is drawn with: those of the kind, the last one taken from `source` when there is one."""
    sheets = stylesheets(kind_name)
    return sheets if source is None else (*sheets[:-1], source.style)
