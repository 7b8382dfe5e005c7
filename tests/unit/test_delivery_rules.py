"""Which papers must be served, what a proof needs, and the last day of a remedy around holidays."""

from datetime import UTC, date, datetime
from typing import get_type_hints

import pytest

from documents.registry import KINDS
from services.calendar.rules import calendar_from_rows, load_seed
from services.delivery.rules import MUST_BE_SERVED, Result, awaited, check_result, remedy_until
from services.errors import Invalid
from services.reviews.rules import REVIEWABLE
from services.rulesets.rules import shipped
from statemachines.registry import CURRENT

CALENDAR = calendar_from_rows(load_seed())
INTERNAL = {"kind": "internal", "body": "中心", "period": "10个工作日"}
STATUTORY = {"kind": "statutory", "body": "区政府", "period": "60日", "court_period": "6个月"}
AT = datetime(2026, 11, 9, 2, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("served_on", "until"),
    [
        (date(2026, 11, 25), date(2026, 12, 9)),
        (date(2026, 9, 30), date(2026, 10, 20)),  # seven days of rest in October, and a working Saturday on the 10th
        (date(2026, 10, 3), date(2026, 10, 20)),  # on a day of rest: nothing of the holiday counts
        (date(2026, 2, 13), date(2026, 3, 5)),  # over the Spring Festival, with working days at its edges
        (date(2026, 12, 31), date(2027, 1, 15)),  # the first day after is New Year
    ],
)
def test_ten_working_days_count_from_the_day_after_delivery(served_on: date, until: date) -> None:
    assert remedy_until(CALENDAR, INTERNAL, served_on) == until


@pytest.mark.parametrize(
    ("served_on", "until"),
    [
        (date(2026, 11, 9), date(2027, 1, 8)),
        (date(2026, 8, 4), date(2026, 10, 8)),  # the sixtieth day lies in the October holiday and moves behind it
        (date(2026, 6, 3), date(2026, 8, 3)),  # the sixtieth is a Sunday
    ],
)
def test_sixty_days_of_the_statute_move_on_from_a_day_of_rest(served_on: date, until: date) -> None:
    assert remedy_until(CALENDAR, STATUTORY, served_on) == until


def test_no_day_is_told_without_remedy_before_delivery_or_beyond_the_calendar() -> None:
    assert remedy_until(CALENDAR, None, date(2026, 11, 25)) is None
    assert remedy_until(CALENDAR, INTERNAL, None) is None
    assert remedy_until(CALENDAR, INTERNAL, date(2040, 11, 25)) is None


def carries_remedy(kind: str) -> bool:
    """Whether a page of the kind can print a remedy."""
    return "remedy" in get_type_hints(KINDS[kind].context)


def test_every_paper_that_can_carry_a_remedy_must_be_served() -> None:
    assert [one.code for name, one in KINDS.items() if carries_remedy(name) and one.code not in MUST_BE_SERVED] == []


def test_every_decision_that_can_be_reviewed_is_told_by_a_paper_that_must_be_served() -> None:
    assert {one.code for one in REVIEWABLE} <= MUST_BE_SERVED.keys()


def test_the_limits_and_moves_that_hang_on_delivery_are_those_of_the_tables() -> None:
    limits = {one.key for process in CURRENT.values() for state in process.states for one in state.limits}
    triggers = {move.trigger for process in CURRENT.values() for move in process.moves}
    for must in MUST_BE_SERVED.values():
        assert set(must.begins) <= limits
        assert set(must.holds) <= triggers
    assert {"paper_delivery", "publication_delivery"} <= shipped()["limit"].keys()


def test_a_move_waits_for_its_paper_only_while_the_period_runs() -> None:
    assert awaited("propose_recovery", ["recovery_reply"]) == "D34"
    assert awaited("propose_recovery", ["recovery_proposal"]) == ""
    assert awaited("admit", ["recovery_reply"]) == ""


@pytest.mark.parametrize(
    ("mode", "result", "scanned", "code"),
    [
        ("direct", Result("served", AT, "田有禾", "leader"), False, "delivery.scan_missing"),
        ("direct", Result("served", AT, "", "leader"), True, "input.missing"),
        ("direct", Result("served", AT, "田有禾", ""), True, "input.not_a_choice"),
        ("direct", Result("left", AT, refusal="拒收", witnesses=("甲",)), True, "delivery.two_witnesses"),
        ("direct", Result("left", AT, refusal="拒收", witnesses=("甲", "甲")), True, "delivery.two_witnesses"),
        ("direct", Result("left", AT, witnesses=("甲", "乙")), True, "input.missing"),
        ("direct", Result("returned", AT), True, "input.missing"),
        ("post", Result("left", AT, refusal="拒收", witnesses=("甲", "乙")), True, "input.not_a_choice"),
        ("publication", Result("returned", AT, refusal="退回"), True, "input.not_a_choice"),
    ],
)
def test_a_proof_that_proves_nothing_is_refused(mode: str, result: Result, scanned: bool, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_result(mode, result, scanned=scanned)
    assert refused.value.codes == (code,)


def test_what_proves_a_delivery_passes() -> None:
    check_result("direct", Result("served", AT, "田有禾", "leader"), scanned=True)
    check_result("direct", Result("left", AT, refusal="拒收", witnesses=("甲", "乙")), scanned=True)
    check_result("post", Result("served", AT), scanned=False)
