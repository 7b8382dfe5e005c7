"""The applicant's side: the form page by page, consent first, signature, handing in, one list of corrections."""

import pytest

from services.applications.queries import last_sign_off, versions_of
from services.applications.rules import samples
from services.cases.queries import case_page
from services.cases.rating import totals
from services.database.work import Work, reading, unit_of_work
from services.errors import Forbidden
from services.people.commands import add_person, grant_role
from services.people.sign_ins import open_sign_in
from services.rulesets.commands import rule_set_on
from statemachines.roles import Role
from tests.web.conftest import Scene
from tests.web.reading import Page
from tests.web.writing import ANSWERS, begun, hand_in, hidden, png, upload, write, written


def preparer(scene: Scene) -> str:
    """Somebody who writes for the organization of `ma` without leading it; their sign-in."""
    city = scene.city
    with unit_of_work(city.database, city.tick()) as work:
        person = add_person(work, username="writer", name="经办人小李")
        grant_role(
            work,
            person,
            Role.APPLICANT,
            valid_from=work.today.replace(year=2025),
            organization_id=city.organizations["ma"],
        )
        return open_sign_in(work, person).token


def state(scene: Scene, number: str) -> str:
    with reading(scene.city.database, scene.city.now) as work:
        return case_page(work, scene.city.actor("clerk"), number).line.state


def test_an_application_is_written_signed_and_handed_in_page_by_page_without_scripts(scene: Scene) -> None:
    number, client = written(scene), scene.browser("ma")
    contents = Page(client.get(f"/applications/{number}").text).text
    assert "已完成8项，共8项" in contents
    check = client.get(f"/applications/{number}/check").text
    for told in ("199 0000 0001", "12000.50", "𠮷田·买买提", "财务规范", "老年人"):
        assert told in check, told
    answer = hand_in(client, number)
    assert answer.headers["location"] == f"/applications/{number}/received", answer.text
    received = client.get(answer.headers["location"]).text
    assert number in Page(received).text
    assert f"/progress?number={number}" in received
    assert state(scene, number) == "SUBMITTED"


def test_opening_an_application_leads_an_applicant_straight_into_the_form(scene: Scene) -> None:
    client = scene.browser("ma")
    form = {"organization_id": scene.city.organizations["ma"], "centre_id": scene.city.centre, "plan": "教秧歌"}
    opened = client.post("/applications", data=form)
    assert opened.headers["location"].startswith("/applications/QYFH-")
    assert "已完成0项，共8项" in Page(client.get(opened.headers["location"]).text).text


def test_what_the_office_knows_is_not_asked_again(scene: Scene) -> None:
    number = begun(scene)
    page = scene.browser("ma").get(f"/applications/{number}/sections/basics").text
    assert 'value="铁东里社区秧歌队"' in page
    assert 'value="24"' in page


def test_personal_data_is_only_taken_after_consent_and_gone_when_it_is_withdrawn(scene: Scene) -> None:
    number, client = begun(scene), scene.browser("ma")
    early = client.post(f"/applications/{number}/sections/people", data={"revision": "0", **ANSWERS["people"]})
    assert early.status_code == 409
    assert "尚未同意" in early.text
    assert client.get(f"/applications/{number}/sections/people").headers["location"].endswith("done=consent_first")
    assert upload(client, number, "承诺书").headers["location"].endswith("done=consent_first")
    assert write(client, number, "consent", agreed="yes").status_code == 303
    assert write(client, number, "people", **ANSWERS["people"]).status_code == 303
    write(client, number, "consent", agreed="")
    write(client, number, "consent", agreed="yes")
    assert "买买提" not in client.get(f"/applications/{number}/sections/people").text


