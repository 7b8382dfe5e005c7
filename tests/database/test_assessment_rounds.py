"""Panels and sheets: who may sit, what stays hidden, and how the last lock concludes the round."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from services.assessments.queries import sheet_to_score
from services.cases import commands
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.organizations.commands import record_post
from tests.database.office import PANEL, Office, open_office


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office(database)


def test_the_last_locked_sheet_concludes_the_round(office: Office) -> None:
    number = office.reviewed()
    assessment = office.round(number).id
    office.score("evaluator1", assessment)
    office.score("evaluator2", assessment)
    assert office.round(number).concluded_at is None
    office.score("evaluator3", assessment)
    concluded = office.round(number)
    assert (concluded.mean, concluded.arbitration_open) == (Decimal(78), False)


def test_nothing_is_decided_while_a_sheet_is_open(office: Office) -> None:
    number = office.reviewed()
    office.score("evaluator1", office.round(number).id)
    with pytest.raises(Refused) as refused:
        office.move("manager", number, "admit", mode="resident", room="101室")
    assert "assessment.sheets_not_locked" in refused.value.codes


def test_an_evaluator_sees_only_the_own_sheet(office: Office) -> None:
    number = office.reviewed()
    assessment = office.round(number).id
    office.score("evaluator1", assessment)
    with reading(office.database, office.now) as work:
        own = sheet_to_score(work, person_id=office.people["evaluator2"].id, assessment_id=assessment)
        assert own.items == {}
        with pytest.raises(NotFound):
            sheet_to_score(work, person_id=office.people["clerk"].id, assessment_id=assessment)


def test_a_locked_sheet_stays_as_it_is(office: Office) -> None:
    number = office.reviewed()
    assessment = office.round(number).id
    office.score("evaluator1", assessment)
    with pytest.raises(Refused) as refused:
        office.score("evaluator1", assessment, A1="20")
    assert refused.value.codes == ("assessment.sheet_locked",)


def test_half_points_and_maxima_hold(office: Office) -> None:
    number = office.reviewed()
    assessment = office.round(number).id
    with pytest.raises(Invalid) as refused:
        office.score("evaluator1", assessment, A1="17.3", A7="6")
    assert set(refused.value.codes) == {"assessment.score_out_of_range", "assessment.score_step_wrong"}


def test_who_left_the_organization_less_than_two_years_ago_may_not_sit(office: Office) -> None:
    number = office.submitted()
    with unit_of_work(office.database, office.now) as work:
        record_post(
            work, organization_id=office.city.organization_ids[0], person_id=office.people["evaluator1"].id,
            post="staff", held_from=date(2020, 1, 1), held_to=date(2025, 3, 31),
        )  # fmt: skip
    with pytest.raises(Refused) as refused:
        office.seat(number, "admission")
    assert refused.value.codes == ("assessment.evaluator_has_conflict",)


def test_who_manages_the_case_may_not_sit(office: Office) -> None:
    number = office.submitted()
    office.move("clerk", number, "accept_application")
    with pytest.raises(Refused) as refused:
        office.seat(number, "admission", (*PANEL[:2], "clerk"))
    assert refused.value.codes == ("case.duties_must_be_separate",)


def test_two_are_no_panel(office: Office) -> None:
    number = office.submitted()
    with pytest.raises(Refused) as refused:
        office.seat(number, "admission", PANEL[:2])
    assert refused.value.codes == ("assessment.panel_too_small",)


def test_a_declared_interest_empties_the_seat(office: Office) -> None:
    number = office.submitted()
    assessment = office.seat(number, "admission")
    commands.declare_interest(
        office.database, office.people["evaluator3"], assessment_id=assessment, conflict=True,
        situations=("family",), now=office.now,
    )  # fmt: skip
    assert [seat.vacated for seat in office.round(number).seats] == [False, False, True]
    with pytest.raises(NotFound):
        office.score("evaluator3", assessment)


def test_only_the_secretary_and_the_manager_appoint(office: Office) -> None:
    number = office.submitted()
    with pytest.raises(Forbidden):
        commands.appoint_panel(
            office.database, office.people["clerk"], number=number, form="admission", usernames=PANEL, now=office.now
        )


def test_nobody_seats_themselves(office: Office) -> None:
    number = office.submitted()
    with pytest.raises(Refused) as refused:
        office.seat(number, "admission", (*PANEL[:2], "secretary"))
    assert refused.value.codes == ("case.duties_must_be_separate",)
