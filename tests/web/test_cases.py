"""The page of a case: moves through forms, refusals in words, what each person may see."""

import re

import pytest

from tests.web.city import SHEET
from tests.web.conftest import PDF, Scene
from tests.web.reading import Page


def hidden(text: str, trigger: str) -> dict[str, str]:
    """What the form of that trigger carries along."""
    form = text.split(f"/moves/{trigger}", 1)[1].split("</form>", 1)[0]
    return dict(re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', form))


def move(scene: Scene, username: str, number: str, trigger: str, **details: str):
    client = scene.browser(username)
    path = f"/cases/{number}"
    return client.post(f"{path}/moves/{trigger}", data={**hidden(client.get(path).text, trigger), **details})


def submitted(scene: Scene) -> str:
    number = scene.numbers["draft"]
    scene.city.provide(number, "ma")
    answer = move(scene, "ma", number, "submit", privacy_notice_accepted="yes", commitments_accepted="yes")
    assert answer.status_code == 303, answer.text
    return number


def test_an_applicant_submits_through_the_form_and_the_page_says_so(scene: Scene) -> None:
    number = submitted(scene)
    page = scene.browser("ma").get(f"/cases/{number}?done=moved").text
    assert "已提交" in page
    assert "已办理" in page
    assert "收件回执" in scene.browser("clerk").get(f"/cases/{number}").text


def test_a_draft_without_materials_says_which_are_missing(scene: Scene) -> None:
    text = Page(scene.browser("ma").get(f"/cases/{scene.numbers['draft']}").text).text
    assert "尚缺入驻申请表、" in text
    english = Page(scene.browser("ma", lang="en").get(f"/cases/{scene.numbers['draft']}").text).text
    assert "Not possible for now" in english


def test_materials_are_handed_in_through_the_form(scene: Scene) -> None:
    number, client = scene.numbers["draft"], scene.browser("ma")
    answer = client.post(f"/cases/{number}/materials", data={"names": ["承诺书", "社区意见"], "original": "yes"})
    assert answer.status_code == 303
    assert "已收到2件" in client.get(f"/cases/{number}").text
    assert client.post(f"/cases/{number}/materials", data={}).status_code == 422


def test_a_consent_that_is_not_ticked_is_refused_in_words_and_what_was_typed_stays(scene: Scene) -> None:
    number = scene.numbers["draft"]
    scene.city.provide(number, "ma")
    answer = move(scene, "ma", number, "submit", commitments_accepted="yes")
    assert answer.status_code == 409
    text = Page(answer.text).text
    assert "没有办成" in text
    assert "尚未同意个人信息处理告知" in text
    assert re.search(r'name="commitments_accepted" value="yes" checked', answer.text)


def test_a_field_left_empty_is_named_in_the_reader_s_language(scene: Scene) -> None:
    number = submitted(scene)
    client = scene.browser("clerk", lang="en")
    form = hidden(client.get(f"/cases/{number}").text, "request_correction")
    rows = {"items.0.field": "charter", "items.0.problem": "", "items.0.how_to_fix": "sign it"}
    answer = client.post(f"/cases/{number}/moves/request_correction", data={**form, **rows})
    assert answer.status_code == 422
    assert "problem" in Page(answer.text).text
    assert 'value="charter"' in answer.text


def test_a_list_of_records_travels_row_by_row_and_empty_rows_are_not_there(scene: Scene) -> None:
    number = submitted(scene)
    rows = {
        "items.0.field": "章程", "items.0.problem": "未签名", "items.0.how_to_fix": "补签",
        "items.2.field": "名册", "items.2.problem": "缺电话", "items.2.how_to_fix": "补填",
    }  # fmt: skip
    assert move(scene, "clerk", number, "request_correction", **rows).status_code == 303
    page = scene.browser("ma").get(f"/cases/{number}").text
    assert "章程：补签" in page
    assert "名册：补填" in page
    answers = {"answers.0.answer": "已签", "answers.1.answer": "已填"}
    assert move(scene, "ma", number, "resubmit", **answers).status_code == 303


def test_somebody_moved_it_first(scene: Scene) -> None:
    number = submitted(scene)
    client = scene.browser("clerk")
    form = hidden(client.get(f"/cases/{number}").text, "accept_application")
    scene.city.move(number, "propose_not_accepting", "clerk", reason="不属本地域")
    answer = client.post(f"/cases/{number}/moves/accept_application", data=form)
    assert answer.status_code == 412
    assert "办理了这个个案" in answer.text
    assert f'href="/cases/{number}"' in answer.text


def test_the_same_form_sent_twice_moves_once(scene: Scene) -> None:
    number = submitted(scene)
    client = scene.browser("clerk")
    form = hidden(client.get(f"/cases/{number}").text, "accept_application")
    for _ in range(2):
        assert client.post(f"/cases/{number}/moves/accept_application", data=form).status_code == 303
    assert client.get(f"/cases/{number}").text.count("受理通知书") == 1
    assert scene.city.version(number) == int(form["seen_version"]) + 1


def test_a_move_of_somebody_else_is_forbidden_and_unknown_moves_are_unreadable(scene: Scene) -> None:
    number = submitted(scene)
    form = {"seen_version": "1", "request_id": "r"}
    forbidden = scene.browser("ma").post(f"/cases/{number}/moves/accept_application", data=form)
    assert forbidden.status_code == 403
    unknown = scene.browser("ma").post(f"/cases/{number}/moves/fly", data=form)
    assert unknown.status_code == 422
    assert scene.browser("ma").post(f"/cases/{number}/moves/submit", data={"seen_version": "x"}).status_code == 422


def test_fields_that_the_form_does_not_have_are_left_aside(scene: Scene) -> None:
    number = submitted(scene)
    answer = move(scene, "clerk", number, "accept_application", state="GRADUATED", owner="me", amount_fen="1")
    assert answer.status_code == 303
    assert "已受理" in scene.browser("clerk").get(f"/cases/{number}").text


def test_a_case_of_others_looks_like_none_at_all(scene: Scene) -> None:
    client = scene.browser("zhou")
    others, none = client.get(f"/cases/{scene.numbers['review']}"), client.get("/cases/QYFH-2026-9999")
    assert others.status_code == none.status_code == 404
    assert Page(others.text).text == Page(none.text).text
    assert scene.numbers["review"] not in client.get("/cases").text
    assert scene.browser("street").get(f"/cases/{scene.numbers['review']}").status_code == 404
    assert scene.browser("street").get(f"/cases/{scene.numbers['publicity']}").status_code == 200


def test_scores_stay_hidden_until_the_round_is_over(scene: Scene) -> None:
    number = scene.numbers["review"]
    scene.city.lock(number, "evaluator1")
    text = Page(scene.browser("manager").get(f"/cases/{number}").text).text
    assert "已锁定1份，共3份" in text
    assert "79.00" not in text
    assert "79.00" in Page(scene.browser("manager").get(f"/cases/{scene.numbers['publicity']}").text).text


def test_the_applicant_sees_neither_panel_nor_scores_nor_the_inner_report(scene: Scene) -> None:
    text = Page(scene.browser("zhou").get(f"/cases/{scene.numbers['publicity']}").text).text
    for secret in ("79.00", "evaluator1", "内部初审意见"):
        assert secret not in text
    assert "内部初审意见" in scene.browser("manager").get(f"/cases/{scene.numbers['publicity']}").text


def test_the_secretary_appoints_a_panel_through_the_form(scene: Scene) -> None:
    number = submitted(scene)
    scene.city.move(number, "accept_application", "clerk")
    scene.city.move(
        number, "begin_preliminary_review", "case_manager", lists_checked=True, visitors=2, eligible=True, report="可"
    )
    client = scene.browser("secretary")
    assert "组成专家组" in client.get(f"/cases/{number}").text
    few = client.post(f"/cases/{number}/panels", data={"form": "admission", "usernames": ["evaluator1"]})
    assert few.status_code == 409
    names = ["evaluator1", "evaluator2", "evaluator3"]
    whole = client.post(f"/cases/{number}/panels", data={"form": "admission", "usernames": names, "lead": "evaluator2"})
    assert whole.status_code == 303
    assert client.get(f"/cases/{number}").text.count("尚未声明") == 3


def test_an_evaluator_saves_is_told_what_is_wrong_and_locks(scene: Scene) -> None:
    number = scene.numbers["review"]
    client, path = scene.browser("evaluator1"), f"/assessments/{scene.city.assessment(number)}"
    typed = {f"item.{key}": value for key, value in SHEET.items()}
    assert client.post(f"{path}/sheet", data={"item.A1": "１６．５", "act": "save"}).status_code == 303
    assert 'value="16.5"' in client.get(path).text
    wrong = client.post(f"{path}/sheet", data={**typed, "item.A1": "99", "item.A7": "", "act": "lock"})
    assert wrong.status_code == 422
    assert re.search(r'name="item.A1" value="99"[^>]*aria-invalid="true"', wrong.text)
    assert "特色品牌尚未评分" in Page(wrong.text).text
    confirm = client.post(f"{path}/sheet", data={**typed, "act": "lock"})
    assert "79.00" in confirm.text
    assert client.post(f"{path}/lock").status_code == 303
    assert client.post(f"{path}/sheet", data=typed).status_code == 409
    assert "已于" in client.get(path).text


def test_nobody_reads_another_s_sheet(scene: Scene) -> None:
    path = f"/assessments/{scene.city.assessment(scene.numbers['review'])}"
    assert scene.browser("evaluator4").get(path).status_code == 404
    assert scene.browser("manager").get(path).status_code == 403


def test_interest_is_declared_before_scoring_and_a_conflict_empties_the_seat(scene: Scene) -> None:
    path = f"/assessments/{scene.city.assessment(scene.numbers['review'])}"
    client = scene.browser("evaluator2")
    assert client.post(f"{path}/interest", data={}).status_code == 422
    assert client.post(f"{path}/interest", data={"conflict": "yes", "situations": "family"}).status_code == 303
    assert client.get(path).status_code == 404


def test_anyone_objects_in_public_and_the_manager_rules(scene: Scene) -> None:
    number, client = scene.numbers["publicity"], scene.browser()
    assert client.get(f"/publicity/{scene.numbers['review']}").status_code == 404
    nameless = client.post(f"/publicity/{number}", data={"by_name": "", "contact": "1", "text": "不实"})
    assert nameless.status_code == 422
    assert "不实" in nameless.text
    form = {"by_name": "王某", "contact": "13900000000", "text": "名册不实"}
    assert client.post(f"/publicity/{number}", data=form).status_code == 200
    assert "名册不实" not in scene.browser("zhou").get(f"/cases/{number}").text
    page = scene.browser("manager").get(f"/cases/{number}").text
    path = re.search(r'action="(/objections/[^"]+)"', page)[1]
    ruling = {"ruling": "dismissed", "reason": "核实无误", "back": f"/cases/{number}"}
    assert number in scene.browser("manager").get("/objections").text
    ruled = scene.browser("manager").post(path, data=ruling)
    assert number not in scene.browser("manager").get("/objections").text
    assert ruled.headers["location"] == f"/cases/{number}?done=ruled"
    assert scene.browser("manager").post(path, data={"ruling": "dismissed", "reason": "x"}).status_code == 409
    assert scene.browser("clerk").post(path, data={"ruling": "upheld", "reason": "x"}).status_code == 403


def test_what_is_published_stands_on_a_page_for_everybody_and_tells_no_more(scene: Scene) -> None:
    number = scene.numbers["publicity"]
    text = scene.browser().get("/publicity").text
    assert f"/publicity/{number}" in text
    assert "晨光社区邻里互助社" in text
    assert scene.numbers["review"] not in text
    for hidden in ("周暖", "79.00", "evaluator", "19900000001"):
        assert hidden not in text, hidden
    assert number in scene.program().get("/api/v1/publicity").text


def test_the_clerk_enters_a_letter_and_gets_the_form_again_when_it_came_too_early(scene: Scene) -> None:
    number, clerk = scene.numbers["publicity"], scene.browser("clerk")
    assert "收到日期" in clerk.get(f"/cases/{number}/objections/new").text
    form = {"by_name": "王某", "contact": "13900000000", "text": "名册不实", "received_on": "2026-11-01"}
    early = clerk.post(f"/cases/{number}/objections", data=form)
    assert early.status_code == 409
    assert "名册不实" in early.text
    answer = clerk.post(f"/cases/{number}/objections", data=form | {"received_on": "2026-11-23"})
    assert answer.headers["location"] == f"/cases/{number}?done=objection_entered"
    assert "来信来访" in scene.browser("manager").get(f"/cases/{number}").text
    assert scene.browser("evaluator1").post(f"/cases/{number}/objections", data=form).status_code == 403


def test_a_leader_opens_an_application_and_only_for_the_own_organization(scene: Scene) -> None:
    client = scene.browser("ma")
    page = client.get("/applications/new").text
    form = {"organization_id": scene.city.organizations["ma"], "centre_id": scene.city.centre, "plan": "秧歌"}
    assert form["organization_id"] in page
    answer = client.post("/applications", data=form)
    assert answer.status_code == 303
    assert client.get(answer.headers["location"]).status_code == 200
    stranger = client.post("/applications", data={**form, "organization_id": scene.city.organizations["zhou"]})
    assert stranger.status_code == 403


def test_the_clerk_finds_any_organization_and_opens_on_its_behalf(scene: Scene) -> None:
    page = scene.browser("clerk").get("/applications/new?text=秧歌").text
    assert scene.city.organizations["ma"] in page
    assert scene.city.organizations["zhou"] not in page
    form = {"organization_id": scene.city.organizations["ma"], "centre_id": scene.city.centre}
    assert scene.browser("clerk").post("/applications", data=form).status_code == 303


def test_a_paper_is_read_by_those_it_is_addressed_to(scene: Scene) -> None:
    path = f"/papers/{scene.paper}.pdf"
    for username in ("manager", "qin"):
        answer = scene.browser(username).get(path)
        assert (answer.status_code, answer.content) == (200, PDF)
        assert answer.headers["content-type"] == "application/pdf"
    assert scene.browser("ma").get(path).status_code == 404
    assert scene.browser("manager").get("/papers/not-an-id.pdf").status_code == 404


def test_the_filters_of_the_list_live_in_the_address(scene: Scene) -> None:
    client = scene.browser("manager")
    assert scene.numbers["review"] in client.get("/cases?text=书画").text
    assert scene.numbers["review"] in client.get("/cases?text=hysq&kind=incubation").text
    assert scene.numbers["publicity"] not in client.get("/cases?text=书画").text
    assert "没有符合条件的个案" in client.get("/cases?kind=award").text


def test_a_parked_errand_is_shown_with_its_reason_and_sent_off_again(scene: Scene) -> None:
    client = scene.browser("administrator")
    assert "打印机着火了" in client.get("/errands").text
    assert client.post(f"/errands/{scene.parked}/retry").status_code == 303
    assert client.post(f"/errands/{scene.parked}/retry").status_code == 409
    assert "打印机着火了" not in client.get("/errands").text


def test_the_year_is_shown_by_source_with_capitals(scene: Scene) -> None:
    text = Page(scene.browser("auditor").get("/finance").text).text
    assert "¥100,000.00" in text
    assert "人民币壹拾万元整" in text


@pytest.mark.parametrize("number", ["<script>", "../x", "%00", "案"])
def test_odd_addresses_are_simply_not_found(number: str, scene: Scene) -> None:
    answer = scene.browser("manager").get(f"/cases/{number}")
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text
