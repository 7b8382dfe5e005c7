"""A stamped certificate is the laid-out one to the eye, to the reader of its text, and to whoever checks it."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter

from documents import pdf, stamp
from documents.context import canonical_json
from documents.draw import draw
from documents.qr import qr_runs
from documents.registry import KINDS
from documents.rendered import RenderFailed, Unfit, method_of
from documents.stamping import lines
from documents.stamping.skeleton import taken_apart

from .reading import squeezed

NIGHTLY = bool(os.environ.get("CHUKE_NIGHTLY"))
# A filing certificate has two sheets, and is issued to one organization at a time.
CERTIFICATES = sorted(name for name, kind in KINDS.items() if kind.family == "D" and name != "filing_certificate")
GRADUATION = "graduation_certificate"
RECEIPT = "-ABCDEFGHJK#" + "Aa0_" * 45
ROOT = Path(pdf.__file__).resolve().parent.parent
PLACES = "河湾区向阳里望河街道桦苑北甸村青檐市龢㛃镕喆堃社区老年协会志愿服务队银龄日间照料中心书画"


def graduation(seed: int, *, name: str = "", seal: str = "sample") -> Any:
    """A certificate of some organization, its name between four and sixty characters long."""
    chance, sample = random.Random(seed), KINDS[GRADUATION].sample()
    holder = name or "".join(chance.choices(PLACES, k=chance.randint(4, 60)))
    if not name and seed % 5 == 0:
        holder = holder[:6] + chance.choice(["（筹）", "“1+1”", "No.3", "·A座", "《家》", "2026—"]) + holder[6:]
    head = replace(
        sample.head, number=f"QYFH-CQ-2026-{chance.randint(1, 9999):04d}", addressee=holder, organization_name=holder,
        seal=seal,
    )  # fmt: skip
    begun = date(2024, 1, 1) + timedelta(days=chance.randrange(700))
    return replace(
        sample, head=head, identity_number="".join(chance.choices("0123456789ABCDEFGH", k=18)), term_from=begun,
        term_to=begun + timedelta(days=365), score=Decimal(chance.randint(6000, 10000)) / 100,
        grade=chance.choice(["excellent", "good", "pass"]), graduation_type=chance.choice(["registered", "filed"]),
    )  # fmt: skip


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return squeezed(document[0].get_textpage().get_text_bounded())
    finally:
        document.close()


def picture_of(content: bytes, scale: float = 0.6) -> Image.Image:
    document = pypdfium2.PdfDocument(content)
    try:
        return document[0].render(scale=scale).to_pil().convert("L")
    finally:
        document.close()


def apart(one: bytes, other: bytes) -> int:
    """The greatest difference of two pages at 43 dots an inch, of 255, each dot spread over its neighbours: both round
    places to their own fractions of a dot.
    """
    spread = ImageFilter.BoxBlur(1)
    pictures = (picture_of(content).filter(spread) for content in (one, other))
    return int(ImageChops.difference(*pictures).getextrema()[1])


@pytest.mark.parametrize("seed", range(600 if NIGHTLY else 6))
def test_text_and_picture_are_those_of_the_laid_out_page(seed: int) -> None:
    context = graduation(seed)
    whole, stamped = pdf.render(GRADUATION, context, receipt=RECEIPT), stamp.stamp(GRADUATION, context, receipt=RECEIPT)
    assert text_of(stamped.pdf) == text_of(whole.pdf)
    assert (stamped.pages, stamped.fonts, stamped.seal_places) == (1, whole.fonts, whole.seal_places)
    assert apart(stamped.pdf, whole.pdf) < 40


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_every_certificate_is_stamped(kind: str) -> None:
    context = KINDS[kind].sample()
    whole, stamped = pdf.render(kind, context), draw(kind, context)
    assert method_of(stamped.engine) == "stamped"
    assert text_of(stamped.pdf) == text_of(whole.pdf)
    assert apart(stamped.pdf, whole.pdf) < 40


def test_a_character_moved_by_a_millimetre_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: were the comparison blind, everything above would pass for nothing."""
    context = graduation(1)
    whole = pdf.render(GRADUATION, context)
    stamp.stamp(GRADUATION, context)
    placed = lines._placed

    def moved(block: Any, line: Any, **how: Any) -> Any:
        first, *rest = placed(block, line, **how)
        return (replace(first, x=first.x + 3.8), *rest)

    monkeypatch.setattr(lines, "_placed", moved)
    for block in (block for blocks in stamp._blocks.values() for block in blocks):
        block.kept.clear()
    assert apart(stamp.stamp(GRADUATION, context).pdf, whole.pdf) > 80
    for kept in (stamp._fixed, stamp._blocks, stamp._bases):
        kept.clear()


def test_the_bytes_do_not_depend_on_which_paper_was_laid_out() -> None:
    one, other = graduation(1), graduation(2, name=graduation(1).head.organization_name)
    first = stamp.stamp(GRADUATION, one).sha256
    for kept in (stamp._fixed, stamp._blocks, stamp._bases):
        kept.clear()
    stamp.stamp(GRADUATION, other)
    assert stamp.stamp(GRADUATION, one).sha256 == first


