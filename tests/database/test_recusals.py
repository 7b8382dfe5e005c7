"""Recusal asked for by the applicant, and a conflict found later: what waits, what is voided, what is shown, re-run."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from services.assessments.models import score_sheets
from services.cases import commands
from services.cases.late_conflicts import void_sheet
from services.cases.recusals import RecusalPage, lodge_petition, recusal_page, rule_on_petition
from services.database.engine import Database
from services.database.work import reading
from services.errors import Forbidden, Refused
from services.evaluators import acts
from services.evaluators.acts import NewTerm
from tests.database.office import PANEL, Office, open_office_with_reserve


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office_with_reserve(database)


def reserve(office: Office) -> None:
    """Put the one who does not sit into the pool."""
    new = NewTerm("evaluator4", ("SERVICE",), date(2026, 1, 1), date(2027, 12, 31))
    acts.add_term(office.database, office.people["secretary"], new, now=office.now)


def page(office: Office, number: str, who: str = "secretary") -> RecusalPage:
    with reading(office.database, office.now) as work:
        return recusal_page(work, office.people[who], number)


def ask(office: Office, number: str, evaluator: str = "evaluator1", who: str = "applicant1") -> str:
    """The applicant asks that this evaluator step aside."""
    person = office.people[evaluator].id
    seat = next(one.seat_id for one in office.round(number).seats if one.person_id == person)
    return lodge_petition(
        office.database, office.people[who], number=number, seat_id=seat, grounds="曾为其近邻并有纠纷", now=office.now
    )


def rule(office: Office, petition: str, *, granted: bool) -> None:
    rule_on_petition(
        office.database,
        office.people["manager"],
        petition_id=petition,
        granted=granted,
        reason="经核查",
        now=office.now,
    )


def void(office: Office, number: str, evaluator: str = "evaluator1") -> None:
    void_sheet(
        office.database, office.people["secretary"], assessment_id=office.round(number).id, evaluator=evaluator,
        ground="rival", evidence="2025年在竞争组织任职的社保记录", now=office.now,
    )  # fmt: skip


# Petitions ----------------------------------------------------------------------------------------


def test_a_granted_petition_empties_the_seat_and_another_evaluator_is_drawn(office: Office) -> None:
    number = office.reviewed()
    reserve(office)
    rule(office, ask(office, number), granted=True)
    sitting = {seat.person_id for seat in office.round(number).sitting}
    assert sitting == {office.people[name].id for name in ("evaluator2", "evaluator3", "evaluator4")}
    (found,) = page(office, number, "applicant1").petitions
    assert (found.ruling, found.ruling_reason) == ("granted", "经核查")


def test_a_petition_that_waits_keeps_the_sheet_and_the_decision_closed(office: Office) -> None:
    number = office.reviewed()
    assessment = office.round(number).id
    petition = ask(office, number)
    with pytest.raises(Refused) as refused:
        office.score("evaluator1", assessment)
    assert refused.value.codes == ("recusal.petition_open",)
    for name in PANEL[1:]:
        office.score(name, assessment)
    with pytest.raises(Refused) as refused:
        office.move("manager", number, "reject", reason="未达到分数线")
    rule(office, petition, granted=False)
    office.score("evaluator1", assessment)
    assert office.round(number).mean == Decimal(78)


def test_scores_stay_closed_until_the_ruling_although_every_sheet_is_locked(office: Office) -> None:
    number = office.reviewed()
    assessment = office.round(number).id
    office.score("evaluator1", assessment)
    petition = ask(office, number)
    for name in PANEL[1:]:
        office.score(name, assessment)
    assert office.round(number).concluded_at is None
    with pytest.raises(Refused) as refused:
        office.move("manager", number, "admit", mode="resident", room="101室")
    assert "recusal.petition_open" in refused.value.codes or "assessment.mark_not_reached" in refused.value.codes
    rule(office, petition, granted=False)
    assert office.round(number).mean == Decimal(78)


def test_one_asks_until_the_recusal_day_and_not_later(office: Office) -> None:
    first, second = office.reviewed(1), office.reviewed(2)
    office.on(2026, 3, 6, 17)
    ask(office, first)
    office.on(2026, 3, 7)
    with pytest.raises(Refused) as refused:
        ask(office, second, who="applicant2")
    assert refused.value.codes == ("recusal.window_closed",)


def test_nobody_asks_before_the_review_notice(office: Office) -> None:
    number = office.submitted()
    office.seat(number, "admission")
    with pytest.raises(Refused) as refused:
        ask(office, number)
    assert refused.value.codes == ("recusal.not_open",)


def test_only_the_organizations_own_people_ask_and_once(office: Office) -> None:
    number = office.reviewed()
    with pytest.raises(Forbidden):
        ask(office, number, who="applicant2")
    ask(office, number)
    with pytest.raises(Refused) as refused:
        ask(office, number)
    assert refused.value.codes == ("recusal.already_petitioned",)


def test_nobody_rules_twice_nor_without_the_right(office: Office) -> None:
    number = office.reviewed()
    petition = ask(office, number)
    with pytest.raises(Forbidden):
        rule_on_petition(
            office.database, office.people["clerk"], petition_id=petition, granted=True, reason="同意", now=office.now
        )
    rule(office, petition, granted=False)
    with pytest.raises(Refused) as refused:
        rule(office, petition, granted=False)
    assert refused.value.codes == ("recusal.already_ruled",)


def test_a_granted_petition_without_anyone_to_seat_changes_nothing(office: Office) -> None:
    number = office.reviewed()
    petition = ask(office, number)
    with pytest.raises(Refused) as refused:
        rule(office, petition, granted=True)
    assert refused.value.codes == ("evaluator.too_few_to_draw",)
    assert [one.ruling for one in page(office, number).petitions] == [None]


def test_evaluators_read_nothing_of_it(office: Office) -> None:
    number = office.reviewed()
    with pytest.raises(Forbidden):
        page(office, number, "evaluator1")


# Found later --------------------------------------------------------------------------------------


def scored(office: Office) -> str:
    """A case whose three sheets are locked: 78, 78 and, by a higher first item, 79."""
    number = office.reviewed()
    assessment = office.round(number).id
    office.score("evaluator1", assessment, A1="18")
    for name in PANEL[1:]:
        office.score(name, assessment)
    return number


def test_a_voided_sheet_is_kept_and_the_round_runs_again_with_another_evaluator(office: Office) -> None:
    number = scored(office)
    reserve(office)
    before = office.round(number)
    void(office, number)
    again = office.round(number)
    assert (again.id, again.concluded_at, again.mean) == (before.id, None, None)
    assert len(again.sitting) == 3
    with reading(office.database, office.now) as work:
        assert len(work.connection.execute(select(score_sheets.c.locked_at)).scalars().all()) == 3
    assessment = again.id
    commands.declare_interest(
        office.database, office.people["evaluator4"], assessment_id=assessment, conflict=False, now=office.now
    )
    office.score("evaluator4", assessment)
    assert office.round(number).mean == Decimal(78)


def test_what_was_and_what_it_is_without_the_sheet_stand_side_by_side(office: Office) -> None:
    number = scored(office)
    void(office, number)
    (kept,) = page(office, number).voided
    assert kept.before is not None
    assert kept.before["mean"] == "78.33"
    assert kept.without is None
    assert (kept.ground, kept.evidence) == ("rival", "2025年在竞争组织任职的社保记录")


def test_with_fewer_than_three_nothing_is_computed(office: Office) -> None:
    number = scored(office)
    void(office, number)
    left = office.round(number)
    assert len(left.sitting) == 2
    assert (left.concluded_at, left.mean) == (None, None)
    with pytest.raises(Refused):
        office.move("manager", number, "admit", mode="resident", room="101室")


def test_with_enough_left_and_nobody_to_seat_the_rest_decide_and_that_is_the_counterfactual(office: Office) -> None:
    number = office.submitted()
    office.move("clerk", number, "accept_application")
    office.move(
        "keeper", number, "begin_preliminary_review", lists_checked=True, visitors=2, eligible=True, report="符合条件"
    )
    office.seat(number, "admission", (*PANEL, "evaluator4"))
    office.move(
        "manager", number, "open_admission_review", meets_on="2026-03-09", meets_at="14:00", place="会议室",
        recusal_due_on="2026-03-06",
    )  # fmt: skip
    office.carry()
    assessment = office.round(number).id
    office.score("evaluator1", assessment, A1="18")
    for name in ("evaluator2", "evaluator3", "evaluator4"):
        office.score(name, assessment)
    void(office, number)
    (kept,) = page(office, number).voided
    assert kept.without is not None
    assert kept.without["mean"] == "78.00"
    assert office.round(number).mean == Decimal(78)


def test_during_a_publicity_the_finding_is_an_objection_that_must_be_ruled_on(office: Office) -> None:
    number = scored(office)
    reserve(office)
    office.move("manager", number, "admit", mode="resident", room="101室")
    void(office, number)
    with pytest.raises(Refused) as refused:
        office.move("manager", number, "confirm_admission")
    assert "publicity.objection_open" in refused.value.codes


def test_whose_sheet_was_voided_is_not_drawn_for_that_organization_again(office: Office) -> None:
    number = scored(office)
    reserve(office)
    void(office, number)
    with pytest.raises(Refused) as refused:
        commands.replace_evaluator(
            office.database, office.people["secretary"], assessment_id=office.round(number).id, leaving="evaluator2",
            coming="evaluator1", by_hand="试", now=office.now,
        )  # fmt: skip
    assert refused.value.codes == ("assessment.sheet_locked",)


def test_an_open_sheet_needs_no_voiding(office: Office) -> None:
    number = office.reviewed()
    with pytest.raises(Refused) as refused:
        void(office, number)
    assert refused.value.codes == ("late_conflict.not_locked",)


def test_only_the_secretary_voids(office: Office) -> None:
    number = scored(office)
    with pytest.raises(Forbidden):
        void_sheet(
            office.database, office.people["manager"], assessment_id=office.round(number).id, evaluator="evaluator1",
            ground="rival", evidence="社保记录", now=office.now,
        )  # fmt: skip
