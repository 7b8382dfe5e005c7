"""Which version of the grading rules a day belongs to, what a band comes to in stars, what residents' answers give."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.grades import rules as grades
from services.stars import rules as stars


@pytest.mark.parametrize(
    ("announced_on", "scheme", "first", "last"),
    [
        (date(2011, 3, 1), "order_39", date(2011, 3, 1), date(2016, 2, 29)),
        (date(2024, 2, 29), "order_39", date(2024, 2, 29), date(2029, 2, 27)),
        (date(2026, 2, 28), "order_39", date(2026, 2, 28), date(2031, 2, 27)),
        (date(2026, 3, 1), "revised_2026", date(2027, 1, 1), date(2031, 12, 31)),
        (date(2026, 12, 31), "revised_2026", date(2027, 1, 1), date(2031, 12, 31)),
        (date(2027, 1, 1), "revised_2026", date(2028, 1, 1), date(2032, 12, 31)),
    ],
)
def test_the_day_of_the_announcement_says_which_rules_hold(
    announced_on: date, scheme: str, first: date, last: date
) -> None:
    found = grades.validity(announced_on)
    assert found is not None
    assert (found.scheme.key, found.valid_from, found.valid_to) == (scheme, first, last)


def test_before_the_first_rules_there_is_no_validity() -> None:
    assert grades.validity(date(2011, 2, 28)) is None


def test_one_may_apply_again_when_the_version_says_so() -> None:
    old, new = grades.validity(date(2025, 6, 1)), grades.validity(date(2026, 6, 1))
    assert old is not None
    assert new is not None
    assert (grades.may_reapply_from(old, barred_to=None), grades.may_reapply_to(old)) == (date(2030, 6, 1), None)
    assert grades.may_reapply_from(new, barred_to=None) == date(2027, 1, 1)
    assert grades.may_reapply_to(new) == date(2030, 12, 31)
    assert grades.may_reapply_from(new, barred_to=date(2028, 5, 5)) == date(2028, 5, 6)


@pytest.mark.parametrize(("how", "last"), [("lowered", date(2028, 2, 29)), ("cancelled", date(2029, 2, 28))])
def test_a_measure_bars_for_years(how: str, last: date) -> None:
    assert grades.barred_to(grades.scheme_called("order_39"), how, date(2026, 2, 28)) == last.replace(day=28)


RULES = "years=5\nreapply='after_expiry'\ndowngrade_bars_years=2\ncancel_bars_years=3\nreturn_days=15\n"
TWO = (
    "[[scheme]]\nkey='a'\nzh='甲'\nen='a'\nin_force_from=2011-03-01\nin_force_to=2026-02-28\n"
    f"validity='from_announcement'\n{RULES}"
    "[[scheme]]\nkey='b'\nzh='乙'\nen='b'\nin_force_from=2026-03-01\n"
    f"validity='calendar_years'\n{RULES}"
)


def test_versions_that_follow_each_other_are_read() -> None:
    assert [one.key for one in grades.schemes_from(TWO)] == ["a", "b"]


@pytest.mark.parametrize(
    "text",
    [
        TWO.replace("2026-02-28", "2026-02-27"), TWO.replace("2026-02-28", "2026-03-01"),
        TWO.replace("calendar_years", "for_ever"), TWO.replace("after_expiry", "whenever"),
    ],
)  # fmt: skip
def test_versions_with_a_gap_an_overlap_or_an_unknown_rule_are_refused(text: str) -> None:
    with pytest.raises(grades.SchemesWrong):
        grades.schemes_from(text)


@given(st.dates(date(2011, 3, 1), date(2090, 1, 1)))
def test_every_day_since_the_first_rules_belongs_to_exactly_one_version(day: date) -> None:
    found = grades.validity(day)
    assert found is not None
    assert found.valid_from >= day
    assert found.valid_from < found.valid_to
    assert [one for one in grades.schemes() if one.in_force_from <= day <= (one.in_force_to or day)] == [found.scheme]


@pytest.mark.parametrize(
    ("band", "registered", "cap", "expected"),
    [
        ("five", True, 5, (5, ())), ("five", False, 5, (5, ())), ("five", True, 3, (5, ())),
        ("five", False, 4, (4, (stars.FILED,))), ("four", False, 4, (4, ())), ("three", False, 1, (1, (stars.FILED,))),
        ("one", True, 5, (1, ())), ("fail", True, 5, (0, ())), ("fail", False, 1, (0, ())),
    ],
)  # fmt: skip
def test_a_filed_organization_is_capped_and_a_registered_one_is_not(
    band: str,
    registered: bool,
    cap: int,
    expected: tuple[int, tuple[str, ...]],
) -> None:
    found = stars.rate(band, (), registered=registered, filed_cap=cap)
    assert (found.stars, found.caps) == expected


def test_a_veto_leaves_nothing() -> None:
    assert stars.rate("five", (), registered=True, filed_cap=5, vetoed=True) == stars.Rated(0, (stars.VETOED,))


@pytest.mark.parametrize(
    ("satisfied", "answers", "points"),
    [
        (0, 30, "0"), (30, 30, "15"), (18, 30, "9"), (17, 30, "8.5"), (29, 30, "14.5"), (1, 60, "0.5"), (1, 61, "0"),
        (0, 0, "0"),
    ],
)  # fmt: skip
def test_answers_become_points_in_half_steps(satisfied: int, answers: int, points: str) -> None:
    assert stars.survey_points(satisfied, answers, Decimal(15)) == Decimal(points)


@given(st.integers(0, 500), st.integers(0, 500))
def test_more_satisfied_residents_never_give_fewer_points(satisfied: int, others: int) -> None:
    answers = satisfied + others + 1
    points = stars.survey_points(satisfied, answers, Decimal(15))
    assert points <= stars.survey_points(satisfied + 1, answers, Decimal(15)) <= 15
    assert points % Decimal("0.5") == 0


def test_more_satisfied_than_asked_is_no_survey() -> None:
    with pytest.raises(ValueError, match="more people"):
        stars.survey_points(31, 30, Decimal(15))


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2024, 3, 2), date(2026, 3, 2), 24), (date(2024, 3, 3), date(2026, 3, 2), 23),
        (date(2026, 1, 31), date(2026, 2, 28), 1), (date(2026, 3, 2), date(2026, 3, 1), 0),
    ],
)  # fmt: skip
def test_months_are_counted_whole(start: date, end: date, months: int) -> None:
    assert stars.months_between(start, end) == months


def test_a_star_holds_three_years_to_the_day_before_and_is_checked_each_year() -> None:
    last = stars.valid_to(date(2026, 7, 1), 3)
    assert last == date(2029, 6, 30)
    days = date(2026, 7, 1), date(2027, 7, 1), date(2028, 7, 1)
    checks = [stars.next_check(date(2026, 7, 1), last, day) for day in days]
    assert checks == [date(2027, 7, 1), date(2028, 7, 1), None]
