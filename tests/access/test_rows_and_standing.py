"""The row filter in SQL and the standing in code are two readings of one rule: whoever sees a case has a role on it."""

import random
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from services.actors import Actor, Grant
from services.assessments.models import seats
from services.cases import lists
from services.cases.lists import visible
from services.cases.models import cases
from services.cases.standing import standing_on
from services.cases.turn import load_subject
from services.database.work import Work, reading, unit_of_work
from services.people.models import persons
from statemachines.roles import ROLES, Role
from tests.access.conftest import Door
from tests.access.oracle import policy, reaches
from tests.access.province import Case, Held, Someone

CODES = ("229902001", "229902002", "229902", "229903", "229900", "229800", "229801", "2299", "229902001001", "2")
ROUNDS = 250


def people_of(work: Work, door: Door) -> dict[str, str]:
    """Username to id."""
    return {row.username: row.id for row in work.connection.execute(select(persons))}


def actors(door: Door, ids: dict[str, str]) -> Iterator[tuple[Actor, Someone]]:
    """People with up to four grants of any kind, the wildest mixtures included; the same on every machine."""
    chance, organizations = random.Random(20261125), door.province.city.organizations
    sitting = ["evaluator1", "evaluator4", "roleless", "the_auditor", "near_draft"]
    for _ in range(ROUNDS):
        username = chance.choice(sitting)
        grants, held = [], []
        for role in chance.sample([one for one in Role if one is not Role.SYSTEM], chance.randint(0, 4)):
            scope = ROLES[role].scope
            key = chance.choice(sorted(organizations)) if scope == "organization" else ""
            code = chance.choice(CODES) if scope == "territory" else None
            grants.append(Grant(role, "", organizations.get(key), code))
            held.append(Held(role.value, key, code or ""))
        yield Actor(ids[username], username, username, "zh", tuple(grants)), Someone(username, tuple(held))


def differing(work: Work, door: Door) -> list[str]:
    """Every person and case on which filter, standing and table do not say the same."""
    ids, found = people_of(work, door), []
    subjects = [(case, load_subject(work, number=case.number)) for case in door.province.cases]
    for actor, someone in actors(door, ids):
        seen = set(work.connection.execute(select(cases.c.number).where(lists.visible(actor))).scalars())
        for case, subject in subjects:
            roles = standing_on(work, actor, subject).roles
            three = (
                case.number in seen,
                any(("case:list", role.value) in policy() for role in roles),
                reaches(someone, "case:list", case),
            )
            if len(set(three)) > 1:
                held = [(one.role, one.organization, one.division) for one in someone.held]
                found.append(f"{someone.username} {held} {case.organization}: {three}")
    return found


def test_whoever_sees_a_case_has_a_role_on_it_that_may_and_nobody_else(door: Door) -> None:
    with reading(door.app.state.database, door.province.city.now) as work:
        assert differing(work, door) == []


def test_before_declaring_that_there_is_no_interest_an_evaluator_neither_sees_nor_stands(door: Door) -> None:
    case = door.province.case("near", "under_review")
    with unit_of_work(door.app.state.database, door.province.city.now) as work:
        ids = people_of(work, door)
        work.connection.execute(
            update(seats).where(seats.c.person_id == ids["evaluator1"]).values(interest="undeclared")
        )
        actor = Actor(ids["evaluator1"], "evaluator1", "甲", "zh", (Grant(Role.EVALUATOR),))
        seen = work.connection.execute(select(cases.c.id).where(visible(actor))).all()
        assert seen == []
        assert standing_on(work, actor, load_subject(work, number=case.number)).roles == frozenset()


def test_a_filter_that_adds_territories_up_would_be_seen(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it once was: a territory held in a role that lists nothing widened what another role lists."""
    honest = lists.visible

    def widened(actor: Actor, *, whole: bool = False) -> object:
        wider = [Grant(Role.STREET_HANDLER, "", None, one.division_code) for one in actor.grants if one.division_code]
        return honest(Actor(actor.id, actor.username, actor.name, "zh", (*actor.grants, *wider)), whole=whole)

    monkeypatch.setattr(lists, "visible", widened)
    with reading(door.app.state.database, door.province.city.now) as work:
        assert differing(work, door)


def test_the_oracle_itself_knows_near_from_far() -> None:
    case = Case("1", "near_draft", "229902001", "draft")
    for code, right in (("229902001", True), ("229902", True), ("229900", True), ("229903", False), ("229800", False)):
        someone = Someone("x", (Held("street_handler", division=code),))
        assert reaches(someone, "case:list", case) is right
