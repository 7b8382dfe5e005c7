"""Correcting the register: a reason, before and after for everybody to see who may, and the former name still found."""

from sqlalchemy import select

from services.audit.queries import entries_of
from services.database.work import reading, unit_of_work
from services.organizations.commands import record_post
from services.organizations.models import organizations
from services.organizations.queries import leader_phone_of
from tests.web.conftest import Scene
from tests.web.reading import Page

RENAMED = {"name": "晨光社区银龄互助社", "members": "31", "reason": "社员大会决定更名"}


def page_of(scene: Scene) -> str:
    return f"/organizations/{scene.city.organizations['zhou']}"


def correct(scene: Scene, username: str = "clerk", **typed: str) -> int:
    """Send the form as it was shown, with these fields typed anew; answers the status."""
    browser = scene.browser(username)
    shown = Page(browser.get(f"{page_of(scene)}/correction").text).inputs
    return browser.post(f"{page_of(scene)}/correction", data={**shown, **typed}).status_code


def test_a_correction_shows_before_and_after_and_keeps_the_former_name(scene: Scene) -> None:
    assert correct(scene, **RENAMED) == 303
    text = Page(scene.browser("manager").get(page_of(scene)).text).text
    assert "曾用名：晨光社区邻里互助社" in text
    assert "社员大会决定更名" in text
    assert "名称 晨光社区邻里互助社 晨光社区银龄互助社" in text
    assert "成员数 24 31" in text
    for wanted in ("晨光社区邻里互助社", "晨光社区银龄互助社", "yinling"):
        assert "晨光社区银龄互助社" in scene.browser("clerk").get(f"/organizations?text={wanted}").text, wanted
    with reading(scene.city.database, scene.city.now) as work:
        (entry,) = entries_of(work, f"organization:{scene.city.organizations['zhou']}")
    assert entry.details["members"] == {"before": "24", "after": "31"}


def test_a_telephone_is_changed_unseen_and_told_masked(scene: Scene) -> None:
    assert correct(scene, leader_phone="19912345678", reason="换号") == 303
    identity = scene.city.organizations["zhou"]
    with reading(scene.city.database, scene.city.now) as work:
        row = work.connection.execute(select(organizations).where(organizations.c.id == identity)).one()
        (entry,) = entries_of(work, f"organization:{identity}")
    assert leader_phone_of(row) == "19912345678"
    assert entry.details["leader_phone"] == {"before": "199****0001", "after": "199****5678"}
    assert "19912345678" not in scene.browser("manager").get(page_of(scene)).text


def test_what_does_not_hold_is_refused_and_shown_again(scene: Scene) -> None:
    browser = scene.browser("clerk")
    shown = Page(browser.get(f"{page_of(scene)}/correction").text).inputs
    for typed in (
        {"reason": ""}, {"members": "many"}, {"credit_code": "91"}, {"home_division": "999999"}, {"name": ""},
        {"founded_on": "gestern"}, {"category": "STARS"},
    ):  # fmt: skip
        answer = browser.post(f"{page_of(scene)}/correction", data={**shown, **RENAMED, **typed})
        assert answer.status_code == 422, typed
        assert Page(answer.text).inputs["members"] == typed.get("members", "31")
    assert correct(scene, reason="没有改动") == 409
    assert correct(scene, name="桦苑社区书画社", home_division="229902002", reason="改名") == 409


def test_somebody_else_corrected_it_meanwhile(scene: Scene) -> None:
    browser = scene.browser("clerk")
    shown = Page(browser.get(f"{page_of(scene)}/correction").text).inputs
    assert correct(scene, "manager", members="25", reason="清点") == 303
    assert browser.post(f"{page_of(scene)}/correction", data={**shown, **RENAMED}).status_code == 412


def test_who_may_correct_is_who_enters_in_the_own_territory_and_never_for_the_own_organization(scene: Scene) -> None:
    city = scene.city
    assert scene.browser("auditor").get(f"{page_of(scene)}/correction").status_code == 403
    assert correct(scene, "street", members="25", reason="清点") == 303
    assert correct(scene, "street", home_division="229902002", reason="迁址") == 403
    elsewhere = f"/organizations/{city.organizations['qin']}/correction"
    assert scene.browser("street").get(elsewhere).status_code == 404
    with unit_of_work(city.database, city.tick()) as work:
        record_post(
            work, organization_id=city.organizations["zhou"], person_id=city.actor("clerk").id, post="donor",
            held_from=work.today,
        )  # fmt: skip
    assert correct(scene, members="26", reason="清点") == 403


def test_a_program_corrects_too(scene: Scene) -> None:
    body = {"given": {"members": "40"}, "reason": "清点"}
    done = scene.program("clerk").post(f"/api/v1{page_of(scene)}/correction", json=body)
    assert (done.status_code, done.json()) == (200, {"changed": ["members"]})
    strange = {"given": {"incubation_stage": "GRADUATED"}, "reason": "试"}
    assert scene.program("clerk").post(f"/api/v1{page_of(scene)}/correction", json=strange).status_code == 422
