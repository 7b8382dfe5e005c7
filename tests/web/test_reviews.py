"""A review page by page and by program: asked for from the case, its panel ticked, its members voting by name."""

from datetime import timedelta

import pytest

from services.cases.reviewing import decisions_of
from services.cases.turn import load_subject
from services.database.recording import recording
from services.database.work import reading, unit_of_work
from services.people.commands import grant_role
from statemachines.roles import Role
from tests.web.conftest import Scene
from tests.web.reading import Page

MEMBERS = ("evaluator4", "maker", "payer")
ASKED = {"wish": "撤销不予受理通知", "grounds": "本队服务全体居民，属于社区社会组织"}
HEARING = {
    "held_on": "2026-11-24",
    "applicant_said": "服务对象是全体居民",
    "evaluators_by": "职员clerk",
    "evaluators_said": "材料未写明",
}


@pytest.fixture
def refused(scene: Scene) -> str:
    """The application of ma, not accepted; three people who had no part in it hold the role of review member."""
    city = scene.city
    number = city.submitted("ma")
    city.move(number, "propose_not_accepting", "clerk", reason="不属于社区社会组织")
    city.move(number, "not_accept", "manager", reason_code="scope", reason="系企业内部团体")
    with unit_of_work(city.database, city.tick()) as work:
        for name in MEMBERS:
            grant_role(work, city.actor(name).id, Role.REVIEW_MEMBER, valid_from=work.today - timedelta(days=30))
    return number


def sequence(scene: Scene, number: str) -> int:
    with reading(scene.city.database, scene.city.now) as work:
        return decisions_of(work, load_subject(work, number=number))[0].sequence


