"""Acts that the console has on pages of its own, done by programs: the same rules, the same trail."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from services.people.tokens import create_token
from tests.web.city import PASSWORD
from tests.web.conftest import Scene

API = "/api/v1"
UNKNOWN = "019ab2f0-0000-7000-8000-000000000000"


def by_token(scene: Scene, username: str, *scopes: str) -> TestClient:
    city = scene.city
    made = create_token(city.database, city.actor(username), name="x", scopes=scopes, days=7, now=city.now)
    client = scene.program()
    client.headers["authorization"] = f"Bearer {made.secret}"
    return client


# Absences, bulk moves, filters --------------------------------------------------------------------


def test_an_absence_is_declared_listed_by_both_and_ended(scene: Scene) -> None:
    owner, substitute = scene.program("clerk"), scene.program("case_manager")
    wish: dict[str, Any] = {
        "substitute": "case_manager", "roles": ["intake_clerk"], "starts_on": "2026-11-23", "ends_on": "2026-11-24",
        "reason": "培训",
    }  # fmt: skip
    made = owner.post(f"{API}/absences", json=wish)
    assert made.status_code == 201, made.text
    for client in (owner, substitute):
        (line,) = client.get(f"{API}/absences").json()["absences"]
        assert (line["id"], line["standing"], line["roles"]) == (made.json()["id"], "running", ["intake_clerk"])
    assert scene.program("zhou").post(f"{API}/absences", json=wish).status_code == 403
    ending = f"{API}/absences/{made.json()['id']}/revocation"
    assert substitute.post(ending).status_code == 403
    assert owner.post(ending).status_code == 204
    assert owner.get(f"{API}/absences").json()["absences"][0]["standing"] == "revoked"
    assert owner.post(ending).json()["codes"] == ["absence.over"]


def test_a_bulk_move_is_rehearsed_then_carried_out_row_by_row_and_never_twice(scene: Scene) -> None:
    city = scene.city
    good, bad = city.submitted("ma"), scene.numbers["review"]
    before = city.version(good)
    cases = [{"number": number, "version": city.version(number)} for number in (good, bad)]
    wish, client = {"trigger": "accept_application", "cases": cases}, scene.program("clerk")
    tried = client.post(f"{API}/bulk-moves/rehearsal", json=wish).json()["rows"]
    assert [(one["number"], one["state"] is not None, one["reasons"] == []) for one in tried] == [
        (good, True, True), (bad, False, False),
    ]  # fmt: skip
    assert city.version(good) == before
    for _ in range(2):
        done = client.post(f"{API}/bulk-moves", json=wish, headers={"idempotency-key": "many"})
        assert done.json()["rows"] == tried
    assert city.version(good) == before + 1


@pytest.mark.parametrize("trigger", ["admit", "approve_payment", "confirm_graduation", "nothing"])
def test_what_is_decided_one_by_one_is_not_done_in_bulk(scene: Scene, trigger: str) -> None:
    wish = {"trigger": trigger, "cases": [{"number": scene.numbers["review"], "version": 1}]}
    answer = scene.program("manager").post(f"{API}/bulk-moves", json=wish)
    assert (answer.status_code, answer.json()["codes"]) == (422, ["desk.trigger_not_bulk"])


def test_a_filter_is_kept_shared_chosen_and_forgotten(scene: Scene) -> None:
    client, query = scene.program("clerk"), "tab=waiting&due=overdue&after=x"
    kept = client.post(f"{API}/filters", json={"name": "急件", "query": query, "role": "intake_clerk"}).json()["id"]
    assert client.put(f"{API}/filters/{kept}/default", json={"on": True}).status_code == 204
    (line,) = client.get(f"{API}/filters").json()["filters"]
    assert (line["query"], line["own"], line["role"], line["default"]) == (
        "tab=waiting&due=overdue", True, "intake_clerk", True,
    )  # fmt: skip
    assert scene.program("manager").get(f"{API}/filters").json() == {"filters": []}
    refused = client.post(f"{API}/filters", json={"name": "x", "query": "", "role": "centre_manager"})
    assert refused.json()["codes"] == ["desk.role_not_held"]
    assert client.delete(f"{API}/filters/{kept}").status_code == 204
    assert client.get(f"{API}/filters").json() == {"filters": []}


# Personal data ------------------------------------------------------------------------------------


def look(scene: Scene) -> dict[str, str]:
    return {"kind": "leader_phone", "of": scene.city.organizations["zhou"], "reason": "电话核实地址"}


def test_a_field_is_shown_once_for_a_reason_and_the_auditor_reads_of_it(scene: Scene) -> None:
    shown = scene.program("manager").post(f"{API}/reveals", json=look(scene))
    assert (shown.status_code, shown.json()["value"]) == (200, "19900000001")
    assert shown.headers["cache-control"] == "no-store"
    (entry,) = scene.program("auditor").get(f"{API}/reveals?month=2026-11").json()["reveals"]
    assert (entry["field"], entry["reason"], entry["refused"]) == ("leader_phone", "电话核实地址", False)
    assert "19900000001" not in str(entry)
    assert scene.program("manager").get(f"{API}/reveals").status_code == 403


def test_a_look_that_is_refused_is_noted_and_none_goes_without_a_reason(scene: Scene) -> None:
    assert scene.program("evaluator1").post(f"{API}/reveals", json=look(scene)).status_code == 404
    assert scene.program("manager").post(f"{API}/reveals", json=look(scene) | {"reason": " "}).status_code == 422
    (entry,) = scene.program("auditor").get(f"{API}/reveals").json()["reveals"]
    assert entry["refused"] is True


def test_a_token_shows_a_field_only_within_its_scope(scene: Scene) -> None:
    narrow, wide = by_token(scene, "manager", "own", "read"), by_token(scene, "manager", "own", "contact:reveal")
    refused = narrow.post(f"{API}/reveals", json=look(scene))
    assert (refused.status_code, refused.json()["codes"]) == (403, ["access.token_scope"])
    assert wide.post(f"{API}/reveals", json=look(scene)).status_code == 200


# The own account ----------------------------------------------------------------------------------


def signed_in(scene: Scene, password: str = PASSWORD) -> TestClient:
    client = scene.program()
    token = client.post(f"{API}/sign-in", json={"username": "zhou", "password": password}).json()["token"]
    client.headers["authorization"] = f"Bearer {token}"
    return client


def test_one_sees_the_own_sign_ins_and_ends_them(scene: Scene) -> None:
    first, second, third = (signed_in(scene) for _ in range(3))
    known = {one["id"]: one["present"] for one in first.get(f"{API}/me/sign-ins").json()["sign_ins"] if one["id"]}
    assert sorted(known.values()) == [False, False, False, True]
    (mine,) = [one["id"] for one in second.get(f"{API}/me/sign-ins").json()["sign_ins"] if one["present"]]
    assert scene.program("ma").delete(f"{API}/me/sign-ins/{mine}").status_code == 404
    assert first.delete(f"{API}/me/sign-ins/{mine}").status_code == 204
    assert second.get(f"{API}/me").status_code == 401
    assert first.post(f"{API}/me/other-sign-ins/end").json()["ended"] == 2
    assert third.get(f"{API}/me").status_code == 401
    assert first.get(f"{API}/me").status_code == 200


def test_a_password_is_changed_with_the_present_one_and_ends_the_other_sign_ins(scene: Scene) -> None:
    client, other, fresh = signed_in(scene), signed_in(scene), "xinmima-chenguang-2027"
    wrong = client.put(f"{API}/me/password", json={"present": "x", "password": fresh})
    assert (wrong.status_code, wrong.json()["codes"]) == (409, ["password.present_wrong"])
    assert client.put(f"{API}/me/password", json={"present": PASSWORD, "password": fresh}).status_code == 204
    assert other.get(f"{API}/me").status_code == 401
    assert client.get(f"{API}/me").status_code == 200
    assert signed_in(scene, fresh).get(f"{API}/me").status_code == 200


def test_a_token_is_made_shown_once_listed_and_revoked(scene: Scene) -> None:
    client, wish = scene.program("manager"), {"name": "统计", "scopes": ["read"], "days": 30}
    made = client.post(f"{API}/me/tokens", json=wish, headers={"idempotency-key": "t"})
    again = client.post(f"{API}/me/tokens", json=wish, headers={"idempotency-key": "t"})
    assert (made.status_code, again.json()["secret"]) == (201, None)
    program = scene.program()
    program.headers["authorization"] = f"Bearer {made.json()['secret']}"
    assert program.get(f"{API}/cases").status_code == 200
    listed = client.get(f"{API}/me/tokens")
    assert made.json()["secret"] not in listed.text
    assert [one["ending"] for one in listed.json()["tokens"]] == [made.json()["secret"][-4:]]
    assert client.delete(f"{API}/me/tokens/{made.json()['id']}").status_code == 204
    assert program.get(f"{API}/cases").status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/me/tokens", {"name": "x", "scopes": ["read"], "days": 1}),
        ("PUT", "/me/password", {"present": PASSWORD, "password": "xinmima-chenguang-2027"}),
        ("POST", "/me/factors/recovery-codes", None),
        ("DELETE", "/me/factors/code", None),
        ("DELETE", f"/me/passkeys/{UNKNOWN}", None),
    ],
)
def test_no_token_changes_what_lets_its_person_in(scene: Scene, method: str, path: str, body: Any) -> None:
    answer = by_token(scene, "zhou", "own", "read").request(method, f"{API}{path}", json=body)
    assert (answer.status_code, answer.json()["codes"]) == (403, ["access.token_never"])


# Figures and the office ---------------------------------------------------------------------------


def test_the_board_counts_what_the_list_shows(scene: Scene) -> None:
    client = scene.program("manager")
    figures, cases = client.get(f"{API}/board").json(), client.get(f"{API}/cases").json()["cases"]
    counted = {one["state"]: one["cases"] for stage in figures["stages"] for one in stage["states"] if one["cases"]}
    assert sum(counted.values()) == len(cases) == 3
    assert set(counted) == {one["state"] for one in cases}
    assert figures["open"] == 2, "a draft is not yet open"
    assert figures["places"][0]["places"] == 5
    assert scene.program("ma").get(f"{API}/board").status_code == 403


def test_a_year_of_the_calendar_is_tried_out_then_taken_over(scene: Scene) -> None:
    client = scene.program("security")
    notice = {"rows": [{"day": "2044-01-01", "kind": "rest"}], "standing": "projected", "source": "推算"}
    tried = client.post(f"{API}/working-days/import", json=notice)
    assert (tried.status_code, tried.json()["kept"]) == (200, False), tried.text
    assert client.get(f"{API}/working-days?year=2044").json()["standing"] is None
    kept = client.post(f"{API}/working-days/import", json=notice | {"dry_run": False})
    assert (kept.json()["year"], kept.json()["changed"], kept.json()["kept"]) == (2044, ["2044-01-01"], True)
    year = client.get(f"{API}/working-days?year=2044").json()
    assert (year["standing"], year["days"]) == ("projected", [{"day": "2044-01-01", "kind": "rest"}])
    twice = client.post(f"{API}/working-days/import", json=notice | {"rows": notice["rows"] * 2})  # type: ignore[operator]
    assert [one["pointer"] for one in twice.json()["errors"]] == ["#/rows/1"]


def test_divisions_are_taken_over_all_or_none(scene: Scene) -> None:
    client = scene.program("security")
    street = {"code": "229902003", "name": "松江街道", "level": "street", "kind": "street", "parent_code": "229902"}
    tried = client.post(f"{API}/divisions/import", json={"rows": [street]})
    assert (tried.status_code, tried.json()) == (
        200, {"added": ["229902003"], "changed": [], "unchanged": 0, "kept": False},
    ), tried.text  # fmt: skip
    wrong = {"rows": [street, street | {"code": "229902004", "level": "planet"}], "dry_run": False}
    assert client.post(f"{API}/divisions/import", json=wrong).status_code == 422
    assert client.post(f"{API}/divisions/import", json={"rows": [street], "dry_run": False}).json()["kept"] is True
    codes = [one["code"] for one in client.get(f"{API}/divisions?under=229902003").json()["divisions"]]
    assert codes == ["229902003"]


def test_what_one_administrator_proposes_the_other_finds_and_confirms(scene: Scene) -> None:
    first, second = scene.program("security"), scene.program("administrator")
    people = second.get(f"{API}/people?find=ma").json()["people"]
    person = next(one["id"] for one in people if one["username"] == "ma")
    wish = {"role": "donor", "reason": "捐赠人", "valid_from": "2026-11-23"}
    assert first.post(f"{API}/people/{person}/roles", json=wish).status_code == 201
    waiting = second.get(f"{API}/people/proposals").json()["roles"]
    grants = second.get(f"{API}/people/{person}").json()["grants"]
    assert [one["role"] for one in [*waiting, *grants]].count("donor") == 1


def test_a_one_time_link_is_made_for_a_reason_and_shown_once(scene: Scene) -> None:
    client, person = scene.program("administrator"), scene.city.actor("ma").id
    headers = {"idempotency-key": "link"}
    made, again = (
        client.post(f"{API}/people/{person}/link", json={"reason": "忘记密码"}, headers=headers) for _ in range(2)
    )
    assert (made.status_code, again.json()["address"]) == (201, None)
    assert scene.browser().get(made.json()["address"]).status_code == 200
    assert client.post(f"{API}/people/{person}/link", json={}).status_code == 422
