"""Thousands of requests made from the description, as three roles: nothing breaks, nothing undocumented is answered."""

import os
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.exceptions import HTTPException

from services.settings import settings
from tests.interface.storm import storm
from tests.web.conftest import Scene, token_of
from web.app import create_app

NIGHTLY = bool(os.environ.get("CHUKE_NIGHTLY"))
EXAMPLES, LEAST = (12, 5_000) if NIGHTLY else (2, 240)
"""Examples an operation and kind of request; requests at least, for each role."""
ROLES = ("ma", "manager", "evaluator1")


@pytest.fixture
def unhurried(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """The application on the scene's database, without a limit to how often one may ask."""
    monkeypatch.setenv("CHUKE_INTERFACE_PER_MINUTE", "0")
    monkeypatch.setenv("CHUKE_VERIFY_PER_MINUTE", "0")
    settings.cache_clear()
    yield create_app(scene.city.database, clock=lambda: scene.city.now)
    settings.cache_clear()


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("username", ROLES)
def test_no_request_breaks_the_interface_or_its_description(username: str, scene: Scene, unhurried: FastAPI) -> None:
    known = {
        "number": sorted(scene.numbers.values()),
        "document_id": [scene.paper],
        "errand_id": [scene.parked],
        "assessment_id": [scene.city.assessment(scene.numbers["review"])],
        "trigger": ["submit", "admit", "accept_application", "withdraw_application"],
    }
    outcome = storm(unhurried, token_of(username), examples=EXAMPLES, seed=20261125, known=known, everything=NIGHTLY)
    print(f"{username}: {outcome}")
    assert outcome.failures == [], "\n\n".join(sorted(set(outcome.failures))[:20])
    assert outcome.cases >= LEAST


def test_a_crash_is_caught(scene: Scene, unhurried: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.api.me.Me", None)
    outcome = storm(unhurried, token_of("ma"), examples=1, seed=1, only="/api/v1/me")
    assert any("Server error" in one for one in outcome.failures)


def test_an_answer_that_is_not_documented_is_caught(
    scene: Scene, unhurried: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def teapot(*_values: object, **_named: object) -> None:
        raise HTTPException(409)

    monkeypatch.setattr("web.api.me.Me", teapot)
    outcome = storm(unhurried, token_of("ma"), examples=1, seed=1, only="/api/v1/me")
    assert any("Documented: 200, 401" in one for one in outcome.failures)
