"""A decision is reviewed by people who had no part in it, and what they decide is done in the case, by a new move."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from services.cases import commands
from services.cases.involvement import parts_taken, review_candidates
from services.cases.reviewing import cast_ballot
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Refused
from services.invariants.check import check
from services.organizations.commands import record_post
from services.outbox.queries import errands
from services.outbox.reasons import told
from services.people.commands import grant_role
from services.people.queries import actor_named
from statemachines.roles import Role
from tests.database.office import Office
from tests.database.review_ground import (
    FRESH,
    HEARING,
    JUDGES,
    decided,
    in_panel,
    lodged,
    rejected,
    review_office,
    sound,
    vote,
)


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from review_office(database)


# ---- what a review does in the case -------------------------------------------------------------------------------


def test_a_remand_opens_the_last_assessment_again_by_a_move_of_its_own(office: Office) -> None:
    number = rejected(office)
    before = office.subject(number).moves
    review = decided(office, number, "remanded", "remanded", "remanded")
    after = office.subject(number)
    assert after.moves[: len(before)] == before
    assert (after.case.state, after.case.live, after.organization.incubation_stage) == (
        "ADMISSION_REVIEW", True, "ENTERING",
    )  # fmt: skip
    assert (after.moves[-1].row, after.moves[-1].role, after.moves[-1].details["review"]) == ("R04", "system", review)
    assert office.state(review) == "SERVED"
    sound(office)


def test_a_fresh_panel_assesses_after_a_remand_and_may_come_to_another_result(office: Office) -> None:
    number = rejected(office)
    decided(office, number, "remanded", "remanded", "upheld")
    office.on(2026, 3, 3)
    with pytest.raises(Refused, match=r"assessment\.sat_before_review"):
        office.seat(number, "admission", ("evaluator1", "evaluator4", "evaluator5"))
    identity = office.seat(number, "admission", FRESH)
    with pytest.raises(Refused, match=r"assessment\.sat_before_review"):
        commands.replace_evaluator(
            office.database, office.people["secretary"], assessment_id=identity, leaving="evaluator4",
            coming="evaluator1", now=office.now,
        )  # fmt: skip
    for name in FRESH:
        office.score(name, identity)
    office.move("manager", number, "admit", mode="resident", room="102室")
    office.carry()
    assert (office.state(number), office.round(number).number) == ("ADMISSION_PUBLICITY", 2)
    sound(office)


def test_a_change_writes_the_target_state(office: Office) -> None:
    number = rejected(office)
    decided(office, number, "changed", "changed", "upheld")
    assert office.subject(number).moves[-1].row == "R05"
    assert office.state(number) == "ADMISSION_PUBLICITY"
    sound(office)


def test_an_upheld_decision_stays_as_it_was(office: Office) -> None:
    number = rejected(office)
    version = office.subject(number).case.version
    decided(office, number, "upheld", "remanded", "upheld")
    assert (office.state(number), office.subject(number).case.version) == ("REJECTED", version)
    sound(office)


def test_a_case_that_went_elsewhere_meanwhile_is_left_alone_and_the_errand_waits_for_a_person(office: Office) -> None:
    number = rejected(office)
    office.on(2026, 7, 1)
    other = office.submitted()
    office.on(2026, 3, 2)
    review = in_panel(office, number)
    vote(office, review, "remanded", "remanded", "remanded")
    office.move("judge1", review, "decide_review", found="应当回避")
    office.move("secretary", review, "serve_review")
    with pytest.raises(AssertionError):
        office.carry()
    assert (office.state(number), office.state(other)) == ("REJECTED", "SUBMITTED")
    with reading(office.database, office.now) as work:
        waiting = errands(work, standing="waiting", case_id=office.subject(review).case.id)
    (left,) = [one for one in waiting if one.effect == "carry_out_review"]
    assert "已有一个正在办理的孵化个案" in told(left.last_reason, "zh")


@pytest.mark.parametrize("trigger", ["reopen_by_review", "change_by_review"])
@pytest.mark.parametrize("who", ["manager", "secretary", "applicant1", "judge1"])
def test_nobody_can_pull_what_only_a_decided_review_does(office: Office, who: str, trigger: str) -> None:
    number = rejected(office)
    with pytest.raises(Refused):
        office.move(who, number, trigger, review="YL-FH-2026-0001", reason="自行恢复")
    assert office.state(number) == "REJECTED"


# ---- who may sit, and who may vote --------------------------------------------------------------------------------


def test_whoever_had_any_part_in_the_case_is_no_candidate(office: Office) -> None:
    number = rejected(office)
    involved = ("clerk", "keeper", "manager", "secretary", "evaluator1")
    with unit_of_work(office.database, office.now) as work:
        for name in involved:
            grant_role(work, office.people[name].id, Role.REVIEW_MEMBER, valid_from=date(2020, 1, 1))
    with reading(office.database, office.now) as work:
        case = office.subject(number).case
        found = review_candidates(work, decision_case_id=case.id, organization_id=case.organization_id)
        parts = parts_taken(work, case.id)
    assert tuple(one.username for one in found) == JUDGES
    assert {name: parts[office.people[name].id] for name in involved} == {
        "clerk": {"manage"}, "keeper": {"manage"}, "manager": {"decide", "manage"}, "secretary": {"convene"},
        "evaluator1": {"manage"},
    }  # fmt: skip


@pytest.mark.parametrize("who", ["clerk", "keeper", "manager", "secretary", "evaluator1"])
def test_typing_somebody_who_had_a_part_is_refused(office: Office, who: str) -> None:
    number = rejected(office)
    with unit_of_work(office.database, office.now) as work:
        grant_role(work, office.people[who].id, Role.REVIEW_MEMBER, valid_from=date(2020, 1, 1))
    review = lodged(office, number)
    office.move("secretary", review, "accept_review")
    with pytest.raises(Refused, match=r"review\.member_involved"):
        office.move("secretary", review, "form_panel", members=[{"username": one} for one in (who, "judge1", "judge2")])


def test_a_post_in_the_organization_less_than_two_years_ago_bars_a_member(office: Office) -> None:
    number = rejected(office)
    with unit_of_work(office.database, office.now) as work:
        record_post(
            work, organization_id=office.city.organization_ids[0], person_id=office.people["judge1"].id, post="staff",
            held_from=date(2020, 1, 1), held_to=date(2024, 6, 1),
        )  # fmt: skip
    review = lodged(office, number)
    office.move("secretary", review, "accept_review")
    with pytest.raises(Refused, match=r"review\.member_involved"):
        office.move("secretary", review, "form_panel", members=[{"username": one} for one in JUDGES])


@pytest.mark.parametrize("named", [("judge1", "judge2"), ("judge1", "judge1", "judge2")])
def test_two_are_no_review_panel(office: Office, named: tuple[str, ...]) -> None:
    review = lodged(office, rejected(office))
    office.move("secretary", review, "accept_review")
    with pytest.raises(Refused, match=r"review\.panel_too_small"):
        office.move("secretary", review, "form_panel", members=[{"username": one} for one in named])


def test_who_took_the_decision_neither_accepts_the_request_nor_names_the_panel(office: Office) -> None:
    number = rejected(office)
    with unit_of_work(office.database, office.now) as work:
        grant_role(work, office.people["manager"].id, Role.ASSESSMENT_SECRETARY, valid_from=date(2020, 1, 1))
    with reading(office.database, office.now) as work:
        office.people["manager"] = actor_named(work, "manager")
    review = lodged(office, number)
    with pytest.raises(Forbidden, match=r"case\.duties_must_be_separate"):
        office.move("manager", review, "accept_review")


def test_a_part_that_comes_to_light_after_the_seating_bars_the_vote(office: Office, monkeypatch: Any) -> None:
    review = in_panel(office, rejected(office))
    judge = office.people["judge1"].id
    monkeypatch.setattr("services.cases.reviewing.parts_taken", lambda *_: {judge: frozenset({"manage"})})
    with pytest.raises(Forbidden, match=r"case\.duties_must_be_separate"):
        vote(office, review, "upheld")


def test_a_weakened_rule_for_candidates_is_caught_by_the_invariants(office: Office, monkeypatch: Any) -> None:
    """Were somebody seated who had a part in the case and did they vote, the nightly check would say so."""
    number = rejected(office)
    with unit_of_work(office.database, office.now) as work:
        grant_role(work, office.people["keeper"].id, Role.REVIEW_MEMBER, valid_from=date(2020, 1, 1))
    with reading(office.database, office.now) as work:
        office.people["keeper"] = actor_named(work, "keeper")
    with monkeypatch.context() as weak:
        for module in ("involvement", "standing", "reviewing"):
            weak.setattr(f"services.cases.{module}.parts_taken", lambda *_: {})
        review = lodged(office, number)
        office.move("secretary", review, "accept_review")
        named = ("keeper", "judge2", "judge3")
        office.move("secretary", review, "form_panel", members=[{"username": one} for one in named])
        office.move("secretary", review, "record_hearing", **HEARING)
        for who in named:
            cast_ballot(
                office.database, office.people[who], number=review, result="upheld", reason="维持", now=office.now
            )
    assert "I4" in {one.code for one in check(office.database, now=office.now, quiet=True)}