def test_what_is_wrong_is_told_at_once_at_the_field_and_on_top_and_nothing_typed_is_lost(scene: Scene) -> None:
    number, client = begun(scene), scene.browser("ma")
    write(client, number, "consent", agreed="yes")
    answer = write(client, number, "people", leader_name="马\u202e跃", leader_phone="12", **{"founders.0.name": ""})
    assert answer.status_code == 422
    text = Page(answer.text).text
    assert text.count("“负责人姓名”中有看不见的字符") == 2
    assert text.count("“负责人电话”不是有效的电话号码") == 2
    assert "没有填写“发起人”" in text
    assert 'href="#q-leader_phone"' in answer.text
    again = client.get(f"/applications/{number}/sections/people").text
    assert 'value="12"' in again
    assert "未完成" in Page(client.get(f"/applications/{number}").text).text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"standing": "registered"}, "没有填写“统一社会信用代码”"),
        ({"standing": "registered", "credit_code": "52229902MJ9000014A"}, "校验码不符"),
        ({"standing": "filed", "filing_number": "2026"}, "备案号格式不正确"),
        ({"standing": "filed"}, "没有填写“备案号”"),
        ({"members": "许多"}, "“成员人数”不是有效的数字"),
    ],
)
def test_numbers_are_checked_as_the_certificates_have_them(typed: dict[str, str], told: str, scene: Scene) -> None:
    number, client = begun(scene), scene.browser("ma")
    answer = write(client, number, "basics", **{**ANSWERS["basics"], **typed})
    assert answer.status_code == 422
    assert told in Page(answer.text).text


def test_leaving_a_field_keeps_it_and_two_people_never_overwrite_each_other(scene: Scene) -> None:
    number, client = begun(scene), scene.browser("ma")
    path = f"/applications/{number}/sections/activities"
    first = client.post(path, data={"revision": "0", "autosave": "yes", "activities": "半句"})
    assert first.json()["revision"] == 1
    assert "半句" in client.get(path).text
    stale = client.post(path, data={"revision": "0", "autosave": "yes", "activities": "别人的"})
    assert stale.status_code == 412
    assert "已被别人改过" in stale.json()["said"]
    assert client.post(path, data={"revision": "0", "activities": "别人的"}).status_code == 412
    later = client.post(path, data={"revision": "1", "activities": "一句", "later": "yes"})
    assert later.headers["location"] == f"/applications/{number}?done=saved"


def test_an_application_goes_in_only_when_the_leader_signed_exactly_what_is_there(scene: Scene) -> None:
    number, leader = written(scene), scene.browser("ma")
    writer = scene.browser()
    writer.cookies.set("chuke", preparer(scene))
    assert "还差负责人签署" in Page(writer.get(f"/applications/{number}/check").text).text
    sent = {**hidden(writer.get(f"/applications/{number}/check").text), "declared": "yes"}
    unsigned = writer.post(f"/applications/{number}/hand-in", data={**sent, "seen_version": "0"})
    assert unsigned.status_code == 409
    assert "负责人尚未签署" in Page(unsigned.text).text
    forbidden = writer.post(f"/applications/{number}/sign-off", data=sent)
    assert forbidden.status_code == 403
    assert (
        leader.post(
            f"/applications/{number}/sign-off", data=hidden(leader.get(f"/applications/{number}/check").text)
        ).status_code
        == 303
    )
    assert "已于" in Page(writer.get(f"/applications/{number}/check").text).text
    write(writer, number, "needs", mode="resident", **{"needs.0.area": "place", "needs.0.level": "1"})
    assert "签署已失效" in Page(writer.get(f"/applications/{number}/check").text).text
    assert hand_in(writer, number, seen_version="0").status_code == 409
    leader.post(f"/applications/{number}/sign-off", data=hidden(leader.get(f"/applications/{number}/check").text))
    assert hand_in(writer, number).status_code == 303
    assert state(scene, number) == "SUBMITTED"


def test_the_leader_signs_what_was_shown_and_not_what_came_in_between(scene: Scene) -> None:
    number, client = written(scene), scene.browser("ma")
    shown = hidden(client.get(f"/applications/{number}/check").text)
    write(client, number, "activities", **{**ANSWERS["activities"], "volunteers": "99"})
    answer = client.post(f"/applications/{number}/sign-off", data=shown)
    assert answer.status_code == 409
    assert "内容又有改动" in Page(answer.text).text


def test_the_old_way_of_submitting_asks_for_form_and_signature_too(scene: Scene) -> None:
    number = begun(scene)
    scene.city.provide(number, "ma")
    client = scene.browser("ma")
    text = Page(client.get(f"/cases/{number}").text).text
    assert "申请表还没有填完" in text
    form = {"seen_version": "0", "request_id": "r", "privacy_notice_accepted": "yes", "commitments_accepted": "yes"}
    assert client.post(f"/cases/{number}/moves/submit", data=form).status_code == 409


