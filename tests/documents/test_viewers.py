"""Every kind looks the same in Poppler, PDFium and MuPDF, says the same words in each, and makes none of them complain.

A subset font can print in one viewer and leave blanks in another; a picture of one compared with the other two finds
that. Each push looks at a few kinds, the night at all of them.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageFilter, ImageStat

from documents import pdf
from documents.pades import Wish, certify
from documents.registry import KINDS
from documents.seal import seal_pdf

from .conftest import drawn
from .keys import AT, NAME, office
from .reading import squeezed, unprinted_fields

NIGHTLY = bool(os.environ.get("CHUKE_NIGHTLY"))
DPI = 100
TOOLS = {"Poppler": "pdftoppm", "MuPDF": "mutool"}
MEAN, CELL = 3.5, 55.0
"""How far two viewers' pictures of a page may differ, in shades of 256: on average, and in the worst square of 3 mm."""

SQUARE = 12  # pixels, about 3 mm: smaller than a body character
EACH_PUSH = 2
_day = datetime.now(UTC).toordinal()
TRIED = (
    sorted(KINDS) if NIGHTLY else [sorted(KINDS)[(_day * EACH_PUSH + step) % len(KINDS)] for step in range(EACH_PUSH)]
)


def in_pdfium(document: bytes, _: Path) -> list[Image.Image]:
    with pypdfium2.PdfDocument(document) as opened:
        opened.init_forms()  # the seal of a signed paper is the picture of its signature
        return [page.render(scale=DPI / 72).to_pil().convert("L") for page in opened]


def in_poppler(document: bytes, folder: Path) -> list[Image.Image]:
    (folder / "paper.pdf").write_bytes(document)
    return _run(["pdftoppm", "-r", str(DPI), "-gray", "-png", "paper.pdf", "poppler"], folder, "poppler*.png")


def in_mupdf(document: bytes, folder: Path) -> list[Image.Image]:
    (folder / "paper.pdf").write_bytes(document)
    command = ["mutool", "draw", "-q", "-r", str(DPI), "-c", "gray", "-o", "mupdf%03d.png", "paper.pdf"]
    return _run(command, folder, "mupdf*.png")


def _run(command: list[str], folder: Path, pattern: str) -> list[Image.Image]:
    needs(command[0])
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert complaints(done.stderr) == []
    return [Image.open(path).convert("L") for path in sorted(folder.glob(pattern))]


def complaints(said: str) -> list[str]:
    """What a viewer says of a paper; what it says of its own build is no complaint."""
    return [line for line in said.splitlines() if line.strip() and "ICC support is not available" not in line]


