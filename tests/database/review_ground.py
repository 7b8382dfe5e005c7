"""What tests of a review share: an office with review members, a refused application, and short ways to act."""

from collections.abc import Iterator
from datetime import date

from services.cases import commands
from services.cases.reviewing import Request, cast_ballot, decisions_of, lodge_review
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.invariants.check import check
from services.people.commands import add_person, grant_role
from services.people.queries import actor_named
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


def review_office(database: Database) -> Iterator[Office]:
    """A fresh office with review members and enough evaluators for a panel that had no part in the case."""
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
    """An application refused after the assessment, with its paper served on Monday 2 March 2026."""
    number = office.reviewed()
    assessment = office.round(number).id
    for name in PANEL:
        score_low(office, name, assessment)
    office.move("manager", number, "reject", reason="计划不成熟")
    office.serve()
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
