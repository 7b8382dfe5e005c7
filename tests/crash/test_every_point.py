"""Killed at any point and started again, nothing is lost, nothing is there twice, and the world looks undisturbed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services.database.work import office_instant
from tests.crash.conftest import NIGHTLY
from tests.crash.harness import Walk, prepared
from tests.crash.places import Place
from tests.crash.scenarios import BEFORE_THE_AWARD, ENTRY_TO_GRADUATION, THREE_INSTALMENTS

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
