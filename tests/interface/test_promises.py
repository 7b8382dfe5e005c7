"""What the interface promises about sending again, versions and rates."""

from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient

from services.cases.lists import case_list
from services.database.work import reading
from tests.web.conftest import Scene
from web.interface.rates import Buckets

API = "/api/v1"


def opening(scene: Scene, client: TestClient, **headers: str):
    body = {"organization_id": scene.city.organizations["ma"], "centre_id": scene.city.centre}
    return client.post(f"{API}/cases", json=body, headers=headers)


def how_many(scene: Scene) -> int:
    with reading(scene.city.database, scene.city.now) as work:
        return len(case_list(work, scene.city.actor("manager"), limit=1000))


def test_the_same_key_opens_one_case(scene: Scene) -> None:
    client, before = scene.program("ma"), how_many(scene)
    first = opening(scene, client, **{"idempotency-key": "again"})
    second = opening(scene, client, **{"idempotency-key": "again"})
    assert first.status_code == second.status_code == 201
    assert (second.json(), second.headers["location"]) == (first.json(), first.headers["location"])
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert how_many(scene) == before + 1


def test_a_key_belongs_to_its_person(scene: Scene) -> None:
    first = opening(scene, scene.program("ma"), **{"idempotency-key": "mine"})
    other = opening(scene, scene.program("clerk"), **{"idempotency-key": "mine"})
    assert other.status_code == 201
    assert other.json()["number"] != first.json()["number"]


def test_a_key_with_other_content_is_refused(scene: Scene) -> None:
    client = scene.program("ma")
    opening(scene, client, **{"idempotency-key": "k"})
    body = {"organization_id": scene.city.organizations["ma"], "centre_id": scene.city.centre, "plan": "other"}
    answer = client.post(f"{API}/cases", json=body, headers={"idempotency-key": "k"})
    assert (answer.status_code, answer.json()["codes"]) == (422, ["request.key_reused"])


def test_a_refusal_gives_the_key_back(scene: Scene) -> None:
    client = scene.program("ma")
    wrong = {"organization_id": scene.city.organizations["qin"], "centre_id": scene.city.centre}
    refused = client.post(f"{API}/cases", json=wrong, headers={"idempotency-key": "k"})
    assert refused.status_code == 403
    assert opening(scene, client, **{"idempotency-key": "k"}).status_code == 201


def test_what_was_cut_off_is_not_done_twice(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    client, before = scene.program("ma"), how_many(scene)
    monkeypatch.setattr("web.interface.repeats.keep_reply", None)
    assert opening(scene, client, **{"idempotency-key": "cut"}).status_code == 500
    monkeypatch.undo()
    again = opening(scene, client, **{"idempotency-key": "cut"})
    assert (again.status_code, again.json()["codes"]) == (409, ["request.in_work"])
    assert how_many(scene) == before + 1


def test_a_case_that_did_not_change_is_not_sent_again(scene: Scene) -> None:
    client, path = scene.program("ma"), f"{API}/cases/{scene.numbers['draft']}"
    tag = client.get(path).headers["etag"]
    unchanged = client.get(path, headers={"if-none-match": tag})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={"if-none-match": '"77"'}).status_code == 200


def test_times_have_an_offset_and_ids_are_of_version_7(scene: Scene) -> None:
    body = scene.program("ma").get(f"{API}/cases/{scene.numbers['draft']}").json()
    assert body["moved_at"].endswith(("Z", "+00:00"))
    assert body["id"][14] == "7"


def test_a_list_goes_on_where_it_stopped_although_a_case_moved(scene: Scene) -> None:
    client = scene.program("manager")
    first = client.get(f"{API}/cases?limit=2").json()
    scene.city.provide(scene.numbers["draft"], "ma")
    scene.city.move(scene.numbers["draft"], "submit", "ma", privacy_notice_accepted=True, commitments_accepted=True)
    second = client.get(f"{API}/cases?limit=2&cursor={first['next']}").json()
    seen = [one["number"] for one in [*first["cases"], *second["cases"]]]
    assert len(seen) == len(set(seen))


@dataclass
class Watch:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_who_asks_too_often_waits_as_long_as_is_said() -> None:
    watch = Watch()
    buckets = Buckets(60, clock=watch)
    assert [buckets.wait_of("a") for _ in range(60)] == [0] * 60
    wait = buckets.wait_of("a")
    assert wait == 1
    assert buckets.wait_of("b") == 0
    watch.now += wait
    assert buckets.wait_of("a") == 0


def test_too_many_requests_are_a_problem_that_says_when_to_go_on(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.interface.rates.Buckets.wait_of", lambda _buckets, _caller: 7)
    answer = scene.program("ma").get(f"{API}/me")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert answer.json()["type"] == "urn:chuke:problem:access.too_often"
    assert scene.browser("ma").get("/notices").status_code == 200


ENTRY = {
    "name": "桦林街道助老服务队", "category": "SERVICE", "subtype": "助老", "home_division": "229902002",
    "leader_name": "吴一",
}  # fmt: skip


def test_an_import_is_tried_out_before_it_is_kept(scene: Scene) -> None:
    client = scene.program("clerk")
    tried = client.post(f"{API}/organizations/import", json={"rows": [ENTRY]})
    assert (tried.status_code, tried.json()) == (200, {"names": [ENTRY["name"]], "kept": False})
    kept = client.post(f"{API}/organizations/import", json={"rows": [ENTRY], "dry_run": False})
    assert kept.json()["kept"] is True
    wrong = client.post(f"{API}/organizations/import", json={"rows": [ENTRY | {"name": "另一支服务队"}, ENTRY]})
    assert wrong.status_code == 422
    assert [one["pointer"] for one in wrong.json()["errors"]] == ["#/rows/1"]
