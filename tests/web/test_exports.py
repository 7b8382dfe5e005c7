"""Lists taken along as files: what is shown, noted in the log, and never a formula in anybody's spreadsheet."""

import csv
import io
import time
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select, update

from services.audit.models import audit_entries
from services.database.work import reading, unit_of_work
from services.exports import rules
from services.organizations.models import organizations
from tests.web.conftest import Scene
from web import exporting
from web.exporting import Column, Sheet, csv_file, harmless, xlsx_file

PAYLOADS = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\x00=1+1", ";=1+1", "\n=1+1", " =1+1", "   +1", "＝1+1",
    "＋1+1", "－1+1", "＠SUM(A1)", '"=1+1', "'=1+1", '"";=1+1', "=HYPERLINK(\"http://x\",\"点我\")",
    "=cmd|'/C calc'!A0",
    "@WEBSERVICE(\"http://x\")", "\u3000=1+1", "\xa0=1+1", "“=1+1", ",=1+1", "；=1+1", "=", "-2+3+cmd|' /C calc'!D2",
    "+IMPORTXML(\"http://x\")", "\t\r\n=1+1", "﹦1+1", "==1+1",
)  # fmt: skip
WHY = {"reason": "核对"}
TRIGGERS = "=+-@＝＋－＠﹦﹢﹣﹫"
COLUMNS = (Column("组织", 20), Column("日期", 12), Column("数", 8))


def sheet(cells: list[str]) -> Sheet:
    return Sheet("清单", COLUMNS, [(one, date(2026, 11, 23), 3) for one in cells], "=由某人导出")


def live(cell: str) -> bool:
    """Whether any spreadsheet could take the cell, or a part after a separator, for a formula."""
    parts = [cell, *cell.replace("；", ";").split(";")] if cell[:1] in ";；" else [cell]
    return any(part.lstrip(' \t\r\n\u3000\xa0"“')[:1] in TRIGGERS for part in parts if part.strip())


def test_there_are_thirty_ways_to_smuggle_a_formula_and_none_gets_through_a_csv_file() -> None:
    assert len(PAYLOADS) >= 30
    rows = list(csv.reader(io.StringIO(csv_file(sheet(list(PAYLOADS))).decode("utf-8-sig"))))
    assert [one for row in rows for one in row if live(one)] == []
    assert len(rows) == len(PAYLOADS) + 2


def test_none_gets_through_an_excel_file_and_each_stays_a_string() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file(sheet(list(PAYLOADS)))))
    page = book.active
    assert page is not None
    assert [cell.coordinate for row in page for cell in row if cell.data_type == "f"] == []
    assert {row[0].data_type for row in page.iter_rows(min_row=2, max_row=len(PAYLOADS) + 1)} == {"s"}
    assert page.freeze_panes == "B2"
    assert page.print_title_rows == "$1:$1"
    assert page["B2"].is_date
    assert page["C2"].value == 3


def test_a_planted_plain_writer_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "harmless", str)
    with pytest.raises(AssertionError):
        test_there_are_thirty_ways_to_smuggle_a_formula_and_none_gets_through_a_csv_file()


@pytest.mark.parametrize("text", ["晨光社区邻里互助社", "O'Brien", "2026-11-23", "a=b", "周暖（法人）", "", "第1名"])
def test_ordinary_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_twenty_thousand_rows_are_written_at_once() -> None:
    began = time.process_time()
    content = xlsx_file(sheet([f"第{number}社区互助社" for number in range(20_000)]))
    assert time.process_time() - began < 30, "a hundred times the usual rate is not slowness but a mistake"
    assert len(content) > 100_000


def test_the_file_holds_exactly_what_is_shown(scene: Scene) -> None:
    browser = scene.browser("manager")
    page = browser.get("/cases?text=晨光").text
    assert 'href="/cases/export.xlsx?text=' in page
    answer = browser.post("/cases/export.xlsx?text=晨光", data=WHY)
    assert answer.headers["content-type"].startswith("application/vnd.openxml")
    assert answer.headers["content-disposition"] == 'attachment; filename="cases-2026-11-23.xlsx"'
    shown = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert shown is not None
    rows = [[cell.value for cell in row] for row in shown.iter_rows()]
    assert [row[0] for row in rows[1:-2]] == ["晨光社区邻里互助社"]
    assert "职员manager" in str(rows[-1][0])
    everything = list(csv.reader(io.StringIO(browser.post("/cases/export.csv", data=WHY).content.decode("utf-8-sig"))))
    assert len(everything) == 1 + 3 + 1


