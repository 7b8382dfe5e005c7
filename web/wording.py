"""Every word of the console in Chinese and English, and services' errors as sentences."""

import string
from collections.abc import Mapping
from functools import cache
from typing import Any

from services.errors import ServiceError
from services.messages import LANGUAGES, parsed_files, said

__all__ = ["LANGUAGES", "label", "said", "say", "sentences", "words"]


@cache
def words(lang: str) -> Mapping[str, str]:
    """Dotted key to text of one language."""
    return {
        f"{group}.{name}": text
        for parsed in parsed_files("web", "texts", lang)
        for group, entries in parsed.items()
        for name, text in entries.items()
    }


def say(key: str, lang: str, **facts: object) -> str:
    """The text of that key with the facts filled in; KeyError for an unknown key or a fact that is missing."""
    text = words(lang)[key]
    return _COUNTING.vformat(text, (), facts) if facts else text


class _Counting(string.Formatter):
    """`{days:day|days}` reads "1 day" and "2 days"; Chinese texts need no such place."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """The number with the word that goes with it."""
        one, bar, many = format_spec.partition("|")
        return f"{value} {one if value == 1 else many}" if bar else super().format_field(value, format_spec)


_COUNTING = _Counting()


def label(thing: object, lang: str) -> str:
    """The label of anything of a process that has `zh` and `en`."""
    return str(getattr(thing, "zh" if lang == "zh" else "en"))


def sentences(error: ServiceError, lang: str) -> tuple[str, ...]:
    """Why the services said no, one sentence per reason; what has no code of its own is said to be not found."""
    return tuple(said(code, lang, **error.facts) for code in error.codes or ("access.not_found",))
