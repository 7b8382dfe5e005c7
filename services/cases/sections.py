"""Checks what was typed in a section of the application form: every field, so that all faults are told at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.applications.form import Section
from services.applications.telephones import normalized
from services.cases.details import check_details
from services.errors import Invalid
from services.organizations.rules import check_credit_code, check_filing_number, check_name, normalize_name
from statemachines.table import Field

NUMBER_OF = {
    "filed": ("filing_number", "备案号", "filing number"),
    "registered": ("credit_code", "统一社会信用代码", "unified social credit code"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: the field, the reason code and the facts of its sentence."""

    field: str
    code: str
    facts: dict[str, Any]


def checked(section: Section, typed: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The section in stored shape, and every problem; with a problem the first answer is not to be kept."""
    content: dict[str, Any] = {}
    problems: list[Problem] = []
    for field in section.fields:
        try:
            told = check_details((field,), {field.name: typed.get(field.name)})
            if field.name in told:
                content[field.name] = _refined(section, field, told[field.name])
        except Invalid as invalid:
            problems += _problems(invalid, field.name)
    try:
        _fit_together(content if not problems else {})
    except Invalid as invalid:
        problems += _problems(invalid, str(invalid.facts["field"]))
    return content, tuple(problems)


def _problems(invalid: Invalid, field: str) -> list[Problem]:
    return [Problem(field, code, {**invalid.facts, "field": field}) for code in invalid.codes]


def _refined(section: Section, field: Field, value: Any) -> Any:
    if field.kind == "list":
        rows: list[dict[str, Any]] = value
        return [
            {column.name: _tidy(section.checks.get(f"{field.name}.{column.name}", ""), column, row[column.name])
             for column in field.columns if column.name in row}
            for row in rows
        ]  # fmt: skip
    if field.kind == "yes" and field.required and value is not True:
        raise Invalid("application.not_agreed", field=field.name, label=field.zh, label_en=field.en)
    return _tidy(section.checks.get(field.name, ""), field, value)


def _tidy(check: str, field: Field, value: Any) -> Any:
    label = {"label": field.zh, "label_en": field.en}
    if check == "name":
        name = normalize_name(value)
        if check_name(name):
            raise Invalid("application.name_unfit", field=field.name, **label)
        return name
    if check == "telephone":
        if (number := normalized(value)) is None:
            raise Invalid("application.telephone_unfit", field=field.name, **label)
        return number
    if check == "credit_code":
        found = check_credit_code(value)
        if found.reasons:
            raise Invalid(*found.reasons, field=field.name, **label)
        return found.code
    if check == "filing_number" and (reasons := check_filing_number(value)):
        raise Invalid(*reasons, field=field.name, **label)
    return value


def _fit_together(content: Mapping[str, Any]) -> None:
    """What two fields must say together: a legal standing comes with its number."""
    name, zh, en = NUMBER_OF.get(str(content.get("standing", "")), ("", "", ""))
    if name and name not in content:
        raise Invalid("application.number_missing", field=name, label=zh, label_en=en)


def as_typed(field: Field, value: Any) -> Any:
    """A stored value as a person would type it, to be shown in a form again."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.kind == "amount" and isinstance(value, int):
        return f"{value // 100}.{value % 100:02d}"
    if field.kind == "list":
        columns = {one.name: one for one in field.columns}
        return [{name: as_typed(columns[name], told) for name, told in row.items() if name in columns} for row in value]
    return str(value)
