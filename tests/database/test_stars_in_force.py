"""What becomes of a star that was given: checked yearly, lowered, cancelled, ended; and what its certificate says."""

from collections.abc import Iterator
from datetime import date

import pytest

from services.cases.timers import pull_timers
from services.database.engine import Database
from services.database.work import reading
from services.errors import Refused
from services.issuance.queries import documents_of
from services.issuance.verifying import verification
from tests.database.stars import StarOffice, open_star_office


@pytest.fixture
def stars(database: Database) -> Iterator[StarOffice]:
    yield from open_star_office(database)


def papers(stars: StarOffice, number: str) -> list[str]:
    with reading(stars.office.database, stars.office.now) as work:
        return [
            f"{one.kind} {one.number}" for one in documents_of(work, case_ids=(stars.office.subject(number).case.id,))
        ]


def test_a_star_is_checked_on_its_anniversaries_and_ends_with_its_last_day(stars: StarOffice) -> None:
    number = stars.certified()
    for year in (2027, 2028):
        stars.office.on(year, 3, 10)
        assert pull_timers(stars.office.database, now=stars.office.now) == ()
        stars.office.on(year, 3, 11)
        (moved,) = pull_timers(stars.office.database, now=stars.office.now)
        assert moved.state == "CHECK_DUE"
        stars.office.move("secretary", number, "pass_star_check", checked_on=f"{year}-03-11", opinion="符合")
    stars.office.on(2029, 3, 9)
    assert pull_timers(stars.office.database, now=stars.office.now) == ()
    stars.office.on(2029, 3, 10)
    (over,) = pull_timers(stars.office.database, now=stars.office.now)
    assert (over.state, stars.rating(number).ended_as) == ("EXPIRED", "expired")


def test_the_certificate_verifies_as_expired_after_its_last_day_even_before_the_timer_ran(stars: StarOffice) -> None:
    number = stars.certified()
    with reading(stars.office.database, stars.office.now) as work:
        (paper,) = [
            one for one in documents_of(work, case_ids=(stars.office.subject(number).case.id,)) if one.code == "D28"
        ]
    for day, standing in (((2029, 3, 9), "issued"), ((2029, 3, 10), "expired")):
        stars.office.on(*day)
        with reading(stars.office.database, stars.office.now) as work:
            found = verification(work, paper.verify_code)
            assert found is not None
            assert (found.standing, found.valid_to) == (standing, date(2029, 3, 9))


def test_a_cancelled_star_is_heard_first_bars_two_years_and_takes_the_certificate_back(stars: StarOffice) -> None:
    number, move = stars.certified(), stars.office.move
    with pytest.raises(Refused) as refused:
        move("bureau", number, "cancel_star", reason="弄虚作假")
    assert "star.cancelling_not_proposed" in refused.value.codes
    move("secretary", number, "propose_star_measure", measure="cancel", event="fraud", reason="活动台账系伪造")
    with pytest.raises(Refused) as early:
        move("bureau", number, "cancel_star", reason="弄虚作假")
    assert early.value.codes == ("star.hearing_not_over",)
    stars.office.on(2026, 3, 18)
    move("bureau", number, "cancel_star", reason="弄虚作假")
    rating = stars.rating(number)
    assert (rating.ended_as, rating.barred_to) == ("cancelled", date(2028, 3, 18))
    with reading(stars.office.database, stars.office.now) as work:
        (paper,) = [
            one for one in documents_of(work, case_ids=(stars.office.subject(number).case.id,)) if one.code == "D28"
        ]
        assert paper.standing == "revoked"
    for day, code in (((2028, 3, 18), "star.barred"), ((2028, 3, 19), "")):
        stars.office.on(*day)
        if code:
            stars.round_id = stars.announce(2028)
            with pytest.raises(Refused) as barred:
                stars.apply()
            assert barred.value.codes == (code,)
        else:
            assert stars.apply().state == "APPLIED"


def test_a_lowered_star_gets_a_new_certificate_for_what_is_left(stars: StarOffice) -> None:
    number, move = stars.certified(), stars.office.move
    move("secretary", number, "propose_star_measure", measure="downgrade", event="check", reason="活动减少")
    stars.office.on(2026, 3, 18)
    with pytest.raises(Refused) as refused:
        move("bureau", number, "downgrade_star", stars=4, reason="活动减少")
    assert refused.value.codes == ("star.not_lower",)
    move("bureau", number, "downgrade_star", stars=3, reason="活动减少")
    move("sealer", number, "renew_certificate", returned_on="2026-03-18")
    rating = stars.rating(number)
    assert (stars.office.state(number), rating.stars, rating.valid_to) == ("CERTIFIED", 3, date(2029, 3, 9))
    assert papers(stars, number)[-1] == "star_certificate 样民星证〔2026〕2号"


def test_a_defence_that_is_accepted_leaves_the_star_as_it_is(stars: StarOffice) -> None:
    number, move = stars.certified(), stars.office.move
    move("secretary", number, "propose_star_measure", measure="cancel", event="complaint", reason="居民投诉")
    move("bureau", number, "drop_star_measure", reason="申辩属实")
    stars.office.on(2026, 3, 18)
    with pytest.raises(Refused):
        move("bureau", number, "cancel_star", reason="居民投诉")
