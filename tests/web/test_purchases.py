"""The pages of service purchase and their twins: catalogue, a call, sealed bids, points, and why one wins."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from services.cases.opening import NewPurchase
from services.cases.purchasing import ask_purchase
from services.database.recording import recording
from services.database.work import unit_of_work
from services.funding.commands import open_budget_line, open_program
from services.organizations.models import organizations
from services.people.commands import add_person, grant_role
from services.people.models import sign_ins
from services.purchases import acts
from statemachines.roles import Role
from tests.web.city import DISTRICT
from tests.web.conftest import Scene, token_of

API = "/api/v1"
OFFER = {"plan": "每月上门两次", "capacity": "专职五人"}
POINTS = {"plan": "34", "capacity": "21.5", "record": "11"}


@dataclass
class Market:
    """The city with a published item, money for purchases and two registered organizations, one a federation."""

    scene: Scene
    item: str
    purchaser: str
    line: str

    def later(self, days: int) -> None:
        """So many days later, everybody signed in anew."""
        city = self.scene.city
        city.now += timedelta(days=days)
        with unit_of_work(city.database, city.now) as work:
            fresh = {"began_at": city.now, "seen_at": city.now, "expires_at": city.now + timedelta(hours=12)}
            work.connection.execute(update(sign_ins).values(factor_at=city.now, **fresh))

    def call(self) -> str:
        """A call that closes tomorrow at nine; its number."""
        city = self.scene.city
        new = NewPurchase(self.purchaser, self.item, self.line, "为老巡访", "独居老人巡访", 1200)
        number = ask_purchase(city.database, city.actor("handler"), new, now=city.tick()).number
        city.move(number, "secure_budget", "bureau")
        city.move(
            number, "publish_call", "handler", closes_on="2026-11-24", closes_hour="9", federation_rule="yes",
            published_where="区政府网站",
        )  # fmt: skip
        return number


@pytest.fixture
def market(scene: Scene) -> Market:
    city = scene.city
    with unit_of_work(city.database, city.now) as work:
        person = add_person(work, username="handler", name="民政经办")
        grant_role(work, person, Role.CIVIL_AFFAIRS_HANDLER, valid_from=date(2020, 1, 1), division_code=DISTRICT)
        known = {"zhou": ("association", "51229902MJ9000030N"), "qin": ("service_organization", "52229902MJ9000022Q")}
        for leader, (form, code) in known.items():
            work.connection.execute(
                update(organizations)
                .where(organizations.c.id == city.organizations[leader])
                .values(legal_form=form, legal_status="REGISTERED", credit_code=code, category="SUPPORT_HUB")
            )
        program = open_program(work, name="部门购买服务", year=2026, funding_type="purchase")
        line = open_budget_line(
            work, actor=city.actor("bureau"), program_id=program, source="county_budget", office="民政局",
            amount_fen=10_000_000,
        )  # fmt: skip
    handler, bureau = city.actor("handler"), city.actor("bureau")
    new = acts.NewItem(DISTRICT, 2026, "YL-03", "为老巡访", "户次", 5_000, "每月上门不少于两次")
    item = acts.draft_item(city.database, handler, new, now=city.tick())
    acts.record_consultation(
        city.database, handler, item_id=item, held_on=date(2026, 11, 20), opinions="无意见", now=city.tick()
    )
    acts.approve_item(city.database, bureau, item_id=item, now=city.tick())
    acts.publish_item(city.database, bureau, item_id=item, now=city.tick())
    buyer = acts.NewPurchaser("civil_affairs", "河湾区民政局", DISTRICT, city.centre)
    purchaser = acts.enter_purchaser(city.database, bureau, buyer, now=city.tick())
    with unit_of_work(city.database, city.now) as work:
        values = {"began_at": city.now, "seen_at": city.now, "expires_at": city.now + timedelta(hours=12)}
        token = hashlib.sha256(token_of("handler").encode()).hexdigest()
        work.connection.execute(
            insert(sign_ins).values(token_hash=token, person_id=handler.id, factor_at=city.now, **values)
        )
    return Market(scene, item, purchaser, line)


def test_an_item_is_drafted_on_the_page_and_what_may_not_be_bought_is_sent_back(market: Market) -> None:
    browser = market.scene.browser("handler")
    form: dict[str, Any] = {
        "division": DISTRICT, "year": "2026", "item_code": "ET-01", "item_title": "课后托管", "item_unit": "人时",
        "item_price": "12", "item_standard": "每班不超过20人",
    }  # fmt: skip
    assert browser.post("/service-catalogue", data=form).status_code == 303
    refused = browser.post("/service-catalogue", data=form | {"item_code": "PQ-1", "item_title": "社区劳务派遣"})
    assert refused.status_code == 409
    assert "以劳务派遣方式用工" in refused.text
    assert 'value="社区劳务派遣"' in refused.text


def test_anybody_reads_both_catalogues_and_the_open_calls_without_a_persons_name(market: Market) -> None:
    number = market.call()
    page = market.scene.browser().get("/services")
    assert page.status_code == 200
    assert "为老巡访" in page.text
    assert number in page.text
    assert "¥50.00" in page.text
    told = market.scene.program().get(f"{API}/services").json()["purchases"]
    assert [(one["number"], one["ceiling_fen"]) for one in told] == [(number, 6_000_000)]
    for name in ("周暖", "秦墨言", "民政经办"):
        assert name not in page.text


def test_a_sealed_bid_shows_on_no_page_before_the_closing_hour_and_the_reason_stands_after(market: Market) -> None:
    scene, number = market.scene, market.call()
    for leader in ("zhou", "qin"):
        offer = OFFER | {"organization": scene.city.organizations[leader], "yuan": "60000"}
        assert scene.browser(leader).post(f"/services/{number}/bid", data=offer).status_code == 303
    office = scene.browser("handler").get(f"/purchases/{number}")
    assert "已收到2份投标，全部密封" in office.text
    for page in (office, scene.browser("zhou").get(f"/services/{number}/bid"), scene.browser().get("/services")):
        assert "每月上门两次" not in page.text
    assert scene.program("handler").get(f"{API}/purchases/{number}").json()["bids"] == []
    market.later(1)
    late = scene.browser("zhou").post(
        f"/services/{number}/bid", data=OFFER | {"organization": scene.city.organizations["zhou"], "yuan": "1"}
    )
    assert late.status_code == 409
    scene.city.move(number, "open_bids", "handler", witness="监督人")
    bids = scene.program("handler").get(f"{API}/purchases/{number}").json()["bids"]
    form = {
        f"points:{who}:{one['id']}:{item}": value
        for who in ("evaluator1", "evaluator2", "evaluator3") for one in bids for item, value in POINTS.items()
    }  # fmt: skip
    wrong = scene.browser("handler").post(f"/purchases/{number}/points", data=form | {next(iter(form)): "34.3"})
    assert wrong.status_code == 422
    assert 'value="34.3"' in wrong.text
    assert scene.browser("handler").post(f"/purchases/{number}/points", data=form).status_code == 303
    page = scene.browser("handler").get(f"/purchases/{number}").text
    assert page.count("86.50") == 2
    assert "这是同分时的先后，不是份额" in page
    told = scene.program("handler").get(f"{API}/purchases/{number}").json()
    assert (told["why"], told["bids"][0]["total"]) == ("federation_first", "86.50")


def test_the_interface_buys_as_the_console_does(market: Market) -> None:
    scene = market.scene
    need = {
        "purchaser_id": market.purchaser, "item_id": market.item, "budget_line_id": market.line, "title": "为老巡访",
        "need": "独居老人", "quantity": 10,
    }  # fmt: skip
    made = scene.program("handler").post(f"{API}/purchases", json=need)
    assert made.status_code == 201, made.text
    assert made.json()["state"] == "NEED"
    assert scene.program("manager").post(f"{API}/purchases", json=need).status_code == 403
    number = market.call()
    offer = OFFER | {"organization_id": scene.city.organizations["zhou"], "price_fen": 5_900_000}
    assert scene.program("zhou").post(f"{API}/services/{number}/bid", json=offer).status_code == 201
    assert scene.program("ma").post(f"{API}/services/{number}/bid", json=offer).status_code == 403
    filed = OFFER | {"organization_id": scene.city.organizations["ma"], "price_fen": 5_900_000}
    refused = scene.program("ma").post(f"{API}/services/{number}/bid", json=filed)
    assert refused.json()["codes"] == ["purchase.filed_sole_contractor"]
    back = {"organization_id": scene.city.organizations["zhou"]}
    assert scene.program("zhou").post(f"{API}/services/{number}/bid/withdrawal", json=back).status_code == 204


def test_an_organization_asks_to_be_listed_and_each_condition_is_answered(market: Market) -> None:
    scene, city = market.scene, market.scene.city
    form = {"organization": city.organizations["zhou"], "supplier_services": "为老巡访", "supplier_staff": "6"}
    done = scene.browser("zhou").post("/supplier-application", data=form)
    assert done.status_code == 303, done.text
    number = done.headers["location"].split("/")[2].partition("?")[0]
    answers = {
        key: value
        for one in ("legal_person", "one_year", "inspected", "unlisted", "staffed")
        for key, value in ((one, "yes"), (f"{one}_reason", "查验属实"))
    }
    city.move(number, "check_supplier", "handler", **answers)
    city.move(number, "publish_supplier", "handler")
    market.later(10)
    city.move(number, "list_supplier", "bureau")
    assert "晨光社区邻里互助社" in scene.browser().get("/services").text
    told = scene.program().get(f"{API}/suppliers").json()["suppliers"]
    assert [(one["organization"], one["services"]) for one in told] == [("晨光社区邻里互助社", "为老巡访")]
    assert scene.browser("handler").get("/suppliers").status_code == 200


def test_the_list_of_purchases_asks_the_same_few_questions_for_one_and_for_many(market: Market) -> None:
    browser = market.scene.browser("handler")
    market.call()

    def queries() -> int:
        with recording(market.scene.city.database) as asked:
            assert browser.get("/purchases").status_code == 200
        return len(asked)

    few = queries()
    for _ in range(3):
        market.call()
    assert queries() == few
