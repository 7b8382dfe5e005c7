"""The book in the console: every figure leads to its vouchers, two people close a month and reverse an entry."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import update

from services.database.recording import recording
from services.database.work import office_instant, unit_of_work
from services.funding.commands import open_budget_line, open_program
from services.ledger.commands import post
from services.ledger.queries import entries
from services.ledger.rules import Line
from services.people.models import sign_ins
from tests.web.conftest import Scene

API = "/api/v1/ledger"
REASON = {"reason": "金额录错"}


def last_voucher(scene: Scene) -> str:
    with unit_of_work(scene.city.database, scene.city.now) as work:
        return entries(work, limit=1)[0].voucher


def on_day(scene: Scene, day: date) -> None:
    """Move the clock on, with everybody signed in anew."""
    city = scene.city
    city.now = office_instant(day)
    with unit_of_work(city.database, city.now) as work:
        fresh = {"seen_at": city.now, "factor_at": city.now, "expires_at": city.now + timedelta(hours=12)}
        work.connection.execute(update(sign_ins).values(**fresh))


def appropriated(scene: Scene, count: int = 1) -> str:
    """Some more budget lines of a programme; the voucher of the last one's appropriation."""
    city = scene.city
    with unit_of_work(city.database, city.tick()) as work:
        program = open_program(work, name=f"试点{city.now:%H%M}", year=2026)
        for number in range(count):
            open_budget_line(
                work, actor=city.actor("checker"), program_id=program, source="donation", office=f"单位{number}",
                amount_fen=1_234_500,
            )  # fmt: skip
    return last_voucher(scene)


def test_a_figure_leads_to_its_vouchers_and_a_voucher_says_who_and_when(scene: Scene) -> None:
    number = appropriated(scene)
    browser = scene.browser("maker")
    page = browser.get("/ledger").text
    assert "批复预算" in page
    assert ">APPROPRIATED<" not in page
    assert "¥12,345.00" in page
    assert "平衡" in page
    listed = browser.get("/ledger/vouchers", params={"period": "2026-11", "account": "AVAILABLE"}).text
    assert number in listed
    assert "预算下达" in listed
    shown = browser.get(f"/ledger/vouchers/{number}").text
    assert "人民币壹万贰仟叁佰肆拾伍元整" in shown
    assert "可用预算" in shown
    assert browser.get("/ledger/vouchers/记-2026-9999").status_code == 404
    assert scene.browser("zhou").get("/ledger").status_code == 403


@pytest.mark.parametrize("period", ["2026-13", "x", "２０２６", "0000-01", "2026-11-01"])
def test_a_period_that_is_none_is_this_month(scene: Scene, period: str) -> None:
    appropriated(scene)
    assert "2026-11" in scene.browser("maker").get("/ledger", params={"period": period}).text


def test_a_month_is_closed_by_two_and_refuses_then(scene: Scene) -> None:
    appropriated(scene)
    maker, checker = scene.browser("maker"), scene.browser("checker")
    early = maker.post("/ledger/periods/2026-11/closing")
    assert early.status_code == 409
    assert "还没有结束" in early.text
    on_day(scene, date(2026, 11, 30))
    assert maker.post("/ledger/periods/2026-11/closing").status_code == 303
    (waiting,) = scene.program("maker").get(f"{API}/proposals").json()["proposals"]
    where = f"/ledger/proposals/{waiting['id']}/confirmation"
    assert maker.post(where).status_code == 403
    assert where in checker.get("/ledger").text
    assert checker.post(where).status_code == 303
    assert checker.post(where).status_code == 409
    assert "已结账" in checker.get("/ledger").text
    with pytest.raises(Exception, match=r"ledger\.period_closed"):
        appropriated(scene)
    assert maker.post("/ledger/periods/2026-11/reopening", data={"reason": ""}).status_code == 422
    assert maker.post("/ledger/periods/2026-11/reopening", data=REASON).status_code == 303
    (waiting,) = scene.program("maker").get(f"{API}/proposals").json()["proposals"]
    assert checker.post(f"/ledger/proposals/{waiting['id']}/refusal").status_code == 303
    assert scene.program("checker").get(f"{API}/periods").json()["periods"][0]["standing"] == "closed"


