"""National grades as the office records them: by version of the rules, lowered, cancelled, given back, reminded of."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import update

from services.database.engine import Database
from services.database.work import reading, run, unit_of_work
from services.errors import Forbidden, Invalid, Refused
from services.grades.acts import NewGrade, cancel_grade, lower_grade, note_returned, record_grade
from services.grades.queries import Grade, grades, grades_held, grades_of
from services.grades.reminders import remind_of_ending_grades
from services.organizations.models import organizations
from tests.database.office import Office
from tests.database.stars import StarOffice, open_star_office


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    for stars in open_star_office(database):
        register(stars)
        yield stars.office


def register(stars: StarOffice) -> None:
    office = stars.office
    with unit_of_work(office.database, office.now) as work:
        work.connection.execute(
            update(organizations)
            .where(organizations.c.id == office.city.organization_ids[0])
            .values(legal_status="REGISTERED", credit_code="52220102MJ9000014X")
        )


def record(office: Office, *, by: str = "handler", organization: int = 1, **changed: object) -> str:
    wish: dict[str, object] = {
        "organization_id": office.city.organization_ids[organization - 1], "grade": 4,
        "announced_on": date(2026, 3, 2), "level": "county", "assessor": "样例区社会组织评估委员会",
        "basis": "样民〔2026〕3号",
    }  # fmt: skip
    return record_grade(office.database, office.people[by], NewGrade(**(wish | changed)), now=office.now)  # type: ignore[arg-type]


def known(office: Office) -> tuple[Grade, ...]:
    with reading(office.database, office.now) as work:
        return grades_of(work, office.city.organization_ids[0])


def test_a_grade_is_recorded_with_the_validity_its_version_of_the_rules_gives(office: Office) -> None:
    record(office)
    (one,) = known(office)
    assert (one.called, one.scheme.key) == ("4A", "revised_2026")
    assert (one.valid_from, one.valid_to) == (date(2027, 1, 1), date(2031, 12, 31))
    assert one.on(date(2026, 12, 31)) == "coming"
    assert one.plaque == (
        "县级社会组织评估等级 4A", "有效期：2027年1月1日至2031年12月31日", "评估机构：样例区社会组织评估委员会",
        "2026年3月2日",
    )  # fmt: skip


def test_a_grade_announced_before_march_2026_holds_by_the_old_rules(office: Office) -> None:
    record(office, announced_on=date(2026, 2, 28))
    (one,) = known(office)
    assert (one.scheme.key, one.valid_from, one.valid_to) == ("order_39", date(2026, 2, 28), date(2031, 2, 27))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"organization": 2}, "grade.registered_only"),
        ({"grade": 6}, "input.not_a_choice"),
        ({"level": "street"}, "input.not_a_choice"),
        ({"announced_on": date(2026, 3, 3)}, "input.out_of_range"),
        ({"announced_on": date(2011, 2, 28)}, "input.out_of_range"),
        ({"assessor": " "}, "input.missing"),
    ],
)
def test_what_cannot_be_recorded_says_why(office: Office, changed: dict, code: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(Refused) as refused:
        record(office, **changed)
    assert refused.value.codes == (code,)


def test_only_civil_affairs_records_and_nothing_twice(office: Office) -> None:
    for who in ("manager", "secretary", "applicant1"):
        with pytest.raises(Forbidden):
            record(office, by=who)
    record(office)
    with pytest.raises(Refused) as twice:
        record(office, grade=3)
    assert twice.value.codes == ("grade.known",)


def test_a_lowered_grade_holds_lower_for_what_is_left_and_bars_two_years(office: Office) -> None:
    identity = record(office, announced_on=date(2025, 5, 6))
    low = lower_grade(
        office.database, office.people["handler"], grade_id=identity, to=3, on=date(2026, 3, 1),
        reason="年度检查不合格", now=office.now,
    )  # fmt: skip
    new, old = known(office)
    assert (old.standing, old.return_by, old.barred_to) == ("lowered", date(2026, 3, 16), date(2028, 3, 1))
    assert (new.id, new.grade, new.valid_from, new.valid_to) == (low, 3, date(2026, 3, 1), date(2030, 5, 5))
    assert new.reapply_from == date(2030, 5, 6)
    with pytest.raises(Refused) as barred:
        record(office)
    assert barred.value.codes == ("grade.barred",)
    with reading(office.database, office.now) as work:
        assert grades_held(work, office.city.organization_ids, day=work.today) == {office.city.organization_ids[0]: 3}


def test_a_cancelled_grade_bars_three_years_and_its_certificate_comes_back(office: Office) -> None:
    identity, handler = record(office, announced_on=date(2025, 5, 6)), office.people["handler"]
    with pytest.raises(Refused) as nothing:
        note_returned(office.database, handler, grade_id=identity, on=date(2026, 3, 2), now=office.now)
    assert nothing.value.codes == ("grade.nothing_to_return",)
    cancel_grade(office.database, handler, grade_id=identity, on=date(2026, 3, 2), reason="弄虚作假", now=office.now)
    (one,) = known(office)
    assert (one.standing, one.barred_to, one.return_by) == ("cancelled", date(2029, 3, 2), date(2026, 3, 17))
    with pytest.raises(Refused) as over:
        cancel_grade(office.database, handler, grade_id=identity, on=date(2026, 3, 2), reason="再次", now=office.now)
    assert over.value.codes == ("grade.not_held",)
    with pytest.raises(Invalid):
        note_returned(office.database, handler, grade_id=identity, on=date(2026, 3, 1), now=office.now)
    note_returned(office.database, handler, grade_id=identity, on=date(2026, 3, 2), now=office.now)
    assert known(office)[0].returned_on == date(2026, 3, 2)


def test_people_are_told_once_for_each_mark_before_the_end(office: Office) -> None:
    record(office, announced_on=date(2022, 3, 10))
    marks = {(2026, 3, 8): 0, (2026, 3, 9): 2, (2026, 3, 10): 0, (2026, 9, 9): 2, (2027, 2, 9): 2, (2027, 3, 10): 0}
    for day, told in marks.items():
        office.on(*day)
        assert run(office.database, office.now, remind_of_ending_grades) == told, day


def test_the_register_shows_what_lies_within_reach(office: Office) -> None:
    record(office)
    with reading(office.database, office.now) as work:
        assert [one.called for one in grades(work, office.people["handler"])] == ["4A"]
        with pytest.raises(Forbidden):
            grades(work, office.people["applicant1"])
