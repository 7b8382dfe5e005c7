"""The layouts of the office's papers: each with its sample, when it is issued, and to whom."""

import pytest

from documents.registry import KINDS
from tests.web.conftest import Scene
from tests.web.reading import Page


def test_every_kind_is_listed_with_the_step_that_issues_it(scene: Scene) -> None:
    page = Page(scene.browser("auditor").get("/templates").text)
    assert {f"/templates/{name}" for name in KINDS} <= set(page.links)
    assert "孵化 · 受理" in page.text
    assert "发给" in page.text


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_sample_is_a_page_of_its_own_with_its_style(name: str, scene: Scene) -> None:
    client = scene.browser("manager", lang="en")
    assert KINDS[name].title_en in Page(client.get(f"/templates/{name}").text).text
    sheet = client.get(f"/templates/{name}/sheet")
    assert KINDS[name].sample().head.number in sheet.text
    assert f"/templates/{name}/sheet.css" in sheet.text
    assert "script-src 'self'" in sheet.headers["content-security-policy"]
    style = client.get(f"/templates/{name}/sheet.css")
    assert style.headers["content-type"].startswith("text/css")


def test_an_unknown_kind_is_not_found(scene: Scene) -> None:
    for path in ("/templates/x", "/templates/x/sheet", "/templates/..%2f..%2fx/sheet.css"):
        assert scene.browser("manager").get(path).status_code == 404
