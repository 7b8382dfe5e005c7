"""Checks what a person says with a move against the move's declared fields, and puts it into one stored shape."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from documents.format import fen_of
from services.errors import Invalid
from statemachines.table import Field

LONGEST_TEXT = 200
LONGEST_LONG_TEXT = 4000
MOST_RECORDS = 100
_YES = {
    "yes": True,
    "true": True,
    "1": True,
    "on": True,
    "是": True,
    "no": False,
    "false": False,
    "0": False,
    "否": False,
}


def check_details(form: Sequence[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """The given values in stored shape (ISO dates, integer fen, booleans, lists of records).

    Raises Invalid with input.missing, input.not_a_date, input.not_a_number, input.out_of_range, input.not_a_choice,
    input.too_long or input.unknown_field; `field` and `label` say which field. Nothing is stored on refusal.
    """
    known = {field.name for field in form}
    unknown = [name for name in given if name not in known]
    if unknown:
        raise Invalid("input.unknown_field", field=unknown[0], label=unknown[0])
    checked: dict[str, Any] = {}
    for field in form:
        value = given.get(field.name)
        if value is None or value == "" or value == []:
            if field.required:
                raise Invalid("input.missing", field=field.name, label=field.zh, label_en=field.en)
            continue
        checked[field.name] = _check(field, value)
    return checked


def _check(field: Field, value: Any) -> Any:
    readers = {
        "text": _text, "long_text": _long_text, "date": _date, "integer": _integer, "amount": _amount, "score": _score,
        "yes": _yes, "choice": _choice, "list": _list,
    }  # fmt: skip
    return readers[field.kind](field, value)


def _refuse(code: str, field: Field, **facts: Any) -> Invalid:
    return Invalid(code, field=field.name, label=field.zh, label_en=field.en, **facts)


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _refuse("input.not_text", field)
    text = value.strip()
    if not text:
        raise _refuse("input.missing", field)
    if len(text) > LONGEST_TEXT:
        raise _refuse("input.too_long", field, longest=LONGEST_TEXT)
    if any(ord(character) < 32 for character in text):
        raise _refuse("input.control_character", field)
    return text


def _long_text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _refuse("input.not_text", field)
    text = value.strip().replace("\r\n", "\n")
    if len(text) > LONGEST_LONG_TEXT:
        raise _refuse("input.too_long", field, longest=LONGEST_LONG_TEXT)
    if any(ord(character) < 32 and character not in "\n\t" for character in text):
        raise _refuse("input.control_character", field)
    return text


def _date(field: Field, value: Any) -> str:
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()
    except ValueError:
        raise _refuse("input.not_a_date", field) from None


def _integer(field: Field, value: Any) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise _refuse("input.not_a_number", field)
    return int(text)


def _amount(field: Field, value: Any) -> int:
    """An integer is fen already; text is yuan with at most two decimals."""
    if isinstance(value, int) and not isinstance(value, bool):
        fen = value
    elif isinstance(value, str):
        try:
            fen = fen_of(value)
        except ValueError:
            raise _refuse("input.not_a_number", field) from None
    else:
        raise _refuse("input.not_a_number", field)
    if not 0 < fen < 10**13:
        raise _refuse("input.out_of_range", field)
    return fen


def _score(field: Field, value: Any) -> str:
    try:
        score = Decimal(str(value).strip())
    except InvalidOperation:
        raise _refuse("input.not_a_number", field) from None
    if not score.is_finite() or not 0 <= score <= 100 or score != score.quantize(Decimal("0.01")):
        raise _refuse("input.out_of_range", field)
    return format(score, "f")


def _yes(field: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).strip().lower() not in _YES:
        raise _refuse("input.not_a_choice", field)
    return _YES[str(value).strip().lower()]


def _choice(field: Field, value: Any) -> str:
    if value not in {choice[0] for choice in field.choices}:
        raise _refuse("input.not_a_choice", field)
    return str(value)


def _list(field: Field, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes)) or len(value) > MOST_RECORDS:
        raise _refuse("input.not_a_list", field)
    if not all(isinstance(record, Mapping) for record in value):
        raise _refuse("input.not_a_list", field)
    return [check_details(field.columns, record) for record in value]
