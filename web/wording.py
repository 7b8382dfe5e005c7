"""Every word of the console in Chinese and English, and services' errors as sentences."""

import string
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from services.errors import ServiceError
from services.messages import LANGUAGES, catalogue, sentence
from statemachines.registry import EDITIONS
from statemachines.table import Field

__all__ = ["LANGUAGES", "label", "said", "say", "sentences", "words"]


@cache
def words(lang: str) -> Mapping[str, str]:
    """Dotted key to text of one language."""
    parsed = tomllib.loads(files("web").joinpath("texts", f"{lang}.toml").read_text(encoding="utf-8"))
    return {f"{group}.{name}": text for group, entries in parsed.items() for name, text in entries.items()}


def say(key: str, lang: str, **facts: object) -> str:
    """The text of that key with the facts filled in; KeyError for an unknown key or a fact that is missing."""
    text = words(lang)[key]
    return string.Formatter().vformat(text, (), facts) if facts else text


def label(thing: object, lang: str) -> str:
    """The label of anything of a process that has `zh` and `en`."""
    return str(getattr(thing, "zh" if lang == "zh" else "en"))


def said(code: str, lang: str, **facts: object) -> str:
    """The sentence of a reason code; a code without one (our own fault) is shown as it is, never hidden."""
    if code not in catalogue(lang).sentences:
        return code
    return sentence(code, lang, **{**facts, **_in_words(facts, lang)})


def sentences(error: ServiceError, lang: str, *, form: Sequence[Field] = ()) -> tuple[str, ...]:
    """Why the services said no, one sentence per reason, with field labels in the reader's language."""
    facts = dict(error.facts)
    if "field" in facts:
        facts["field"] = field_label(str(facts["field"]), str(facts.get("label", facts["field"])), form, lang)
    codes = error.codes or ("access.not_found",)
    return tuple(said(code, lang, **facts) for code in codes)


def field_label(name: str, fallback: str, form: Sequence[Field], lang: str) -> str:
    """The label of the field of that name in the form or in the columns of its lists."""
    for field in form:
        for one in (field, *field.columns):
            if one.name == name:
                return label(one, lang)
    return fallback


@cache
def _states_in_english() -> Mapping[str, str]:
    return {
        state.zh: state.en
        for editions in EDITIONS.values()
        for process in editions.values()
        for state in process.states
    }


def _in_words(facts: Mapping[str, object], lang: str) -> dict[str, object]:
    """Facts as a reader of that language writes them; the services give states by their Chinese label."""
    found: dict[str, object] = {}
    for name, value in facts.items():
        if isinstance(value, (list, tuple)):
            found[name] = ("、" if lang == "zh" else ", ").join(str(one) for one in value)
        elif name == "state" and lang == "en":
            found[name] = _states_in_english().get(str(value), value)
    return found
