"""The pool and draws from it: who may be drawn, what is kept of it, and conflicts that block every way onto a panel."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select, update

from services.cases import commands
from services.cases.panels import draws_of
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Invalid, Refused
from services.evaluators import acts
from services.evaluators.acts import NewTerm, NewTie
from services.evaluators.conflicts import conflicts_of
from services.evaluators.models import contacts, panel_draws
from services.organizations.commands import record_post
from services.people.keys import rotate_keys
from tests.database.office import PANEL, Office, open_office_with_reserve


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office_with_reserve(database)


POOL = ("evaluator1", "evaluator2", "evaluator3", "evaluator4")


def fill(office: Office, *names: str, most: int = 5) -> None:
    """Put these into the pool for two years."""
    for name in names or POOL:
        new = NewTerm(name, ("SERVICE",), date(2026, 1, 1), date(2027, 12, 31), most)
        acts.add_term(office.database, office.people["secretary"], new, now=office.now)


def drawn(office: Office, number: str, *, seed: str = "") -> str:
    """Draw a panel; answers the round."""
    return commands.appoint_panel(
        office.database, office.people["secretary"], number=number, form="admission", seed=seed, now=office.now
    )


def kinds(office: Office, name: str, organization: int = 1) -> list[str]:
    """The kinds of conflicts found."""
    identity, person = office.city.organization_ids[organization - 1], office.people[name].id
    with reading(office.database, office.now) as work:
        found = conflicts_of(work, people=(person,), organization_id=identity)[person]
    return [one.kind for one in found]


def test_a_panel_is_drawn_odd_and_its_record_derives_it_again(office: Office) -> None:
    fill(office)
    number = office.submitted()
    drawn(office, number)
    seats = office.round(number).seats
    assert len(seats) == 3
    assert [seat.part for seat in seats].count("lead") == 1
    with reading(office.database, office.now) as work:
        (kept,) = draws_of(work, office.people["secretary"], number)
    assert kept.holds
    assert {*kept.panel} == {seat.name for seat in seats}
    assert len(kept.candidates) == 4


def test_a_record_that_was_changed_no_longer_holds(office: Office) -> None:
    fill(office)
    number = office.submitted()
    drawn(office, number)
    with unit_of_work(office.database, office.now) as work:
        kept = dict(work.connection.execute(select(panel_draws.c.record)).scalar_one())
        work.connection.execute(update(panel_draws).values(record=kept | {"seed": "0" * 32}))
    with reading(office.database, office.now) as work:
        (found,) = draws_of(work, office.people["secretary"], number)
    assert not found.holds


def test_who_has_a_conflict_or_a_duty_is_left_out_and_the_record_says_why(office: Office) -> None:
    fill(office)
    number = office.submitted()
    with unit_of_work(office.database, office.now) as work:
        record_post(
            work, organization_id=office.city.organization_ids[0], person_id=office.people["evaluator1"].id,
            post="staff", held_from=date(2020, 1, 1), held_to=date(2025, 3, 31),
        )  # fmt: skip
    drawn(office, number)
    with reading(office.database, office.now) as work:
        (kept,) = draws_of(work, office.people["secretary"], number)
    left = {one.name: one.left_out for one in kept.candidates if one.left_out}
    assert left == {office.people["evaluator1"].name: ("post_before",)}


def test_too_few_are_no_draw(office: Office) -> None:
    fill(office, "evaluator1", "evaluator2")
    number = office.submitted()
    with pytest.raises(Refused) as refused:
        drawn(office, number)
    assert refused.value.codes == ("evaluator.too_few_to_draw",)


def test_who_holds_as_many_seats_as_agreed_is_not_drawn(office: Office) -> None:
    fill(office, "evaluator1", "evaluator2", "evaluator3", most=1)
    first, second = office.submitted(1), office.submitted(2)
    drawn(office, first)
    with pytest.raises(Refused) as refused:
        drawn(office, second)
    assert refused.value.codes == ("evaluator.too_few_to_draw",)


def test_naming_people_by_hand_says_why_while_there_is_a_pool(office: Office) -> None:
    fill(office)
    number = office.submitted()
    with pytest.raises(Invalid) as refused:
        office.seat(number, "admission")
    assert refused.value.codes == ("assessment.by_hand_reason_missing",)
    commands.appoint_panel(
        office.database, office.people["secretary"], number=number, form="admission", usernames=PANEL,
        by_hand="专业领域特殊，库内无对口专家", now=office.now,
    )  # fmt: skip
    with reading(office.database, office.now) as work:
        (kept,) = draws_of(work, office.people["secretary"], number)
    assert (kept.by_hand, kept.seed, kept.holds) == ("专业领域特殊，库内无对口专家", "", True)


def test_a_replacement_is_drawn_from_those_who_never_sat_in_the_round(office: Office) -> None:
    fill(office)
    number = office.submitted()
    assessment = drawn(office, number)
    before = {seat.person_id for seat in office.round(number).seats}
    by_id = {one.id: one for one in office.people.values()}
    leaving = by_id[sorted(before)[0]]
    commands.replace_evaluator(
        office.database, office.people["secretary"], assessment_id=assessment, leaving=leaving.username, now=office.now
    )
    (come,) = {seat.person_id for seat in office.round(number).seats} - before
    assert by_id[come].username in POOL
    assert len(office.round(number).sitting) == 3


def test_an_equal_telephone_is_found_without_being_opened_and_before_and_after_keys_change(office: Office) -> None:
    fill(office)
    secretary, identity = office.people["secretary"], office.city.organization_ids[0]
    acts.note_contact(
        office.database, secretary, username="evaluator1", kind="phone", value="+86 199-1234-5678", now=office.now
    )
    assert kinds(office, "evaluator1") == []
    acts.note_contact(
        office.database, secretary, organization=identity, kind="phone", value="19912345678", now=office.now
    )
    assert kinds(office, "evaluator1") == ["shared_phone"]
    rotate_keys(office.database, now=office.now)
    assert kinds(office, "evaluator1") == ["shared_phone"]
    with reading(office.database, office.now) as work:
        kept = work.connection.execute(select(contacts)).all()
    assert all("1991234" not in str(row) for row in kept)


def test_nobody_is_cleared_while_numbers_stand_under_two_keys(office: Office) -> None:
    for kind, value in (("address", "晨光路八号二单元"), ("phone", "19912345678")):
        acts.note_contact(
            office.database, office.people["secretary"], username="evaluator1", kind=kind, value=value, now=office.now
        )
    with unit_of_work(office.database, office.now) as work:
        address = contacts.c.kind == "address"
        work.connection.execute(update(contacts).where(address).values(value_index="k0-older.abc"))
    with pytest.raises(Refused) as refused:
        kinds(office, "evaluator1")
    assert refused.value.codes == ("protection.keys_changing",)


@pytest.mark.parametrize(
    ("tie", "found"),
    [
        (NewTie("family", "档案", username="evaluator1", relative="applicant1"), "family"),
        (NewTie("donor", "捐赠票据", username="evaluator1", organization="ASSESSED"), "donor"),
        (NewTie("paid", "报酬凭证", username="evaluator1", organization="ASSESSED"), "paid"),
        (NewTie("rival", "声明", body="OTHER", organization="ASSESSED"), "rival"),
        (NewTie("supplier", "资助协议", body="OTHER", organization="ASSESSED"), "supplier"),
    ],
)
def test_recorded_ties_block_an_assignment(office: Office, tie: NewTie, found: str) -> None:
    assessed, other = office.city.organization_ids[:2]
    with unit_of_work(office.database, office.now) as work:
        record_post(
            work, organization_id=other, person_id=office.people["evaluator1"].id, post="staff",
            held_from=date(2025, 1, 1),
        )  # fmt: skip
    assert kinds(office, "evaluator1") == []
    named = {"ASSESSED": assessed, "OTHER": other, "": ""}
    acts.record_tie(
        office.database, office.people["secretary"],
        NewTie(tie.kind, tie.source, tie.username, named[tie.body], tie.relative, named[tie.organization]),
        now=office.now,
    )  # fmt: skip
    assert kinds(office, "evaluator1") == [found]
    number = office.submitted()
    with pytest.raises(Refused) as refused:
        office.seat(number, "admission")
    assert refused.value.codes == ("assessment.evaluator_has_conflict",)


def test_who_declared_an_interest_is_not_drawn_for_that_organization_again(office: Office) -> None:
    number = office.submitted()
    assessment = office.seat(number, "admission")
    commands.declare_interest(
        office.database, office.people["evaluator3"], assessment_id=assessment, conflict=True, situations=("family",),
        now=office.now,
    )  # fmt: skip
    assert kinds(office, "evaluator3") == ["declared"]


def test_bodies_whose_money_one_custodian_keeps_share_nothing_by_that(office: Office) -> None:
    assert kinds(office, "evaluator2", 1) == []


def test_only_the_secretary_keeps_the_pool(office: Office) -> None:
    new = NewTerm("evaluator1", ("SERVICE",), date(2026, 1, 1), date(2027, 12, 31))
    with pytest.raises(Forbidden):
        acts.add_term(office.database, office.people["manager"], new, now=office.now)


def test_terms_of_one_person_never_meet(office: Office) -> None:
    fill(office, "evaluator1")
    with pytest.raises(Refused) as refused:
        fill(office, "evaluator1")
    assert refused.value.codes == ("evaluator.term_overlaps",)


def test_a_clerk_does_not_enter_the_pool(office: Office) -> None:
    with pytest.raises(Refused) as refused:
        fill(office, "clerk")
    assert refused.value.codes == ("evaluator.role_missing",)


def test_an_ended_term_is_drawn_no_more(office: Office) -> None:
    new = NewTerm("evaluator1", ("SERVICE",), date(2026, 1, 1), date(2027, 12, 31))
    term = acts.add_term(office.database, office.people["secretary"], new, now=office.now)
    acts.end_term(office.database, office.people["secretary"], term_id=term, reason="本人辞聘", now=office.now)
    number = office.submitted()
    with pytest.raises(Refused):
        drawn(office, number)
    with pytest.raises(Refused) as refused:
        acts.end_term(office.database, office.people["secretary"], term_id=term, reason="本人辞聘", now=office.now)
    assert refused.value.codes == ("evaluator.term_over",)
