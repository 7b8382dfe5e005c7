"""The page of rules: what each version changed, a proposal by one person, and the decision of another."""

from datetime import date

import pytest

from services.database.work import unit_of_work
from services.people.commands import grant_role
from services.people.models import sign_ins
from statemachines.roles import Role
from tests.web.conftest import Scene
from tests.web.reading import Page

NEXT_YEAR = {"valid_from": "2027-01-01", "source": "青河民发〔2026〕9号"}


def proposed(scene: Scene, **typed: str) -> str:
    """The manager proposes a longer publicity; the page the browser is sent to."""
    answer = scene.browser("manager").post("/rule-sets", data={**NEXT_YEAR, "limit.publicity": "7", **typed})
    assert answer.status_code == 303, Page(answer.text).text
    return answer.headers["location"]


def decision(scene: Scene, which: str) -> str:
    """Where the waiting proposal is decided."""
    page = Page(scene.browser("bureau").get("/rule-sets").text)
    return next(action for _, action in page.forms if action.endswith(which))


def test_a_new_version_is_proposed_by_one_and_approved_by_another(scene: Scene) -> None:
    assert proposed(scene) == "/rule-sets?done=rules_proposed"
    waiting = Page(scene.browser("bureau").get("/rule-sets").text).text
    assert "公示期 5个工作日 7个工作日" in waiting
    answer = scene.browser("bureau").post(decision(scene, "/approve"))
    assert answer.headers["location"] == "/rule-sets?done=rules_approved"
    page = Page(scene.browser("auditor", lang="en").get("/rule-sets").text).text
    assert "From 1 Jan 2027 Not yet in force" in page
    assert "5 working days 7 working days" in page
    assert "职员manager proposed, 职员bureau approved" in page


def test_only_what_changed_is_listed(scene: Scene) -> None:
    proposed(scene)
    page = scene.browser("bureau").get("/rule-sets").text
    assert page.count('data-label="改为"') == 1


def test_the_proposer_finds_no_button_to_approve(scene: Scene) -> None:
    proposed(scene)
    forms = Page(scene.browser("manager").get("/rule-sets").text).forms
    assert any(action.endswith("/withdraw") for _, action in forms)
    assert not any(action.endswith("/approve") for _, action in forms)


def test_what_was_typed_is_shown_again_when_it_does_not_fit(scene: Scene) -> None:
    answer = scene.browser("manager").post("/rule-sets", data={**NEXT_YEAR, "limit.publicity": "99"})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "“公示期”应当在5至30之间" in page.text
    assert page.inputs["limit.publicity"] == "99"
    assert page.inputs["source"] == NEXT_YEAR["source"]


@pytest.mark.parametrize("day", ["", "tomorrow", "2026-11-23"])
def test_the_day_must_be_one_that_is_still_to_come(day: str, scene: Scene) -> None:
    answer = scene.browser("manager").post("/rule-sets", data={**NEXT_YEAR, "valid_from": day, "limit.publicity": "7"})
    assert answer.status_code in (409, 422)
    assert "生效日期" in Page(answer.text).text


def test_a_proposal_is_turned_down_with_a_reason_and_stays_to_be_read(scene: Scene) -> None:
    proposed(scene)
    aim = decision(scene, "/refuse")
    assert scene.browser("bureau").post(aim, data={"reason": ""}).status_code == 422
    assert scene.browser("bureau").post(aim, data={"reason": "须先征求街道意见"}).status_code == 303
    assert "须先征求街道意见" in Page(scene.browser("manager").get("/rule-sets").text).text
    assert scene.browser("bureau").post(aim, data={"reason": "再退一次"}).status_code == 409


def test_a_running_case_keeps_its_rules(scene: Scene) -> None:
    proposed(scene, **{"limit.publicity": "10"})
    scene.browser("bureau").post(decision(scene, "/approve"))
    before = scene.browser("manager").get(f"/cases/{scene.numbers['publicity']}").text
    scene.city.now = scene.city.now.replace(year=2027)
    with unit_of_work(scene.city.database, scene.city.now) as work:
        work.connection.execute(sign_ins.update().values(seen_at=work.now, expires_at=work.now.replace(year=2028)))
    after = scene.browser("manager").get(f"/cases/{scene.numbers['publicity']}").text
    due = "2026年11月30日"
    assert due in before
    assert due in after


def test_every_value_of_a_version_can_be_read(scene: Scene) -> None:
    page = Page(scene.browser("auditor").get("/rule-sets").text)
    link = next(one for one in page.links if one.startswith("/rule-sets/") and one != "/rule-sets/new")
    text = Page(scene.browser("auditor").get(link).text).text
    assert "入驻申请表" in text
    assert "须两级批准的资助金额（元） 10,000.00" in text


def test_one_who_holds_both_roles_is_told_that_two_people_are_needed(scene: Scene) -> None:
    with unit_of_work(scene.city.database, scene.city.now) as work:
        grant_role(work, scene.city.actor("manager").id, Role.CIVIL_AFFAIRS_LEADER, valid_from=date(2026, 1, 1))
    proposed(scene)
    answer = scene.browser("manager").post(decision(scene, "/approve"))
    assert answer.status_code == 403
    assert "提出人不能批准或者退回自己的提议" in Page(answer.text).text


def test_an_approved_version_is_taken_back_on_the_page_by_two_people(scene: Scene) -> None:
    proposed(scene)
    scene.browser("bureau").post(decision(scene, "/approve"))
    ask = next(one for _, one in Page(scene.browser("manager").get("/rule-sets").text).forms if "withdrawal" in one)
    nothing = scene.browser("manager").post(ask, data={"reason": ""})
    assert nothing.status_code == 422
    assert scene.browser("manager").post(ask, data={"reason": "文号有误"}).status_code == 303
    assert "文号有误" in Page(scene.browser("bureau").get("/rule-sets").text).text
    done = scene.browser("bureau").post(decision(scene, "/withdrawal/confirm"))
    assert done.headers["location"] == "/rule-sets?done=withdrawal_confirmed"
    assert "不再生效" in Page(scene.browser("auditor").get("/rule-sets").text).text
    (gone, _) = scene.program("auditor").get("/api/v1/rule-sets").json()["versions"]
    assert (gone["standing"], gone["withdrawal"]) == ("withdrawn", "done")
