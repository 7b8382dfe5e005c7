"""The versions of the national grading rules, and what each makes of the day a grade was announced; no database."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from services.calendar.rules import months_later

GRADES = (1, 2, 3, 4, 5)
REMIND_MONTHS = (12, 6, 1)
"""So many months before a grade ends its organization and civil affairs are told, once for each."""


class SchemesWrong(ValueError):
    """The table of schemes has a gap, an overlap or a rule nobody knows."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One version of the rules, in force from a day to a day (for good when there is none).

    validity: from_announcement (whole years from the day itself) or calendar_years (from 1 January after it).
    reapply: after_expiry, or within_first_years of the validity.
    """

    key: str
    zh: str
    en: str
    in_force_from: date
    in_force_to: date | None
    validity: str
    years: int
    reapply: str
    reapply_years: int
    downgrade_bars_years: int
    cancel_bars_years: int
    return_days: int


@dataclass(frozen=True, slots=True)
class Validity:
    """The first and the last day of a grade, and the version of the rules that says so."""

    scheme: Scheme
    valid_from: date
    valid_to: date


@lru_cache(maxsize=1)
def schemes() -> tuple[Scheme, ...]:
    """Every shipped version, the oldest first."""
    return schemes_from(files("services.grades").joinpath("schemes.toml").read_text(encoding="utf-8"))


def schemes_from(text: str) -> tuple[Scheme, ...]:
    """The versions written in `text`; SchemesWrong when their days have a gap or overlap, or a rule is unknown."""
    defaults: dict[str, Any] = {"in_force_to": None, "reapply_years": 0}
    found = tuple(Scheme(**(defaults | one)) for one in tomllib.loads(text).get("scheme", ()))
    for earlier, later in pairwise(found):
        if earlier.in_force_to is None or later.in_force_from != earlier.in_force_to + timedelta(days=1):
            raise SchemesWrong(f"{later.key} does not follow {earlier.key} on the next day")
    for one in found:
        known = one.validity in ("from_announcement", "calendar_years") and one.years > 0
        if not known or one.reapply not in ("after_expiry", "within_first_years"):
            raise SchemesWrong(f"{one.key} has a rule nobody knows")
    return found


def scheme_on(announced_on: date) -> Scheme | None:
    """The version in force on the day of an announcement; None before the first one."""
    return next(
        (
            one
            for one in schemes()
            if one.in_force_from <= announced_on and (one.in_force_to is None or announced_on <= one.in_force_to)
        ),
        None,
    )


def scheme_called(key: str) -> Scheme:
    """The version of that key; KeyError when there is none."""
    return {one.key: one for one in schemes()}[key]


def validity(announced_on: date) -> Validity | None:
    """From when to when a grade announced on that day holds; None before the first version of the rules."""
    scheme = scheme_on(announced_on)
    if scheme is None:
        return None
    if scheme.validity == "calendar_years":
        return Validity(scheme, date(announced_on.year + 1, 1, 1), date(announced_on.year + scheme.years, 12, 31))
    last = months_later(announced_on, scheme.years * 12) - timedelta(days=1)
    return Validity(scheme, announced_on, last)


def may_reapply_from(found: Validity, *, barred_to: date | None) -> date:
    """The first day on which the organization may apply again: by its version, never before a bar is over.

    The old rules let it apply once the grade is over; the revised ones within the first years of the validity.
    """
    first = found.valid_from if found.scheme.reapply == "within_first_years" else found.valid_to + timedelta(days=1)
    return max(first, barred_to + timedelta(days=1)) if barred_to is not None else first


def may_reapply_to(found: Validity) -> date | None:
    """The last day for applying before the grade ends, by the revised rules; None where there is no such day."""
    if found.scheme.reapply != "within_first_years":
        return None
    return months_later(found.valid_from, found.scheme.reapply_years * 12) - timedelta(days=1)


def barred_to(scheme: Scheme, how: str, on: date) -> date:
    """The last day without a new application after a grade was lowered or cancelled on that day."""
    years = scheme.downgrade_bars_years if how == "lowered" else scheme.cancel_bars_years
    return months_later(on, years * 12)


def reminder_due(valid_to: date, today: date) -> int | None:
    """The nearest mark (months before the end) that has come; None when none has, or the grade is over."""
    if today > valid_to:
        return None
    return min((months for months in REMIND_MONTHS if months_later(valid_to, -months) <= today), default=None)


def last_day_reminded(today: date) -> date:
    """The last end of a grade of which anybody is told today."""
    return months_later(today, max(REMIND_MONTHS)) + timedelta(days=3)  # months are of unequal length
