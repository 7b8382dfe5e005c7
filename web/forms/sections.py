"""Draws a section of the application form from what is kept, and reads it back from what was posted."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.applications.form import Section
from services.applications.telephones import shown
from services.cases.sections import Problem, as_typed
from statemachines.table import Field
from web.forms.details import read_details
from web.forms.drawing import Part, draw
from web.forms.posted import Posted
from web.wording import label, said


def typed(section: Section, form: Posted) -> dict[str, Any]:
    """The declared fields of the section as they were typed."""
    return read_details(section.fields, form)


def parts(section: Section, content: Mapping[str, Any], *, lang: str) -> tuple[Part, ...]:
    """The section's fields with what is kept in them, ready to be drawn."""
    filled = Posted({name: (text,) for name, text in _inputs(section, content)})
    return draw(section.fields, known={}, posted=filled, lang=lang)


def _inputs(section: Section, content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field in section.fields:
        if field.name not in content:
            continue
        value = as_typed(field, content[field.name])
        if field.kind != "list":
            yield field.name, _written(section, field.name, value)
            continue
        for number, row in enumerate(value):
            for name, text in row.items():
                yield f"{field.name}.{number}.{name}", _written(section, f"{field.name}.{name}", text)


def _written(section: Section, name: str, text: str) -> str:
    return shown(text) if section.checks.get(name) == "telephone" else text


def faults(problems: Sequence[Problem], lang: str) -> dict[str, str]:
    """Field to the sentence that says what is wrong with it."""
    return {one.field: said(one.code, lang, **one.facts) for one in problems}


def answers(section: Section, content: Mapping[str, Any], lang: str) -> tuple[tuple[Field, Any], ...]:
    """Field and value of everything that was answered, values in words; a list stays a list of (label, text) rows."""
    found: list[tuple[Field, Any]] = []
    for field in section.fields:
        value = content.get(field.name)
        if value in (None, "", []):
            continue
        if field.kind == "list" and isinstance(value, list):
            found.append((field, [_row(section, field, row, lang) for row in value]))
        else:
            found.append((field, _in_words(section, field.name, field, value, lang)))
    return tuple(found)


def _row(section: Section, field: Field, row: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    return [
        (label(one, lang), _in_words(section, f"{field.name}.{one.name}", one, row.get(one.name, ""), lang))
        for one in field.columns
    ]


def _in_words(section: Section, name: str, field: Field, value: Any, lang: str) -> str:
    if field.kind == "choice":
        return next((zh if lang == "zh" else en for key, zh, en in field.choices if key == value), str(value))
    return _written(section, name, str(as_typed(field, value)))
