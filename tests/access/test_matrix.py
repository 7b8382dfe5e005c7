"""Every role × every route × every relation × every situation: what the tables say is what the application does."""

import hashlib
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from httpx2 import Response
from sqlalchemy import true

from services.authority import rules
from tests.access.bodies import body_of
from tests.access.conftest import Door
from tests.access.oracle import BROKEN, FORBIDDEN, HIDDEN, IN, SIGN_IN, expected, gate, relation, routes
from tests.access.province import Case, Province, Someone
from tests.web.test_routes import ROUTES, UNKNOWN_ID

NIGHTLY = bool(os.environ.get("CHUKE_NIGHTLY"))
ON_CASES, AT_LARGE = 2_600, 1_300
"""So many cells on cases and without one are asked on each push, always the same; the whole product by
CHUKE_NIGHTLY=1."""

ASIDE = frozenset({"/sign-in", "/sign-out", "/api/v1/sign-in", "/language"})
"""Routes that change who asks."""

ADDRESSES = {"number", "trigger", "document_id", "assessment_id", "objection_id"}


@dataclass(frozen=True)
class Cell:
    """One question: who, what, about which case."""

    someone: Someone
    method: str
    path: str
    case: Case | None

    def __str__(self) -> str:
        of = f"{self.case.organization} {self.case.state}" if self.case else "—"
        return f"{self.someone.username or 'nobody'} · {self.method} {self.path} · {of}"


def about_a_case(path: str) -> bool:
    return any("{" + name + "}" in path for name in ADDRESSES)


def cells(province: Province) -> Iterator[Cell]:
    """The whole product."""
    for method, path in ROUTES:
        if path in ASIDE:
            continue
        for someone in province.everyone:
            if not about_a_case(path):
                yield Cell(someone, method, path, None)
                continue
            for case in province.cases:
                if address(path, case) is not None:
                    yield Cell(someone, method, path, case)


def chosen(province: Province) -> list[Cell]:
    """An even choice of the cells on cases and of those without one: the same on every machine."""
    every = list(cells(province))
    if NIGHTLY:
        return every
    every.sort(key=lambda one: hashlib.sha256(str(one).encode()).digest())
    each = {(one.method, one.path): one for one in every}
    on_cases, at_large = ([one for one in every if (one.case is None) is alone] for alone in (False, True))
    return list({str(one): one for one in (*each.values(), *on_cases[:ON_CASES], *at_large[:AT_LARGE])}.values())


def address(path: str, case: Case | None, errand: str = "") -> str | None:
    """The path filled in; None when the case has nothing of that kind. What nobody knows has the id of nothing."""
    known = {
        "number": case.number, "trigger": "admit", "assessment_id": case.assessment, "objection_id": case.objection,
        "document_id": case.documents[0] if case.documents else "",
    } if case else {}  # fmt: skip
    known |= {"errand_id": errand, "code": "AAAABBBBCCCCDDDD"}
    filled = path
    while "{" in filled:
        name = filled[filled.index("{") + 1 : filled.index("}")]
        value = known.get(name.partition(":")[0], UNKNOWN_ID)
        if not value and case is not None:
            return None
        filled = filled.replace("{" + name + "}", value or UNKNOWN_ID, 1)
    return filled


def knock(door: Door, cell: Cell) -> Response:
    """Ask, with an empty form or body: it is refused for lack of permission, or later for lack of words."""
    path = address(cell.path, cell.case, door.province.errand)
    assert path is not None
    given: dict[str, object] = {}
    if cell.method in ("POST", "PUT", "PATCH"):
        seen = cell.case.version if cell.case else 0
        if path.startswith("/api"):
            given = {"json": body_of(door.app, cell.method, cell.path), "headers": {"if-match": f'"{seen}"'}}
        else:
            given = {"data": {"seen_version": str(seen)}}
    return door.ask(cell.someone.username, cell.method, path, **given)


def as_if_absent(door: Door, cell: Cell) -> bool:
    """Whether a form that is refused for its words, or that is sent on, is answered the same where no such case is."""
    assert cell.case is not None
    nowhere = absent(cell.case)
    here, there = knock(door, cell), knock(door, replace(cell, case=nowhere))
    return here.status_code in (303, 400, 422) and told(here, cell.case) == told(there, nowhere)


def absent(case: Case) -> Case:
    """A case of the same look that nobody has."""
    nothing = "01900000-0000-7000-8000-00000000ffff"
    return replace(
        case, number="QYFH-2026-9999", assessment=nothing, objection=nothing, documents=(nothing,), seated=frozenset()
    )


