"""Fills an administrator's page in a sandbox of its own, and looks at the filled page before anybody else does."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

from jinja2.runtime import Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from documents.editions import vocabulary
from documents.editions.markup import filled_findings
from documents.editions.page_rules import page_findings
from documents.editions.source import Finding, Source, SourceRefused
from documents.editions.style_rules import style_findings
from documents.environment import made
from documents.kind import Kind

LARGEST_FILLED = 2_000_000
LONGEST_VALUE = 100_000


class EditionSandbox(ImmutableSandboxedEnvironment):
    """Lets a page see fields of frozen data and call our macros; no other attribute and call exists for it."""

    intercepted_binops = frozenset({"*", "+", "%", "**"})

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002
        """Fields of data, the counters of a loop, a few methods of texts, tables and days."""
        if is_dataclass(obj) and not isinstance(obj, type):
            return attr in {field.name for field in fields(obj)} | vocabulary.computed_by(type(obj))
        if isinstance(obj, LoopContext):
            return attr in vocabulary.LOOP
        if isinstance(obj, (str, dict)):
            return attr in vocabulary.METHODS and hasattr(type(obj), attr)
        return isinstance(obj, date) and attr == "isoformat"

    def is_safe_callable(self, obj: Any) -> bool:
        """Macros, our drawings, and what `is_safe_attribute` let through."""
        if isinstance(obj, Macro) or obj in self.globals.values():
            return True
        owner = getattr(obj, "__self__", None)
        if is_dataclass(owner) and not isinstance(owner, type):
            return getattr(obj, "__name__", "") in vocabulary.computed_by(type(owner))
        return isinstance(owner, (str, dict, date)) and getattr(obj, "__name__", "") in {
            *vocabulary.METHODS,
            "isoformat",
        }

    def getitem(self, obj: Any, argument: Any) -> Any:
        """An entry of a table, list or text, or a field of data; never any other attribute by this way."""
        if is_dataclass(obj) and isinstance(argument, str) and self.is_safe_attribute(obj, argument, None):
            return getattr(obj, argument)
        if isinstance(obj, (dict, list, tuple, str)):
            try:
                return obj[argument]
            except (LookupError, TypeError):
                pass
        return self.undefined(obj=obj, name=argument)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Sums and products of numbers; texts only as long as a page can hold. OverflowError for more."""
        if operator in ("**", "%") and not (isinstance(left, int) and isinstance(right, int) and operator == "%"):
            raise OverflowError(f"operator {operator} is not for pages")
        if operator == "*" and (
            (isinstance(left, (str, list, tuple)) and len(left) * int(right) > LONGEST_VALUE)
            or (isinstance(right, (str, list, tuple)) and len(right) * int(left) > LONGEST_VALUE)
        ):
            raise OverflowError("a text is repeated too often")
        made_of = super().call_binop(context, operator, left, right)
        if isinstance(made_of, (str, list, tuple)) and len(made_of) > LONGEST_VALUE:
            raise OverflowError("a text is too long")
        return made_of


@cache
def _environment() -> EditionSandbox:
    environment = made(EditionSandbox)
    environment.filters = {name: run for name, run in environment.filters.items() if name in vocabulary.FILTERS}
    tests = environment.tests.items()
    environment.tests = {name: run for name, run in tests if name in vocabulary.TESTS | vocabulary.COMPARISONS}
    return environment


def inspect(kind: Kind, source: Source) -> tuple[Finding, ...]:
    """Everything an edition of that kind holds and none may hold, the page's lines first; nothing is run."""
    return (*page_findings(kind, source.page), *style_findings(source.style, kind.name))


def filled(kind: Kind, context: Any, source: Source, *, receipt: str = "") -> str:
    """The page of `source` filled with a context. SourceRefused for what it may not hold, before or after filling.

    A page can still ask for much time and memory: only a process that limits itself may call this.
    """
    if found := inspect(kind, source):
        raise SourceRefused(found)
    template = _environment().from_string(source.page)
    pieces: list[str] = []
    size = 0
    for piece in template.generate(document=context, head=context.head, kind=kind, receipt=receipt):
        size += len(piece)
        if size > LARGEST_FILLED:
            raise SourceRefused((Finding(1, "filled_too_long", {"most": LARGEST_FILLED}),))
        pieces.append(piece)
    html = "".join(pieces)
    if strange := filled_findings(html):
        words = {"word": str(strange[0].facts.get("word", ""))}
        raise SourceRefused((Finding(1, "filled_markup", words),))
    return html