def asked(scene: Scene, number: str) -> str:
    """The review that the leader asked for on the page; answers its path."""
    form = ASKED | {"decision": str(sequence(scene, number)), "request_id": "r1"}
    answer = scene.browser("ma").post(f"/cases/{number}/reviews", data=form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


def test_the_leader_asks_from_the_case_and_follows_it_without_scripts(scene: Scene, refused: str) -> None:
    browser = scene.browser("ma")
    case = browser.get(f"/cases/{refused}").text
    link = f"/cases/{refused}/reviews/new?decision={sequence(scene, refused)}"
    assert link in case
    form = Page(browser.get(link).text).text
    assert "不予受理" in form
    assert "申请截止日" in form
    review = asked(scene, refused)
    page = Page(browser.get(review).text).text
    assert "已申请复核" in page
    assert "撤销不予受理通知" in page
    assert review.rpartition("/")[2] in browser.get(f"/cases/{refused}").text


def test_a_second_request_is_shown_again_with_the_sentence(scene: Scene, refused: str) -> None:
    asked(scene, refused)
    form = ASKED | {"decision": str(sequence(scene, refused)), "request_id": "r2"}
    answer = scene.browser("ma").post(f"/cases/{refused}/reviews", data=form)
    assert answer.status_code == 409
    assert "复核以一次为限" in answer.text


def test_what_was_typed_stays_when_something_is_missing(scene: Scene, refused: str) -> None:
    form = {"decision": str(sequence(scene, refused)), "grounds": "服务全体居民", "wish": ""}
    answer = scene.browser("ma").post(f"/cases/{refused}/reviews", data=form)
    assert answer.status_code == 422
    assert "服务全体居民" in answer.text


@pytest.mark.parametrize("who", ["qin", "manager", "evaluator1"])
def test_nobody_else_asks_for_a_review(scene: Scene, refused: str, who: str) -> None:
    link = f"/cases/{refused}/reviews/new?decision={sequence(scene, refused)}"
    assert scene.browser(who).get(link).status_code in (403, 404)
    form = ASKED | {"decision": str(sequence(scene, refused))}
    assert scene.browser(who).post(f"/cases/{refused}/reviews", data=form).status_code in (403, 404)


def test_the_panel_is_ticked_heard_votes_and_the_case_goes_on(scene: Scene, refused: str) -> None:
    review = asked(scene, refused)
    number, city, secretary = review.rpartition("/")[2], scene.city, scene.browser("secretary")
    city.move(number, "accept_review", "secretary")
    page = secretary.get(review).text
    for name in MEMBERS:
        assert f'value="{name}"' in page
    assert 'value="evaluator1"' not in page
    ticked = {f"members.{place}.username": name for place, name in enumerate(MEMBERS)}
    seen = {"seen_version": str(city.version(number)), "request_id": "p1"}
    assert secretary.post(f"{review}/moves/form_panel", data=ticked | seen).status_code == 303
    vote = {"result": "changed", "reason": "属于社区社会组织"}
    early = scene.browser("maker").post(f"{review}/ballots", data=vote)
    assert early.status_code == 409
    assert "尚未听取" in early.text
    city.move(number, "record_hearing", "secretary", **HEARING)
    assert scene.browser("maker").post(f"{review}/ballots", data=vote).status_code == 303
    shown = scene.browser("payer").get(review).text
    assert "已表决1人，共3人" in shown
    assert "属于社区社会组织</td>" not in shown, "members see no ballot before all are cast"
    for name in ("payer", "evaluator4"):
        assert scene.program(name).post(f"/api/v1/cases/{number}/ballots", json=vote).status_code == 204
    told = scene.program("payer").get(f"/api/v1/cases/{number}/review").json()
    assert [one["result"] for one in told["members"]] == ["changed"] * 3
    applicant = scene.program("ma").get(f"/api/v1/cases/{number}/review").json()
    assert {one["result"] for one in applicant["members"]} == {None}
    city.move(number, "decide_review", "payer", found="服务对象是全体居民")
    city.move(number, "serve_review", "secretary")
    assert "服务对象是全体居民" not in scene.browser("ma").get(f"/cases/{refused}").text


def test_a_program_asks_for_a_review(scene: Scene, refused: str) -> None:
    program = scene.program("ma")
    (one,) = program.get(f"/api/v1/cases/{refused}/decisions").json()["decisions"]
    assert (one["code"], one["late"], one["review"]) == ("D04", False, "")
    answer = program.post(f"/api/v1/cases/{refused}/reviews", json=ASKED | {"decision": one["decision"]})
    assert (answer.status_code, answer.json()["state"]) == (201, "LODGED")
    again = program.post(f"/api/v1/cases/{refused}/reviews", json=ASKED | {"decision": one["decision"]})
    assert again.json()["codes"] == ["review.one_round_only"]


def test_who_reviews_reads_the_case_complained_about_and_no_other(scene: Scene, refused: str) -> None:
    city, number = scene.city, asked(scene, refused).rpartition("/")[2]
    city.move(number, "accept_review", "secretary")
    judge = scene.browser("evaluator4")
    assert judge.get(f"/cases/{refused}").status_code == 404
    city.move(number, "form_panel", "secretary", members=[{"username": one} for one in MEMBERS])
    assert judge.get(f"/cases/{refused}").status_code == 200
    assert judge.get(f"/cases/{scene.numbers['publicity']}").status_code == 404


def test_the_page_of_a_review_asks_the_same_number_of_questions_for_every_panel(scene: Scene, refused: str) -> None:
    city, number = scene.city, asked(scene, refused).rpartition("/")[2]
    city.move(number, "accept_review", "secretary")
    city.move(number, "form_panel", "secretary", members=[{"username": one} for one in MEMBERS])

    def questions() -> int:
        with recording(city.database) as asked_for:
            assert scene.browser("secretary").get(f"/cases/{number}").status_code == 200
        return len(asked_for)

    before = questions()
    city.move(number, "record_hearing", "secretary", **HEARING)
    for name in MEMBERS:
        vote = {"result": "upheld", "reason": "维持"}
        scene.program(name).post(f"/api/v1/cases/{number}/ballots", json=vote)
    assert questions() <= before