def test_what_is_not_declared_is_not_handed_in_and_a_second_press_does_it_once(scene: Scene) -> None:
    number, client = written(scene), scene.browser("ma")
    assert hand_in(client, number, declared="").status_code == 409
    sent = {**hidden(client.get(f"/applications/{number}/check").text), "declared": "yes"}
    for _ in range(2):
        assert client.post(f"/applications/{number}/hand-in", data=sent).status_code == 303
    assert scene.city.version(number) == 1


def test_what_was_handed_in_can_only_be_read(scene: Scene) -> None:
    number, client = written(scene), scene.browser("ma")
    hand_in(client, number)
    answer = client.post(f"/applications/{number}/sections/needs", data={"revision": "1", **ANSWERS["needs"]})
    assert answer.status_code == 409
    assert "内容已经固定" in answer.text
    assert upload(client, number, "承诺书").status_code == 409


def corrected(scene: Scene) -> str:
    """An application that was handed in and came back with three things to put right."""
    number = written(scene)
    hand_in(scene.browser("ma"), number)
    items = [
        {"field": "承诺书", "problem": "没有签名", "how_to_fix": "签名后重新扫描"},
        {"field": "全年预算", "problem": "与计划不符", "how_to_fix": "按计划重算"},
        {"field": "其他", "problem": "来访时间未定", "how_to_fix": "写明时间"},
    ]
    scene.city.move(number, "request_correction", "clerk", items=items)
    return number


def test_corrections_are_one_list_that_leads_to_each_place_and_shows_the_days_left(scene: Scene) -> None:
    number, client = corrected(scene), scene.browser("ma")
    contents = Page(client.get(f"/applications/{number}").text).text
    assert "有3项需要补正" in contents
    assert contents.count("需要补正") >= 3
    page = client.get(f"/applications/{number}/corrections").text
    assert "还剩15个工作日" in Page(page).text
    assert f"/applications/{number}/sections/plan" in page
    assert f"/applications/{number}/materials#m-7" in page
    assert "第2项：与计划不符" in Page(client.get(f"/applications/{number}/sections/plan").text).text


def test_a_corrected_application_is_signed_and_handed_in_again_and_both_versions_are_kept(scene: Scene) -> None:
    number, client = corrected(scene), scene.browser("ma")
    path = f"/applications/{number}/corrections"
    assert "还有没完成的部分" in Page(client.get(f"/applications/{number}/check").text).text
    answers = {"answer.1": "已签名", "answer.2": "已重算", "answer.3": "每周三"}
    kept = client.post(path, data={**hidden(client.get(path).text), **answers, "later": "yes"})
    assert kept.status_code == 303
    assert "已重算" in client.get(path).text
    write(client, number, "plan", **{**ANSWERS["plan"], "budget": "9000"})
    upload(client, number, "承诺书", name="signed.png", content=png())
    answer = hand_in(client, number)
    assert answer.status_code == 303, answer.text
    assert state(scene, number) == "SUBMITTED"
    with reading(scene.city.database, scene.city.now) as work:
        first, second = versions_of(work, scene.city.case_id(number))
    assert (first.content["plan"]["budget"], second.content["plan"]["budget"]) == (1_200_050, 900_000)
    changed = (
        [one["sha256"] for one in first.content["materials"]],
        [one["sha256"] for one in second.content["materials"]],
    )
    assert changed[0] != changed[1]
    assert second.content["answers_1"] == {"answers": ["已签名", "已重算", "每周三"]}
    assert "已签名" in scene.browser("clerk").get(f"/cases/{number}").text


def test_an_application_on_paper_needs_no_form_and_is_corrected_on_one_page(scene: Scene) -> None:
    number, client = scene.numbers["draft"], scene.browser("ma")
    scene.city.provide(number, "clerk")
    scene.city.move(number, "submit", "ma", privacy_notice_accepted=True, commitments_accepted=True)
    with reading(scene.city.database, scene.city.now) as work:
        assert versions_of(work, scene.city.case_id(number))[0].content["materials"]
    scene.city.move(
        number, "request_correction", "clerk", items=[{"field": "章程", "problem": "缺页", "how_to_fix": "补齐"}]
    )
    page = client.get(f"/applications/{number}/corrections").text
    sent = {**hidden(page), "answer": "已补齐", "declared": "yes"}
    assert client.post(f"/applications/{number}/hand-in", data=sent).status_code == 303
    assert state(scene, number) == "SUBMITTED"


