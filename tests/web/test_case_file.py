"""The file of a case as an archive: what the reader sees, an index, names Windows takes, same bytes, little memory."""

import csv
import hashlib
import io
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from zipfile import ZipFile

import pytest

from services.applications.form import SECTIONS
from services.cases.case_file import CaseFile, Entry, stream
from services.cases.case_file_names import LONGEST, file_name
from services.cases.case_file_pages import application_sheet
from services.cases.version_page import Handed, VersionsPage
from tests.database.office import trail
from tests.web.conftest import PDF, Scene
from tests.web.reading import Page

DIGEST = hashlib.sha256(PDF).hexdigest()


def taken(scene: Scene, who: str, reason: str = "上级检查", *, case: str = "review") -> bytes:
    number = scene.numbers[case]
    answer = scene.browser(who).post(f"/cases/{number}/file.zip", data={"reason": reason})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert "filename*=UTF-8''%E6%A1%88%E5%8D%B7" in answer.headers["content-disposition"]
    return answer.content


def test_the_archive_holds_the_papers_with_an_index_that_names_their_hashes(scene: Scene) -> None:
    archive = ZipFile(io.BytesIO(taken(scene, "manager")))
    assert archive.testzip() is None
    names = archive.namelist()
    assert names[:4] == ["0 目录.html", "0 目录.csv", "0 目录.json", "3 送达证明/送达记录.csv"]
    listed = json.loads(archive.read("0 目录.json"))["files"]
    assert [one["file"] for one in listed] == names[4:]
    for one in listed:
        assert hashlib.sha256(archive.read(one["file"])).hexdigest() == one["sha256"]
    rows = list(csv.reader(io.StringIO(archive.read("0 目录.csv").decode("utf-8-sig"))))
    assert len(rows) == len(listed) + 1
    assert DIGEST in archive.read("0 目录.html").decode()


def test_the_same_state_gives_the_same_bytes_whoever_asks_again(scene: Scene) -> None:
    assert taken(scene, "manager", "上级检查") == taken(scene, "manager", "再次核对")


def test_it_asks_for_a_reason_notes_who_took_it_and_hides_what_the_reader_may_not_see(scene: Scene) -> None:
    number = scene.numbers["review"]
    assert "案卷" in Page(scene.browser("manager").get(f"/cases/{number}/file.zip").text).text
    refused = scene.browser("manager").post(f"/cases/{number}/file.zip", data={"reason": ""})
    assert refused.status_code == 422
    assert trail(scene.city.database, "case:export_file") == []
    taken(scene, "manager")
    assert len(trail(scene.city.database, "case:export_file")) == 1
    assert scene.browser("zhou").post(f"/cases/{number}/file.zip", data={"reason": "看看"}).status_code == 404
    own = json.loads(ZipFile(io.BytesIO(taken(scene, "qin"))).read("0 目录.json"))["files"]
    whole = json.loads(ZipFile(io.BytesIO(taken(scene, "manager"))).read("0 目录.json"))["files"]
    assert {one["sha256"] for one in own} <= {one["sha256"] for one in whole}


def sheets_in(content: bytes) -> dict[str, str]:
    """The score sheets of an archive by their names."""
    archive = ZipFile(io.BytesIO(content))
    return {name: archive.read(name).decode() for name in archive.namelist() if name.startswith("4 评分表/")}


def test_whoever_reads_scores_finds_each_locked_sheet_once_the_round_is_concluded(scene: Scene) -> None:
    scene.city.lock(scene.numbers["review"], "evaluator1")
    assert sheets_in(taken(scene, "manager")) == {}
    found = sheets_in(taken(scene, "manager", case="publicity"))
    assert len(found) == 3
    page = Page(next(iter(found.values()))).text
    assert scene.numbers["publicity"] in page
    for said in ("需求契合与公益性", "满分", "总分", "提出的一票否决情形"):
        assert said in page


