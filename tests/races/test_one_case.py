"""Sixteen people move the same case at the same moment: one does, the others are told who was first."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services.cases.advance import AdvanceCase, Advanced
from services.cases.commands import advance_case, open_incubation, provide_materials
from services.cases.models import answered_requests, case_moves, cases
from services.database.work import reading
from services.errors import Invalid, Stale
from services.invariants.check import check
from services.rulesets.commands import rule_set_on
from tests.races.conftest import NIGHTLY, PLAN, Town
from tests.races.together import THREADS, together

ROUNDS = 500 if NIGHTLY else 60
pytestmark = pytest.mark.timeout(1200 if NIGHTLY else 300)


def version_of(town: Town) -> int:
    with reading(town.database) as work:
        return int(work.connection.execute(select(cases.c.version).where(cases.c.number == town.case)).scalar_one())


def moves_of(town: Town) -> int:
    with reading(town.database) as work:
        return int(
            work.connection.execute(
                select(func.count()).select_from(case_moves).join(cases, cases.c.id == case_moves.c.case_id)
                .where(cases.c.number == town.case)
            ).scalar_one()
        )  # fmt: skip


def test_one_wins_and_the_others_are_told_the_present_version(town: Town) -> None:
    keeper = town.people["keeper"]
    for number in range(ROUNDS):
        seen = version_of(town)

        def click(thread: int, seen: int = seen, number: int = number) -> Advanced:
            command = AdvanceCase(town.case, "record_plan", seen, PLAN, f"round {number} thread {thread}")
            return advance_case(town.database, keeper, command, now=town.now)

        ended = together(click)
        won = [one for one in ended if isinstance(one, Advanced)]
        lost = [one for one in ended if isinstance(one, Stale)]
        assert (len(won), len(lost)) == (1, THREADS - 1), ended
        assert won[0].version == seen + 1
        assert {one.facts["version"] for one in lost} == {seen + 1}
        assert all(one.facts["at"] and one.facts["state"] for one in lost)
    # The plan may be recorded again, so the moves before the rounds and one for each round are all there is.
    assert moves_of(town) == version_of(town)
    assert check(town.database, now=town.now + timedelta(hours=1), quiet=True) == ()


def test_one_request_is_carried_out_once_however_often_it_is_sent(town: Town) -> None:
    keeper, seen = town.people["keeper"], version_of(town)
    command = AdvanceCase(town.case, "record_plan", seen, PLAN, "the same request")
    ended = together(lambda thread: advance_case(town.database, keeper, command, now=town.now))
    assert all(isinstance(one, Advanced) for one in ended), ended
    assert sum(not one.replayed for one in ended) == 1
    assert {(one.case_id, one.state, one.version, one.documents) for one in ended} == {
        (ended[0].case_id, "ADMITTED", seen + 1, ())
    }
    assert moves_of(town) == seen + 1
    # A day later the answer still stands.
    again = advance_case(town.database, keeper, command, now=town.now + timedelta(days=2))
    assert (again.replayed, again.version) == (True, seen + 1)


def test_one_request_with_another_content_is_refused(town: Town) -> None:
    keeper = town.people["keeper"]

    def send(thread: int) -> Advanced:
        plan = PLAN | {"mentor": f"导师{thread % 2}"}
        return advance_case(
            town.database, keeper, AdvanceCase(town.case, "record_plan", None, plan, "one key"), now=town.now
        )

    ended = together(send)
    moved = [one for one in ended if isinstance(one, Advanced)]
    refused = [one for one in ended if isinstance(one, Invalid)]
    assert len(moved) == len(refused) == THREADS // 2, ended
    assert sum(not one.replayed for one in moved) == 1
    with reading(town.database) as work:
        assert work.connection.scalar(select(func.count()).where(answered_requests.c.request_id == "one key")) == 1


def test_one_request_id_for_two_cases_is_refused_for_the_second(town: Town) -> None:
    keeper, applicants = town.people["keeper"], town.people
    other = open_incubation(
        town.database, applicants["applicant2"], organization_id=town.city.organization_ids[1],
        centre_id=town.city.centre_id, now=town.now,
    ).number  # fmt: skip
    with reading(town.database) as work:
        names = rule_set_on(work, town.now.date()).value("materials.application")
    provide_materials(town.database, applicants["applicant2"], number=other, names=names, now=town.now)
    accepted = {"privacy_notice_accepted": True, "commitments_accepted": True}

    def send(thread: int) -> Advanced:
        if thread % 2:
            return advance_case(
                town.database, keeper, AdvanceCase(town.case, "record_plan", None, PLAN, "shared"), now=town.now
            )
        command = AdvanceCase(other, "submit", None, accepted, "shared")
        return advance_case(town.database, applicants["applicant2"], command, now=town.now)

    ended = together(send)
    moved = [one for one in ended if isinstance(one, Advanced)]
    assert len({one.case_number for one in moved}) == 1, ended
    assert sum(not one.replayed for one in moved) == 1, ended
    assert all(isinstance(one, Advanced | Invalid) for one in ended), ended
