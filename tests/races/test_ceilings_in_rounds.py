"""Sixteen approvers at once, round after round, on one line and on two coupled ceilings: never over, never under.

On PostgreSQL as we open it and serializable, and on SQLite; a hundred rounds each by CHUKE_NIGHTLY=1.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from cli.bench.city import City, actors, build
from services.actors import Actor
from services.awards.commands import NewCall, open_call
from services.cases.commands import open_award
from services.cases.opening import NewAward
from services.database.engine import Database
from services.database.work import Work, office_instant, reading, run, unit_of_work
from services.errors import Refused, Unavailable
from services.funding import ceilings
from services.funding import commands as funding
from services.funding.budgeting import NewBudgetLine, granted_line
from services.funding.ceilings import Counter, Payee
from services.funding.models import awards, budget_lines, funding_ceilings
from tests.races.conftest import NIGHTLY, ORGANIZATIONS
from tests.races.test_one_budget_line import DAY, EACH_FEN, LINE_FEN, unguarded
from tests.races.together import THREADS, together

ROUNDS = 100 if NIGHTLY else 2
CONTROL_ROUNDS = 100 if NIGHTLY else 4
pytestmark = pytest.mark.timeout(3000 if NIGHTLY else 300)


@dataclass(frozen=True)
class Round:
    """Sixteen awards that wait for their sixteen approvers, and the one organization that asks for every second."""

    awards: tuple[str, ...]
    line: str
    program: str
    favoured: str
    others: tuple[str, ...]

    def payee(self, thread: int, limit_fen: int) -> Payee:
        return Payee(self.favoured if thread % 2 == 0 else self.others[thread], limit_fen)


def fresh_round(database: Database, city: City, people: dict[str, Actor], *, line_fen: int, number: int) -> Round:
    """A programme and a line of its own, and sixteen applications on it, ready to be committed."""
    with unit_of_work(database, DAY) as work:
        program = funding.open_program(work, name=f"第{number}轮", year=2026)
        new = NewBudgetLine(program, "county_budget", f"第{number}轮", line_fen)
        line = granted_line(work, new, proposer=people["maker"], approver=people["checker"])
        called = NewCall(program, f"第{number}轮申报", "助老项目", DAY.date(), DAY.date(), EACH_FEN, rolling=True)
        open_call(work, called, opened_by=None)
    asked = []
    for thread in range(THREADS):
        wish = NewAward(city.organization_ids[thread], city.centre_id, program, line, "助老项目", EACH_FEN, None)
        opened = open_award(database, people[f"applicant{thread + 1}"], wish, now=DAY)
        asked.append(opened.id)
    with unit_of_work(database, DAY) as work:
        work.connection.execute(update(awards).where(awards.c.case_id.in_(asked)).values(amount_fen=EACH_FEN))
    favoured = city.organization_ids[number % ORGANIZATIONS]
    return Round(tuple(asked), line, program, favoured, city.organization_ids)


def commit_all(database: Database, actor: Actor, one: Round, *, limit_fen: int, year: int) -> list[Any]:
    """Everyone commits at once; who is told that the database is busy clicks again, as a person would."""
    now = office_instant(date(year, 6, 1))

    def click(thread: int) -> str:
        payee = one.payee(thread, limit_fen)

        def unit(work: Work) -> str:
            funding.commit_award(work, actor=actor, award_id=one.awards[thread], payee=payee)
            return payee.organization_id

        for _ in range(60):
            try:
                return run(database, now, unit)
            except Unavailable:
                time.sleep(0.01)
        raise AssertionError("the database was busy for ever")

    return together(click)


def serializable(database: Database) -> Database:
    """The same database, opened by people whose every unit of work is serializable."""
    return replace(database, engine=database.engine.execution_options(isolation_level="SERIALIZABLE"))


ISOLATIONS: dict[str, Callable[[Database], Database]] = {"as opened": lambda same: same, "serializable": serializable}


@pytest.fixture(params=["sqlite, as opened", *(f"postgresql, {isolation}" for isolation in ISOLATIONS)])
def approvers(request: pytest.FixtureRequest) -> Callable[[Database], Database]:
    """How the approvers open their database; the other fixture brings the database itself."""
    return ISOLATIONS[request.param.partition(", ")[2]]


@pytest.fixture
def backend(approvers: object, request: pytest.FixtureRequest) -> str:
    """The database that goes with the isolation asked for."""
    said = next(one for one in request.node.callspec.params.values() if ", " in str(one))
    return str(said).partition(", ")[0]


def test_no_round_uses_more_or_less_than_the_line_holds(
    approvers: Callable[[Database], Database], database: Database
) -> None:
    city = build(database, organizations_count=ORGANIZATIONS, now=DAY)
    people = actors(database, now=DAY, organizations_count=ORGANIZATIONS)
    for number in range(ROUNDS):
        one = fresh_round(database, city, people, line_fen=LINE_FEN, number=number)
        ended = commit_all(approvers(database), people["bureau"], one, limit_fen=10**12, year=2026)
        refused = [each.codes for each in ended if isinstance(each, Refused)]
        assert refused == [("award.budget_exceeded",)] * 6, ended
        assert used(database, one) == (LINE_FEN, LINE_FEN)


def test_no_round_passes_either_of_two_coupled_limits_nor_leaves_room(
    approvers: Callable[[Database], Database], database: Database
) -> None:
    """The programme holds ten, the favoured organization asks for eight and may have three: 3 + 7 are approved."""
    city = build(database, organizations_count=ORGANIZATIONS, now=DAY)
    people = actors(database, now=DAY, organizations_count=ORGANIZATIONS)
    for number in range(ROUNDS):
        one = fresh_round(database, city, people, line_fen=16 * EACH_FEN, number=number)
        with unit_of_work(database, DAY) as work:
            ceilings.set_limit(work, Counter("programme", one.program, 2026), LINE_FEN)
        # A year of its own for each round, so that each begins with nothing promised to the organization.
        year = 2030 + number
        ended = commit_all(approvers(database), people["bureau"], one, limit_fen=3 * EACH_FEN, year=year)
        won = [each for each in ended if not isinstance(each, Exception)]
        assert {each.codes for each in ended if isinstance(each, Refused)} <= {
            ("budget.programme_exceeded",), ("budget.organization_exceeded",)
        }, ended  # fmt: skip
        assert len(won) == 10, ended
        assert won.count(one.favoured) <= 3
        assert used(database, one) == (LINE_FEN, LINE_FEN)
        assert of_organization(database, one, year) == won.count(one.favoured) * EACH_FEN


@pytest.mark.parametrize("approvers", ["postgresql, as opened"], indirect=True)
def test_reading_then_writing_overspends_in_almost_every_round(
    approvers: Callable[[Database], Database], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ceilings, "use_line", unguarded)
    city = build(database, organizations_count=ORGANIZATIONS, now=DAY)
    people = actors(database, now=DAY, organizations_count=ORGANIZATIONS)
    over = 0
    for number in range(CONTROL_ROUNDS):
        one = fresh_round(database, city, people, line_fen=LINE_FEN, number=number)
        ended = commit_all(approvers(database), people["bureau"], one, limit_fen=10**12, year=2026)
        over += sum(not isinstance(each, Exception) for each in ended) > 10
    assert over >= 0.9 * CONTROL_ROUNDS


def used(database: Database, one: Round) -> tuple[int, int]:
    """What the line and its programme say is used."""
    c = funding_ceilings.c
    with reading(database) as work:
        of_program = select(c.used_fen).where(c.kind == "programme", c.key == one.program)
        line = work.connection.scalar(select(budget_lines.c.used_fen).where(budget_lines.c.id == one.line))
        return int(line or 0), int(work.connection.scalar(of_program) or 0)


def of_organization(database: Database, one: Round, year: int) -> int:
    """What the favoured organization was promised in that year."""
    c = funding_ceilings.c
    asked = select(c.used_fen).where(c.kind == "organization", c.key == one.favoured, c.year == year)
    with reading(database) as work:
        return int(work.connection.scalar(asked) or 0)