def test_a_reversal_is_proposed_on_the_voucher_and_a_refused_form_keeps_what_was_typed(scene: Scene) -> None:
    number = appropriated(scene)
    maker = scene.browser("maker")
    wrong = {"reason": "金额录错", "booked_on": "2026-12-24"}
    refused = maker.post(f"/ledger/vouchers/{number}/reversal", data=wrong)
    assert refused.status_code == 409
    assert "金额录错" in refused.text
    assert "2026-12-24" in refused.text
    assert maker.post(f"/ledger/vouchers/{number}/reversal", data=REASON).status_code == 303
    assert "等待复核" in maker.get(f"/ledger/vouchers/{number}").text


def test_programs_do_the_same(scene: Scene) -> None:
    number = appropriated(scene)
    maker, checker = scene.program("maker"), scene.program("checker")
    whole = maker.get(f"{API}/vouchers/{number}").json()
    assert sum(line["amount_fen"] for line in whole["lines"]) == 0
    trial = maker.get(f"{API}/trial-balance", params={"period": "2026"}).json()
    assert trial["debit_fen"] == trial["credit_fen"] > 0
    assert [one["number"] for one in trial["accounts"]] == sorted(one["number"] for one in trial["accounts"])
    assert number in [one["voucher"] for one in maker.get(f"{API}/vouchers").json()["vouchers"]]
    made = maker.post(f"{API}/vouchers/{number}/reversal", json=REASON | {"booked_on": None})
    assert made.status_code == 201, made.text
    assert checker.post(f"{API}/proposals/{made.json()['id']}/refusal").status_code == 204
    on_day(scene, date(2026, 12, 1))
    closing = maker.post(f"{API}/periods/2026-11/closing").json()["id"]
    assert checker.post(f"{API}/proposals/{closing}/confirmation").json() == {"id": "2026-11"}
    opening = maker.post(f"{API}/periods/2026-11/reopening", json=REASON).json()["id"]
    assert checker.post(f"{API}/proposals/{opening}/confirmation").json() == {"id": "2026-11"}
    carried: dict[str, Any] = maker.get(f"{API}/carried-forward/2026").json()
    assert sum(sum(line["balances"].values()) for line in carried["lines"]) == 0


def test_the_vouchers_of_a_month_are_taken_along_and_nothing_in_them_is_a_formula(scene: Scene) -> None:
    city = scene.city
    appropriated(scene)
    with unit_of_work(city.database, city.tick()) as work:
        line = entries(work, limit=1)[0].budget_line_id
        pair = (Line("PAYABLE", line, None, -7), Line("COMMITTED", line, None, 7))
        post(work, actor=city.actor("maker"), key="x", kind="test", memo='=HYPERLINK("x")', lines=pair)
    browser = scene.browser("maker")
    file = browser.post("/ledger/export.csv", params={"period": "2026-11"}, data={"reason": "核对"})
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["凭证号", "日期"]
    assert any("'=HYPERLINK" in cell for row in rows for cell in row)
    assert {row[-1] for row in rows if row[1:2] and "HYPERLINK" in row[3]} == {"-7", "7"}
    book = openpyxl.load_workbook(io.BytesIO(browser.post("/ledger/export.xlsx", data={"reason": "核对"}).content))
    cells = [cell for row in book.active for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    assert "由制单" in str(cells[-1].value) or "导出" in str(cells[-1].value)


def test_pages_cost_the_same_with_one_line_and_with_thirty(scene: Scene) -> None:
    browser = scene.browser("auditor")

    def cost(path: str) -> int:
        with recording(scene.city.database) as sent:
            assert browser.get(path).status_code == 200
        return len(sent)

    appropriated(scene)
    paths = ("/ledger", "/ledger/vouchers")
    few = [cost(path) for path in paths]
    scene.city.now += timedelta(minutes=1)
    appropriated(scene, 30)
    assert [cost(path) for path in paths] == few
