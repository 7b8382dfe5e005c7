"""一次性告知补正: what was told when and answered, and that a later list adds nothing that could have been told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.cases.turn import MoveLine, Subject
from services.errors import Refused
from statemachines.incubation.verbs import HANDED_IN

ASKING = {
    "request_correction": ("resubmit", "resubmit_assisted"),
    "request_graduation_correction": ("resubmit_graduation",),
}
"""What tells an applicant what to correct, and by what it is answered."""

APPLYING = {"request_correction": HANDED_IN, "request_graduation_correction": ("apply_graduation",)}
"""What begins the application that such a list belongs to; the rounds of an earlier one do not count."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to correct; `why_now` says why it was not on the first list, `answer` what the applicant did."""

    field: str
    problem: str
    how_to_fix: str
    why_now: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One list of corrections as it was told at once, and when it was answered."""

    number: int
    told_on: date
    answered_on: date | None
    items: tuple[Item, ...]

    @property
    def remaining(self) -> int:
        """How many items nobody has answered yet."""
        return sum(not one.answer for one in self.items)


def rounds_so_far(subject: Subject, asking: str) -> tuple[MoveLine, ...]:
    """The lists told so far within the present application."""
    found: list[MoveLine] = []
    for move in subject.moves:
        if move.trigger in APPLYING[asking]:
            found.clear()
        elif move.trigger == asking:
            found.append(move)
    return tuple(found)


def demand_told_before(subject: Subject, trigger: str, details: Mapping[str, Any]) -> None:
    """Everything is told at once: Refused("correction.not_told_before") for a later list that names something new.

    What was on an earlier list may be asked for again; anything else only with the reason why it has arisen since.
    """
    if trigger not in ASKING:
        return
    earlier = rounds_so_far(subject, trigger)
    if not earlier:
        return
    if strange := [one["field"] for one in _added(subject, trigger, details) if not one.get("why_now", "").strip()]:
        raise Refused("correction.not_told_before", case_number=subject.case.number, fields="、".join(strange))


def added_later(subject: Subject, trigger: str, details: Mapping[str, Any]) -> list[str]:
    """What a later list adds to the earlier ones, with the reasons why it has arisen since, for the audit log."""
    return [f"{one['field']}：{one.get('why_now', '')}" for one in _added(subject, trigger, details)]


def _added(subject: Subject, trigger: str, details: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if trigger not in ASKING or not (earlier := rounds_so_far(subject, trigger)):
        return []
    known = {_plain(one["field"]) for move in earlier for one in move.details.get("items", ())}
    return [one for one in details.get("items", ()) if _plain(one["field"]) not in known]


def _plain(field: str) -> str:
    return "".join(field.split()).casefold()


def told(subject: Subject) -> tuple[Told, ...]:
    """Every list of corrections of the case with its answers, oldest first."""
    found: list[Told] = []
    moves = subject.moves
    for place, move in enumerate(moves):
        if move.trigger not in ASKING:
            continue
        answer = next((one for one in moves[place + 1 :] if one.trigger in ASKING[move.trigger]), None)
        answers = answer.details.get("answers", ()) if answer else ()
        said = [str(one.get("answer", "")) for one in answers]
        items = move.details.get("items", ())
        padded = [*said, *[""] * len(items)]
        found.append(
            Told(
                len(found) + 1, move.on_date, answer.on_date if answer else None,
                tuple(
                    Item(one["field"], one["problem"], one["how_to_fix"], one.get("why_now", ""), text)
                    for one, text in zip(items, padded, strict=False)
                ),
            )
        )  # fmt: skip
    return tuple(found)
