"""People and roles on pages: one administrator proposes, another confirms, and what ends ends at once."""

from typing import Any

import pytest
from sqlalchemy import event

from services.database.work import reading, unit_of_work
from services.people.commands import add_person, grant_role
from services.people.queries import grants_of, pending_grants
from statemachines.roles import Role
from tests.web.conftest import Scene
from tests.web.reading import Page


def identity(scene: Scene, username: str) -> str:
    return scene.city.actor(username).id


def proposed(scene: Scene, to: str = "auditor", **changed: str) -> Any:
    form = {"role": "case_manager", "valid_from": "2026-11-23", "reason": "岗位调整", **changed}
    return scene.browser("security").post(f"/people/{identity(scene, to)}/roles", data=form)


def pending(scene: Scene) -> str:
    with reading(scene.city.database, scene.city.now) as work:
        return pending_grants(work)[0].id


def test_the_register_shows_roles_last_sign_in_and_finds_by_part_of_a_name(scene: Scene) -> None:
    page = Page(scene.browser("administrator").get("/people?find=manager").text)
    assert "职员manager" in page.text
    assert "中心负责人" in page.text
    assert "2026年11月23日" in page.text
    assert "职员clerk" not in page.text
    assert "职员auditor" in Page(scene.browser("log").get("/people?role=auditor").text).text
    assert "没有符合条件的人员" in Page(scene.browser("log").get("/people?standing=disabled").text).text


def test_an_account_is_made_by_two_administrators(scene: Scene) -> None:
    form = {"name": "新来的", "username": "xinlaide", "language": "zh", "reason": "新入职"}
    assert scene.browser("administrator").post("/people", data=form).headers["location"].endswith("person_proposed")
    own = Page(scene.browser("administrator").get("/people").text)
    assert not any(action.endswith("/confirm") for _, action in own.forms)
    aim = next(action for _, action in Page(scene.browser("security").get("/people").text).forms
               if action.startswith("/people/accounts/") and action.endswith("/confirm"))  # fmt: skip
    alone = scene.browser("administrator").post(aim)
    assert alone.status_code == 403
    assert "提出人不能自己确认" in Page(alone.text).text
    assert scene.browser("security").post(aim).headers["location"].endswith("person_confirmed")
    assert "新来的" in Page(scene.browser("security").get("/people?find=xinlai").text).text


def test_a_role_counts_once_a_second_administrator_confirms_it(scene: Scene) -> None:
    assert proposed(scene).headers["location"].endswith("done=role_proposed")
    assert "等待第二人确认" in Page(scene.browser("log").get("/people").text).text
    assert Role.CASE_MANAGER not in scene.city.actor("auditor").roles
    assert scene.browser("log").post(f"/people/roles/{pending(scene)}/confirm").status_code == 303
    assert Role.CASE_MANAGER in scene.city.actor("auditor").roles
    page = Page(scene.browser("security").get(f"/people/{identity(scene, 'auditor')}").text)
    assert "孵化专员 — 2026年11月23日起 现任" in page.text


def test_a_role_held_for_an_organization_or_a_territory_names_it(scene: Scene) -> None:
    lacking = proposed(scene, role="applicant")
    assert lacking.status_code == 422
    assert "请选择所代表的组织" in Page(lacking.text).text
    proposed(scene, role="street_handler", division_code="229902001", valid_to="2027-11-22")
    scene.browser("log").post(f"/people/roles/{pending(scene)}/confirm")
    proposed(scene, role="applicant", organization_id=scene.city.organizations["ma"])
    scene.browser("log").post(f"/people/roles/{pending(scene)}/confirm")
    page = Page(scene.browser("security").get(f"/people/{identity(scene, 'auditor')}").text).text
    assert "望河街道 2026年11月23日至2027年11月22日" in page
    assert "铁东里社区秧歌队" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"role": "emperor"}, "“角色”不在可选范围内"),
        ({"valid_from": ""}, "没有填写“起始日期”"),
        ({"valid_to": "2020-01-01"}, "终止日期早于起始日期"),
        ({"reason": ""}, "没有填写“理由”"),
    ],
)
def test_what_does_not_fit_is_said_and_shown_again(changed: dict[str, str], said: str, scene: Scene) -> None:
    answer = proposed(scene, **changed)
    assert answer.status_code == 422
    assert said in Page(answer.text).text


def test_nobody_becomes_two_administrators(scene: Scene) -> None:
    answer = proposed(scene, "log", role="system_administrator")
    assert answer.status_code in (403, 409)
    assert "须由三人分别担任" in Page(answer.text).text


def test_a_role_ends_at_once_with_a_reason_and_never_by_its_holder(scene: Scene) -> None:
    person = identity(scene, "auditor")
    with reading(scene.city.database, scene.city.now) as work:
        grant = grants_of(work, person)[0].id
    aim = f"/people/{person}/roles/{grant}/end"
    assert scene.browser("security").post(aim, data={"reason": ""}).status_code == 422
    assert scene.browser("security").post(aim, data={"reason": "离任"}).status_code == 303
    assert scene.browser("auditor").get("/audit").status_code == 403
    assert scene.browser("administrator").post(aim, data={"reason": "离任"}).status_code == 403


def test_a_disabled_account_is_out_at_once_and_comes_back_when_enabled(scene: Scene) -> None:
    person = identity(scene, "clerk")
    assert scene.browser("clerk").get("/cases").status_code == 200
    assert scene.browser("administrator").post(f"/people/{person}/disable", data={"reason": "离职"}).status_code == 303
    assert scene.browser("clerk").get("/cases").status_code == 303
    assert "已停用" in Page(scene.browser("security").get(f"/people/{person}").text).text
    assert scene.browser("administrator").post(f"/people/{person}/enable", data={"reason": "返岗"}).status_code == 303
    assert scene.browser("security").post(f"/people/{person}/enable", data={"reason": "x"}).status_code == 403


def test_the_register_costs_the_same_with_many_people(scene: Scene) -> None:
    def cost() -> int:
        sent: list[str] = []

        def listen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            sent.append(statement)

        event.listen(scene.city.database.engine, "before_cursor_execute", listen)
        scene.browser("administrator").get("/people")
        event.remove(scene.city.database.engine, "before_cursor_execute", listen)
        return len(sent)

    cost()
    few = cost()
    with unit_of_work(scene.city.database, scene.city.now) as work:
        for number in range(30):
            person = add_person(work, username=f"more{number}", name="多")
            grant_role(work, person, Role.EVALUATOR, valid_from=work.today)
    assert cost() == few
