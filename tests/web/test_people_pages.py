"""People and roles on pages: one administrator proposes, another confirms, and what ends ends at once."""

from typing import Any

import pytest
from pyotp import TOTP
from sqlalchemy import event

from services.audit.queries import entries_of
from services.database.work import reading, unit_of_work
from services.people.commands import add_person, grant_role
from services.people.factors import begin_code, confirm_code, pending_code
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


def audited(scene: Scene, action: str) -> list[tuple[str, str, str]]:
    """(who, result, reason) of every entry of the audit log about the action."""
    with reading(scene.city.database, scene.city.now) as work:
        streams = ("clerk", "manager", "administrator")
        found = [one for who in streams for one in entries_of(work, f"person:{scene.city.actor(who).id}")]
    return [(one.actor_name, one.result, str(one.details.get("reason", ""))) for one in found if one.action == action]


def test_a_one_time_link_is_shown_once_sets_a_password_and_is_noted_with_its_reason(scene: Scene) -> None:
    person = identity(scene, "clerk")
    aim = f"/people/{person}/link"
    assert "没有填写“理由”" in Page(scene.browser("administrator").post(aim, data={"reason": ""}).text).text
    shown = Page(scene.browser("administrator").post(aim, data={"reason": "忘记密码"}).text)
    assert shown.faults == []
    link = next(word for word in shown.text.split() if "/sign-in/links/" in word)
    assert "2026年11月24日" in shown.text
    assert link not in scene.browser("administrator").get(f"/people/{person}").text
    client, said = scene.browser(), {"password": "春天里的风吹得很大呀", "again": "春天里的风吹得很大呀"}
    assert client.post(link[link.index("/sign-in") :], data=said).status_code == 303
    assert audited(scene, "person:link") == [("职员administrator", "done", "忘记密码")]


def test_only_the_system_administrator_makes_links_and_never_for_the_own_account(scene: Scene) -> None:
    aim = f"/people/{identity(scene, 'clerk')}/link"
    assert scene.browser("security").post(aim, data={"reason": "忘记密码"}).status_code == 403
    assert "发一次性登录链接" not in Page(scene.browser("security").get(aim.removesuffix("/link")).text).text
    own = scene.browser("administrator").post(
        f"/people/{identity(scene, 'administrator')}/link", data={"reason": "忘记密码"}
    )
    assert (own.status_code, "自己的账号不能由自己" in Page(own.text).text) == (403, True)


def test_a_lost_second_factor_is_reset_by_the_security_administrator_alone(scene: Scene) -> None:
    person = identity(scene, "manager")
    with unit_of_work(scene.city.database, scene.city.now) as work:
        begin_code(work, person)
        waiting = pending_code(work, person)
        assert waiting is not None
        confirm_code(work, person, TOTP(waiting.secret).at(scene.city.now))
    page, aim = f"/people/{person}", f"/people/{person}/reset-factor"
    assert "第二重验证 已设置" in Page(scene.browser("security").get(page).text).text
    assert scene.browser("administrator").post(aim, data={"reason": "手机丢失"}).status_code == 403
    assert scene.browser("security").post(aim, data={"reason": ""}).status_code == 422
    assert scene.browser("security").post(aim, data={"reason": "手机丢失"}).headers["location"].endswith("factor_reset")
    shown = Page(scene.browser("security").get(page).text)
    assert "第二重验证 未设置" in shown.text
    assert aim not in [action for _, action in shown.forms]
    assert ("职员security", "done", "手机丢失") in audited(scene, "person:reset_factor")


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
