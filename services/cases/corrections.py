"""一次性告知补正: what was told when and answered, and that a later list adds nothing that could have been told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.cases.turn import MoveLine, Subject
from services.errors import Refused
from statemachines.fields import ANSWERS, CORRECTION_ITEMS
from statemachines.table import Process


def asks(process: Process[Any], trigger: str) -> bool:
    """Whether that trigger tells an applicant what to correct: it does when it is said with the list of corrections."""
    return any(one == CORRECTION_ITEMS for one in process.forms.get(trigger, ()))


def answered_by(process: Process[Any], asking: str) -> frozenset[str]:
    """The triggers by which what `asking` told is answered: those with answers that lead on from where it led."""
    return frozenset(
        move.trigger
        for asked in process.moves
        if asked.trigger == asking
        for move in process.exits(asked.dest)
        if ANSWERS in process.forms.get(move.trigger, ())
    )


def _begun_by(process: Process[Any], asking: str) -> frozenset[str]:
    """The triggers that begin the application a list belongs to: they lead where it is asked, and answer nothing.

    What a decided review sends back is the same application still.
    """
    asked_in = {source for move in process.moves if move.trigger == asking for source in move.sources}
    leading = {move.trigger for source, dest, move in process.edges() if dest in asked_in and source != dest}
    return frozenset(leading) - answered_by(process, asking) - process.by_review


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
    begun_by = _begun_by(subject.process, asking)
    for move in subject.moves:
        if move.trigger in begun_by:
            found.clear()
        elif move.trigger == asking:
            found.append(move)
    return tuple(found)


def demand_told_before(subject: Subject, trigger: str, details: Mapping[str, Any]) -> None:
    """Everything is told at once: Refused("correction.not_told_before") for a later list that names something new.

    What was on an earlier list may be asked for again; anything else only with the reason why it has arisen since.
    The rule hangs on the list itself, so that no process can ask with it and be free of it.
    """
    if not asks(subject.process, trigger) or not rounds_so_far(subject, trigger):
        return
    if strange := [one["field"] for one in _added(subject, trigger, details) if not one.get("why_now", "").strip()]:
        raise Refused("correction.not_told_before", case_number=subject.case.number, fields="、".join(strange))


def added_later(subject: Subject, trigger: str, details: Mapping[str, Any]) -> list[str]:
    """What a later list adds to the earlier ones, with the reasons why it has arisen since, for the audit log."""
    return [f"{one['field']}：{one.get('why_now', '')}" for one in _added(subject, trigger, details)]


def _added(subject: Subject, trigger: str, details: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if not asks(subject.process, trigger) or not (earlier := rounds_so_far(subject, trigger)):
        return []
    known = {_plain(one["field"]) for move in earlier for one in move.details.get("items", ())}
    return [one for one in details.get("items", ()) if _plain(one["field"]) not in known]


def _plain(field: str) -> str:
    return "".join(field.split()).casefold()


def told(subject: Subject) -> tuple[Told, ...]:
    """Every list of corrections of the case with its answers, oldest first."""
    found: list[Told] = []
    moves, process = subject.moves, subject.process
    for place, move in enumerate(moves):
        if not asks(process, move.trigger):
            continue
        answering = answered_by(process, move.trigger)
        answer = next((one for one in moves[place + 1 :] if one.trigger in answering), None)
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
