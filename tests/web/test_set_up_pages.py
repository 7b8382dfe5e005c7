"""Founding an office in the browser: centres, divisions, payee accounts, budget, awards, money that came back."""

from datetime import timedelta

import pytest

from services.database.work import reading
from services.funding.queries import budget_position, programs, proposals
from services.organizations.queries import centre_lines, division_lines
from tests.web.conftest import PDF, Scene
from tests.web.reading import Page

CENTRE = {
    "centre": "铁东区孵化中心", "division": "229902", "places": "8", "number_prefix": "青铁孵",
    "bureau_prefix": "青铁民", "case_prefix": "QYTD", "contact": "林小溪", "phone": "0000-7654321",
}  # fmt: skip
DIVISIONS = (
    "code,name,level,kind,parent_code\n229902003,铁东街道,street,street,229902\n229902,河湾新区,county,county,229900\n"
)


def test_a_centre_is_added_and_a_second_of_its_name_refused_with_what_was_typed(scene: Scene) -> None:
    client = scene.browser("security")
    assert client.post("/centres", data=CENTRE).headers["location"] == "/centres?done=centre_added"
    with reading(scene.city.database, scene.city.now) as work:
        assert CENTRE["centre"] in {one.name for one in centre_lines(work)}
    again = client.post("/centres", data=CENTRE)
    assert again.status_code == 409
    page = Page(again.text)
    assert "已有同名的中心" in page.text
    assert page.inputs["phone"] == CENTRE["phone"]


def test_places_must_be_a_number(scene: Scene) -> None:
    answer = scene.browser("security").post("/centres", data={**CENTRE, "places": "八"})
    assert answer.status_code == 422
    assert "“入驻名额”不是有效的数字" in Page(answer.text).text


def test_divisions_are_tried_out_first_and_then_taken_over(scene: Scene) -> None:
    client, file = scene.browser("security"), {"file": DIVISIONS.encode("gb18030")}
    tried = client.post("/divisions", data={"trial": "yes"}, files=file)
    assert "新增1，更改1，未变0" in Page(tried.text).text
    with reading(scene.city.database, scene.city.now) as work:
        assert "229902003" not in {one.code for one in division_lines(work)}
    assert client.post("/divisions", files=file).headers["location"] == "/divisions?done=divisions_imported"
    assert "河湾新区" in Page(client.get("/divisions").text).text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "没有填写“文件”"),
        (b"code,name\n1,2\n", "文件缺少列：level、kind、parent_code"),
        ("code,name,level,kind,parent_code\n99,某地,street,street,229902\n".encode(), "2: "),
    ],
)
def test_a_file_that_does_not_fit_says_why(content: bytes, said: str, scene: Scene) -> None:
    answer = scene.browser("security").post("/divisions", data={"x": "1"}, files={"file": content})
    assert answer.status_code == 422
    assert said in Page(answer.text).text


ACCOUNT = {
    "account_kind": "custody", "holder_name": "晨光社区居民委员会", "holder_division": "229902001001",
    "account_number": "6222 0000 0000 1234", "bank": "青檐银行", "basis": "agreement", "agreement_number": "代管2026-3",
    "agreed_on": "2026-11-02",
}  # fmt: skip


def entered(scene: Scene) -> str:
    """An account in custody, entered by the maker; its page."""
    form = {"organization": scene.city.organizations["zhou"], **ACCOUNT}
    answer = scene.browser("maker").post("/accounts", data=form, files={"agreement": ("协议.pdf", PDF)})
    assert answer.headers.get("location") == "/accounts?done=account_entered", Page(answer.text).text
    listed = scene.browser("checker").get("/accounts").text
    return next(link for link in Page(listed).links if link.startswith("/accounts/"))


def test_an_account_is_entered_by_one_verified_by_another_and_shows_its_last_four_digits(scene: Scene) -> None:
    aim = entered(scene)
    maker, checker = scene.browser("maker"), scene.browser("checker")
    page = maker.get(aim).text
    assert "622200000000" not in page
    assert "1234" in page
    assert "冻结至2026年11月24日" in Page(page).text
    assert not any("/verify" in path for _, path in Page(page).forms)
    assert maker.post(f"{aim}/verify").status_code == 403
    assert checker.post(f"{aim}/verify").headers["location"] == f"{aim}?done=account_verified"
    assert checker.post(f"{aim}/verify").status_code == 409
    assert "职员checker" in Page(checker.get("/accounts").text).text
    assert checker.get(f"{aim}/agreement").content == PDF
    assert "晨光社区居民委员会" in Page(checker.get(f"/organizations/{scene.city.organizations['zhou']}").text).text


def test_a_change_is_shown_beside_what_it_changes_and_may_be_turned_down(scene: Scene) -> None:
    aim, maker, checker = entered(scene), scene.browser("maker"), scene.browser("checker")
    checker.post(f"{aim}/verify")
    changed = {**ACCOUNT, "account_number": "622200009876", "bank": "桦林银行", "reason": "更换开户行"}
    there = maker.post(f"{aim}/change", data=changed).headers["location"].split("?")[0]
    page = Page(checker.get(there).text).text
    assert all(said in page for said in ("****1234", "****9876", "桦林银行", "变更理由：更换开户行"))
    assert maker.post(f"{aim}/change", data=changed).status_code == 409
    assert checker.post(f"{there}/refuse", data={"refusal": ""}).status_code == 422
    assert checker.post(f"{there}/refuse", data={"refusal": "与证明不符"}).headers["location"].endswith("refused")
    assert "已退回" in Page(maker.get(there).text).text
    assert "使用中" in Page(maker.get(aim).text).text


