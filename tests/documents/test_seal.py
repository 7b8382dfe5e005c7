"""The sample seal looks pressed, says that it is a sample, and stands where a seal belongs."""

from __future__ import annotations

import hashlib
import io
import math
import re
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops

from documents import pdf, press
from documents.glyphs import MissingGlyph
from documents.registry import KINDS
from documents.seal import DIAMETER, seal_characters, seal_drawing, seal_pdf, star_points

from .conftest import drawn

NAME = "青檐市河湾区社区社会组织孵化中心"
NOTICE = "admission_notice"


def picture(document: bytes, page: int = 0, dpi: int = 150) -> Image.Image:
    """One page as PDFium shows it."""
    return pypdfium2.PdfDocument(document)[page].render(scale=dpi / 72).to_pil().convert("RGB")


def over_black(document: bytes) -> Image.Image:
    """The first page of `document` laid over a black bar, as a signature lays it over the page."""
    with pikepdf.new() as paper, pikepdf.open(io.BytesIO(document)) as seal:
        page = paper.add_blank_page(page_size=(120, 120))
        page.Contents = pikepdf.Stream(paper, b"0 g 0 50 120 20 re f")
        page.add_overlay(seal.pages[0], pikepdf.Rectangle(0, 0, 120, 120))
        target = io.BytesIO()
        paper.save(target)
    return picture(target.getvalue())


def red_pixels(image: Image.Image) -> int:
    pixels = image.tobytes()
    return sum(pixels[at] > 140 and pixels[at + 1] < 110 for at in range(0, len(pixels), 3))


@pytest.mark.parametrize("name", [NAME, "河湾区民政局", "中", "青檐市河湾区望河街道社区社会组织联合会（代管）筹备组"])
def test_seal_names_stay_inside_the_ring_and_upright_in_the_middle(name: str) -> None:
    characters = seal_characters(name)
    assert "".join(character.text for character in characters) == name
    for character in characters:
        corner = math.hypot(math.hypot(character.x, character.y) + character.height / 2, character.width / 2)
        assert corner < 19.4
    assert sum(character.turn for character in characters) == pytest.approx(0, abs=0.1)
    assert [character.turn for character in characters] == sorted(character.turn for character in characters)


def test_the_star_points_up_and_is_no_emblem() -> None:
    assert star_points()[0] == pytest.approx((0, 6.4))
    assert len(star_points()) == 10


def test_the_seal_is_42_millimetres_across_and_red() -> None:
    with pypdfium2.PdfDocument(seal_pdf(NAME)) as document:
        assert document[0].get_size() == pytest.approx((DIAMETER * 72 / 25.4,) * 2, abs=0.01)
    image = picture(seal_pdf(NAME))
    left, top, right, bottom = Image.eval(image.convert("L"), lambda shade: 255 * (shade < 200)).getbbox() or (0,) * 4
    assert (right - left, bottom - top) == pytest.approx((248, 248), abs=3)
    assert red_pixels(image) > 8_000