def test_an_application_is_nobody_else_s(scene: Scene) -> None:
    number = begun(scene)
    for username in ("qin", "manager", "evaluator1"):
        assert scene.browser(username).get(f"/applications/{number}").status_code in (403, 404), username
    assert scene.browser("clerk").get(f"/applications/{number}").status_code == 200


def test_planted_a_leader_s_signature_would_count_for_anything_were_it_not_bound_to_the_content(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, client = written(scene), scene.browser("ma")
    client.post(f"/applications/{number}/sign-off", data=hidden(client.get(f"/applications/{number}/check").text))
    write(client, number, "activities", **{**ANSWERS["activities"], "volunteers": "99"})
    form = {"seen_version": "0", "request_id": "r", "privacy_notice_accepted": "yes", "commitments_accepted": "yes"}
    assert client.post(f"/cases/{number}/moves/submit", data=form).status_code == 409
    monkeypatch.setattr("services.applications.queries.digest_of", _signed)
    assert client.post(f"/cases/{number}/moves/submit", data=form).status_code == 303


def _signed(work: Work, case_id: str) -> str:
    signed = last_sign_off(work, case_id)
    return signed.content_sha256 if signed else ""


def test_an_applicant_lands_on_the_own_case_and_what_to_do_next(scene: Scene) -> None:
    home = Page(scene.browser("ma").get("/").text)
    assert "申请还没有提交" in home.text
    assert f"/applications/{scene.numbers['draft']}" in home.links
    assert "中心正在办理" in Page(scene.browser("zhou").get("/").text).text


def test_papers_of_the_own_drawer_lie_in_one_place_with_code_and_file(scene: Scene) -> None:
    page = scene.browser("qin").get("/my-papers").text
    assert f'/papers/{scene.paper}"' in page
    assert "/verify/" in page
    assert f'/papers/{scene.paper}"' not in scene.browser("zhou").get("/my-papers").text
    assert f'/papers/{scene.paper}"' not in scene.browser("manager").get("/my-papers").text


def test_a_concluded_part_is_rated_once_and_only_sums_are_told(scene: Scene) -> None:
    number, client = scene.numbers["publicity"], scene.browser("zhou")
    path = f"/cases/{number}/ratings/acceptance"
    assert path in client.get("/").text
    assert client.post(path, data={"reasons": "fast"}).status_code == 422
    given = {"level": "2", "reasons": ["slow", "fast", "x"], "text": "等了很久\n第二行"}
    assert client.post(path, data=given).headers["location"] == "/?done=rated"
    assert client.post(path, data=given).status_code == 409
    assert path not in client.get("/").text
    assert client.get(f"/cases/{number}/ratings/incubation").status_code == 404
    assert client.post(f"/cases/{number}/ratings/incubation", data=given).status_code in (404, 409)
    assert scene.browser("qin").get(path).status_code == 404
    with reading(scene.city.database, scene.city.now) as work:
        told = {one.topic: one for one in totals(work, scene.city.actor("manager"))}
        assert told["acceptance"].levels == {5: 0, 4: 0, 3: 0, 2: 1, 1: 0}
        assert told["acceptance"].reasons == {"slow": 1}
        assert told["acceptance"].content_percent == 0
        assert told["admission"].content_percent is None
        with pytest.raises(Forbidden):
            totals(work, scene.city.actor("case_manager"))


def test_the_guide_says_for_each_kind_who_may_what_it_takes_and_how_long(scene: Scene) -> None:
    text = Page(scene.browser().get("/guide").text).text
    for told in (
        "不收费",
        "成员名册及负责人身份证明",
        "提交后答复 5个工作日",
        "提交补正",
        "出壳证书",
        "吉民发〔2017〕80号",
    ):
        assert told in text, told
    assert "资助申请办事指南" in scene.browser().get("/guide?kind=award").text
    assert scene.browser().get("/guide?kind=x").status_code == 404


def test_every_material_that_is_written_has_a_specimen_to_print(scene: Scene) -> None:
    page = Page(scene.browser().get("/guide").text)
    specimens = [link for link in page.links if link.startswith("/guide/samples/")]
    assert len(specimens) == len(samples()) == 5
    for link in specimens:
        assert "____" in scene.browser().get(link).text
    with reading(scene.city.database, scene.city.now) as work:
        asked = rule_set_on(work, work.today).value("materials.application")
    assert {one.name for one in samples()} <= set(asked)
