"""Personal data is masked for everybody; in full it is shown to whom a role lets, for a reason, and noted first."""

import pytest
from httpx2 import Response
from sqlalchemy import select

from services.cases.models import cases
from services.database.work import reading
from services.protection.rules import mask_account, mask_contact, mask_phone
from tests.access.conftest import Door
from tests.access.crawling import walk
from tests.access.oracle import policy, reaches
from tests.access.province import ACCOUNT, CONTACT, PHONE, Someone
from tests.access.test_fields import stored

REASON = "compare with the certificate"
FIELDS = {"account_number": ACCOUNT, "leader_phone": PHONE, "objection_contact": CONTACT}
MASKS = {"account_number": mask_account(ACCOUNT), "leader_phone": mask_phone(PHONE),
         "objection_contact": mask_contact(CONTACT)}  # fmt: skip


def place(door: Door, kind: str) -> str:
    """The id behind which the field lies, of the published case of the near street."""
    case = door.province.case("near", "published")
    if kind == "leader_phone":
        with reading(door.app.state.database, door.province.city.now) as work:
            return str(work.connection.execute(select(cases.c.organization_id).where(cases.c.id == case.id)).scalar())
    return door.province.account if kind == "account_number" else case.objection


def ask(door: Door, username: str, kind: str, of: str, *, reason: str = REASON) -> Response:
    return door.ask(username, "POST", "/reveals", data={"kind": kind, "of": of, "reason": reason, "back": "/cases"})


def may_read(door: Door, someone: Someone, kind: str) -> bool:
    """What the tables say: the scope of the role reaches the organization; an objector is known to the centre alone."""
    case = door.province.case("near", "published")
    if kind == "leader_phone":
        return reaches(someone, "contact:reveal", case)
    action = "account:reveal" if kind == "account_number" else "contact:reveal"
    return someone.able and any(policy().get((action, one.role)) == "centre" for one in someone.held)


@pytest.mark.parametrize("kind", FIELDS)
def test_each_field_is_shown_to_whom_the_table_lets_and_to_nobody_else(kind: str, door: Door) -> None:
    of, differing = place(door, kind), []
    for someone in door.province.everyone:
        answer = ask(door, someone.username, kind, of)
        shown = FIELDS[kind] in answer.text
        if shown is not may_read(door, someone, kind) or (shown and answer.status_code != 200):
            differing.append(f"{someone.username}: {answer.status_code}")
        if not shown and someone.enters:
            assert answer.status_code == 404, someone.username
    assert differing == []


@pytest.mark.parametrize("kind", FIELDS)
def test_it_is_noted_before_it_is_shown_and_without_a_reason_it_is_not_shown(kind: str, door: Door) -> None:
    of = place(door, kind)
    with stored(door) as sent:
        answer = ask(door, "the_centre_manager", kind, of)
    noted = [one for one in sent if "audit_entries" in one]
    assert len(noted) == 1
    assert REASON in noted[0]
    assert FIELDS[kind] not in noted[0]
    assert answer.headers["cache-control"] == "no-store"
    for reason in ("", "   "):
        refused = ask(door, "the_centre_manager", kind, of, reason=reason)
        assert refused.status_code == 422
        assert FIELDS[kind] not in refused.text
    masked = door.ask("the_centre_manager", "GET", f"/reveals/new?kind={kind}&of={of}")
    assert MASKS[kind] in masked.text
    assert FIELDS[kind] not in masked.text


def test_a_refused_look_is_noted_too(door: Door) -> None:
    with stored(door) as sent:
        assert ask(door, "the_donor", "account_number", place(door, "account_number")).status_code == 404
    (noted,) = [one for one in sent if "audit_entries" in one]
    assert "refused" in noted


@pytest.mark.parametrize(
    "username",
    ["the_centre_manager", "the_finance_maker", "the_finance_checker", "the_auditor", "the_intake_clerk",
     "the_case_manager", "near_published", "evaluator1", "the_street_handler_near", "the_security_administrator"],
)  # fmt: skip
def test_no_page_shows_any_of_it_by_default(username: str, door: Door) -> None:
    found = walk(door, username, most=40)
    number = door.province.case("near", "published").number
    for path in (f"/cases/{number}", "/accounts", f"/api/v1/cases/{number}", f"/api/v1/cases/{number}/objections"):
        found.pages[path] = door.ask(username, "GET", path).text
    shown = [(path, kind) for path, text in found.pages.items() for kind, secret in FIELDS.items() if secret in text]
    assert shown == []


def test_a_page_that_forgets_the_mask_is_caught(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.organizations.queries.mask_account", lambda number: number)
    assert ACCOUNT in door.ask("the_finance_maker", "GET", "/accounts").text


def test_auditors_read_who_saw_what(door: Door) -> None:
    assert door.ask("the_auditor", "GET", "/reveals?month=2026-11").status_code == 200
    assert door.ask("the_auditor", "GET", "/reveals?month=2026-13").status_code == 404
    assert door.ask("the_centre_manager", "GET", "/reveals").status_code == 403