def test_the_bytes_do_not_depend_on_the_process() -> None:
    script = (
        "from documents.draw import draw; from documents.registry import KINDS; "
        f"print(draw('{GRADUATION}', KINDS['{GRADUATION}'].sample()).sha256)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/Lima"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == draw(GRADUATION, KINDS[GRADUATION].sample()).sha256


def test_a_page_with_a_sample_seal_serves_no_paper_without_one() -> None:
    sealed, bare = graduation(1), graduation(1, seal="none")
    assert apart(stamp.stamp(GRADUATION, sealed).pdf, pdf.render(GRADUATION, sealed).pdf) < 40
    assert apart(stamp.stamp(GRADUATION, bare).pdf, pdf.render(GRADUATION, bare).pdf) < 40


def test_the_file_is_whole_carries_its_data_and_embeds_every_typeface() -> None:
    context = graduation(3)
    stamped = stamp.stamp(GRADUATION, context, receipt=RECEIPT)
    with pikepdf.open(io.BytesIO(stamped.pdf)) as document:
        assert document.check_pdf_syntax() == []
        with document.open_metadata() as metadata:
            assert metadata.pdfa_status == "3U"
            assert metadata["dc:title"] == str(document.docinfo["/Title"]) == f"出壳证书（{context.head.number}）"
            assert metadata["xmp:CreateDate"] == context.head.issued_on.isoformat()
        assert document.attachments["data.json"].get_file().read_bytes() == canonical_json(context)
        said = document.attachments["receipt.txt"].get_file().read_bytes().decode()
        assert said == context.head.verify_url + RECEIPT
        assert [str(one.AFRelationship) for one in document.Root.AF] == ["/Data", "/Data"]
        fonts = document.pages[0].Resources.Font.values()
        assert all("/FontFile2" in one.DescendantFonts[0].FontDescriptor and "/ToUnicode" in one for one in fonts)
        assert "/Encrypt" not in document.trailer


def test_the_code_is_drawn_module_for_module() -> None:
    context = graduation(4, seal="none")
    content = stamp.stamp(GRADUATION, context, receipt=RECEIPT).pdf
    size, runs = qr_runs(context.head.verify_url + RECEIPT)
    left, top, side = next(iter(stamp._bases.values())).code
    picture = picture_of(content, 4.0)
    dark = {(column + step, row) for column, row, width in runs for step in range(width)}
    for row in range(size):
        for column in range(size):
            x, y = (3.0 * (start + (at + 0.5) * side / size) for start, at in ((left, column), (top, row)))
            pixel = picture.getpixel((int(x), int(y)))
            assert isinstance(pixel, (int, float))
            assert ((column, row) in dark) == (pixel < 128), (column, row)


def test_what_cannot_be_stamped_is_laid_out_as_a_whole() -> None:
    notice = KINDS["admission_notice"]
    assert method_of(draw(notice.name, notice.sample()).engine) == "whole"
    rare = graduation(1, name="≅数学社")  # the 楷体 lacks this sign, the 宋体 behind it has it
    spaced = graduation(1, name="望河街道 Sunshine Volunteers 志愿服务队" * 3)
    for context in (replace(rare, identity_number="≅1"), spaced):
        with pytest.raises(Unfit):
            stamp.stamp(GRADUATION, context)
        assert method_of(draw(GRADUATION, context).engine) == "whole"
    assert method_of(draw(GRADUATION, graduation(1)).engine) == "stamped"


def test_a_paper_is_drawn_again_as_it_was_drawn() -> None:
    context = graduation(5)
    stamped, whole = draw(GRADUATION, context), pdf.render(GRADUATION, context)
    assert draw(GRADUATION, context, method=method_of(stamped.engine)).sha256 == stamped.sha256
    assert draw(GRADUATION, context, method=method_of(whole.engine)).sha256 == whole.sha256 != stamped.sha256
    assert method_of("") == "any"
    with pytest.raises(RenderFailed, match="cannot be stamped any more"):
        draw("admission_notice", KINDS["admission_notice"].sample(), method="stamped")


def test_texts_and_skeleton_come_apart() -> None:
    page = taken_apart('<head></head><body><p class="a">甲&amp;乙</p>\n<svg><text>x</text></svg><p>丙</p></body>')
    assert page.texts == ("甲&乙", "丙")
    assert page.skeleton == '<body><p class="a">\0</p><svg><text>x</text></svg><p>\0</p></body>'
    for untidy in ("<head></head><p>a<br>b</p>", "<head></head><p> a</p>", "<p>no head</p>"):
        with pytest.raises(Unfit):
            taken_apart(untidy)


def test_stamping_costs_a_small_part_of_laying_out() -> None:
    context = graduation(6)
    stamp.stamp(GRADUATION, context)
    begun = time.process_time()
    for _ in range(5):
        pdf.render(GRADUATION, context)
    whole, begun = time.process_time() - begun, time.process_time()
    for _ in range(5):
        stamp.stamp(GRADUATION, context)
    assert (time.process_time() - begun) * 4 < whole


def test_a_worker_stays_as_large_as_it_was() -> None:
    count = 500 if NIGHTLY else 40
    script = (
        "from documents.draw import draw; from tests.documents.test_stamping import graduation, GRADUATION\n"
        "def size(): return int(open('/proc/self/status').read().partition('VmRSS:')[2].split()[0]) >> 10\n"
        "def some(first, last):\n"
        "    for seed in range(first, last):\n"
        "        draw(GRADUATION, graduation(seed), method='whole' if seed % 4 == 0 else 'any')\n"
        f"some(0, 20); before = size(); some(20, {count}); print(before, size())"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    before, after = map(int, done.stdout.split())
    assert after < 300
    assert after - before < 25, done.stdout
