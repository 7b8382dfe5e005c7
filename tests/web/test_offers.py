"""Offers and gifts in the browser and for programs: who sees what, what is refused, what a donor is told."""

import hashlib
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from services.cases.models import cases
from services.database.work import Work, run
from services.issuance.commands import Drawn, deliver, store_drawn
from services.issuance.queries import documents_of
from services.notices.commands import tell
from services.organizations.models import organizations
from services.people.commands import add_person, grant_role
from services.people.models import sign_ins
from services.people.queries import actor_named
from statemachines.roles import Role
from tests.web.conftest import PDF, Scene, token_of

API = "/api/v1"
DONOR_NAME = "何向晚"


@pytest.fixture
def giving(scene: Scene) -> Scene:
    """The city with a donor who is signed in, a registered federation, and a filed organization under incubation."""
    city = scene.city

    def unit(work: Work) -> None:
        person = add_person(work, username="donor", name=DONOR_NAME)
        grant_role(work, person, Role.DONOR, valid_from=date(2020, 1, 1))
        work.connection.execute(
            insert(sign_ins).values(
                token_hash=hashlib.sha256(token_of("donor").encode()).hexdigest(), person_id=person, began_at=city.now,
                seen_at=city.now, expires_at=city.now + timedelta(hours=12), factor_at=city.now,
            )
        )  # fmt: skip
        of = update(organizations)
        hub = {"category": "SUPPORT_HUB", "legal_status": "REGISTERED", "credit_code": "51229902MJ9000015R"}
        work.connection.execute(of.where(organizations.c.id == city.organizations["ma"]).values(**hub))
        filed = {"legal_status": "FILED", "filing_number": "229902001-2026-0099"}
        work.connection.execute(of.where(organizations.c.id == city.organizations["zhou"]).values(**filed))
        running = cases.c.organization_id == city.organizations["zhou"]
        work.connection.execute(update(cases).where(running).values(stage="孵化"))

    run(city.database, city.now, unit)
    return scene


def form(scene: Scene, **changed: str) -> dict[str, str]:
    told = {
        "kind": "goods", "title": "折叠桌", "quantity": "20", "unit": "张", "yuan": "3,600.00", "proof": "购货发票",
        "purpose": "长者食堂", "open_until": "2027-03-31", "centre": scene.city.centre,
        "unit_name": "望河商贸有限公司",
    }  # fmt: skip
    return {**told, **changed}


def post(scene: Scene, **changed: str) -> str:
    answer = scene.browser("donor").post("/gifts", data=form(scene, **changed))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).removeprefix("/gifts/").partition("?")[0]


def matched(scene: Scene) -> str:
    number = post(scene)
    scene.city.move(number, "verify_offer", "case_manager", checked="相符")
    version = scene.browser("case_manager").get(f"/offers/{number}/match").text
    assert "晨光社区邻里互助社" in version
    assert "由铁东里社区秧歌队代为接收" in version
    said = {"receiver": scene.city.organizations["zhou"], "match_reason": "需要", "seen_version": "2"}
    assert scene.browser("case_manager").post(f"/cases/{number}/moves/match_offer", data=said).status_code == 303
    return number


def test_anybody_sees_what_is_open_and_no_person_in_it(giving: Scene) -> None:
    number = post(giving, unit_name="")
    nobody = giving.browser()
    assert "现在没有开放中的捐赠和资源" in nobody.get("/offers").text
    giving.city.move(number, "verify_offer", "case_manager", checked="相符")
    page = nobody.get("/offers").text
    assert "折叠桌 20张" in page
    assert "爱心居民" in page
    assert "人民币叁仟陆佰元整" in page
    assert DONOR_NAME not in page
    (line,) = giving.program().get(f"{API}/offers").json()["offers"]
    assert (line["donor"], line["value_fen"]) == ("爱心居民", 360_000)
    assert nobody.get("/gifts").status_code == 303
    assert giving.browser("case_manager").get("/gifts").status_code == 403


def test_a_refused_posting_comes_back_with_what_was_typed_and_the_law(giving: Scene) -> None:
    answer = giving.browser("donor").post("/gifts", data=form(giving, description="欢迎公开募捐"))
    assert answer.status_code == 409
    assert "《中华人民共和国慈善法》第二十二条" in answer.text
    assert 'value="3,600.00"' in answer.text
    answer = giving.browser("donor").post("/gifts", data=form(giving, quantity="很多"))
    assert answer.status_code == 422


