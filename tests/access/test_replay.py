"""What one person came across, tried by another: nothing leaks, and what may not be known looks as if it were not."""

import re

import pytest

from tests.access.conftest import Door
from tests.access.crawling import walk
from tests.access.oracle import HIDDEN, IN, expected, reaches
from tests.access.province import Case, Someone
from tests.access.test_matrix import Cell, about_a_case, absent, address, knock, told
from tests.web.test_routes import ROUTES

OWNERS = ("near_under_review", "near_published", "the_centre_manager", "evaluator1", "the_street_handler_near")
OTHERS = ("other_city_draft", "same_county_draft", "the_donor", "", "dismissed", "was_manager", "evaluator4",
          "the_street_handler_other_city", "the_committee_liaison_beside")  # fmt: skip
EXAMPLE = 'placeholder="QYFH-2026-0001"'
"""How a number looks, as a form shows it to everybody."""


def secrets(door: Door, someone: Someone) -> list[Case]:
    """The cases this person may know nothing of; what is published anyone may read."""
    return [
        one for one in door.province.cases if one.situation != "published" and not reaches(someone, "case:list", one)
    ]


def leaks(door: Door, username: str, paths: list[str]) -> list[str]:
    """Every address at which the person reads of a case that is none of the person's."""
    hidden, found = secrets(door, door.province.someone(username)), []
    for path in paths:
        answer = door.ask(username, "GET", path)
        text = answer.text if "text" in answer.headers.get("content-type", "") else ""
        for case in hidden:
            if case.number not in path and case.number in text.replace(EXAMPLE, ""):
                found.append(f"{username or 'nobody'} reads {case.number} at {path}")
            if f"社{case.organization}<" in text:
                found.append(f"{username or 'nobody'} reads the name of {case.organization} at {path}")
    return found


@pytest.mark.parametrize("owner", OWNERS)
def test_what_one_came_across_shows_another_nothing(owner: str, door: Door) -> None:
    # What stands on a paper anyone may check who has its code.
    seen = [path for path in walk(door, owner, most=40).pages if not path.startswith("/verify")]
    assert len(seen) > 3
    for other in OTHERS:
        assert leaks(door, other, seen) == []


@pytest.mark.parametrize("username", ["other_city_draft", "the_street_handler_other_city", "evaluator4"])
def test_what_may_not_be_known_looks_as_if_it_were_not(username: str, door: Door) -> None:
    """Status, words and length are the same for a case of others and for a number that nobody has."""
    someone, case, found = door.province.someone(username), door.province.case("near", "under_review"), []
    nowhere = absent(case)
    for method, path in ROUTES:
        if not about_a_case(path) or address(path, case) is None or "/publicity/" in path:
            continue
        if IN in expected(someone, method, path, case):
            continue
        here = told(knock(door, Cell(someone, method, path, case)), case)
        there = told(knock(door, Cell(someone, method, path, nowhere)), nowhere)
        if here != there:
            found.append(f"{method} {path}: {here[0]} and {there[0]}, {len(here[1])} and {len(there[1])} characters")
    assert found == []


def test_a_page_that_tells_forbidden_from_absent_is_caught(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    from services.errors import Forbidden

    def telling(*_given: object, **_named: object) -> None:
        raise Forbidden("access.forbidden")

    someone, case = door.province.someone("other_city_draft"), door.province.case("near", "under_review")
    cell = Cell(someone, "GET", "/cases/{number}", case)
    assert expected(someone, cell.method, cell.path, case) == frozenset({HIDDEN})
    before = told(knock(door, cell), case)
    monkeypatch.setattr("web.pages.cases.case_context", telling)
    assert told(knock(door, cell), case) != before


def test_a_list_without_its_filter_is_caught(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy import true

    assert leaks(door, "other_city_draft", ["/cases"]) == []
    monkeypatch.setattr("services.cases.lists.visible", lambda _actor, **_how: true())
    assert any(re.search("reads QYFH", line) for line in leaks(door, "other_city_draft", ["/cases"]))
