"""The pages of a paper as pictures: for whoever may read the paper, drawn once, and never a way around a delivery."""

import hashlib
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import select

from services.database.work import reading, unit_of_work
from services.issuance import pictures
from services.issuance.commands import Drawn, deliver, store_drawn
from services.issuance.models import deliveries
from services.issuance.queries import documents_of
from tests.web.conftest import Scene
from tests.web.reading import Page


def drawn_paper(scene: Scene, pages: int = 2, content: bytes = b"") -> str:
    """A paper with that many A4 pages (or with that content), put into qin's drawer."""
    if not content:
        made, out = pypdfium2.PdfDocument.new(), BytesIO()
        for _ in range(pages):
            made.new_page(595, 842)
        made.save(out)
        content = out.getvalue()
    with unit_of_work(scene.city.database, scene.city.tick()) as work:
        number = scene.city.case_id(scene.numbers["review"])
        paper = next(one for one in documents_of(work, case_ids=(number,)) if one.file_sha256 is None)
        store_drawn(work, paper.id, Drawn(content, hashlib.sha256(content).hexdigest(), pages, "test"))
        deliver(work, document_id=paper.id, person_id=scene.city.actor("qin").id)
    return paper.id


def received(scene: Scene, paper: str) -> bool:
    """Whether the addressee has opened it."""
    with reading(scene.city.database, scene.city.now) as work:
        asked = select(deliveries.c.received_at).where(deliveries.c.document_id == paper)
        return work.connection.execute(asked).scalar() is not None


def test_a_paper_opens_page_by_page_and_downloads(scene: Scene) -> None:
    paper = drawn_paper(scene)
    page = Page(scene.browser("manager").get(f"/papers/{paper}").text)
    assert f"/papers/{paper}.pdf" in page.links
    assert "第2页，共2页" in page.text
    answer = scene.browser("manager").get(f"/papers/{paper}/pages/2.webp")
    assert answer.headers["content-type"] == "image/webp"
    picture = Image.open(BytesIO(answer.content))
    assert (picture.format, picture.width) == ("WEBP", pictures.WIDTH)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("part", ["", ".pdf", "/pages/1.webp"])
def test_pictures_are_seen_by_those_who_read_the_paper_and_opening_any_form_receives_it(
    part: str, scene: Scene
) -> None:
    paper = drawn_paper(scene)
    for stranger in ("zhou", "evaluator1", "street"):
        assert scene.browser(stranger).get(f"/papers/{paper}{part}").status_code == 404
    assert scene.browser("manager").get(f"/papers/{paper}{part}").status_code == 200
    assert not received(scene, paper)
    assert scene.browser("qin").get(f"/papers/{paper}{part}").status_code == 200
    assert received(scene, paper)


@pytest.mark.parametrize("page", ["0", "3", "-1", "999999999"])
def test_a_page_that_is_not_there_is_not_found(page: str, scene: Scene) -> None:
    assert scene.browser("manager").get(f"/papers/{drawn_paper(scene)}/pages/{page}.webp").status_code == 404


def test_what_is_no_pdf_has_no_pictures_and_says_what_to_do(scene: Scene) -> None:
    paper = drawn_paper(scene, content=b"%PDF-1.7 no page in here")
    answer = scene.browser("manager").get(f"/papers/{paper}/pages/1.webp")
    assert answer.status_code == 404
    assert "请下载PDF文件查看" in answer.text


def test_a_page_is_drawn_once_and_what_is_kept_has_a_bound(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    paper, client = drawn_paper(scene, pages=3), scene.browser("manager")
    monkeypatch.setattr(pictures, "_kept", type(pictures._kept)())
    first = client.get(f"/papers/{paper}/pages/1.webp").content
    monkeypatch.setattr(pictures, "file_bytes", None)
    assert client.get(f"/papers/{paper}/pages/1.webp").content == first
    monkeypatch.undo()
    monkeypatch.setattr(pictures, "_kept", type(pictures._kept)())
    monkeypatch.setattr(pictures, "KEPT_BYTES", len(first) * 2)
    for page in (1, 2, 3):
        client.get(f"/papers/{paper}/pages/{page}.webp")
    assert len(pictures._kept) == 2
    monkeypatch.setattr(pictures, "LARGEST_FILE", 10)
    monkeypatch.setattr(pictures, "_kept", type(pictures._kept)())
    assert client.get(f"/papers/{paper}/pages/1.webp").status_code == 404