def test_a_street_takes_only_its_own_and_the_log_keeps_it(scene: Scene) -> None:
    rows = list(
        csv.reader(io.StringIO(scene.browser("street").post("/cases/export.csv", data=WHY).content.decode("utf-8-sig")))
    )
    assert [row[0] for row in rows[1:-1]] == ["晨光社区邻里互助社"]
    with reading(scene.city.database, scene.city.now) as work:
        entry = work.connection.execute(select(audit_entries).where(audit_entries.c.action == "case:export")).one()
    assert (entry.actor_name, entry.details) == ("职员street", {"count": 1, "reason": "核对"})


def test_a_name_that_is_a_formula_stays_a_name(scene: Scene) -> None:
    with unit_of_work(scene.city.database, scene.city.now) as work:
        work.connection.execute(update(organizations).values(name="=1+1"))
    browser = scene.browser("manager")
    page = openpyxl.load_workbook(io.BytesIO(browser.post("/cases/export.xlsx", data=WHY).content)).active
    assert page is not None
    assert [cell.data_type for cell in page["A"]][1:4] == ["s", "s", "s"]
    rows = list(csv.reader(io.StringIO(browser.post("/cases/export.csv", data=WHY).content.decode("utf-8-sig"))))
    assert {row[0] for row in rows[1:-1]} == {"'=1+1"}


def test_a_list_leaves_for_a_reason_only(scene: Scene) -> None:
    browser = scene.browser("manager")
    asked = browser.get("/cases/export.csv")
    assert asked.headers["content-type"].startswith("text/html")
    assert "导出理由" in asked.text
    refused = browser.post("/cases/export.csv", data={"reason": " "})
    assert refused.status_code == 422
    assert "没有填写“导出理由”" in refused.text


def test_leaders_are_masked_until_two_people_agree_and_then_once(scene: Scene) -> None:
    browser, other, data = scene.browser("manager"), scene.browser("bureau"), WHY
    masked = browser.post("/cases/export.csv", data=data).content.decode("utf-8-sig")
    assert "周*" in masked
    assert "周暖" not in masked
    assert "19900000001" not in masked
    wish = {"list": "cases", "rows": "3", "reason": "报送民政局", "unmasked": "yes"}
    assert browser.post("/export-leaves", data=wish).status_code == 303
    (waiting,) = scene.program("bureau").get("/api/v1/export-leaves").json()["leaves"]
    leave = waiting["id"]
    whole = {**data, "unmasked": "yes", "leave": leave}
    assert browser.post("/cases/export.csv", data=whole).status_code == 409
    assert browser.post(f"/export-leaves/{leave}/grant").status_code == 403
    assert other.post(f"/export-leaves/{leave}/grant").status_code == 303
    shown = browser.post("/cases/export.csv", data=whole).content.decode("utf-8-sig")
    assert "周暖" in shown
    assert "19900000001" in shown
    assert browser.post("/cases/export.csv", data=whole).status_code == 409


def test_too_long_a_list_is_refused_with_what_to_do(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_ROWS", 2)
    answer = scene.browser("manager").post("/cases/export.csv", data=WHY)
    assert answer.status_code == 409
    assert "由另一人同意" in answer.text


def test_a_program_asks_and_another_person_s_program_grants(scene: Scene) -> None:
    owner, other = scene.program("manager"), scene.program("auditor")
    wish = {"list": "vouchers", "rows": 1001, "reason": "年度审计", "filters": {"period": "2026"}}
    made = owner.post("/api/v1/export-leaves", json=wish)
    assert made.status_code == 201, made.text
    step = f"/api/v1/export-leaves/{made.json()['id']}"
    assert owner.post(f"{step}/grant").status_code == 403
    assert other.post(f"{step}/refusal").status_code == 204
    assert other.post(f"{step}/grant").json()["codes"] == ["export.leave_decided"]
    assert scene.program("zhou").get("/api/v1/export-leaves").status_code == 403
