"""A statement in the browser: tried out, refused row by row, taken over; what is open is settled, a month goes on."""

from datetime import date

from tests.statements import Booked, written
from tests.web.conftest import Scene
from tests.web.reading import Page

FEE = Booked(date(2026, 11, 3), "S9", "样例银行", "", "手续费", -1_000)
FILE = written([FEE], first=date(2026, 11, 1), last=date(2026, 11, 20), encoding="gb18030")


def test_a_statement_is_tried_out_taken_over_and_its_open_line_settled(scene: Scene) -> None:
    payer = scene.browser("payer")
    tried = Page(payer.post("/reconciliation/import", data={"x": "1"}, files={"file": ("11月.csv", FILE)}).text)
    assert "新1行，此前已有0行" in tried.text
    assert "GB 18030" in tried.text
    assert "还没有导入对账单" in Page(payer.get("/reconciliation").text).text
    form = {"file_name": "11月.csv", "content": tried.inputs.get("content", "")}
    answer = payer.post("/reconciliation/import/confirmation", data=form, files={"file": ("11月.csv", FILE)})
    aim = answer.headers["location"].split("?")[0]
    page = payer.get(aim).text
    assert "多出付款" in Page(page).text
    assert payer.get(f"{aim}/file").content == FILE
    settle = next(path for _, path in Page(payer.get("/reconciliation").text).forms if "/items/" in path)
    assert payer.post(settle, data={"as": "words", "reason": ""}).status_code == 422
    assert payer.post(settle, data={"as": "payment", "reason": "核实"}).status_code == 409
    assert payer.post(settle, data={"as": "words", "reason": "账户管理费"}).headers["location"].endswith("item_settled")
    assert "没有待查事项" in Page(scene.browser("auditor").get("/reconciliation").text).text
    assert scene.browser("auditor").post(settle, data={"reason": "x"}).status_code == 403


def test_a_file_that_was_cut_off_is_refused_with_its_rows(scene: Scene) -> None:
    cut = FILE.replace(b"20261103", b"2026110x")
    answer = scene.browser("payer").post("/reconciliation/import", data={"x": "1"}, files={"file": ("11月.csv", cut)})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "一行也没有写入" in page.text
    assert "“2026110x”不是有效的日期" in page.text
