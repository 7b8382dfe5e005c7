"""Says which fields of a context are nowhere in the text of its paper, whatever form each is printed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pypdfium2

from documents import format as printed

_FOOT = re.compile(r"—\d+—|第\d+页共\d+页")


def text_of(pdf: bytes, head: Any) -> str:
    """The text of all pages without blanks and without the foot each page repeats (it stays once, at the end)."""
    foot = squeezed(f"验证码：{head.verify_code}扫码或登录下列网址核验本件真伪：{head.verify_url}")
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [squeezed(page.get_textpage().get_text_bounded()) for page in document]
    finally:
        document.close()
    body = "".join(_FOOT.sub("", page.replace(foot, "")) for page in pages)
    return body + (foot if any(foot in page for page in pages) else "")


def squeezed(text: str) -> str:
    """Without blanks and line ends, which extraction places as it likes."""
    return re.sub(r"[\s\u3000\ufffe\u00ad]+", "", text)


def unprinted_fields(context: Any, text: str, *, allowed: frozenset[str] = frozenset()) -> list[str]:
    """Paths of fields whose value is nowhere in `text`; fields of fixed choices print a label instead and are
    left out.
    """
    return [
        path
        for path, forms in printed_forms(context)
        if path not in allowed and not any(squeezed(form) in text for form in forms)
    ]


def printed_forms(value: Any, path: str = "", wanted: Any = None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each field with the forms it may be printed in."""
    if is_dataclass(value) and not isinstance(value, type):
        hints = get_type_hints(type(value))
        for field in fields(value):
            yield from printed_forms(getattr(value, field.name), f"{path}.{field.name}".lstrip("."), hints[field.name])
    elif isinstance(value, tuple):
        for item in value:
            yield from printed_forms(item, path, (get_args(wanted) or (None,))[0])
    elif value is None or value == "" or isinstance(value, bool) or get_origin(wanted) is Literal:
        return
    else:
        yield path, _forms(value, path)


def _forms(value: Any, path: str) -> tuple[str, ...]:
    if isinstance(value, datetime):
        return (printed.chinese_time(value), f"{value:%Y-%m-%d %H:%M}", printed.chinese_date(value))
    if isinstance(value, date):
        return (printed.chinese_date(value), value.isoformat())
    if isinstance(value, Decimal):
        return (printed.score(value), printed.mark(value))
    if isinstance(value, int):
        return (
            (printed.money(value),)
            if path.endswith("_fen")
            else (str(value), printed.chinese_ordinal(value) if 0 < value < 100 else str(value))
        )
    return (str(value),)