def test_a_personal_account_is_refused_with_what_was_typed(scene: Scene) -> None:
    form = {"organization": scene.city.organizations["zhou"], **ACCOUNT, "holder_name": "周暖"}
    answer = scene.browser("maker").post("/accounts", data=form)
    assert answer.status_code == 409
    page = Page(answer.text)
    assert "不得向个人账户付款" in page.text
    assert page.inputs["bank"] == "青檐银行"


def test_the_holder_must_fit_the_kind_of_account(scene: Scene) -> None:
    form = {"organization": scene.city.organizations["zhou"], **ACCOUNT, "holder_division": ""}
    answer = scene.browser("maker").post("/accounts", data=form)
    assert answer.status_code == 409
    assert "请核对户名" in Page(answer.text).text


def test_a_budget_line_is_proposed_by_one_and_booked_when_another_approves(scene: Scene) -> None:
    maker, bureau = scene.browser("maker"), scene.browser("bureau")
    form = {"program": "公益创投", "year": "2026", "funding": "project_grant"}
    assert bureau.post("/budget/programs", data=form).headers["location"] == "/budget?done=program_opened"
    assert bureau.post("/budget/programs", data=form).status_code == 409
    with reading(scene.city.database, scene.city.now) as work:
        program = next(one for one, name, _, _ in programs(work) if name == "公益创投")
    line = {
        "program_id": program, "source": "welfare_lottery", "office": "民政局", "yuan": "120,000.50", "purpose": "扶老",
    }  # fmt: skip
    assert maker.post("/budget/lines", data={**line, "purpose": "奖金"}).status_code == 409
    assert maker.post("/budget/lines", data=line).status_code == 303
    assert maker.post("/budget/lines", data={**line, "yuan": "-1", "purpose": ""}).status_code == 422
    with reading(scene.city.database, scene.city.now) as work:
        (waiting,) = proposals(work, waiting=True)
        assert sum(one.appropriated for one in budget_position(work)) == 10_000_000
    assert f"/budget/proposals/{waiting.id}/approve" not in maker.get("/budget").text
    assert f"/budget/proposals/{waiting.id}/approve" in bureau.get("/budget").text
    assert bureau.post(f"/budget/proposals/{waiting.id}/approve").headers["location"] == "/budget?done=budget_approved"
    assert "120,000.50" in Page(maker.get("/budget").text).text
    with reading(scene.city.database, scene.city.now) as work:
        assert sum(one.appropriated for one in budget_position(work)) == 10_000_000 + 12_000_050
        line_id = next(one.id for one in budget_position(work) if one.source == "welfare_lottery")
    more = {"budget_line": line_id, "direction": "increase", "yuan": "10", "ground": "追加"}
    assert maker.post("/budget/adjustments", data=more).status_code == 303
    assert maker.post("/budget/closings", data={"budget_line": line_id, "ground": "终了"}).status_code == 409
    ceiling = {"ceiling_kind": "year", "year": "2026", "ceiling_yuan": "500000", "ground": "会议纪要"}
    assert maker.post("/budget/ceilings", data=ceiling).status_code == 303
    with reading(scene.city.database, scene.city.now) as work:
        first = proposals(work, waiting=True)[0]
    refused = bureau.post("/budget/refusals", data={"proposal": first.id, "ground": "暂不追加"})
    assert refused.headers["location"] == "/budget?done=budget_refused"
    assert "暂不追加" in Page(maker.get("/budget").text).text


def test_an_award_is_opened_beside_an_own_incubation_and_no_other(scene: Scene) -> None:
    entered(scene)
    with reading(scene.city.database, scene.city.now) as work:
        line = budget_position(work)[0].id
    own = scene.city.case_id(scene.numbers["publicity"])
    form = {"incubation": own, "budget_line": line, "project": "邻里互助", "yuan": "8000"}
    answer = scene.browser("zhou").post("/awards", data=form)
    assert answer.headers["location"].startswith("/cases/QYFH-ZZ-")
    assert "邻里互助" in scene.browser("zhou").get(answer.headers["location"]).text
    other = {**form, "incubation": scene.city.case_id(scene.numbers["review"])}
    assert scene.browser("zhou").post("/awards", data=other).status_code == 404


def test_what_came_back_needs_an_award_and_an_amount(scene: Scene) -> None:
    answer = scene.browser("payer").post(
        "/money/refunds", data={"award": "01900000-0000-7000-8000-000000000000", "yuan": "x", "serial": "1"}
    )
    assert answer.status_code == 422
    assert "“金额”不是有效的数字" in Page(answer.text).text
    assert scene.browser("maker").post("/money/recoveries").status_code == 403


def test_every_set_up_page_is_a_card_for_whom_it_concerns(scene: Scene) -> None:
    for username, cards in {
        "security": {"/people", "/centres", "/divisions", "/working-days", "/rule-sets"},
        "maker": {"/accounts", "/money/returns"},
        "bureau": {"/budget", "/money/returns", "/rule-sets", "/working-days"},
        "zhou": {"/awards/new"},
    }.items():
        scene.city.now += timedelta(seconds=1)
        assert cards <= set(Page(scene.browser(username).get("/office").text).links), username
