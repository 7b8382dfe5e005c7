"""Votes of a review count one by one and by name, and a review is asked for in time, once, and by whom it concerns."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from services.cases.reviewing import Request, cast_ballot, decisions_of
from services.cases.work_list import Wanted, work_list
from services.database.engine import Database
from services.database.work import reading
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.issuance.queries import document_to_draw, documents_of
from services.reviews.queries import review_of
from statemachines.roles import Role
from tests.database.office import Office
from tests.database.review_ground import (
    FRESH,
    JUDGES,
    decided,
    hire,
    in_panel,
    lodged,
    rejected,
    review_office,
    score_low,
    sound,
    vote,
)


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from review_office(database)


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
