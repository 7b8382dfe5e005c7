"""The pool, draws, petitions and voided sheets as they are met in the browser and in the interface."""

from services.cases.turn import load_subject
from services.database.work import reading
from tests.web.conftest import Scene
from tests.web.reading import Page

TERM = {
    "username": "evaluator1", "fields": ["SERVICE"], "term_from": "2026-01-01", "term_to": "2027-12-31",
    "most_seats": "5", "appointment": "聘〔2026〕1号",
}  # fmt: skip


def fill(scene: Scene) -> None:
    """Put all four into the pool."""
    secretary = scene.browser("secretary")
    for number in range(1, 5):
        answer = secretary.post("/evaluators", data={**TERM, "username": f"evaluator{number}"})
        assert answer.headers["location"] == "/evaluators?done=pool_added"


def seat_of(scene: Scene, number: str, username: str) -> str:
    """The seat that person holds on the case."""
    found = scene.program("qin").get(f"/api/v1/cases/{number}/recusal").json()["seats"]
    return next(one["seat"] for one in found if one["evaluator"] == f"职员{username}")


def test_a_term_is_added_shown_and_ended_and_a_second_one_refused_with_what_was_typed(scene: Scene) -> None:
    client = scene.browser("secretary")
    fill(scene)
    again = client.post("/evaluators", data=TERM)
    assert again.status_code == 409
    assert Page(again.text).inputs["appointment"] == TERM["appointment"]
    terms = scene.program("secretary").get("/api/v1/evaluators").json()["terms"]
    assert {one["username"] for one in terms} == {f"evaluator{number}" for number in range(1, 5)}
    ended = client.post(f"/evaluators/{terms[0]['id']}/end", data={"reason": "本人辞聘"})
    assert ended.headers["location"] == "/evaluators?done=pool_ended"
    assert "本人辞聘" in Page(client.get("/evaluators").text).text


def test_a_contact_is_never_shown_again(scene: Scene) -> None:
    client = scene.browser("secretary")
    fill(scene)
    said = {"username": "evaluator1", "kind": "phone", "value": "19955512345"}
    assert client.post("/evaluators/contacts", data=said).headers["location"] == "/evaluators?done=contact_kept"
    assert "19955512345" not in client.get("/evaluators").text
    assert "19955512345" not in scene.program("secretary").get("/api/v1/evaluators").text


def test_a_drawn_panel_shows_its_candidates_reasons_and_seed(scene: Scene) -> None:
    fill(scene)
    number, client = scene.numbers["draft"], scene.browser("secretary")
    paid = {"kind": "paid", "username": "evaluator1", "organization": _organization(scene, number), "source": "凭证"}
    assert client.post("/evaluators/ties", data=paid).headers["location"] == "/evaluators?done=tie_recorded"
    answer = client.post(f"/cases/{number}/draws", data={"form": "admission"})
    assert answer.headers["location"] == f"/cases/{number}?done=drawn"
    (drawn,) = scene.program("secretary").get(f"/api/v1/cases/{number}/draws").json()["draws"]
    assert drawn["holds"]
    assert {one["name"] for one in drawn["candidates"] if one["left_out"] == ["paid"]} == {"职员evaluator1"}
    page = Page(client.get(f"/draws/{drawn['id']}").text)
    assert drawn["seed"] in page.text
    assert "领取过该组织的报酬" in page.text
    assert f"/draws/{drawn['id']}" in client.get(f"/cases/{number}").text


def _organization(scene: Scene, number: str) -> str:
    with reading(scene.city.database, scene.city.now) as work:
        return str(load_subject(work, number=number).organization.id)


def test_the_applicant_petitions_and_the_office_rules(scene: Scene) -> None:
    number = scene.numbers["review"]
    own = scene.browser("qin")
    assert "申请回避" in Page(own.get(f"/cases/{number}/recusal").text).text
    told = {"seat": seat_of(scene, number, "evaluator1"), "grounds": "曾有纠纷"}
    assert own.post(f"/cases/{number}/recusal", data=told).headers["location"].endswith("done=petitioned")
    assert own.post(f"/cases/{number}/recusal", data=told).status_code == 409
    office = scene.browser("manager")
    (petition,) = scene.program("manager").get(f"/api/v1/cases/{number}/recusal").json()["petitions"]
    ruling = {"number": number, "ruling": "refused", "reason": "经核查不影响公正"}
    assert (
        office.post(f"/petitions/{petition['id']}/ruling", data=ruling).headers["location"].endswith("petition_ruled")
    )
    assert "经核查不影响公正" in Page(own.get(f"/cases/{number}/recusal").text).text


def test_a_voided_sheet_stands_with_both_outcomes(scene: Scene) -> None:
    number = scene.numbers["publicity"]
    secretary = scene.browser("secretary")
    said = {"number": number, "evaluator": "evaluator1", "ground": "rival", "evidence": "社保缴纳记录"}
    assessment = scene.city.assessment(number)
    answer = secretary.post(f"/assessments/{assessment}/void", data=said)
    assert answer.headers["location"] == f"/cases/{number}/recusal?done=sheet_voided"
    page = Page(secretary.get(f"/cases/{number}/recusal").text)
    assert "79.00" in page.text
    assert "份数不足，不计算" in page.text
    (voided,) = scene.program("secretary").get(f"/api/v1/cases/{number}/recusal").json()["voided"]
    assert (voided["before"]["mean"], voided["without"]) == ("79.00", None)


def test_evaluators_and_strangers_read_neither(scene: Scene) -> None:
    number = scene.numbers["review"]
    assert scene.browser("evaluator1").get(f"/cases/{number}/recusal").status_code == 403
    assert scene.browser("zhou").get(f"/cases/{number}/recusal").status_code == 404
    assert scene.browser("evaluator1").get("/evaluators").status_code == 403
