"""The waiting list: places are offered in its order, and who is listed as serious is passed over meanwhile."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from services.cases.waiting import waiting_lists
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Refused
from services.organizations.models import centres, organizations
from tests.database.office import PANEL, Office, open_office


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office(database, organizations=3)


def places(office: Office, number: int) -> None:
    with unit_of_work(office.database, office.now) as work:
        work.connection.execute(update(centres).values(places=number))


def waiting(office: Office, organization: int, **marks: str) -> str:
    """A case that passed while no place was free; answers its number."""
    number = office.reviewed(organization)
    assessment = office.round(number).id
    for name in PANEL:
        office.score(name, assessment, **marks)
    office.move("manager", number, "waitlist")
    return number


@pytest.fixture
def line(office: Office) -> tuple[str, str, str]:
    """Three waiting cases from the last to the first: a lower result, then the same one twice with the need apart."""
    places(office, 0)
    lower = waiting(office, 1, A3="13")
    level = waiting(office, 2, A1="16", A2="17")
    first = waiting(office, 3)
    places(office, 1)
    return lower, level, first


def test_the_list_goes_by_result_and_breaks_a_tie_by_need(office: Office, line: tuple[str, str, str]) -> None:
    with reading(office.database, office.now) as work:
        found = [
            (one.ranked.candidate.number, one.ranked.before_next)
            for one in waiting_lists(work, office.people["manager"])
        ]
    lower, level, first = line
    assert found == [(first, "need"), (level, "result"), (lower, "")]


def test_a_place_is_refused_out_of_turn_and_the_first_is_named(office: Office, line: tuple[str, str, str]) -> None:
    lower, _, first = line
    with pytest.raises(Refused) as refused:
        office.move("manager", lower, "offer_place")
    assert refused.value.codes == ("centre.others_first",)
    assert refused.value.facts["first"] == first
    assert office.state(lower) == "WAITLISTED"


def test_who_is_first_is_offered_the_place_and_the_next_comes_up(office: Office, line: tuple[str, str, str]) -> None:
    _, level, first = line
    assert office.move("manager", first, "offer_place").state == "ADMISSION_PUBLICITY"
    assert office.move("manager", level, "offer_place").state == "ADMISSION_PUBLICITY"


def test_who_is_on_the_serious_list_is_offered_nothing_and_holds_up_nobody(
    office: Office, line: tuple[str, str, str]
) -> None:
    _, level, first = line
    with unit_of_work(office.database, office.now) as work:
        listed = update(organizations).where(organizations.c.id == office.city.organization_ids[2])
        work.connection.execute(listed.values(list_standing="serious"))
    with pytest.raises(Refused) as refused:
        office.move("manager", first, "offer_place")
    assert refused.value.codes == ("application.on_serious_list",)
    assert office.move("manager", level, "offer_place").state == "ADMISSION_PUBLICITY"
