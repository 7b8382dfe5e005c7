"""Killed at any point and started again, nothing is lost, nothing is there twice, and the world looks undisturbed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services.database.work import office_instant
from tests.crash.conftest import NIGHTLY, template_of
from tests.crash.harness import Walk, prepared
from tests.crash.places import Place
from tests.crash.scenarios import (
    BEFORE_THE_AWARD,
    ENTRY_TO_GRADUATION,
    PAID_ONCE,
    RECOVERED,
    REVERSED,
    THREE_INSTALMENTS,
)
from tests.database_fixtures import BACKENDS

DAY = office_instant(ENTRY_TO_GRADUATION[0].day, hour=8)
EVERY_POINT = 100_000
pytestmark = pytest.mark.timeout(3600 if NIGHTLY else 300)


def report(name: str, walk: Walk) -> None:
    print(f"{name}: died at {walk.tried} of {walk.points} points {walk.reached}, {len(walk.wrong)} wrong")
    assert walk.wrong == []
    assert walk.tried > 0


def test_entry_to_graduation(place: tuple[Place, str], sample: Callable[[int], bool], tmp_path: Path) -> None:
    where, template = place
    enumerator = prepared(where, tmp_path, template, (), now=DAY)
    enumerator.warm(ENTRY_TO_GRADUATION)
    walk = enumerator.walk(ENTRY_TO_GRADUATION, wanted=sample, to_the_end=lambda number: NIGHTLY and number % 50 == 1)
    report("entry to graduation", walk)
    where.drop(enumerator.start)


def test_three_instalments(place: tuple[Place, str], sample: Callable[[int], bool], tmp_path: Path) -> None:
    where, template = place
    enumerator = prepared(where, tmp_path, template, BEFORE_THE_AWARD, now=DAY)
    enumerator.warm(THREE_INSTALMENTS)
    walk = enumerator.walk(THREE_INSTALMENTS, wanted=sample, to_the_end=lambda number: NIGHTLY and number % 50 == 1)
    report("three instalments", walk)
    where.drop(enumerator.start)


@pytest.mark.parametrize("backend", BACKENDS if NIGHTLY else ("sqlite",))
def test_recovery_and_reversal(
    backend: str, request: pytest.FixtureRequest, sample: Callable[[int], bool], tmp_path: Path
) -> None:
    """From the finding to the last fen; then the last slip is reversed, the recovery is open again and repaid anew."""
    where, template = template_of(backend, request)
    enumerator = prepared(where, tmp_path, template, PAID_ONCE, now=DAY)
    steps = (*RECOVERED, *REVERSED)
    enumerator.warm(steps)
    walk = enumerator.walk(steps, wanted=sample, to_the_end=lambda number: NIGHTLY and number % 50 == 1)
    report("recovery and reversal", walk)
    where.drop(enumerator.start)