def needs(tool: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")


def differences(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """Mean difference of two pictures of a page, and that of the worst square. Edges are softened before, and a pixel
    may have moved by one, because viewers smooth and round differently.
    """
    assert max(abs(one.width - other.width), abs(one.height - other.height)) <= 1
    size = min(one.width, other.width), min(one.height, other.height)
    first, second = (picture.crop((0, 0, *size)).filter(ImageFilter.BoxBlur(1)) for picture in (one, other))
    apart = ImageChops.difference(first, second)
    for step in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        apart = ImageChops.darker(apart, ImageChops.difference(first, ImageChops.offset(second, *step)))
    return ImageStat.Stat(apart).mean[0], float(apart.reduce(SQUARE).getextrema()[1])


Viewer = Callable[[bytes, Path], list[Image.Image]]


@pytest.mark.parametrize("viewer", [in_poppler, in_mupdf], ids=["Poppler", "MuPDF"])
@pytest.mark.parametrize("kind", TRIED)
def test_a_paper_looks_the_same_in_every_viewer(kind: str, viewer: Viewer, tmp_path: Path) -> None:
    paper = drawn(kind).pdf
    theirs, ours = viewer(paper, tmp_path), in_pdfium(paper, tmp_path)
    assert len(theirs) == len(ours) == drawn(kind).pages
    for one, other in zip(ours, theirs, strict=True):
        mean, worst = differences(one, other)
        assert mean < MEAN
        assert worst < CELL


@pytest.mark.skipif(not NIGHTLY, reason="every viewer draws the seal of a sample on each push; nightly")
@pytest.mark.parametrize("viewer", [in_poppler, in_mupdf], ids=["Poppler", "MuPDF"])
@pytest.mark.parametrize("kind", ["admission_notice", "filing_certificate", "graduation_certificate"])
def test_a_signed_paper_shows_its_seal_alike_in_every_viewer(kind: str, viewer: Viewer, tmp_path: Path) -> None:
    sample = KINDS[kind].sample()
    bare = pdf.render(kind, replace(sample, head=replace(sample.head, seal="none")))
    signed = certify(bare.pdf, office(), Wish(at=AT, seal=seal_pdf(NAME), places=bare.seal_places))
    theirs, ours = viewer(signed, tmp_path), in_pdfium(signed, tmp_path)
    apart = [differences(*pair) for pair in zip(ours, theirs, strict=True)]
    print(kind, [(round(mean, 2), worst) for mean, worst in apart])
    assert all(mean < MEAN and worst < CELL for mean, worst in apart)
    without = [differences(*pair)[1] for pair in zip(in_pdfium(bare.pdf, tmp_path), theirs, strict=True)]
    assert min(without) > CELL  # the seal is on every sheet of it, and one that is not drawn would be noticed


@pytest.mark.parametrize("viewer", [in_poppler, in_mupdf], ids=["Poppler", "MuPDF"])
def test_one_blank_character_is_noticed(viewer: Viewer, tmp_path: Path) -> None:
    paper = drawn("admission_notice").pdf
    blanked = without_one_glyph(paper, "同")
    apart = [differences(*pair) for pair in zip(in_pdfium(paper, tmp_path), viewer(blanked, tmp_path), strict=True)]
    assert max(worst for _, worst in apart) > CELL


@pytest.mark.parametrize("tool", ["pdftotext", "mutool"])
@pytest.mark.parametrize("kind", TRIED)
def test_the_text_another_program_extracts_is_the_data(kind: str, tool: str, tmp_path: Path) -> None:
    needs(tool)
    (tmp_path / "paper.pdf").write_bytes(drawn(kind).pdf)
    command = {
        "pdftotext": ["pdftotext", "-raw", "paper.pdf", "-"],
        "mutool": ["mutool", "draw", "-q", "-F", "text", "paper.pdf"],
    }[tool]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, encoding="utf-8")
    assert complaints(done.stderr) == []
    sample = KINDS[kind].sample()
    pages = [squeezed(page) for page in done.stdout.split("\f")]
    foot = squeezed(f"验证码：{sample.head.verify_code}扫码或登录下列网址核验本件真伪：{sample.head.verify_url}")
    text = "".join(page.replace(foot, "") for page in pages) + foot
    assert unprinted_fields(sample, text, allowed=KINDS[kind].unprinted) == []


def without_one_glyph(paper: bytes, character: str) -> bytes:
    """The paper with the outline of one character emptied in every font that has it: no viewer warns of that."""
    target = io.BytesIO()
    emptied = 0
    with pikepdf.open(io.BytesIO(paper)) as document:
        for item in document.objects:
            if not (isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == "/Type0"):
                continue
            glyph = _glyph_of(item.ToUnicode.read_bytes().decode("ascii"), character)
            if glyph is None:
                continue
            stream = item.DescendantFonts[0].FontDescriptor.FontFile2
            font = TTFont(io.BytesIO(stream.read_bytes()))
            name = font.getGlyphOrder()[glyph]
            font["glyf"][name] = type(font["glyf"][name])()
            changed = io.BytesIO()
            font.save(changed)
            stream.write(changed.getvalue())
            emptied += 1
        document.save(target)
    assert emptied
    return target.getvalue()


def _glyph_of(to_unicode: str, character: str) -> int | None:
    wanted = character.encode("utf-16-be").hex()
    for line in to_unicode.splitlines():
        code, _, rest = line.strip().partition(">")
        if rest.strip().strip("<>").lower() == wanted:
            return int(code.strip("<"), 16)
    return None
