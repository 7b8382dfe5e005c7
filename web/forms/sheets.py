"""Reads a posted score sheet: `item.A1`, `comment.A1`, `comment.total`, `veto`."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from services.assessments.form_files import Form
from services.assessments.rules import AMOUNT, TOTAL
from web.forms.posted import Posted


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands on the sheet: text by criterion, comments by criterion (or `total`), claimed vetoes."""

    items: dict[str, str]
    comments: dict[str, str]
    veto: tuple[str, ...]


def read_sheet(posted: Posted, form: Form) -> Typed:
    """What was typed for the criteria and vetoes of this form; anything else is left aside."""
    keys = [criterion.id for criterion in form.criteria]
    items = {key: text for key in keys if (text := _half_width(posted.text(f"item.{key}")))}
    said = [*keys, TOTAL, *([AMOUNT] if form.asks_amount else [])]
    comments = {key: text for key in said if (text := posted.text(f"comment.{key}"))}
    known = {one.id for one in form.vetoes}
    return Typed(items, comments, tuple(one for one in posted.all("veto") if one in known))


def marks_of(typed: Typed) -> dict[str, Decimal]:
    """The marks that are numbers; whatever is none is missing."""
    found = {}
    for key, text in typed.items.items():
        try:
            found[key] = Decimal(text)
        except InvalidOperation:
            continue
    return found


def _half_width(text: str) -> str:
    """Numbers typed with a Chinese input method come in full width."""
    return text.translate({**{0xFF10 + digit: str(digit) for digit in range(10)}, 0xFF0E: ".", 0x3002: "."})
