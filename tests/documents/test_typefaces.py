"""Our typefaces hold every character of the national table; hard names print as they are written or are refused."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from documents import fontset, glyphs, pdf
from documents.registry import KINDS

from .reading import squeezed

ROOT = Path(pdf.__file__).resolve().parent.parent
FACES = ("DocSong.ttf", "DocSongBold.ttf", "DocHei.ttf", "DocKai.ttf")
NOTICE = "admission_notice"
PRINTED = (
    "张喆", "李堃", "王甡", "赵昇", "陈镕", "刘赟", "周翀", "吴旻", "郑玥", "孙㛃", "朱䶮", "林垚", "何燚",
    "郭淼", "马骉", "罗犇", "梁芃", "宋珺", "唐煊", "许彧", "冯璟", "曹燊", "彭鑫", "曾喆", "肖祎", "田𬭎",
    "董𨱇", "潘㻬", "袁𫍽", "阿依古丽·买买提", "欧阳翯", "令狐㬎",
)  # fmt: skip
BEYOND = ("邓頔", "张𠮷", "𰻞面馆", "李𬎆", "王𡈼", "陈𪚥", "刘𠔻", "周𣎴")


def standard_characters() -> frozenset[int]:
    codes: set[int] = set()
    for line in (fontset.FONT_FOLDER / "standard_characters.txt").read_text(encoding="ascii").split():
        first, _, last = line.partition("-")
        codes.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(codes)


def missing(face: str) -> list[str]:
    """Characters of the national table a face lacks or has without an outline."""
    with TTFont(fontset.FONT_FOLDER / face, lazy=True) as font:
        names, outlines = font.getBestCmap(), font["loca"]
        return [
            chr(code)
            for code in sorted(standard_characters())
            if code not in names or _empty(outlines, font.getGlyphID(names[code]))
        ]


def _empty(outlines: object, glyph: int) -> bool:
    return bool(outlines[glyph] == outlines[glyph + 1])  # type: ignore[index]


def test_the_national_table_has_8105_characters() -> None:
    assert len(standard_characters()) == 8_105
    assert standard_characters() <= glyphs.printable_characters()


@pytest.mark.parametrize("face", FACES)
def test_every_face_has_every_character_of_the_national_table(face: str) -> None:
    assert missing(face) == []


def test_a_face_that_lacks_a_character_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    font = TTFont(fontset.FONT_FOLDER / "DocKai.ttf")
    for table in font["cmap"].tables:
        table.cmap.pop(ord("堃"), None)
    font.save(tmp_path / "DocKai.ttf")
    (tmp_path / "standard_characters.txt").write_text(f"{ord('堃'):X}\n{ord('喆'):X}\n", encoding="ascii")
    monkeypatch.setattr(fontset, "FONT_FOLDER", tmp_path)
    assert missing("DocKai.ttf") == ["堃"]


def names_on_paper(names: tuple[str, ...]) -> object:
    sample = KINDS[NOTICE].sample()
    return replace(sample, duties=names, head=replace(sample.head, addressee=names[0], contact=names[-1]))


def read_back(document: bytes) -> str:
    with pypdfium2.PdfDocument(document) as opened:
        return squeezed("".join(page.get_textpage().get_text_bounded() for page in opened))


def embedded(document: bytes) -> set[str]:
    """Names of the fonts in a PDF; fails for one that is not embedded whole with the words behind its glyphs."""
    found = set()
    with pikepdf.open(io.BytesIO(document)) as opened:
        for item in opened.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == "/Type0":
                assert "/ToUnicode" in item
                assert "/FontFile2" in item.DescendantFonts[0].FontDescriptor
                found.add(str(item.BaseFont).partition("+")[2])
    return found


def test_hard_names_print_as_they_are_written() -> None:
    """F8 for the names our own faces hold."""
    rendered = pdf.render(NOTICE, names_on_paper(PRINTED))
    text = read_back(rendered.pdf)
    assert [name for name in PRINTED if name not in text] == []
    assert all(name.startswith("Doc-") for name in embedded(rendered.pdf))


@pytest.mark.parametrize("name", BEYOND)
def test_a_name_no_face_can_print_is_refused_with_its_code_point(name: str) -> None:
    """F8 for the others: never a box, never another character."""
    with pytest.raises(glyphs.MissingGlyph) as refusal:
        pdf.render(NOTICE, names_on_paper((*PRINTED[:3], name)))
    assert refusal.value.text == name
    assert refusal.value.code_point == f"U+{ord(refusal.value.character):X}"
    assert refusal.value.field == "head.contact"


SCRIPT = (
    "import sys, io, json; from pathlib import Path; from documents import pdf\n"
    "from tests.documents.test_typefaces import BEYOND, NOTICE, names_on_paper\n"
    "pdf.start(extra_fonts=Path(sys.argv[1]))\n"
    "sys.stdout.buffer.write(pdf.render(NOTICE, names_on_paper(BEYOND)).pdf)"
)


def drawn_with(folder: Path) -> bytes:
    command = [sys.executable, "-X", "utf8", "-c", SCRIPT, str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout


@pytest.mark.skipif(
    not os.environ.get("CHUKE_NIGHTLY"), reason="each push does this with one character in test_rendering"
)
def test_an_operators_font_prints_the_rare_ones(tmp_path: Path) -> None:
    font = TTFont(fontset.FONT_FOLDER / "DocKai.ttf")
    for entry in font["name"].names:
        if entry.nameID in (1, 4, 6):
            entry.string = "RareHan"
    for table in font["cmap"].tables:
        if table.format == 12:
            ours = glyphs.printable_characters()
            rare = (character for name in BEYOND for character in name if ord(character) not in ours)
            table.cmap.update({ord(character): table.cmap[ord("吉")] for character in rare})
    font.save(tmp_path / "RareHan.ttf")
    document = drawn_with(tmp_path)
    text = read_back(document)
    # One stand-in shape for all of them: the file keeps only one code for it, so one name is read back.
    assert any(name in text for name in BEYOND)
    assert any("RareHan" in name for name in embedded(document))


@pytest.mark.skipif("CHUKE_RARE_FONTS" not in os.environ, reason="names a folder with a face of 50 000 characters")
def test_a_real_font_of_rare_characters_prints_all_forty_names() -> None:
    document = drawn_with(Path(os.environ["CHUKE_RARE_FONTS"]))
    text = read_back(document)
    assert [name for name in BEYOND if name not in text] == []


@pytest.mark.timeout(1200)
@pytest.mark.skipif("CHUKE_FONT_PACKAGES" not in os.environ, reason="names the folder with the four pinned packages")
def test_the_typefaces_are_built_again_byte_for_byte() -> None:
    script = fontset.FONT_FOLDER / "build_fonts.py"
    command = [sys.executable, str(script), os.environ["CHUKE_FONT_PACKAGES"], "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
