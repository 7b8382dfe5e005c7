"""The console's way of an edition: written, compared, previewed with real data, decided by a second person."""

from typing import Any

from sqlalchemy import insert

from documents.editions.source import shipped
from services.database.base import new_id
from services.database.work import unit_of_work
from services.people.queries import actor_named
from services.templates.models import template_editions
from tests.web.conftest import Scene
from tests.web.reading import Page

KIND = "acceptance_notice"
PAGE = shipped(KIND).page
OTHER = PAGE.replace("<p>", '<p class="strong">', 1)


def kept(scene: Scene, by: str = "manager", **given: Any) -> str:
    """An edition as an act would have left it, without drawing anything."""
    identity = new_id()
    with unit_of_work(scene.city.database, scene.city.now) as work:
        values = {
            "id": identity, "kind": KIND, "based_on": 0, "page": OTHER, "style": "", "pages": 1, "reason": "字号加粗",
            "standing": "waiting", "proposed_by": actor_named(work, by).id, "saved_at": scene.city.now,
        }  # fmt: skip
        work.connection.execute(insert(template_editions).values(**values | given))
    return identity


def test_what_may_not_stand_is_shown_again_with_its_lines(scene: Scene) -> None:
    typed = {"page": PAGE.replace("<p>", "<p style='x'>{{ nobody }}", 1), "style": "p { src: url(x) }", "reason": "改"}
    answer = scene.browser("manager").post(f"/templates/{KIND}/editions", data=typed)
    assert answer.status_code == 422
    text = Page(answer.text).text
    assert "未保存：版式有3处不符合要求" in text
    assert "版面中不得使用属性“style”" in text
    assert "没有名为“nobody”的内容" in text
    assert "样式第1行：不得使用“src”这一属性" in text
    assert "{{ nobody }}" in answer.text.replace("&#39;", "'")


def test_the_second_person_sees_the_lines_that_change_and_the_first_finds_no_button(scene: Scene) -> None:
    edition = kept(scene)
    path = f"/template-editions/{edition}"
    page = Page(scene.browser("bureau").get(path).text)
    assert f"{path}/approve" in [action for _, action in page.forms]
    assert '<p class="strong">' in page.text
    own = Page(scene.browser("manager").get(path).text)
    assert f"{path}/approve" not in [action for _, action in own.forms]
    assert "等待另一位有批准权的人办理" in own.text
    assert scene.browser("manager").post(f"{path}/approve").status_code == 403


def test_it_is_sent_back_with_a_reason_that_the_writer_reads(scene: Scene) -> None:
    path = f"/template-editions/{kept(scene)}"
    assert scene.browser("bureau").post(f"{path}/refuse", data={"reason": ""}).status_code == 422
    answer = scene.browser("bureau").post(f"{path}/refuse", data={"reason": "请保留案号"})
    assert answer.headers["location"] == f"{path}?done=template_refused"
    assert "请保留案号" in Page(scene.browser("manager").get(path).text).text


def test_a_draft_is_there_for_its_writer_alone(scene: Scene) -> None:
    path = f"/template-editions/{kept(scene, standing='draft')}"
    assert scene.browser("manager").get(path).status_code == 200
    for part in ("", "/preview.pdf", "/pages/1.webp"):
        assert scene.browser("bureau").get(path + part).status_code == 404
    assert "字号加粗" in Page(scene.browser("manager").get(f"/templates/{KIND}/edit").text).text


def test_the_preview_is_a_picture_and_a_file_of_the_page_as_it_was_written(scene: Scene) -> None:
    path = f"/template-editions/{kept(scene)}"
    client = scene.browser("bureau")
    picture = client.get(f"{path}/pages/1.webp")
    assert picture.content[8:12] == b"WEBP"
    assert client.get(f"{path}/preview.pdf").content.startswith(b"%PDF")
    assert client.get(f"{path}/pages/9.webp").status_code == 404
    assert client.get(f"{path}/preview.pdf?paper={new_id()}").status_code == 404


def test_the_lists_say_which_edition_is_in_force(scene: Scene) -> None:
    by = {"decided_by": None}
    with unit_of_work(scene.city.database, scene.city.now) as work:
        by["decided_by"] = actor_named(work, "bureau").id
    edition = kept(scene, standing="approved", edition=1, in_force_from=scene.city.now, **by)
    assert "第1版" in Page(scene.browser("auditor").get("/templates").text).text
    page = Page(scene.browser("auditor").get(f"/templates/{KIND}").text)
    assert f"/template-editions/{edition}" in page.links
    answer = scene.browser("bureau").post(f"/template-editions/{edition}/retire", data={"reason": "有误"})
    assert answer.headers["location"].endswith("done=template_retired")
    assert "第1版" not in Page(scene.browser("auditor").get("/templates").text).text
