"""Every sentence people read, in Chinese and English: why something was refused, and what is sent out."""

import re
import string
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from documents.format import chinese_date

LANGUAGES = ("zh", "en")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
UNKNOWN = "—"
"""What stands where a sentence has a place for a fact that was not given."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language: sentence by reason code, and (title, body) by name of notice."""

    sentences: dict[str, str]
    notices: dict[str, tuple[str, str]]


@cache
def catalogue(lang: str) -> Catalogue:
    """The catalogue of a language, read once; KeyError for a language that is not in `LANGUAGES`."""
    if lang not in LANGUAGES:
        raise KeyError(f"no message catalogue for language {lang!r}")
    sentences: dict[str, str] = {}
    notices: dict[str, tuple[str, str]] = {}
    for parsed in parsed_files("services.messages", lang):
        for noun, group in parsed.get("reason", {}).items():
            sentences |= {f"{noun}.{code}": said for code, said in group.items()}
        notices |= {name: (entry["title"], entry["body"]) for name, entry in parsed.get("notice", {}).items()}
    return Catalogue(sentences, notices)


def parsed_files(package: str, *folders: str) -> Iterator[dict[str, Any]]:
    """Every TOML file of a folder of that package, read, in the order of their names."""
    for file in sorted(files(package).joinpath(*folders).iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            yield tomllib.loads(file.read_text(encoding="utf-8"))


def sentence(code: str, lang: str, **facts: object) -> str:
    """The full sentence for a reason code, with the facts filled in; a fact not given, or None, reads "—".

    A fact that is itself a word may be given in English too, as `<name>_en`; the English sentence takes that one.

    KeyError for a code or a language the catalogue does not know.
    """
    if lang == "en":
        facts |= {name.removesuffix("_en"): value for name, value in facts.items() if name.endswith("_en")}
    return _fill(catalogue(lang).sentences[code], facts, lang)


def said(code: str, lang: str, **facts: object) -> str:
    """The sentence of a reason code, lists among its facts with commas; a code without one (our own fault) is shown as
    it is, never hidden.
    """
    if code not in catalogue(lang).sentences:
        return code
    comma = "、" if lang == "zh" else ", "
    joined = {name: comma.join(map(str, one)) for name, one in facts.items() if isinstance(one, (list, tuple))}
    return sentence(code, lang, **{**facts, **joined})


def notice(name: str, lang: str, **facts: object) -> tuple[str, str]:
    """Title and body of the named notice, with the facts filled in; a fact not given, or None, reads "—".

    KeyError for a name or a language the catalogue does not know.
    """
    title, body = catalogue(lang).notices[name]
    return _fill(title, facts, lang), _fill(body, facts, lang)


def _said(value: object, lang: str) -> str:
    """A fact as a sentence says it: a day as people write it, nothing as a dash."""
    if value is None or value == "":
        return UNKNOWN
    day = _day_in(value) if isinstance(value, str) else value
    if isinstance(day, date) and not isinstance(day, datetime):
        return chinese_date(day) if lang == "zh" else f"{day.day} {day:%b} {day.year}"
    return str(value)


def _day_in(text: str) -> date | str:
    """The day a text writes as 2027-01-31; any other text, a day no calendar has among them, stays as it was typed."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else text
    except ValueError:
        return text


def _fill(text: str, facts: dict[str, object], lang: str) -> str:
    # Only plain names are replaced, and only once: a fact that itself holds braces is text, never a template.
    parts = []
    for literal, name, _, _ in string.Formatter().parse(text):
        parts.append(literal)
        if name:
            parts.append(_said(facts.get(name), lang))
    return "".join(parts)
