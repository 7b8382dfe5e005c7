"""The working calendar on a page, and the yearly notice: typed, pasted or uploaded, first tried out, then confirmed."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from services.audit.queries import entries_of
from services.calendar.notice import listed_days
from services.calendar.queries import load_calendar
from services.database.work import reading
from tests.web.conftest import Scene
from tests.web.reading import Page

NOTICE = {"source": "国办发明电〔2026〕9号", "standing": "official"}


def check(scene: Scene, days: str, **changed: str) -> Page:
    answer = scene.browser("security").post("/working-days/import", data={**NOTICE, "days": days, **changed})
    page = Page(answer.text)
    assert answer.status_code == 200, page.text
    return page


def test_the_year_shows_rest_and_working_weekends_by_word(scene: Scene) -> None:
    page = Page(scene.browser("auditor").get("/working-days").text)
    assert "工作日历 2026 正式公布" in page.text
    assert "2026年10月1日至2026年10月7日" in page.text
    assert page.text.count("休") > 15
    assert "Projected" in Page(scene.browser("auditor", lang="en").get("/working-days?year=2027").text).text


def test_a_year_nobody_knows_says_so(scene: Scene) -> None:
    assert "2044年的放假安排尚未录入" in Page(scene.browser("auditor").get("/working-days?year=2044").text).text


def test_a_check_says_which_due_days_would_move_and_writes_nothing(scene: Scene) -> None:
    # The publicity ends on 30 November: a day of rest before it moves the end on.
    page = check(scene, "2026-11-26 放假")
    assert "将变动的期限" in page.text
    assert scene.numbers["publicity"] in page.text
    assert "2026年11月30日 2026年12月1日" in page.text
    with reading(scene.city.database, scene.city.now) as work:
        assert load_calendar(work).is_working_day(date(2026, 11, 26))


def test_a_confirmed_notice_moves_the_due_days_and_is_noted(scene: Scene) -> None:
    form = {**NOTICE, "days": "2026-11-26 rest"}
    answer = scene.browser("security").post("/working-days/import/confirmation", data=form)
    assert answer.headers["location"] == "/working-days?year=2026&done=calendar_imported"
    assert "2026年12月1日" in scene.browser("manager").get(f"/cases/{scene.numbers['publicity']}").text
    with reading(scene.city.database, scene.city.now) as work:
        (entry,) = entries_of(work, "calendar")
    assert (entry.action, entry.details["source"]) == ("calendar:import", NOTICE["source"])


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("2027-02-05 放假", [("2027-02-05", "rest")]),
        ("2027/2/20，上班", [("2027-02-20", "work")]),
        ("2027年2月5日至2027年2月6日 放假", [("2027-02-05", "rest"), ("2027-02-06", "rest")]),
        ("2027-02-05 – 2027-02-06 rest", [("2027-02-05", "rest"), ("2027-02-06", "rest")]),
        ("2027-02-30 放假", [("2027-02-30 放假", "rest")]),
        ("2027-02-09 至 2027-02-01 放假", [("2027-02-09 至 2027-02-01 放假", "rest")]),
        ("明天 放假", [("明天 放假", "明天 放假")]),
        ("date,kind", []),
    ],
)
def test_a_line_is_read_as_people_write_it(line: str, days: list[tuple[str, str]]) -> None:
    assert [(day, kind) for _, day, kind in listed_days([line])] == days


def test_what_is_wrong_is_said_line_by_line_and_shown_again(scene: Scene) -> None:
    answer = scene.browser("security").post(
        "/working-days/import", data={**NOTICE, "days": "2027-02-05 放假\n下周一 放假\n2027-02-05 放假"}
    )
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "有2行不正确" in page.text
    assert "2: “下周一 放假”这一行无法识别" in page.text
    assert "2027-02-05 放假" in page.text


def test_an_uploaded_sheet_is_read(scene: Scene) -> None:
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (("date", "kind"), ("2026-11-26", "rest"), ("", "")):
        sheet.append(row)
    book.save(file)
    answer = scene.browser("security").post("/working-days/import", data=NOTICE, files={"file": file.getvalue()})
    page = Page(answer.text).text
    assert "2026年11月26日 放假" in page
    # A notice stands for the whole year: what it does not list is an ordinary day again.
    assert "2026年10月1日 恢复平日" in page
    broken = scene.browser("security").post("/working-days/import", data=NOTICE, files={"file": b"PK no sheet"})
    assert broken.status_code == 422
    assert "不是可以识别的表格" in Page(broken.text).text


def test_only_the_security_administrator_imports(scene: Scene) -> None:
    assert scene.browser("manager").get("/working-days/import").status_code == 403
    assert "导入放假安排" not in Page(scene.browser("manager").get("/working-days").text).text
