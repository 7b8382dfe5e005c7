"""A page of the console that is printed: every row, who printed it and when, and nothing that only a screen can use."""

import pypdfium2

from services.database.work import reading
from services.issuance.queries import document_line
from tests.browser.conftest import Visitors
from tests.web.conftest import Scene
from tests.web.test_delivery_pages import sent

CONTROLS = ":is(button, input, select, textarea, nav, header, footer, .button, form):visible"


def test_the_printed_drawer_has_all_its_rows_and_no_controls(scene: Scene, visitors: Visitors) -> None:
    paper = sent(scene)
    page = visitors.enter("ma").new_page()
    page.goto("/my-papers")
    rows = page.locator(".drawer > li:visible").count()
    assert rows > 0
    assert page.locator(CONTROLS).count() > 0
    page.emulate_media(media="print")
    assert page.locator(CONTROLS).count() == 0
    assert page.locator(".drawer > li:visible").count() == rows
    with pypdfium2.PdfDocument(page.pdf(format="A4", prefer_css_page_size=True)) as printed:
        text = "".join(sheet.get_textpage().get_text_range() for sheet in printed)
    with reading(scene.city.database, scene.city.now) as work:
        assert document_line(work, paper).number in text
    assert "我的文书 · 打印 " in text
