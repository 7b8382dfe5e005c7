"""The words a page of an edition may use: our layouts and macros, filters, tests, methods, fields of its kind."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from functools import cache
from types import FunctionType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from documents.editions.source import shipped
from documents.environment import HERE
from documents.kind import Kind

FILTERS = frozenset({
    "abs", "batch", "capitals", "count", "date", "default", "first", "float", "format", "int", "join", "last", "length",
    "list", "lower", "map", "mark", "masked_account", "masked_name", "masked_phone", "max", "min", "money",
    "money_capitals", "ordinal", "rejectattr", "replace", "reverse", "round", "score", "selectattr", "sort", "string",
    "sum", "time", "title_lines", "trim", "unique", "upper",
})  # fmt: skip
TESTS = frozenset({"defined", "divisibleby", "even", "none", "number", "odd", "string"})
COMPARISONS = frozenset({"eq", "equalto", "ge", "gt", "le", "lt", "ne"})
METHODS = frozenset({"endswith", "get", "lstrip", "rstrip", "splitlines", "startswith", "strip"})
LOOP = frozenset({"first", "index", "index0", "last", "length", "revindex", "revindex0"})
OF_KIND = frozenset({"code", "family", "name", "title_en", "title_zh"})
BLOCKS = frozenset({"after", "body", "opening", "signature"})
OURS_ALONE = frozenset({"certificate_verification", "qr", "seal_place", "verification", "verification_code"})
"""Macros only our own layouts call, and the kinds shipped with them: what a paper is checked by stays in its place."""

_PART = re.compile(r"parts/[a-z_]+\.html")
_BLOCK = re.compile(r"\{%-?\s*block\s+([a-z_]+)")
_METHOD = re.compile(r"\bdocument\.([a-z][a-z_]*)\(")
_MACRO = re.compile(r"\{%-?\s*macro\s+([a-z_]+)\s*\(")


@cache
def macros_of(part: str) -> frozenset[str]:
    """The macros a part offers to pages; empty when there is no such part."""
    path = HERE / part
    if not _PART.fullmatch(part) or not path.is_file():
        return frozenset()
    return frozenset(_MACRO.findall(path.read_text(encoding="utf-8")))


@cache
def reserved_in(kind_name: str) -> frozenset[str]:
    """The macros an edition of that kind may not borrow, because the shipped page does not either."""
    page = shipped(kind_name).page
    return frozenset(name for name in OURS_ALONE if not re.search(rf"\bimport\b[^%]*\b{name}\b", page))


@cache
def blocks_of(kind_name: str) -> frozenset[str]:
    """The blocks an edition of that kind may fill."""
    return BLOCKS | frozenset(_BLOCK.findall(shipped(kind_name).page))


@cache
def computed_by(context: type[Any]) -> frozenset[str]:
    """What data of ours computes from its own fields: properties and methods that a class of documents says itself."""
    if not context.__module__.startswith("documents."):
        return frozenset()
    said = vars(context).items()
    return frozenset(
        name for name, what in said if not name.startswith("_") and isinstance(what, (property, FunctionType))
    )


@cache
def methods_of(kind_name: str) -> frozenset[str]:
    """The methods of its data that the shipped page of a kind calls, and an edition of it may."""
    return frozenset(_METHOD.findall(shipped(kind_name).page))


@cache
def fields_below(context: type[Any]) -> frozenset[str]:
    """Every field name of a context and of what it holds."""
    found: set[str] = set()
    waiting = [context]
    seen: set[Any] = set()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        found |= {field.name for field in fields(one)} | computed_by(one)
        for hint in get_type_hints(one).values():
            waiting += [inner for inner in _within(hint) if isinstance(inner, type) and is_dataclass(inner)]
    return frozenset(found)


def _within(hint: Any) -> list[Any]:
    return [hint, *(inner for argument in get_args(hint) for inner in _within(argument))]


def field_type(kind: Kind, path: tuple[str, ...]) -> Any:
    """The type of `document.a.b` as far as it can be told; None past a list. KeyError(name) for no such field."""
    here: Any = kind.context
    for name in path:
        if get_origin(here) in (Union, UnionType):
            here = next((one for one in get_args(here) if isinstance(one, type) and is_dataclass(one)), None)
        if not (isinstance(here, type) and is_dataclass(here)):
            return None
        hints = get_type_hints(here)
        if name in computed_by(here):
            return None
        if name not in hints:
            raise KeyError(name)
        here = hints[name]
    return here


def described(kind: Kind) -> tuple[tuple[str, str], ...]:
    """Everything a page of this kind can print, by the name it is called with, and what the sample holds there."""
    sample = kind.sample()
    return (
        *_described("head", sample.head),
        *(one for one in _described("document", sample) if "document.head" not in one[0]),
    )


def _described(path: str, value: Any) -> list[tuple[str, str]]:
    if is_dataclass(value) and not isinstance(value, type):
        named = [(field.name, getattr(value, field.name)) for field in fields(value)]
        return [one for name, inner in named for one in _described(f"{path}.{name}", inner)]
    if isinstance(value, tuple) and value and is_dataclass(value[0]):
        return [(path, f"× {len(value)}"), *_described(f"{path}[]", value[0])]
    if isinstance(value, tuple):
        return [(path, "、".join(map(str, value)))]
    return [(path, "—" if value is None else str(value))]
