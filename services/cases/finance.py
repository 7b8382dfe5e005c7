"""The finance desk: what of the public money waits for whom, what is held and why, and the year by source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, func, or_, select

from services.actors import Actor
from services.authority.rules import demand
from services.cases.lists import visible
from services.cases.models import case_moves, cases
from services.database.work import Work
from services.donations.models import offers
from services.funding.models import awards, instalments
from services.funding.queries import budget_position
from services.organizations.models import organizations
from statemachines.registry import CURRENT, process_of
from statemachines.roles import Role
from statemachines.table import State

READ = "ledger:read"
KINDS = ("award", "instalment", "offer")
OFFICES = (
    Role.CENTRE_MANAGER, Role.CIVIL_AFFAIRS_HANDLER, Role.CIVIL_AFFAIRS_LEADER, Role.FINANCE_CHECKER,
    Role.FINANCE_MAKER, Role.FINANCE_PAYER,
)  # fmt: skip
"""Who does something about money; cases that wait for an applicant are no work of the desk."""
MOST = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case of money that waits for an office; amount in fen."""

    number: str
    organization: str
    project: str
    amount_fen: int
    since: datetime
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Step:
    """The cases that stand in one state, the oldest first; `own` says that they wait for this person's roles."""

    kind: str
    state: State
    own: bool
    lines: tuple[Waiting, ...]

    @property
    def total_fen(self) -> int:
        """What they come to."""
        return sum(one.amount_fen for one in self.lines)


@dataclass(frozen=True, slots=True)
class Held:
    """One payment that is held, since when, by whose words."""

    number: str
    organization: str
    amount_fen: int
    since: date
    reason: str


@dataclass(frozen=True, slots=True)
class SourceTotal:
    """One source in one year, in fen."""

    source: str
    appropriated: int
    committed: int
    payable: int
    net_paid: int
    available: int


@dataclass(frozen=True, slots=True)
class FinanceDesk:
    """Everything the desk shows: the steps, own ones first; what is held; the year by source."""

    steps: tuple[Step, ...]
    held: tuple[Held, ...]
    year: int
    sources: tuple[SourceTotal, ...]


def finance_desk(work: Work, actor: Actor) -> FinanceDesk:
    """The desk of this person, in a constant number of questions. Forbidden for who may not read about money."""
    demand(actor, READ)
    rows = _rows(work, actor)
    year = work.today.year
    return FinanceDesk(_steps(actor, rows), _held(work, rows), year, _sources(work, year))


def _rows(work: Work, actor: Actor) -> Sequence[Row[Any]]:
    wanted = [
        and_(cases.c.kind == kind, cases.c.state.in_([state.name for state in CURRENT[kind].states if _of_desk(state)]))
        for kind in KINDS
    ]
    amount = func.coalesce(instalments.c.amount_fen, awards.c.amount_fen, awards.c.requested_fen, offers.c.value_fen)
    of_instalment = awards.alias("of_instalment")
    project = func.coalesce(awards.c.project, of_instalment.c.project, offers.c.title)
    given = or_(cases.c.kind != "offer", offers.c.kind == "money")
    return work.connection.execute(
        select(cases, organizations.c.name, amount.label("amount"), project.label("project"))
        .join(organizations, organizations.c.id == cases.c.organization_id)
        .outerjoin(instalments, instalments.c.case_id == cases.c.id)
        .outerjoin(of_instalment, of_instalment.c.case_id == instalments.c.award_id)
        .outerjoin(awards, awards.c.case_id == cases.c.id)
        .outerjoin(offers, offers.c.case_id == cases.c.id)
        .where(visible(actor), or_(*wanted), given)
        .order_by(cases.c.moved_at, cases.c.number)
        .limit(MOST * len(KINDS))
    ).all()


def _of_desk(state: State) -> bool:
    return state.name == "HELD" or bool(set(OFFICES).intersection(state.waits_for))


def _steps(actor: Actor, rows: Sequence[Row[Any]]) -> tuple[Step, ...]:
    found: list[Step] = []
    for kind in KINDS:
        for state in CURRENT[kind].states:
            here = [row for row in rows if (row.kind, row.state) == (kind, state.name)]
            if here and state.name != "HELD":
                own = bool(actor.roles.intersection(state.waits_for) & set(OFFICES))
                found.append(Step(kind, process_of(kind, here[0].edition).state(state.name), own, _lines(here)))
    return tuple(sorted(found, key=lambda one: not one.own))


def _lines(rows: Sequence[Row[Any]]) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(row.number, row.name, row.project or "", int(row.amount or 0), row.moved_at, row.due_on) for row in rows
    )


def _held(work: Work, rows: Sequence[Row[Any]]) -> tuple[Held, ...]:
    stopped = [row for row in rows if row.state == "HELD"]
    said = {
        move.case_id: move
        for move in work.connection.execute(
            select(case_moves)
            .where(case_moves.c.case_id.in_([row.id for row in stopped]), case_moves.c.dest == "HELD")
            .order_by(case_moves.c.sequence)
        )
    }
    return tuple(
        Held(
            row.number,
            row.name,
            int(row.amount or 0),
            said[row.id].on_date,
            str(said[row.id].details.get("reason", "")),
        )
        for row in stopped
        if row.id in said
    )


def _sources(work: Work, year: int) -> tuple[SourceTotal, ...]:
    lines = budget_position(work, year=year)
    return tuple(
        SourceTotal(
            source,
            *(sum(getattr(one, name) for one in lines if one.source == source)
              for name in ("appropriated", "committed", "payable", "net_paid", "available")),
        )
        for source in sorted({one.source for one in lines})
    )  # fmt: skip
