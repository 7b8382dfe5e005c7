"""The application as it was handed in, and side by side only what changed since the reader's own last look."""

import re

import pytest

from tests.web.conftest import Scene
from tests.web.reading import Page
from tests.web.test_applicant import corrected
from tests.web.writing import ANSWERS, hand_in, hidden, png, upload, write

AIM = "办成能自己运转的队伍"


def handed_in_twice(scene: Scene) -> str:
    """An application that came back once and was handed in again with another budget, aim and file."""
    number, client = corrected(scene), scene.browser("ma")
    path = f"/applications/{number}/corrections"
    answers = {"answer.1": "已签名", "answer.2": "已重算", "answer.3": "每周三"}
    client.post(path, data={**hidden(client.get(path).text), **answers, "later": "yes"})
    write(client, number, "plan", **{**ANSWERS["plan"], "budget": "9000", "aim": AIM.replace("队伍", "秧歌队")})
    upload(client, number, "承诺书", name="signed.png", content=png())
    assert hand_in(client, number).status_code == 303
    return number


def html(scene: Scene, username: str, number: str, query: str = "", *, lang: str = "zh") -> str:
    """The page of versions."""
    return scene.browser(username, lang=lang).get(f"/cases/{number}/versions{query}").text


def see(scene: Scene, username: str, number: str, version: str):
    """Say that this version was looked at."""
    return scene.browser(username).post(f"/cases/{number}/versions/seen", data={"version": version})


def test_a_first_look_shows_everything_and_the_next_one_only_what_changed(scene: Scene) -> None:
    number = corrected(scene)
    first = Page(html(scene, "clerk", number)).text
    assert "第1次提交的全部内容" in first
    assert "教居民扭秧歌" in first
    assert see(scene, "clerk", number, "1").status_code == 303
    assert "您已看到第1次提交" in html(scene, "clerk", number)


def test_a_reader_sees_only_what_changed_since_the_own_last_look(scene: Scene) -> None:
    number = handed_in_twice(scene)
    see(scene, "clerk", number, "1")
    page = html(scene, "clerk", number)
    text = Page(page).text
    assert "第1次提交与第2次提交之间的改动" in text
    assert "教居民扭秧歌" not in text
    assert re.search(r"<ins>秧歌队?</ins>", page)
    assert "<del>¥12,000.50</del><ins>¥9,000.00</ins>" in page
    assert "承诺书" in text
    assert "另有" in text
    assert "第2次提交的全部内容" in html(scene, "manager", number)
    see(scene, "clerk", number, "2")
    assert "您已看到第2次提交" in html(scene, "clerk", number)
    assert "之间的改动" in html(scene, "clerk", number, "?since=1&to=2")


def test_a_version_that_is_not_there_yet_cannot_be_marked_as_seen(scene: Scene) -> None:
    number = corrected(scene)
    for odd in ("2", "999", "x", ""):
        see(scene, "clerk", number, odd)
    assert "第1次提交的全部内容" in html(scene, "clerk", number)


@pytest.mark.parametrize("query", ["?since=99&to=77", "?since=1&to=1", "?since=2&to=1"])
def test_odd_choices_show_a_page(query: str, scene: Scene) -> None:
    assert Page(html(scene, "clerk", handed_in_twice(scene), query)).faults == []


def test_telephones_are_masked_for_all_but_the_applicant(scene: Scene) -> None:
    number = corrected(scene)
    for username in ("clerk", "manager", "auditor"):
        page = html(scene, username, number)
        assert "19900000001" not in page
        assert "199****0001" in page
        assert "马跃" in page
    assert "199****" not in html(scene, "ma", number)


def test_who_may_not_read_the_case_s_papers_reads_no_application(scene: Scene) -> None:
    number = corrected(scene)
    for username in ("zhou", "evaluator1", "qin"):
        assert scene.browser(username).get(f"/cases/{number}/versions").status_code == 404
        assert see(scene, username, number, "1").status_code == 404
    assert "还没有提交过申请" not in html(scene, "clerk", number)


def test_an_evaluator_reads_nothing_of_the_section_about_people(scene: Scene) -> None:
    page = html(scene, "evaluator1", scene.numbers["review"])
    assert Page(page).faults == []
    assert "发起人和负责人" not in page


def test_both_languages_say_it(scene: Scene) -> None:
    number = handed_in_twice(scene)
    see(scene, "clerk", number, "1")
    text = Page(html(scene, "clerk", number, lang="en")).text
    assert "What changed between submission 1 and submission 2" in text
    assert "unchanged" in text
