"""The harness is trusted only for mistakes it has been seen to catch: each planted one must be found."""

from pathlib import Path

import pytest

from services.database.work import office_instant
from tests.crash import bugs
from tests.crash.conftest import NIGHTLY
from tests.crash.harness import Bug, prepared
from tests.crash.places import Place
from tests.crash.scenarios import (
    BEFORE_THE_AWARD,
    ENTRY_TO_GRADUATION,
    PAID_ONCE,
    RECOVERED,
    REVERSED,
    THREE_INSTALMENTS,
    Step,
)

DAY = office_instant(ENTRY_TO_GRADUATION[0].day, hour=8)
WITH_MONEY = (*BEFORE_THE_AWARD, *THREE_INSTALMENTS)
pytestmark = pytest.mark.timeout(300)

PLANTED: dict[str, tuple[Bug, str, str]] = {
    "errands after commit": (bugs.errands_after_commit, "submit", "I6"),
    "audit after commit": (bugs.audit_after_commit, "submit", "I3"),
    "done before doing": (bugs.done_before_doing, "submit", "I6"),
    "done before the paper is stored": (bugs.done_before_the_paper_is_stored, "submit", "I6"),
    "number in its own transaction": (bugs.number_in_its_own_transaction, "submit", "I15"),
    "request ids forgotten": (bugs.request_ids_forgotten, "submit", "case.move_not_from_this_state"),
    "lease without end": (bugs.lease_without_end, "submit", "I20"),
    "stale clicks accepted": (bugs.stale_clicks_accepted, "plan", "a stale click was accepted"),
    "random ledger key": (bugs.random_ledger_key, "approve award", "I6"),
}


WITH_RECOVERY = (*PAID_ONCE, *RECOVERED, *REVERSED)
PLANTED_IN_RECOVERY: dict[str, tuple[Bug, str, str]] = {
    "repayment booked after commit": (bugs.repayment_booked_after_commit, "repay a part", "book: missing"),
    "reversal told after commit": (bugs.reversal_told_after_commit, "confirm reversal", "errands: missing"),
}


def up_to(name: str, steps: tuple[Step, ...] = WITH_MONEY) -> tuple[tuple[Step, ...], Step]:
    """The steps before the one of that name, and that step."""
    position = next(place for place, step in enumerate(steps) if step.name == name)
    return steps[:position], steps[position]


@pytest.mark.parametrize("name", PLANTED)
def test_the_enumerator_catches_it(file_place: tuple[Place, str], tmp_path: Path, name: str) -> None:
    bug, at, told = PLANTED[name]
    where, template = file_place
    before, step = up_to(at)
    enumerator = prepared(where, tmp_path, template, before, now=DAY)
    enumerator.warm([step])
    enumerator.bug = bug
    walk = enumerator.walk([step], wanted=lambda number: True, until_wrong=True)
    print(f"{name}: caught after {walk.tried} deaths: {walk.wrong[0] if walk.wrong else 'never'}")
    assert any(told in one for one in walk.wrong), walk.wrong


@pytest.mark.skipif(not NIGHTLY, reason="nightly: CHUKE_NIGHTLY=1")
@pytest.mark.parametrize("name", PLANTED_IN_RECOVERY)
def test_the_enumerator_catches_it_in_a_recovery(file_place: tuple[Place, str], tmp_path: Path, name: str) -> None:
    bug, at, told = PLANTED_IN_RECOVERY[name]
    where, template = file_place
    before, step = up_to(at, WITH_RECOVERY)
    enumerator = prepared(where, tmp_path, template, before, now=DAY)
    enumerator.bug = bug
    walk = enumerator.walk([step], wanted=lambda number: True, until_wrong=True)
    print(f"{name}: caught after {walk.tried} deaths: {walk.wrong[0] if walk.wrong else 'never'}")
    assert any(told in one for one in walk.wrong), walk.wrong


def test_without_a_bug_the_same_runs_are_clean(file_place: tuple[Place, str], tmp_path: Path) -> None:
    where, template = file_place
    before, step = up_to("submit")
    enumerator = prepared(where, tmp_path, template, before, now=DAY)
    assert enumerator.walk([step], wanted=lambda number: True).wrong == []