def test_letters_under_the_seal_stay_black_and_paper_in_it_stays_bare() -> None:
    image = over_black(seal_pdf(NAME))
    bar = image.crop((2, 112, image.width - 2, 132))
    assert max(max(shade) for shade in bar.get_flattened_data()) < 40
    assert image.getpixel((image.width // 2 + 45, 90)) == (255, 255, 255)


def test_a_seal_pasted_instead_of_pressed_is_noticed() -> None:
    pasted = seal_pdf(NAME).replace(b"/Multiply", b"/Normal  ")
    bar = over_black(pasted).crop((2, 112, 248, 132))
    assert max(max(shade) for shade in bar.get_flattened_data()) > 150


def test_the_ink_is_uneven() -> None:
    image = picture(seal_pdf(NAME), dpi=300)
    inside = [shade for shade in image.get_flattened_data() if shade[0] > 150 and shade[1] < 120]
    assert len(set(inside)) > 40


def test_the_same_name_gives_the_same_seal_and_another_name_another() -> None:
    once = hashlib.sha256(seal_drawing.__wrapped__(NAME)).hexdigest()
    assert once == hashlib.sha256(seal_drawing(NAME)).hexdigest()
    assert seal_drawing("河湾区民政局") != seal_drawing(NAME)
    assert seal_pdf.__wrapped__(NAME) == seal_pdf(NAME)


def test_the_caption_says_sample_unless_somebody_really_signs() -> None:
    assert len(seal_drawing(NAME)) - len(seal_drawing(NAME, "")) > 1_500


def test_a_character_no_seal_can_show_is_refused() -> None:
    with pytest.raises(MissingGlyph, match=r"U\+20BB7"):
        seal_pdf("𠮷祥社")


def test_the_seal_adds_no_words_to_the_text_of_the_page() -> None:
    text = pypdfium2.PdfDocument(drawn(NOTICE).pdf)[0].get_textpage().get_text_bounded()
    assert "样章" not in text
    assert text.count(NAME) == 2
    assert not re.search(rb"\b(BT|Tj|TJ)\b", seal_drawing(NAME))


def test_a_sample_is_pressed_only_when_the_paper_asks_for_it() -> None:
    sample = KINDS[NOTICE].sample()
    bare = pdf.render(NOTICE, replace(sample, head=replace(sample.head, seal="none")))
    assert b"/Multiply" not in _plain(bare.pdf)
    assert b"/Multiply" in _plain(drawn(NOTICE).pdf)
    assert bare.seal_places == drawn(NOTICE).seal_places


def test_the_place_of_the_seal_is_where_it_is_drawn() -> None:
    sample = KINDS[NOTICE].sample()
    bare = pdf.render(NOTICE, replace(sample, head=replace(sample.head, seal="none")))
    (place,) = bare.seal_places
    assert (place.party, place.name, place.page, place.width, place.height) == ("issuer", NAME, 1, 42, 42)
    sealed = picture(drawn(NOTICE).pdf, dpi=72)
    left, bottom, right, top = place.box_in_points
    area = (int(left) - 1, int(sealed.height - top) - 1, int(right) + 2, int(sealed.height - bottom) + 2)
    outside = sealed.copy()
    outside.paste((255, 255, 255), area)
    assert red_pixels(sealed.crop(area)) > 1_500
    assert red_pixels(outside) == red_pixels(_without(picture(bare.pdf, dpi=72), area))


def _without(image: Image.Image, area: tuple[int, int, int, int]) -> Image.Image:
    image.paste((255, 255, 255), area)
    return image


def _plain(document: bytes) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as opened:
        opened.save(target, qdf=True)
    return target.getvalue()


@pytest.mark.parametrize(("pages", "slices"), [(1, []), (3, [42 / 3] * 3), (9, [42 / 4] * 4 + [42 / 5] * 5)])
def test_a_riding_seal_is_cut_over_all_pages(pages: int, slices: list[float]) -> None:
    pdf.start()
    sheet = (
        "@page { size: 210mm 297mm; margin: 20mm } div { break-after: page } div:last-child { break-after: auto }",
    )
    body = "<div>页</div>" * pages
    marked = f'<html lang="zh-Hans"><title>x</title><body><i data-riding="{NAME}"></i>{body}</html>'
    document = pdf._layout(marked, sheet)
    written = document.write_pdf(finisher=press.presser(document, (), own=NAME))
    assert [_red_width(picture(written, page)) for page in range(pages)] == pytest.approx(slices or [0], abs=0.4)


def _red_width(image: Image.Image) -> float:
    """Millimetres from the leftmost red point of a page to its right edge."""
    red, green, _ = image.split()
    inked = ImageChops.subtract(red, green).point(lambda shade: 255 * (shade > 90))
    box = inked.getbbox()
    return (image.width - box[0]) * 25.4 / 150 if box else 0


@pytest.mark.parametrize("kind", ["incubation_agreement", "award_agreement", "purchase_contract"])
def test_an_agreement_has_a_place_for_each_side_and_only_the_issuers_sample_on_it(kind: str) -> None:
    agreement = drawn(kind)
    first, second = agreement.seal_places
    assert (first.party, second.party) == ("first", "second")
    assert first.page == second.page == agreement.pages
    assert first.left + first.width < second.left + 0.1
    assert second.left + second.width <= 210
    last = picture(agreement.pdf, agreement.pages - 1, dpi=72)
    assert red_pixels(last.crop(_corners(first, last.height))) > 1_500
    assert red_pixels(last.crop(_corners(second, last.height))) == 0
    for page in range(agreement.pages):
        assert _red_width(picture(agreement.pdf, page).crop((1_100, 0, 1_240, 1_754))) == pytest.approx(
            42 / agreement.pages, abs=0.5
        )


def _corners(place: press.SealPlace, height: int) -> tuple[int, int, int, int]:
    left, bottom, right, top = place.box_in_points
    return int(left), int(height - top), int(right), int(height - bottom)
