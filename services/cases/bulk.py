"""One trigger for many cases: a rehearsal that changes nothing, then each case in its own transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from services.actors import Actor
from services.cases.advance import AdvanceCase, advance
from services.cases.commands import advance_case
from services.cases.lists import demand_seen
from services.cases.turn import load_subject
from services.database.engine import Database
from services.database.work import Work, reading, try_out
from services.errors import Invalid, NotFound, Refused, ServiceError
from statemachines.registry import CURRENT
from statemachines.roles import Role
from statemachines.table import Move

MOST = 100


@dataclass(frozen=True, slots=True)
class BulkMove:
    """A wish to move many cases by one trigger; `seen` are the numbers with the version each was seen in."""

    trigger: str
    seen: tuple[tuple[str, int], ...]
    details: dict[str, Any] = field(default_factory=dict)
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class BulkRow:
    """What becomes of one case: the state it goes to, or why it stays (the error with its reasons)."""

    number: str
    version: int
    state: str = ""
    refused: ServiceError | None = None


def bulk_moves(roles: frozenset[Role]) -> tuple[tuple[str, Move[Any]], ...]:
    """(kind, move) of each trigger that may be pulled in bulk by somebody with these roles."""
    return tuple(
        (kind, move)
        for kind, process in CURRENT.items()
        for move in process.moves
        if move.trigger in process.bulk and roles.intersection(move.by)
    )


def rehearse(database: Database, actor: Actor, wish: BulkMove, *, now: datetime) -> tuple[BulkRow, ...]:
    """Try each case and keep nothing; says what would be moved and what refused, and why.

    Invalid("desk.trigger_not_bulk") for a trigger that is not for many, Invalid("desk.too_many_cases") beyond MOST.
    """
    _demand_bulk(wish)

    def one(command: AdvanceCase) -> str:
        return try_out(database, now, lambda work: advance(work, actor, command)).state

    return _each(database, actor, wish, one, now=now)


def move_many(database: Database, actor: Actor, wish: BulkMove, *, now: datetime) -> tuple[BulkRow, ...]:
    """Move each case through the one door in a transaction of its own; one that is refused stops no other.

    The same wish with the same request id moves nothing twice. Refusals as in `rehearse`, noted as for a single move.
    """
    _demand_bulk(wish)

    def one(command: AdvanceCase) -> str:
        return advance_case(database, actor, command, now=now).state

    return _each(database, actor, wish, one, now=now)


def _each(
    database: Database, actor: Actor, wish: BulkMove, move: Callable[[AdvanceCase], str], *, now: datetime
) -> tuple[BulkRow, ...]:
    rows = []
    for number, version in wish.seen:
        key = sha256(f"{wish.request_id} {number}".encode()).hexdigest() if wish.request_id else ""
        command = AdvanceCase(number, wish.trigger, version, wish.details, key)
        try:
            with reading(database, now) as work:
                _demand_fit(work, actor, number, wish.trigger)
            rows.append(BulkRow(number, version, move(command)))
        except (Refused, NotFound) as refused:
            rows.append(BulkRow(number, version, refused=refused))
    return tuple(rows)


def _demand_fit(work: Work, actor: Actor, number: str, trigger: str) -> None:
    demand_seen(work, actor, number)
    process = load_subject(work, number=number).process
    if trigger not in process.bulk:
        raise Refused("desk.trigger_not_bulk")


def _demand_bulk(wish: BulkMove) -> None:
    if not any(wish.trigger in process.bulk for process in CURRENT.values()):
        raise Invalid("desk.trigger_not_bulk")
    if not wish.seen:
        raise Invalid("desk.no_cases_chosen")
    if len(wish.seen) > MOST:
        raise Invalid("desk.too_many_cases", most=MOST)


def seen_from(values: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Numbers with versions out of `number@version`; what is none is left out."""
    found = []
    for value in dict.fromkeys(values):
        number, _, version = value.rpartition("@")
        if number and version.isascii() and version.isdigit() and len(version) < 10:
            found.append((number[:40], int(version)))
    return tuple(found)
