"""One case as its row stands under the lock, its history, and everything one turn of advance has at hand."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from services.actors import Actor
from services.calendar.rules import WorkingCalendar
from services.cases.models import case_clocks, case_moves, cases, incubations
from services.database.work import Work
from services.desk.models import acted_for
from services.errors import NotFound
from services.organizations.models import centres, organizations
from services.rulesets.rules import Rules
from statemachines.engine import Deputy
from statemachines.registry import process_of
from statemachines.roles import Role
from statemachines.table import Move, Process


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One taken move of a case, oldest first in a history."""

    sequence: int
    row: str
    trigger: str
    source: str
    dest: str
    actor_id: str
    role: str
    duty: str
    at: datetime
    on_date: date
    details: dict[str, Any]
    for_id: str | None = None
    """The absent person it was done for, under a delegation."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A case with what is asked of it everywhere: its row, its organization, its centre and its whole history."""

    case: Row[Any]
    organization: Row[Any]
    centre: Row[Any]
    moves: tuple[MoveLine, ...]
    clocks: dict[str, Row[Any]]
    incubation: Row[Any] | None

    @property
    def process(self) -> Process[Any]:
        """The edition this case started with."""
        return process_of(self.case.kind, self.case.edition)

    @property
    def stay(self) -> tuple[MoveLine, ...]:
        """The moves since the case came into its present state from another one."""
        for position in range(len(self.moves) - 1, -1, -1):
            if self.moves[position].source != self.moves[position].dest:
                return self.moves[position + 1 :]
        return self.moves

    @property
    def entered(self) -> MoveLine | None:
        """The move by which the case came into its present state; None while it never moved."""
        for move in reversed(self.moves):
            if move.source != move.dest:
                return move
        return None

    def last(self, *triggers: str) -> MoveLine | None:
        """The latest move by any of these triggers."""
        return next((move for move in reversed(self.moves) if move.trigger in triggers), None)

    def in_stay(self, *triggers: str) -> MoveLine | None:
        """The latest move by any of these triggers within the present stay."""
        return next((move for move in reversed(self.stay) if move.trigger in triggers), None)

    def overdue(self, today: date) -> frozenset[str]:
        """Keys of running clocks whose due day has passed."""
        return frozenset(
            key
            for key, clock in self.clocks.items()
            if clock.standing == "running" and clock.due_on is not None and clock.due_on < today
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything one accepted move has at hand while its consequences are written; nothing here is committed yet."""

    work: Work
    actor: Actor
    subject: Subject
    move: Move[Any]
    source: str
    dest: str
    sequence: int
    details: dict[str, Any]
    rules: Rules
    calendar: WorkingCalendar
    request_id: str
    roles: frozenset[Role]
    deputy: Deputy | None = None
    """Whose role is exercised here, when it is not an own one."""

    @property
    def case(self) -> Row[Any]:
        """The case row as it was before this move."""
        return self.subject.case


def _where(statement: Select[Any], *, lock: bool) -> dict[bool, Select[Any]]:
    """The statement by id (True) and by number (False); made once, since making it costs more than running it."""
    found = {
        True: statement.where(cases.c.id == bindparam("wanted")),
        False: statement.where(cases.c.number == bindparam("wanted")),
    }
    return {key: one.with_for_update() if lock else one for key, one in found.items()}


_CASE = {False: _where(select(cases), lock=False), True: _where(select(cases), lock=True)}
_ORGANIZATION = select(organizations).where(organizations.c.id == bindparam("wanted"))
_CENTRE = select(centres).where(centres.c.id == bindparam("wanted"))
_INCUBATION = select(incubations).where(incubations.c.case_id == bindparam("wanted"))
_MOVES = (
    select(case_moves, acted_for.c.person_id.label("for_id"))
    .outerjoin(acted_for, acted_for.c.move_id == case_moves.c.id)
    .where(case_moves.c.case_id == bindparam("wanted"))
    .order_by(case_moves.c.sequence)
)
_CLOCKS = select(case_clocks).where(case_clocks.c.case_id == bindparam("wanted"))


def load_subject(work: Work, *, case_id: str | None = None, number: str | None = None, lock: bool = False) -> Subject:
    """The case with its organization, centre, history and clocks; NotFound when there is none.

    With `lock` the row stays locked until the unit of work ends (SQLite: the whole database already is).
    """
    execute = work.connection.execute
    case = execute(_CASE[lock][case_id is not None], {"wanted": case_id or number}).one_or_none()
    if case is None:
        raise NotFound("case.not_found", case_number=number or case_id)
    organization = execute(_ORGANIZATION, {"wanted": case.organization_id}).one()
    centre = execute(_CENTRE, {"wanted": case.centre_id}).one()
    incubation = None
    if case.kind == "incubation":
        incubation = execute(_INCUBATION, {"wanted": case.id}).one_or_none()
    return Subject(case, organization, centre, history(work, case.id), clocks_of(work, case.id), incubation)


def history(work: Work, case_id: str) -> tuple[MoveLine, ...]:
    """Every move of the case, oldest first."""
    rows = work.connection.execute(_MOVES, {"wanted": case_id})
    return tuple(
        MoveLine(row.sequence, row.row, row.trigger, row.source, row.dest, row.actor_id, row.role, row.duty, row.at,
                 row.on_date, row.details, row.for_id)
        for row in rows
    )  # fmt: skip


def clocks_of(work: Work, case_id: str) -> dict[str, Row[Any]]:
    """The clocks of the case by key."""
    return {row.key: row for row in work.connection.execute(_CLOCKS, {"wanted": case_id})}
