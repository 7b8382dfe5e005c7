"""A decision is reviewed by people who had no part in it, and what they decide is done in the case, by a new move."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from services.cases import commands
from services.cases.involvement import parts_taken, review_candidates
from services.cases.reviewing import Request, cast_ballot, decisions_of, lodge_review
from services.cases.work_list import Wanted, work_list
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.invariants.check import check
from services.issuance.queries import document_to_draw, documents_of
from services.organizations.commands import record_post
from services.outbox.queries import errands
from services.people.commands import add_person, grant_role
from services.people.queries import actor_named
from services.reviews.queries import review_of
from statemachines.roles import Role
from tests.database.office import MARKS, PANEL, Office, open_office

JUDGES = ("judge1", "judge2", "judge3")
FRESH = ("evaluator4", "evaluator5", "evaluator6")
HEARING = {
    "held_on": "2026-03-11",
    "applicant_said": "评审专家应当回避",
    "evaluators_by": "秘书甲",
    "evaluators_said": "当时不知情",
}
REQUEST = Request("一名评审专家未回避", "撤销决定，重新评审")


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    for office in open_office(database):
        hire(office, *[(name, Role.REVIEW_MEMBER) for name in JUDGES], *[(name, Role.EVALUATOR) for name in FRESH])
        yield office


def hire(office: Office, *people: tuple[str, Role]) -> None:
    with unit_of_work(office.database, office.now) as work:
        for name, role in people:
            person = add_person(work, username=name, name=f"{name}甲")
            grant_role(work, person, role, valid_from=date(2020, 1, 1))
    with reading(office.database, office.now) as work:
        office.people |= {name: actor_named(work, name) for name, _ in people}


def rejected(office: Office) -> str:
    """An application refused after the assessment, with its paper in the drawer on Monday 2 March 2026."""
    number = office.reviewed()
    assessment = office.round(number).id
    for name in PANEL:
        score_low(office, name, assessment)
    office.move("manager", number, "reject", reason="计划不成熟")
    office.carry()
    return number


def score_low(office: Office, who: str, assessment: str) -> None:
    low = MARKS["admission"] | dict.fromkeys(("A1", "A2", "A3"), "5")
    comments = dict.fromkeys((*low, "total"), "依据不足")
    actor = office.people[who]
    commands.save_sheet(office.database, actor, assessment_id=assessment, items=low, comments=comments, now=office.now)
    commands.lock_sheet(office.database, actor, assessment_id=assessment, now=office.now)


def decision(office: Office, number: str) -> int:
    with reading(office.database, office.now) as work:
        return decisions_of(work, office.subject(number))[0].sequence


def lodged(office: Office, number: str, request: Request = REQUEST, who: str = "applicant1") -> str:
    found = lodge_review(
        office.database, office.people[who], request, number=number, sequence=decision(office, number), now=office.now
    )
    office.carry()
    return found.case_number


def in_panel(office: Office, number: str) -> str:
    review = lodged(office, number)
    office.move("secretary", review, "accept_review")
    office.move("secretary", review, "form_panel", members=[{"username": one} for one in JUDGES])
    office.move("secretary", review, "record_hearing", **HEARING)
    office.carry()
    return review


def vote(office: Office, review: str, *results: str) -> None:
    for who, result in zip(JUDGES, results, strict=False):
        cast_ballot(
            office.database, office.people[who], number=review, result=result, reason="应当回避而未回避", now=office.now
        )


def decided(office: Office, number: str, *results: str) -> str:
    review = in_panel(office, number)
    vote(office, review, *results)
    office.move("judge1", review, "decide_review", found="一名专家应当回避而未回避")
    office.move("secretary", review, "serve_review")
    office.carry()
    return review


def sound(office: Office) -> None:
    assert [(one.code, one.rows) for one in check(office.database, now=office.now, quiet=True)] == []


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
    assert "已有一个正在办理的孵化个案" in left.last_reason


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


# ---- hearing and vote ---------------------------------------------------------------------------------------------


def test_nobody_votes_before_both_sides_were_heard(office: Office) -> None:
    review = lodged(office, rejected(office))
    office.move("secretary", review, "accept_review")
    office.move("secretary", review, "form_panel", members=[{"username": one} for one in JUDGES])
    with pytest.raises(Refused, match=r"review\.not_heard"):
        vote(office, review, "upheld")


def test_only_members_vote_and_each_with_a_reason(office: Office) -> None:
    review = in_panel(office, rejected(office))
    with pytest.raises(NotFound):
        cast_ballot(
            office.database, hired(office, "judge4"), number=review, result="upheld", reason="维持", now=office.now
        )
    with pytest.raises(Forbidden):
        cast_ballot(
            office.database, office.people["secretary"], number=review, result="upheld", reason="维持", now=office.now
        )
    for result, reason in (("upheld", " "), ("maybe", "理由")):
        with pytest.raises(Invalid):
            cast_ballot(
                office.database, office.people["judge1"], number=review, result=result, reason=reason, now=office.now
            )


def hired(office: Office, name: str) -> Any:
    hire(office, (name, Role.REVIEW_MEMBER))
    return office.people[name]


@pytest.mark.parametrize(
    ("votes", "reason"),
    [(("upheld", "upheld"), "review.ballots_missing"), (("upheld", "changed", "remanded"), "review.no_majority")],
)
def test_a_decision_takes_every_ballot_and_more_than_half_of_all_members(
    office: Office, votes: tuple[str, ...], reason: str
) -> None:
    review = in_panel(office, rejected(office))
    vote(office, review, *votes)
    with pytest.raises(Refused, match=reason):
        office.move("judge1", review, "decide_review", found="查明")


def test_members_who_do_not_agree_vote_again_and_the_latest_ballots_count(office: Office) -> None:
    review = in_panel(office, rejected(office))
    vote(office, review, "upheld", "changed", "remanded")
    vote(office, review, "upheld", "remanded", "remanded")
    office.move("judge1", review, "decide_review", found="查明")
    with reading(office.database, office.now) as work:
        found = review_of(work, office.subject(review).case.id)
    assert (found.result, [one.result for one in found.sitting]) == ("remanded", ["upheld", "remanded", "remanded"])


def test_a_replaced_member_s_ballot_counts_no_longer(office: Office) -> None:
    review = in_panel(office, rejected(office))
    hired(office, "judge4")
    vote(office, review, "upheld", "upheld", "upheld")
    office.move("secretary", review, "replace_member", leaving="judge3", coming="judge4", reason="因病")
    with pytest.raises(Refused, match=r"review\.ballots_missing"):
        office.move("judge1", review, "decide_review", found="查明")
    with pytest.raises(NotFound):
        vote(office, review, "upheld", "upheld", "upheld")


def test_the_vote_waits_in_the_work_list_of_each_member_and_the_conclusion_for_all(office: Office) -> None:
    review = in_panel(office, rejected(office))
    vote(office, review, "upheld", "upheld")

    def waiting(who: str) -> list[str]:
        with reading(office.database, office.now) as work:
            return [one.number for one in work_list(work, office.people[who], Wanted()).lines]

    assert (waiting("judge1"), waiting("judge3")) == ([], [review])
    vote(office, review, "upheld", "upheld", "upheld")
    assert waiting("judge1") == [review]


# ---- in time, once, and by whom -----------------------------------------------------------------------------------


def test_the_last_of_ten_working_days_is_in_time_and_the_next_is_late(office: Office) -> None:
    number = rejected(office)
    office.on(2026, 3, 16)
    with reading(office.database, office.now) as work:
        found = decisions_of(work, office.subject(number))[0]
    assert (found.served_on, found.due_on, found.late) == (date(2026, 3, 2), date(2026, 3, 16), False)
    office.on(2026, 3, 17)
    with pytest.raises(Invalid, match=r"review\.lateness_untold"):
        lodged(office, number)
    review = lodged(office, number, Request("未回避", "撤销", late_because="邮寄延误"))
    with pytest.raises(Refused, match=r"review\.lodged_late"):
        office.move("secretary", review, "accept_review")
    office.move("secretary", review, "accept_review", delay_excused=True)
    assert office.state(review) == "ACCEPTED"


def test_a_late_request_is_found_inadmissible_on_paper_and_one_in_time_never_is(office: Office) -> None:
    number = rejected(office)
    in_time = lodged(office, number)
    with pytest.raises(Refused, match=r"review\.not_late"):
        office.move("secretary", in_time, "find_inadmissible", ground="late", reason="逾期")
    office.move("secretary", in_time, "find_inadmissible", ground="wrong_body", reason="应向登记机关提出")
    office.carry()
    with reading(office.database, office.now) as work:
        (paper,) = documents_of(work, case_ids=(office.subject(in_time).case.id,))
        told = document_to_draw(work, paper.id).inputs
    assert (paper.code, told["result"], told["head"]["document_title"]) == ("D22", "inadmissible", "复核不予受理决定书")
    assert "应向登记机关提出" in told["findings"]
    sound(office)


def test_there_is_one_round_only_and_a_request_taken_back_is_none(office: Office) -> None:
    number = rejected(office)
    first = lodged(office, number)
    with pytest.raises(Refused, match=r"review\.one_round_only"):
        lodged(office, number)
    office.move("applicant1", first, "withdraw_review", reason="不再申请")
    second = decided(office, number, "upheld", "upheld", "upheld")
    with pytest.raises(Refused, match=r"review\.one_round_only"):
        lodged(office, number)
    with reading(office.database, office.now) as work:
        assert decisions_of(work, office.subject(second)) == ()


def test_a_decision_taken_anew_can_be_reviewed_anew(office: Office) -> None:
    number = rejected(office)
    decided(office, number, "remanded", "remanded", "remanded")
    office.on(2026, 3, 3)
    identity = office.seat(number, "admission", FRESH)
    for name in FRESH:
        score_low(office, name, identity)
    office.move("manager", number, "reject", reason="仍不成熟")
    office.carry()
    assert office.state(lodged(office, number)) == "LODGED"


def test_nobody_else_can_lodge_a_review(office: Office) -> None:
    number = rejected(office)
    with pytest.raises(Forbidden):
        lodged(office, number, who="manager")
    with pytest.raises(NotFound):
        lodged(office, number, who="applicant2")


def test_after_the_decision_nothing_is_taken_back(office: Office) -> None:
    review = in_panel(office, rejected(office))
    vote(office, review, "upheld", "upheld", "upheld")
    office.move("judge1", review, "decide_review", found="查明")
    with pytest.raises(Refused):
        office.move("applicant1", review, "withdraw_review", reason="撤回")


def test_the_days_of_a_review_run_from_its_acceptance(office: Office) -> None:
    review = lodged(office, rejected(office))
    assert office.subject(review).case.due_on == date(2026, 3, 9)
    office.on(2026, 3, 4)
    office.move("secretary", review, "accept_review")
    due = office.subject(review).case.due_on
    office.on(2026, 3, 6)
    office.move("secretary", review, "form_panel", members=[{"username": one} for one in JUDGES])
    assert office.subject(review).case.due_on == due == date(2026, 4, 1)


def test_the_paper_names_the_panel_the_votes_and_what_follows(office: Office) -> None:
    review = decided(office, rejected(office), "remanded", "upheld", "remanded")
    with reading(office.database, office.now) as work:
        (paper,) = documents_of(work, case_ids=(office.subject(review).case.id,))
        told = document_to_draw(work, paper.id).inputs
    assert [one["vote"] for one in told["panel"]] == ["remanded", "upheld", "remanded"]
    assert (told["result"], told["tally"], told["decision"]) == ("remanded", "2:1", "不予入驻（评审）")
    assert told["effect"] == "撤销不予入驻决定，由新的评审组重新评审"
