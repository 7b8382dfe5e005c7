"""Many organizations from one file: whatever Excel saves is read, every wrong row is told, all are entered or none."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from httpx2 import Response
from sqlalchemy import func, select
from xlsxwriter import Workbook

from services.audit.models import audit_entries
from services.database.work import reading
from services.organizations.models import organizations
from tests.web.city import COMMUNITY, ELSEWHERE
from tests.web.conftest import Scene
from tests.web.reading import Page
from web.pages.organization_imports import COLUMNS


def row(name: str = "新苑社区合唱团", **changed: str) -> dict[str, str]:
    cells = dict.fromkeys(COLUMNS, "") | {
        "组织名称": name, "类别": "文体活动类", "服务类型": "合唱团", "所在区划代码": COMMUNITY,
        "负责人": "叶知微", "成员数": "24",
    }  # fmt: skip
    return cells | changed


def table(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS, newline: str = "\r\n") -> str:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, lineterminator=newline, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def upload(scene: Scene, content: bytes, *, username: str = "manager", name: str = "a.csv") -> Response:
    return scene.browser(username).post("/organizations/import", files={"file": (name, content, "text/csv")})


def confirm(scene: Scene, page: Response, *, username: str = "manager") -> Response:
    sent = page.text.split('<textarea name="rows" hidden>\n', 1)[1].split("</textarea>", 1)[0]
    return scene.browser(username).post("/organizations/import/confirmation", files={"rows": (None, sent)})


def entered(scene: Scene) -> set[str]:
    with reading(scene.city.database, scene.city.now) as work:
        return set(work.connection.scalars(select(organizations.c.name)))


def xlsx(*rows: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with Workbook(file) as book:
        page = book.add_worksheet()
        for line, cells in enumerate([dict(zip(COLUMNS, COLUMNS, strict=True)), *rows]):
            for place, column in enumerate(COLUMNS):
                page.write_string(line, place, cells[column])
    return file.getvalue()


ENCODED = {
    "UTF-8": table(row()).encode(),
    "UTF-8 with a mark": table(row()).encode("utf-8-sig"),
    "GB18030": table(row()).encode("gb18030"),
    "old line breaks": table(row(), newline="\r").encode(),
    "mixed line breaks": table(row()).replace("\r\n", "\n", 1).encode() + b"\n\r\n",
    "XLSX": xlsx(row()),
}


@pytest.mark.parametrize("content", ENCODED.values(), ids=ENCODED.keys())
def test_whatever_excel_saves_is_tried_first_and_entered_on_confirmation(scene: Scene, content: bytes) -> None:
    before = entered(scene)
    tried = upload(scene, content)
    assert tried.status_code == 200
    assert "可录入1个组织" in tried.text
    assert Page(tried.text).faults == []
    assert entered(scene) == before
    assert confirm(scene, tried).headers["location"] == "/organizations/import?done=organizations"
    assert entered(scene) == before | {"新苑社区合唱团"}
    found = scene.browser("manager").get("/organizations?text=xysqhct").text
    assert "新苑社区合唱团" in found


def test_every_fault_of_every_row_is_told_and_nothing_is_entered(scene: Scene) -> None:
    before = entered(scene)
    wrong = [
        row("好的组织"), row("", 成员数="二十"), row("甲社", 类别="其他"), row("乙社", 所在区划代码="999999999"),
        row("丙社", 统一社会信用代码="52229902MJ9000014Y"), row("丁社", 备案号="229902002-2026-0001"),
        row("晨光社区邻里互助社"), row("戊社"), row("戊社"), row("己社", 成立日期="去年"),
    ]  # fmt: skip
    told = upload(scene, table(*wrong).encode())
    assert told.status_code == 422
    assert [line in told.text for line in (">3<", ">4<", ">11<")] == [True, True, True]
    sound = [one for one in wrong if one["类别"] != "其他" and one["成员数"] != "二十" and not one["成立日期"]]
    told = upload(scene, table(*sound).encode())
    assert told.status_code == 422
    for sentence in (
        "没有找到区划999999999",
        "校验",
        "备案号与所在街道",
        "已有名为“晨光社区邻里互助社”",
        "与第7行重复",
    ):
        assert sentence in told.text, sentence
    assert entered(scene) == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "没有填写“文件”"),
        (table(row(), columns=COLUMNS[1:]).encode(), "文件缺少列：组织名称"),
        (",".join(COLUMNS).encode(), "没有一行组织"),
        (b"PK\x03\x04 no table", "请"),
        (table(*[row(f"第{number}社") for number in range(1001)]).encode(), "超过1000行"),
        (("\n".join([",".join(COLUMNS)] + ["a,b,c"] * 1_000_000)).encode(), "超过20000行"),
    ],
    ids=["nothing", "wrong heading", "no rows", "a broken archive", "more than a file may hold", "a million rows"],
)
def test_a_file_that_cannot_be_taken_is_refused_with_what_to_do(scene: Scene, content: bytes, sentence: str) -> None:
    answer = upload(scene, content)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_what_changed_between_trial_and_confirmation_is_looked_at_again(scene: Scene) -> None:
    tried = upload(scene, table(row(), row("另一社")).encode())
    assert confirm(scene, upload(scene, table(row()).encode())).status_code == 303
    late = confirm(scene, tried)
    assert late.status_code == 422
    assert "另一社" not in entered(scene)


def test_a_street_enters_only_its_own_and_others_may_not(scene: Scene) -> None:
    told = upload(scene, table(row(), row("外街社", 所在区划代码=ELSEWHERE)).encode(), username="street")
    assert told.status_code == 422
    assert ">3<" in told.text
    assert confirm(scene, upload(scene, table(row()).encode(), username="street"), username="street").status_code == 303
    assert scene.browser("evaluator1").get("/organizations/import").status_code == 403


def test_each_organization_has_its_entry_in_the_log(scene: Scene) -> None:
    confirm(scene, upload(scene, table(row("甲社"), row("乙社")).encode()))
    with reading(scene.city.database, scene.city.now) as work:
        told: Any = select(func.count()).where(audit_entries.c.action == "organization:enter")
        assert work.connection.scalar(told) == 2


def test_the_template_reads_back_and_offers_its_choices(scene: Scene) -> None:
    content = scene.browser("manager").get("/organizations/import/template.xlsx").content
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert page is not None
    assert tuple(cell.value for cell in page[1]) == COLUMNS
    choices = page.data_validations.dataValidation
    assert [str(one.formula1) for one in choices] == ['"生活服务类,文体活动类,公益慈善类,支持平台类"']
    assert upload(scene, content, name="organizations.xlsx").status_code in (200, 422)


def test_one_organization_is_shown_with_its_cases(scene: Scene) -> None:
    identity = scene.city.organizations["zhou"]
    page = scene.browser("street").get(f"/organizations/{identity}")
    assert page.status_code == 200
    assert scene.numbers["publicity"] in page.text
    assert Page(page.text).faults == []
    assert scene.browser("street").get(f"/organizations/{scene.city.organizations['qin']}").status_code == 404