@pytest.mark.parametrize(("who", "count"), [("zhou", 0), ("case_manager", 0), ("evaluator2", 1)])
def test_nobody_else_does_but_an_evaluator_the_own_one(who: str, count: int, scene: Scene) -> None:
    whole = sheets_in(taken(scene, "manager", case="publicity"))
    own = sheets_in(taken(scene, who, case="publicity"))
    assert len(own) == count
    assert set(own.values()) <= set(whole.values())


def test_an_application_reads_as_it_was_handed_in_with_every_field() -> None:
    content = {
        "basics": {"name": "<秧歌队>", "standing": "filed", "members": 24},
        "people": {"leader_name": "马跃", "founders": [{"name": "𠮷田", "part": "队长"}]},
        "plan": {"budget": 1_200_050, "aim": "第一行\n第二行"},
        "commitments": {"truthful": True, "non_profit": False},
    }
    sections = tuple(one for one in SECTIONS if one.fields)
    handed = Handed(
        2, datetime(2026, 11, 2, 1, tzinfo=UTC), "马跃", {one.name: content.get(one.name, {}) for one in sections},
        (("章程", True, "0a1b2c3d"), ("名册", False, "")),
    )  # fmt: skip
    text = Page(application_sheet(VersionsPage("QY-1", "秧歌队", sections, (handed,), 0), handed).decode()).text
    for field in (field for section in sections if section.name in content for field in section.fields):
        assert field.zh in text or field.kind == "list", field.name
    for said in ("<秧歌队>", "已在街道（乡镇）备案", "𠮷田", "队长", "¥12,000.50", "第2次提交", "0a1b2c3d", "纸质提交"):
        assert said in text, said
    assert "希望的入驻方式" not in text
    nothing = replace(handed, content={one.name: {} for one in sections})
    blank = application_sheet(VersionsPage("QY-1", "秧歌队", sections, (nothing,), 0), nothing)
    assert "不是在申请表中填写的" in blank.decode()


def many(count: int) -> CaseFile:
    entries = tuple(
        Entry(f"1 文书/{file_name(f'{place:03d} D01 收件回执', 'pdf')}", "1 文书", f"〔2026〕{place}号", "收件回执",
              date(2026, 11, 9), 1, f"{place:064x}")
        for place in range(count)
    )  # fmt: skip
    return CaseFile("QY-1", "晨光社区邻里互助社", entries, ())


def test_two_hundred_papers_pass_through_the_memory_of_a_few(scene: Scene) -> None:
    size, found = 200_000, many(200)

    def pieces() -> Iterator[bytes]:
        return stream(found, lambda digest: digest.encode() * (size // 64))

    tracemalloc.start()
    total = sum(len(piece) for piece in pieces())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total > 200 * size * 0.99
    assert peak < 12 * size
    first, second = hashlib.sha256(), hashlib.sha256()
    for piece in pieces():
        first.update(piece)
    for piece in pieces():
        second.update(piece)
    assert first.digest() == second.digest()
    changed = replace(found, organization="别的组织")
    third = hashlib.sha256(b"".join(stream(changed, lambda digest: digest.encode() * (size // 64))))
    assert third.digest() != first.digest()


@pytest.mark.parametrize(
    ("stem", "kept"),
    [
        ("D03 青河孵补〔2026〕11号", "D03 青河孵补〔2026〕11号.pdf"),
        ('a<b>:"/\\|?*c', "a_b________c.pdf"),
        ("../../etc/passwd", "_.._etc_passwd.pdf"),
        ("CON", "_CON.pdf"),
        ("nul.txt", "_nul.txt.pdf"),
        ("尾巴. .", "尾巴.pdf"),
        ("", "_.pdf"),
        ("a\u202eb\u0000c", "ab_c.pdf"),
    ],
)
def test_names_are_such_as_windows_unpacks(stem: str, kept: str) -> None:
    assert file_name(stem, "pdf") == kept


def test_a_long_name_is_cut_between_characters_and_keeps_its_ending() -> None:
    name = file_name("社" * 200, "pdf")
    assert name.endswith(".pdf")
    assert len(name.encode()) <= LONGEST
    assert set(name.removesuffix(".pdf")) == {"社"}
