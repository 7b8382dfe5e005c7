"""The result of a round on its page and in the interface, and the statistics of evaluators, for those who may."""

import base64

from services.authority.rules import policy
from tests.web.conftest import Scene
from tests.web.reading import Page
from tests.web.writing import png

API = "/api/v1"


def test_the_page_and_the_interface_tell_the_same_lines(scene: Scene) -> None:
    identity = scene.city.assessment(scene.numbers["publicity"])
    page = Page(scene.browser("secretary").get(f"/assessments/{identity}/result").text)
    told = scene.program("secretary").get(f"{API}/assessments/{identity}/result").json()
    assert told["version"] == 2
    assert len(told["lines"]) >= 6
    assert all(line.replace(" ", "") in page.text.replace(" ", "") for line in told["lines"])
    english = scene.program("secretary").get(
        f"{API}/assessments/{identity}/result", headers={"accept-language": "en"}
    ).json()  # fmt: skip
    assert any(line.startswith("They add up to") for line in english["lines"])


def test_an_open_round_has_no_result_yet(scene: Scene) -> None:
    identity = scene.city.assessment(scene.numbers["review"])
    told = scene.program("secretary").get(f"{API}/assessments/{identity}/result").json()
    assert (told["lines"], told["mean"], told["version"]) == ([], None, 0)


def test_who_may_not_read_scores_finds_no_result(scene: Scene) -> None:
    identity = scene.city.assessment(scene.numbers["publicity"])
    for username in ("evaluator1", "zhou", "case_manager"):
        assert scene.program(username).get(f"{API}/assessments/{identity}/result").status_code in (403, 404)


def test_the_statistics_are_the_secretary_s_alone(scene: Scene) -> None:
    assert {role for action, role in policy() if action == "assessment:statistics"} == {"assessment_secretary"}
    assert scene.browser("secretary").get("/evaluator-statistics").status_code == 200
    told = scene.program("secretary").get(f"{API}/evaluator-statistics").json()
    assert (told["form"], told["rounds"], told["sheets"]) == ("admission", 1, 3)
    for username in ("manager", "evaluator1", "auditor", "zhou"):
        assert scene.program(username).get(f"{API}/evaluator-statistics").status_code == 403


def test_a_paper_sheet_is_entered_and_countersigned_by_the_evaluator(scene: Scene) -> None:
    identity = scene.city.assessment(scene.numbers["review"])
    wish = {
        "evaluator": "evaluator1", "scan_name": "扫描.png", "scan": base64.b64encode(png()).decode(),
        "items": {"A1": "16", "A2": "15.5", "A3": "16", "A4": "12", "A5": "8", "A6": "8", "A7": "4"},
    }  # fmt: skip
    path = f"{API}/assessments/{identity}/paper-sheets"
    made = scene.program("secretary").post(path, json=wish)
    assert made.status_code == 201, made.text
    paper = made.json()["id"]
    assert "等待您核对" in scene.browser("evaluator1").get(f"/assessments/{identity}").text
    own = f"{API}/paper-sheets/{paper}/countersignature"
    assert scene.program("evaluator2").post(own, json={"agrees": True}).status_code == 404
    assert scene.program("secretary").post(own, json={"agrees": True}).json()["codes"] == [
        "assessment.paper_two_people"
    ]
    assert scene.program("evaluator1").post(own, json={"agrees": True}).status_code == 204
    assert scene.program("secretary").get(f"{API}/paper-sheets/{paper}").json()["standing"] == "counted"
    assert scene.program("evaluator1").get(f"{API}/assessments/{identity}/sheet").json()["total"] == "79.5"
