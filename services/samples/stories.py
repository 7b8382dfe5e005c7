"""Makes up the story of one case: which rows of its table it took, when, and who acted."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from services.calendar.rules import WorkingCalendar
from services.database.work import office_instant
from services.samples import routes
from statemachines.registry import CURRENT
from statemachines.roles import Role
from statemachines.table import Move, Process


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts: id, name, and what they sign in as."""

    id: str
    name: str
    username: str


@dataclass(slots=True)
class Home:
    """An invented organization with its leader, and where it belongs."""

    id: str
    name: str
    division: str
    centre: int
    leader: Person
    stage: str = "NONE"


@dataclass(frozen=True, slots=True)
class Step:
    """One taken move of a story."""

    move: Move[Any]
    source: str
    at: datetime
    actor: Person
    role: Role
    details: dict[str, Any]


@dataclass(slots=True)
class Story:
    """One case from its opening to where it stands now."""

    id: str
    kind: str
    home: Home
    opened_at: datetime
    steps: tuple[Step, ...]
    people: dict[Role, Person]
    panel: tuple[Person, ...]
    number: str = ""
    parent_id: str | None = None
    earlier_id: str | None = None
    papers: dict[tuple[int, str], int] = field(default_factory=dict)

    @property
    def process(self) -> Process[Any]:
        """Its table."""
        return CURRENT[self.kind]

    @property
    def state(self) -> str:
        """Where it stands."""
        return self.steps[-1].move.dest if self.steps else self.process.initial

    @property
    def moved_at(self) -> datetime:
        """When it last moved, or was opened."""
        return self.steps[-1].at if self.steps else self.opened_at

    @property
    def entered_on(self) -> date:
        """The day it came into its present state."""
        came = next((step for step in reversed(self.steps) if step.source != step.move.dest), None)
        return (came.at if came else self.opened_at).date()


def id_at(chance: random.Random, at: datetime) -> str:
    """A time-ordered id as if made at that instant, from the seeded source of chance."""
    stamp = int(at.timestamp() * 1000)
    return str(uuid.UUID(int=(stamp << 80) | (0x7 << 76) | (0b10 << 62) | chance.getrandbits(62)))


@cache
def _rows(kind: str) -> dict[str, Move[Any]]:
    return {move.code: move for move in CURRENT[kind].moves}


@dataclass(frozen=True)
class Teller:
    """Makes stories up, all from one source of chance; `today` is the last day on which anything happens."""

    chance: random.Random
    calendar: WorkingCalendar
    today: date
    system: Person

    def working(self, day: date) -> date:
        """The day itself, or the last working day before it."""
        while not self.calendar.is_working_day(day):
            day -= timedelta(days=1)
        return day

    def days(self, kind: str, codes: Sequence[str], *, until: date | None = None) -> list[date]:
        """The day of the opening and of every step, so that the last lies as far back as the case has rested."""
        state = _rows(kind)[codes[-1]].dest if codes else "DRAFT"
        rested = self.chance.randint(1, routes.REST_AT_MOST.get(state, 18))
        ended = _is_over(kind, state)
        last = until or self.today - timedelta(days=self.chance.randint(5, 560) if ended else rested)
        found = [self.working(last)]
        for code in reversed(codes):
            low, high = routes.DAYS[code]
            found.append(self.working(found[-1] - timedelta(days=self.chance.randint(low, high))))
        return found[::-1]

    def tell(
        self, *, kind: str, home: Home, people: dict[Role, Person], panel: tuple[Person, ...], codes: Sequence[str],
        until: date | None = None,
    ) -> Story:  # fmt: skip
        """The story of one case that went this way."""
        opened, *days = self.days(kind, codes, until=until)
        opened_at = office_instant(opened, 9, self.chance.randint(0, 9))
        steps: list[Step] = []
        source = CURRENT[kind].initial
        for place, (code, day) in enumerate(zip(codes, days, strict=True)):
            move = _rows(kind)[code]
            at = office_instant(day, 9, 20) + timedelta(minutes=15 * place + self.chance.randint(0, 9))
            role = Role.SYSTEM if Role.SYSTEM in move.by else move.by[0]
            actor = self.system if role is Role.SYSTEM else people[role]
            steps.append(Step(move, source, at, actor, role, _said(code, day)))
            source = move.dest
        return Story(id_at(self.chance, opened_at), kind, home, opened_at, tuple(steps), people, panel)


def _is_over(kind: str, state: str) -> bool:
    found = CURRENT[kind].state(state)
    return found.final


def _said(code: str, day: date) -> dict[str, Any]:
    said = dict(routes.SAID.get(code, {}))
    if code == "T15":
        said |= {"starts_on": day.isoformat(), "signed_by": "中心负责人"}
    if code in ("T08", "T28"):
        meets = {
            "meets_on": (day + timedelta(days=7)).isoformat(),
            "recusal_due_on": (day + timedelta(days=4)).isoformat(),
        }
        said |= routes.MEETING | meets
    return said
