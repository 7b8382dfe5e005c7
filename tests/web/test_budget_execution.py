"""Budget execution: every figure leads to its awards and vouchers; last year's lottery money waits for its notice."""

from services.database.work import unit_of_work
from services.funding.budgeting import NewBudgetLine, granted_line
from services.funding.commands import open_program
from tests.web.conftest import Scene
from tests.web.reading import Page


def with_lottery_money(scene: Scene, *, year: int) -> str:
    """A line of lottery money of that year."""
    city = scene.city
    with unit_of_work(city.database, city.now) as work:
        program = open_program(work, name="福彩助老", year=year)
        new = NewBudgetLine(program, "welfare_lottery", "民政局", 3_000_000, "扶老")
        return granted_line(work, new, proposer=city.actor("maker"), approver=city.actor("checker"))


def test_a_year_is_read_by_source_office_or_programme_and_each_figure_leads_to_its_vouchers(scene: Scene) -> None:
    with_lottery_money(scene, year=2026)
    client = scene.browser("checker")
    for by, called in (("source", "福利彩票公益金"), ("office", "民政局"), ("program", "福彩助老")):
        page = Page(client.get(f"/budget/execution?year=2026&by={by}").text)
        assert called in page.text
        assert "130,000.00" in page.text
    assert "<svg" in client.get("/budget/execution").text
    there = "/budget/execution/detail?year=2026&by=source&key=welfare_lottery&figure=appropriated"
    assert there in Page(client.get("/budget/execution?year=2026").text).links
    detail = Page(client.get(there).text)
    assert "人民币叁万元整" in detail.text
    assert any(link.startswith("/ledger/vouchers/") for link in detail.links)
    assert client.get("/budget/execution/detail?year=2026&figure=secret").status_code == 404
    assert scene.browser("zhou").get("/budget/execution").status_code == 403


def test_execution_is_taken_along_as_a_file_that_says_who_took_it(scene: Scene) -> None:
    client = scene.browser("checker")
    said = client.get("/budget/execution.csv?year=2026&by=source").content.decode("utf-8-sig")
    assert "县级财政" in said
    assert "100000.00" in said
    assert "职员checker" in said
    assert client.get("/budget/execution.xlsx?year=2026").content.startswith(b"PK")


def test_last_year_s_lottery_money_is_reminded_of_until_its_notice_is_recorded_once(scene: Scene) -> None:
    bureau, last = scene.browser("bureau"), "2025年度福利彩票公益金使用情况尚未公告"
    with_lottery_money(scene, year=2026)
    assert last not in bureau.get("/?tab=waiting").text
    with_lottery_money(scene, year=2025)
    assert last in bureau.get("/?tab=waiting").text
    form = {"year": "2025", "place": "区政府网站", "on": "2026-03-01"}
    assert bureau.post("/budget/lottery-notice", data={**form, "year": "2026"}).status_code == 409
    assert bureau.post("/budget/lottery-notice", data={**form, "on": "2025-12-01"}).status_code == 422
    notice = Page(bureau.get("/budget/lottery-notice?year=2025").text).text
    assert all(said in notice for said in ("2025年度福利彩票公益金使用情况公告", "人民币叁万元整", "中国福利彩票"))
    assert bureau.post("/budget/lottery-notice", data=form).headers["location"].endswith("done=notice_published")
    assert bureau.post("/budget/lottery-notice", data=form).status_code == 409
    assert last not in bureau.get("/?tab=waiting").text
    assert "区政府网站" in bureau.get("/budget/lottery-notice?year=2025").text
    assert scene.browser("checker").post("/budget/lottery-notice", data=form).status_code == 403


def test_programs_propose_approve_and_read_execution_by_the_same_rules(scene: Scene) -> None:
    maker, checker, api = scene.program("maker"), scene.program("checker"), "/api/v1/budget"
    opened = {"name": "福彩济困", "year": 2026, "funding_type": "project_grant"}
    program = checker.post(f"{api}/programs", json=opened).json()["id"]
    wish = {
        "program_id": program,
        "source": "welfare_lottery",
        "office": "民政局",
        "amount_fen": 500,
        "purpose": "济困",
    }
    proposal = maker.post(f"{api}/lines", json=wish).json()["id"]
    assert maker.post(f"{api}/proposals/{proposal}/approve").status_code == 403
    line = checker.post(f"{api}/proposals/{proposal}/approve").json()["id"]
    lower = {"budget_line_id": line, "direction": "decrease", "amount_fen": 500, "reason": "退回"}
    assert maker.post(f"{api}/adjustments", json=lower).json()["codes"] == ["budget.below_used"]
    assert maker.post(f"{api}/closings", json={"budget_line_id": line, "reason": "终了"}).status_code == 409
    ceiling = maker.post(f"{api}/ceilings", json={"ceiling": "year", "reason": "决定", "limit_fen": 900, "year": 2026})
    (waiting,) = checker.get(f"{api}/proposals").json()["proposals"]
    assert (waiting["id"], waiting["ceiling"]) == (ceiling.json()["id"], "year")
    refused = checker.post(f"{api}/proposals/{waiting['id']}/refuse", json={"reason": "依据不足"})
    assert refused.status_code == 204
    found = checker.get(f"{api}/execution?year=2026").json()
    lottery = next(one for one in found["groups"] if one["key"] == "welfare_lottery")
    assert (lottery["appropriated_fen"], lottery["rate_hundredths"]) == (500, 0)
    assert found["total"]["appropriated_fen"] == 10_000_500
    notice = checker.get(f"{api}/lottery-notice?year=2026").json()
    assert (notice["whole"]["available_fen"], notice["published_on"]) == (500, None)
    said = {"year": 2026, "place": "公告栏", "on": "2026-11-23"}
    assert scene.program("bureau").post(f"{api}/lottery-notice", json=said).json()["codes"] == [
        "budget.notice_year_not_over"
    ]