def test_the_donor_follows_a_gift_to_its_paper_and_its_use(giving: Scene) -> None:
    city, number = giving.city, matched(giving)
    donor = giving.browser("donor")
    assert "受赠组织还没有同意受赠" in donor.get(f"/gifts/{number}").text
    city.move(number, "accept_match", "zhou")
    answer = donor.post(f"/gifts/{number}/transitions/agree_offer", data={"seen_version": "3"})
    assert answer.status_code == 412, "somebody was there first"
    agreed = donor.post(f"/gifts/{number}/transitions/agree_offer", data={"seen_version": "4", "opinion": "好"})
    assert agreed.status_code == 303
    assert "确认收到" in giving.browser("zhou").get(f"/cases/{number}").text
    assert DONOR_NAME not in giving.browser("zhou").get(f"/cases/{number}").text
    day = {"delivered_on": "2026-11-23", "quantity": "20", "received_by": "周暖"}
    city.move(number, "confirm_delivery", "zhou", **day)

    def drawn(work: Work) -> None:
        paper = next(one for one in documents_of(work) if one.kind == "gift_confirmation")
        store_drawn(work, paper.id, Drawn(PDF, hashlib.sha256(PDF).hexdigest(), 1, "test"))
        deliver(work, document_id=paper.id, person_id=actor_named(work, "donor").id)

    run(city.database, city.now, drawn)
    assert donor.get(f"/gifts/{number}/paper.pdf").content == PDF
    assert giving.program("donor").get(f"{API}/gifts/{number}/paper").content == PDF
    city.move(number, "record_use", "zhou", used_for="长者食堂每日使用", beneficiaries="300")
    told = giving.program("donor").get(f"{API}/gifts/{number}").json()
    assert (told["state"], told["use"]["beneficiaries"], told["through"]) == ("USED", 300, "铁东里社区秧歌队")
    assert "长者食堂每日使用" in donor.get(f"/gifts/{number}").text


def test_a_program_posts_and_withdraws_as_the_donor(giving: Scene) -> None:
    program = giving.program("donor")
    wish = {"centre_id": giving.city.centre, "kind": "venue_hours", "title": "多功能厅", "quantity": 60, "unit": "小时",
            "purpose": "排练", "open_until": "2027-03-31"}  # fmt: skip
    made = program.post(f"{API}/gifts", json=wish)
    assert made.status_code == 201, made.text
    step = f"{API}/gifts/{made.json()['number']}/transitions/withdraw_offer"
    said = {"details": {"reason": "自用"}}
    assert program.post(step, json=said).status_code == 428
    done = program.post(step, json=said, headers={"if-match": made.headers["etag"]})
    assert done.json()["state"] == "WITHDRAWN"
    assert giving.program("case_manager").post(f"{API}/gifts", json=wish).status_code == 403


def test_given_money_is_put_on_a_donation_line_by_finance(giving: Scene) -> None:
    number = post(giving, kind="money", title="助老资金", quantity="", unit="")
    page = giving.browser("maker").get(f"/offers/{number}/money")
    assert page.status_code == 200
    assert "不能登记到账" in page.text
    assert giving.browser("case_manager").get(f"/offers/{number}/money").status_code == 403
    assert giving.program("maker").get(f"{API}/gift-budgets").json() == {"budget_lines": []}
    goods = post(giving)
    assert giving.browser("maker").get(f"/offers/{goods}/money").status_code == 404


def test_a_notice_leads_a_donor_to_the_gift_and_not_to_a_page_that_is_closed(giving: Scene) -> None:
    number = post(giving)
    city = giving.city

    def unit(work: Work) -> None:
        case_id = work.connection.execute(select(cases.c.id).where(cases.c.number == number)).scalar_one()
        tell(work, key="x", person_id=actor_named(work, "donor").id, case_id=case_id, message="offer_verified",
             title="已核实", body="已核实")  # fmt: skip

    run(city.database, city.now, unit)
    assert f'href="/gifts/{number}"' in giving.browser("donor").get("/notices").text


def test_a_program_asks_who_could_receive_it(giving: Scene) -> None:
    number = post(giving)
    giving.city.move(number, "verify_offer", "case_manager", checked="相符")
    (first, *_) = giving.program("case_manager").get(f"{API}/offers/{number}/candidates").json()["candidates"]
    assert (first["name"], first["barred"]) == ("晨光社区邻里互助社", "")


def test_finance_finds_what_waits_for_it_in_capitals_and_the_auditor_only_sees_it(giving: Scene) -> None:
    city, number = giving.city, post(giving, kind="money", title="助老资金", quantity="", unit="")
    city.move(number, "verify_offer", "case_manager", checked="相符")
    city.move(number, "match_offer", "case_manager", receiver=city.organizations["zhou"], match_reason="需要")
    city.move(number, "accept_match", "zhou")
    city.move(number, "agree_offer", "donor")
    desk = giving.program("maker").get(f"{API}/finance-desk").json()
    (step,) = [one for one in desk["steps"] if one["kind"] == "offer"]
    assert (step["own"], step["state"], step["total_fen"]) == (True, "AGREED", 360_000)
    page = giving.browser("maker").get("/finance").text
    assert page.index("待我办理") < page.index(number)
    assert "人民币叁仟陆佰元整" in page
    seen = giving.program("auditor").get(f"{API}/finance-desk").json()
    assert [one["own"] for one in seen["steps"]] == [False] * len(seen["steps"])
    assert giving.browser("donor").get("/finance").status_code == 403