def told(answer: Response, case: Case) -> tuple[int, str]:
    """Status and words of an answer, without what each one has of its own: its number, and the address asked for."""
    text = re.sub(r"[0-9a-f]{32}", "", answer.headers.get("location", "") + answer.text).replace(case.number, "")
    for identity in (case.assessment, case.objection, *case.documents):
        text = text.replace(identity, "") if identity else text
    return answer.status_code, text


def verdict(answer: Response) -> str:
    """What the answer says of permission."""
    if answer.status_code == 401 or answer.headers.get("location", "").startswith("/sign-in?"):
        return SIGN_IN
    if answer.status_code >= 500:
        return BROKEN
    return {403: FORBIDDEN, 404: HIDDEN}.get(answer.status_code, IN)


def differing(door: Door, asked: list[Cell]) -> list[str]:
    """Every cell whose answer is none of the right ones."""
    found = []
    for cell in asked:
        right, said = expected(cell.someone, cell.method, cell.path, cell.case), verdict(knock(door, cell))
        if said == IN and HIDDEN in right and IN not in right and as_if_absent(door, cell):
            said = HIDDEN
        if said not in right:
            found.append(f"{cell}: {said}, not {' or '.join(sorted(right))}")
    return found


@pytest.mark.timeout(1800 if NIGHTLY else 400)
def test_every_cell_of_the_matrix_is_as_the_tables_say(door: Door) -> None:
    asked = chosen(door.province)
    print(f"{len(asked)} cells, {len(ROUTES)} routes, {len(door.province.everyone)} people")
    assert len(asked) >= ON_CASES + AT_LARGE
    found = differing(door, asked)
    assert not found, "\n".join([f"{len(found)} of {len(asked)} differ", *found[:60]])


def test_every_relation_and_every_verdict_is_among_the_cells(door: Door) -> None:
    asked = chosen(door.province)
    relations = Counter(relation(one.someone, one.case) for one in asked)
    assert set(relations) >= {
        "own", "same organization", "other organization", "same street", "same county", "other county", "other city",
        "above", "seated", "not seated", "at the centre", "no role", "nobody",
    }  # fmt: skip
    sure = Counter(next(iter(right)) for one in asked if len(right := _right(one)) == 1)
    assert set(sure) == {SIGN_IN, FORBIDDEN, HIDDEN, IN}
    assert sure.total() > 0.8 * len(asked)
    assert {one.path for one in asked} == {path for _, path in ROUTES} - ASIDE


def _right(cell: Cell) -> frozenset[str]:
    return expected(cell.someone, cell.method, cell.path, cell.case)


def test_the_oracle_reads_the_same_routes_as_the_application() -> None:
    assert set(routes()) == set(ROUTES)


# Planted bugs -------------------------------------------------------------------------------------


def some(door: Door, wanted: Callable[[Cell], bool]) -> list[Cell]:
    """The first cells of that sort."""
    found = [one for one in cells(door.province) if wanted(one)][:120]
    assert differing(door, found) == []
    return found


def test_a_row_of_the_policy_that_is_wider_is_caught(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = some(door, lambda one: one.someone.username == "the_donor" and one.path.startswith("/cases"))
    wider = rules.policy() | {("case:list", "donor"): "centre"}
    monkeypatch.setattr(rules, "policy", lambda: wider)
    assert any("the_donor · GET /cases" in line for line in differing(door, asked))


def test_a_row_filter_that_is_gone_is_caught(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = some(door, lambda one: (one.method, one.path) == ("GET", "/cases/{number}") and bool(one.someone.held))
    for module in [
        one for name, one in sys.modules.items() if name.startswith("services.") and hasattr(one, "visible")
    ]:
        monkeypatch.setattr(module, "visible", lambda _actor, **_how: true())
    assert any(f"{IN}, not {HIDDEN}" in line for line in differing(door, asked))


def test_a_route_that_demands_nothing_is_caught(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    from web.routes import table

    asked = some(door, lambda one: one.path == "/ledger")
    open_to_all = table() | {("GET", "/ledger"): "signed_in"}
    monkeypatch.setattr("web.routes.table", lambda: open_to_all)
    found = differing(door, asked)
    assert found
    assert all(f"{IN}, not {FORBIDDEN}" in line for line in found)
    assert gate(door.province.someone("the_donor"), "GET", "/ledger") == FORBIDDEN
