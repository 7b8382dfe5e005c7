"""A field nobody asked for is never stored: neither role nor state nor amount comes in beside what a form takes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, insert

from services.notices.models import notices
from tests.access.bodies import body_of
from tests.access.conftest import Door
from tests.access.crawling import walk
from tests.access.test_matrix import UNKNOWN_ID, address
from tests.web.test_routes import ROUTES

CANARY = "canary7f3a91"
EXTRA = (
    "id", "state", "stage", "version", "roles", "amount_fen", "owner", "owner_id", "actor_id", "case_id", "person_id",
    "created_by", "entered_by", "verified_by", "manager_id", "live", "disabled", "standing", "decided_on", "created_at",
    "opened_at", "password_hash", "is_administrator", "scope", "duty", "hash", "verify_code", "locked_at", "ruling_by",
    "leader_phone_sealed", "account_number_sealed", "budget_line_id", "moved_at", "due_on", "result",
)  # fmt: skip
PEOPLE = (
    "near_draft", "near_under_review", "the_intake_clerk", "the_case_manager", "the_centre_manager",
    "the_assessment_secretary", "evaluator1", "the_finance_maker", "the_finance_checker", "the_auditor",
    "the_security_administrator", "the_system_administrator", "the_civil_affairs_leader_county",
)  # fmt: skip


@contextmanager
def stored(door: Door) -> Iterator[list[str]]:
    """Everything that is sent to be written while the block runs."""
    engine, sent = door.app.state.database.engine, list[str]()

    def listen(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if re.match(r"\s*(insert|update)", statement, re.IGNORECASE):
            sent.append(f"{statement} {parameters}")

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def planted() -> list[tuple[str, str]]:
    return [(name, f"{CANARY}-{name}") for name in EXTRA]


@pytest.mark.parametrize("username", PEOPLE)
def test_no_form_stores_a_field_that_is_not_its_own(username: str, door: Door) -> None:
    forms = walk(door, username, most=25).forms.values()
    assert forms
    written = 0
    for form in forms:
        own = {name for name, _ in form.fields}
        extra = [(name, value) for name, value in planted() if name not in own]
        data: dict[str, list[str]] = {}
        for name, value in [*form.fields, *extra]:
            data.setdefault(name, []).append(value)
        with stored(door) as sent:
            answer = door.ask(username, "POST", form.action.partition("#")[0] or "/", data=data)
        assert answer.status_code < 500, form.action
        assert [one[:300] for one in sent if CANARY in one] == [], form.action
        written += bool(sent)
    print(username, len(forms), written)


def test_no_body_of_the_interface_takes_a_field_that_is_not_declared(door: Door) -> None:
    case = door.province.case("near", "under_review")
    for method, path in ROUTES:
        if not path.startswith("/api/") or method not in ("POST", "PUT", "PATCH"):
            continue
        body = body_of(door.app, method, path)
        filled = address(path, case, door.province.errand) or path.replace("{objection_id}", UNKNOWN_ID)
        for username in ("the_centre_manager", "near_under_review", "evaluator1"):
            with stored(door) as sent:
                answer = door.ask(
                    username, method, filled, json={**(body or {}), **dict(planted())}, headers={"if-match": '"1"'}
                )
            assert answer.status_code < 500, path
            assert [one[:300] for one in sent if CANARY in one] == [], path
            if body is not None:
                assert answer.status_code >= 400, path


def test_a_form_that_stores_whatever_it_is_given_is_caught(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    from web.pages import notices as page

    def careless(work: Any, **said: Any) -> None:
        work.connection.execute(insert(notices).values(id=said["notice_id"], title=CANARY))

    monkeypatch.setattr(page, "mark_read", careless)
    with stored(door) as sent:
        door.ask("near_draft", "POST", f"/notices/{UNKNOWN_ID}/read", data=dict(planted()))
    assert any(CANARY in one for one in sent)
