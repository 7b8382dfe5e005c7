"""What every document says about itself, and how a context becomes JSON and comes back unchanged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class Head:
    """The block every document carries: who issues what to whom, when, and how it is verified.

    number: the full printed number, 青河孵入〔2026〕7号. verify_code: 16 Crockford base32 characters in groups of four,
    7K3M-Q9TV-2XHD-84PW. seal: "none" leaves the place for a real seal open; "sample" draws a red 样章. language:
    "zh-ko" prints Chinese and Korean where the kind has both, Chinese alone elsewhere; issuer_name_ko: the issuer's
    Korean name, may be empty.
    """

    issuer_name: str
    document_title: str
    number: str
    addressee: str
    case_number: str
    organization_name: str
    issued_on: date
    contact: str
    phone: str
    verify_code: str
    verify_url: str
    seal: Literal["none", "sample"] = "none"
    language: Literal["zh", "zh-ko"] = field(default="zh", metadata={"later": True})
    issuer_name_ko: str = field(default="", metadata={"later": True})


@dataclass(frozen=True, kw_only=True)
class Basis:
    """One rule a decision rests on: 《title》（number）article."""

    title: str
    number: str
    article: str


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """Where and until when an addressee may object.

    kind: "internal" is 复核 by `body`; "statutory" is 行政复议 to `body` within `period`, or a suit at `court`
    within `court_period`.
    Periods are printed words (10个工作日, 60日, 6个月).
    """

    kind: Literal["internal", "statutory"]
    body: str
    period: str
    court: str = ""
    court_period: str = ""


class ContextInvalid(ValueError):
    """Stored data does not fit the context of its kind; says which field."""


def to_json(context: Any) -> dict[str, Any]:
    """A context as plain JSON values: dates in ISO form, Decimal as text, tuples as lists, integers (fen) as
    they are.
    """
    plain = _plain(context)
    if not isinstance(plain, dict):
        raise ContextInvalid(f"not a context: {type(context).__name__}")
    return plain


def canonical_json(context: Any) -> bytes:
    """The one byte form of a context: UTF-8, sorted keys, no spaces. The same context always gives the same bytes."""
    return json.dumps(to_json(context), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def from_json(kind: Kind, data: Mapping[str, Any]) -> Any:
    """The context of `kind` that `to_json` turned into `data`: an exact round trip.

    Refuses (ContextInvalid, naming the field) unknown keys, missing keys without a default, and values of another type.
    """
    return _read(kind.context, data, kind.name)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value) if not _left_out(value, one)}
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (str, int)):
        return value
    raise ContextInvalid(f"{type(value).__name__} has no place in a context")


def _left_out(value: Any, one: Field[Any]) -> bool:
    """A field that came later stays out of the JSON while it says nothing: older contexts keep their bytes."""
    return bool(one.metadata.get("later")) and getattr(value, one.name) == one.default


def _read(wanted: Any, value: Any, path: str) -> Any:
    if is_dataclass(wanted) and isinstance(wanted, type):
        return _read_dataclass(wanted, value, path)
    origin = get_origin(wanted)
    if origin is Literal:
        if value not in get_args(wanted):
            raise ContextInvalid(f"{path}: {value!r} is none of {get_args(wanted)}")
        return value
    if origin in (UnionType, Union):
        inner = [option for option in get_args(wanted) if option is not NoneType]
        return None if value is None else _read(inner[0], value, path)
    if origin is tuple:
        if not isinstance(value, list):
            raise ContextInvalid(f"{path}: a list is needed")
        return tuple(_read(get_args(wanted)[0], item, f"{path}.{position}") for position, item in enumerate(value))
    return _read_scalar(wanted, value, path)


def _read_dataclass(wanted: type[Any], value: Any, path: str) -> Any:
    if not isinstance(value, Mapping):
        raise ContextInvalid(f"{path}: an object is needed")
    hints = get_type_hints(wanted)
    unknown = set(value) - set(hints)
    if unknown:
        raise ContextInvalid(f"{path}: unknown fields {sorted(unknown)}")
    given = {name: _read(hints[name], value[name], f"{path}.{name}") for name in hints if name in value}
    try:
        return wanted(**given)
    except TypeError as failure:
        raise ContextInvalid(f"{path}: {failure}") from failure


def _read_scalar(wanted: Any, value: Any, path: str) -> Any:
    readers: dict[Any, Any] = {date: date.fromisoformat, datetime: datetime.fromisoformat, Decimal: Decimal}
    if wanted in readers:
        if not isinstance(value, str):
            raise ContextInvalid(f"{path}: {wanted.__name__} is stored as text, not {value!r}")
        try:
            return readers[wanted](value)
        except (ValueError, ArithmeticError) as failure:
            raise ContextInvalid(f"{path}: {value!r} is no {wanted.__name__}") from failure
    # bool is an int to Python but never an amount to us.
    if type(value) is not wanted:
        raise ContextInvalid(f"{path}: {wanted.__name__} is needed, not {value!r}")
    return value
