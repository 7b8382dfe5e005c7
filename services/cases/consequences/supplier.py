"""What each move of a supplier case writes beside the state: the answers to the conditions, listing, review and end."""

from collections.abc import Callable
from datetime import date
from typing import Any

from services.calendar.rules import months_later
from services.cases.facts.supplier import known_of
from services.cases.turn import Turn
from services.purchases.commands import amend_supplier
from services.purchases.queries import supplier_of
from services.purchases.rules import CONDITIONS

REVIEW_MONTHS = 12


def keep_answers(turn: Turn) -> None:
    """Each condition with its answer and reason, and what our own books add."""
    known = known_of(turn.work, turn.subject)
    answers: dict[str, Any] = {
        key: {"met": turn.details[key] == "yes", "reason": turn.details[f"{key}_reason"]} for key in CONDITIONS
    }
    kept = {"answers": answers, "bonus": known.bonus, "stars": known.stars, "grade": known.grade}
    values: dict[str, Any] = {"checked": kept}
    if turn.move.trigger == "pass_supplier_review":
        values["reviewed_on"] = turn.work.today
    amend_supplier(turn.work, turn.case.id, **values)


def listed(turn: Turn) -> None:
    """In the catalogue from today."""
    amend_supplier(turn.work, turn.case.id, listed_on=turn.work.today, year=turn.work.today.year)


def ended(turn: Turn) -> None:
    """Out of the catalogue, or never in it, from today."""
    amend_supplier(turn.work, turn.case.id, ended_on=turn.work.today)


BY_TRIGGER: dict[str, Callable[[Turn], None]] = {
    "check_supplier": keep_answers,
    "list_supplier": listed,
    "pass_supplier_review": keep_answers,
    "refuse_supplier": ended,
    "remove_supplier": ended,
    "withdraw_supplier": ended,
}


def dated_limits(turn: Turn) -> dict[str, date | None]:
    """The day of the next yearly review: a year after it was listed or last reviewed."""
    entry = supplier_of(turn.work, turn.case.id)
    since = entry.reviewed_on or entry.listed_on
    return {"supplier_review": None if since is None else months_later(since, REVIEW_MONTHS)}
