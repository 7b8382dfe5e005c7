"""The JSON interface: states, versions, repetition, and every refusal as a problem document."""

import pytest

from services.database.work import reading
from services.issuance.queries import document_line
from tests.web.city import PASSWORD
from tests.web.conftest import PDF, Scene

API = "/api/v1"
CONSENTS = {"details": {"privacy_notice_accepted": True, "commitments_accepted": True}}


def submit(
    scene: Scene,
    *,
    version: str = '"0"',
    body: object = CONSENTS,
    user: str = "ma",
    trigger: str = "submit",
    **headers: str,
):
    path = f"{API}/cases/{scene.numbers['draft']}/transitions/{trigger}"
    given = {"if-match": version, **headers} if version else headers
    return scene.program(user).post(path, json=body, headers=given)


def problem(answer, status: int, *codes: str) -> dict[str, object]:
    """The problem document, checked for its shape."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body.keys() == {"type", "title", "status", "detail", "codes", "errors"}
    assert body["status"] == status
    assert body["detail"]
    assert body["type"].startswith("urn:chuke:problem:")
    for code in codes:
        assert code in body["codes"]
    return body


def test_a_token_is_had_for_name_and_password_and_dies_on_sign_out(scene: Scene) -> None:
    client = scene.program()
    wrong = client.post(f"{API}/sign-in", json={"username": "zhou", "password": "wrong"})
    problem(wrong, 401, "sign_in.failed")
    token = client.post(f"{API}/sign-in", json={"username": "zhou", "password": PASSWORD}).json()["token"]
    client.headers["authorization"] = f"Bearer {token}"
    assert client.get(f"{API}/cases").status_code == 200
    assert client.delete(f"{API}/sign-in").status_code == 204
    problem(client.get(f"{API}/cases"), 401, "access.not_signed_in")


def test_a_case_tells_its_version_and_why_moves_are_closed(scene: Scene) -> None:
    answer = scene.program("ma").get(f"{API}/cases/{scene.numbers['draft']}", headers={"accept-language": "en"})
    assert answer.headers["etag"] == '"0"'
    closed = next(one for one in answer.json()["transitions"] if one["trigger"] == "submit")
    assert closed["open"] is False
    assert closed["reasons"][0]["code"] == "application.materials_missing"
    assert closed["reasons"][0]["sentence"].endswith(".")


def test_a_case_moves_and_the_same_key_moves_it_once(scene: Scene) -> None:
    scene.city.provide(scene.numbers["draft"], "ma")
    first = submit(scene, **{"idempotency-key": "k1"})
    assert (first.status_code, first.json()["state"], first.headers["etag"]) == (200, "SUBMITTED", '"1"')
    assert "idempotency-replayed" not in first.headers
    again = submit(scene, **{"idempotency-key": "k1"})
    assert (again.json(), again.headers["etag"]) == (first.json(), '"1"')
    assert again.headers["idempotency-replayed"] == "true"
    problem(submit(scene, body={"details": {}}, **{"idempotency-key": "k1"}), 422, "request.key_reused")


def test_401_without_a_token(scene: Scene) -> None:
    answer = submit(scene, user="")
    problem(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"


def test_403_for_a_move_of_somebody_else(scene: Scene) -> None:
    problem(submit(scene, user="clerk"), 403, "case.role_missing")


@pytest.mark.parametrize("user", ["zhou", "street"])
def test_404_for_a_case_that_may_not_be_known(user: str, scene: Scene) -> None:
    problem(submit(scene, user=user), 404, "case.not_found")
    problem(scene.program(user).get(f"{API}/cases/{scene.numbers['review']}"), 404)


def test_404_and_405_for_addresses_there_are_not(scene: Scene) -> None:
    problem(scene.program("ma").get(f"{API}/nowhere"), 404)
    problem(scene.program("ma").put(f"{API}/cases"), 405)


def test_409_when_a_rule_says_no(scene: Scene) -> None:
    body = problem(submit(scene), 409, "application.materials_missing")
    assert body["type"] == "urn:chuke:problem:application.materials_missing"


def test_412_when_somebody_moved_it_first(scene: Scene) -> None:
    scene.city.provide(scene.numbers["draft"], "ma")
    assert submit(scene).status_code == 200
    problem(submit(scene, trigger="withdraw_application", body={"details": {"reason": "x"}}), 412, "case.stale")


@pytest.mark.parametrize("body", [{"details": {"state": "GRADUATED"}}, {"state": "GRADUATED"}, [], {"details": 1}])
def test_422_for_what_is_not_in_the_form(body: object, scene: Scene) -> None:
    assert problem(submit(scene, body=body), 422)["errors"]


def test_422_names_the_field(scene: Scene) -> None:
    scene.city.provide(scene.numbers["draft"], "ma")
    body = problem(submit(scene, body={"details": {"privacy_notice_accepted": True}}), 422, "input.missing")
    assert body["errors"][0]["pointer"] == "#/details/commitments_accepted"


@pytest.mark.parametrize("version", ["", "x", '"-1"'])
def test_428_without_the_version_that_was_seen(version: str, scene: Scene) -> None:
    problem(submit(scene, version=version), 428)


def test_the_list_is_read_in_portions(scene: Scene) -> None:
    client, seen, address = scene.program("manager"), [], f"{API}/cases?limit=2"
    while address:
        answer = client.get(address)
        seen += [one["number"] for one in answer.json()["cases"]]
        address = answer.links["next"]["url"] if answer.json()["next"] else ""
    assert sorted(seen) == sorted(scene.numbers.values())
    problem(client.get(f"{API}/cases?cursor=nonsense"), 422, "input.cursor_unknown")
    problem(client.get(f"{API}/cases?limit=9999"), 422)


def test_anyone_checks_a_paper(scene: Scene) -> None:
    with reading(scene.city.database) as work:
        code = document_line(work, scene.paper).verify_code
    body = scene.program().get(f"{API}/documents/verify/{code.lower()}").json()
    assert body["standing"] == "issued"
    problem(scene.program().get(f"{API}/documents/verify/NOPE"), 404, "document.not_found")
    page = scene.browser().get(f"/verify/{code}")
    assert "有效" in page.text
    same = scene.browser().post("/verify", files={"file": ("x.pdf", PDF, "application/pdf")})
    assert "完全一致" in same.text
    altered = {"file": ("x.pdf", PDF + b"!", "application/pdf")}
    other = scene.browser().post("/verify", data={"code": code}, files=altered)
    assert "不一致" in other.text


def test_the_interface_describes_itself_and_nothing_else(scene: Scene) -> None:
    paths = scene.program().get("/openapi.json").json()["paths"]
    assert all(path.startswith(API) for path in paths)
    assert f"{API}/cases/{{number}}/transitions/{{trigger}}" in paths
