"""Draws a balanced panel from frozen candidates by a recorded seed, so that anyone can derive the same panel again."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from services.evaluators.rules import KINDS

FEWEST = 3
"""No panel is smaller, whatever a rule set says."""

REASONS: dict[str, tuple[str, str]] = {
    "duty": ("已在本案中履行其他职责", "has another duty on the case"),
    "seated": ("已在或曾在本轮评审组中", "sits or sat in this round"),
    "not_in_term": ("不在聘期内", "outside of the term"),
    "full": ("在办席位已满", "as many seats as agreed"),
    "no_account": ("已停用或没有评审专家角色", "disabled, or no evaluator"),
}
"""Why a candidate is left out, as the record tells it; a conflict of interest is told by its kind."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person of the pool as known at the moment of the draw; `left_out` is why the lot cannot fall on them."""

    person: str
    fields: tuple[str, ...]
    load: int
    most: int
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is drawn: how many seats, of which field a majority shall be, on which day, by which seed."""

    seed: str
    seats: int
    field: str
    on: date
    lead: bool = True


@dataclass(frozen=True, slots=True)
class Drawn:
    """Who was drawn, in the order of the draw; the lead is one of them, or nobody when none was asked for."""

    panel: tuple[str, ...]
    lead: str


def reason_words(code: str) -> tuple[str, str]:
    """A reason of the record in Chinese and in English."""
    return REASONS.get(code) or KINDS[code]


class TooFewCandidates(ValueError):
    """So few may sit that no panel can be drawn; `eligible` says how many."""

    def __init__(self, eligible: int) -> None:
        super().__init__(f"{eligible} candidates may sit")
        self.eligible = eligible


def panel_size(wanted: int, *, eligible: int, minimum: int) -> int:
    """The odd number of seats: as wanted, or the largest odd number there are people for, never under the minimum.

    Refuses (TooFewCandidates) when there are fewer than the minimum, or fewer than three.
    """
    least = max(minimum, FEWEST)
    size = min(max(wanted, least), eligible)
    size -= 1 - size % 2
    if size < least:
        raise TooFewCandidates(eligible)
    return size


def lot(seed: str, person: str, *, purpose: str = "seat") -> str:
    """The lot of one person: nothing but the seed decides it, and nobody can choose it without choosing the seed."""
    return hashlib.sha256(f"{seed}\n{purpose}\n{person}".encode()).hexdigest()


def draw(candidates: Iterable[Candidate], asked: Asked) -> Drawn:
    """Draw the seats: a majority from the field, the rest from all; each time the least loaded first, then the lot.

    The order in which candidates are listed changes nothing. Refuses (TooFewCandidates) fewer eligible people than
    seats.
    """
    free = {one.person: one for one in candidates if not one.left_out}
    if len(free) < asked.seats:
        raise TooFewCandidates(len(free))
    ranked = sorted(free.values(), key=lambda one: (one.load, lot(asked.seed, one.person)))
    fitting = [one for one in ranked if asked.field in one.fields]
    chosen = fitting[: asked.seats // 2 + 1]
    rest = sorted(
        (one for one in ranked if one not in chosen),
        key=lambda one: (one.load, asked.field not in one.fields, lot(asked.seed, one.person)),
    )
    chosen += rest[: asked.seats - len(chosen)]
    panel = tuple(one.person for one in chosen)
    if not asked.lead:
        return Drawn(panel, "")
    able = [one for one in chosen if asked.field in one.fields] or chosen
    return Drawn(panel, min((one.person for one in able), key=lambda one: lot(asked.seed, one, purpose="lead")))


# The record ---------------------------------------------------------------------------------------


def record(candidates: Iterable[Candidate], asked: Asked, drawn: Drawn) -> dict[str, Any]:
    """The draw as it is kept: everything that is needed to derive it again, and what came out."""
    listed = sorted(candidates, key=lambda one: one.person)
    return {
        "seed": asked.seed, "seats": asked.seats, "field": asked.field, "on": asked.on.isoformat(), "lead": asked.lead,
        "candidates": [asdict(one) | {"fields": sorted(one.fields), "left_out": list(one.left_out)} for one in listed],
        "panel": list(drawn.panel), "led_by": drawn.lead,
    }  # fmt: skip


def digest(kept: dict[str, Any]) -> str:
    """What a record comes to; the audit log holds it, so that a record changed later shows."""
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def candidates_in(kept: dict[str, Any]) -> tuple[Candidate, ...]:
    """The candidates of a record."""
    return tuple(
        Candidate(one["person"], tuple(one["fields"]), one["load"], one["most"], tuple(one["left_out"]))
        for one in kept["candidates"]
    )


def derived(kept: dict[str, Any]) -> Drawn:
    """The draw done again from nothing but its record."""
    asked = Asked(kept["seed"], kept["seats"], kept["field"], date.fromisoformat(kept["on"]), kept["lead"])
    return draw(candidates_in(kept), asked)


def holds(kept: dict[str, Any], *, kept_digest: str) -> bool:
    """Whether the record is the one that was digested, and derives the very panel it tells of."""
    drawn = derived(kept)
    return digest(kept) == kept_digest and [*drawn.panel] == kept["panel"] and drawn.lead == kept["led_by"]
