"""Rebuilds the vendored typefaces from pinned packages; run by a maintainer only, never by the program.

    python documents/fonts/build_fonts.py FOLDER_WITH_THE_FOUR_PACKAGES [--check]

The packages (names and SHA-256 in SOURCES) come from PyPI and Debian: `pip download --no-deps
pylopdf-fonts-zh-cn==0.1.1`
and `apt-get download fonts-noto-cjk fonts-lxgw-wenkai unicode-data`. The same packages give the same bytes.
Why TrueType outlines: subset CFF fonts print blank Chinese in some viewers. Why new names: the Open Font
License reserves the
old ones for unmodified fonts. Why a subset: whole faces weigh 10 to 25 MB and make every rendering slower.
"""

from __future__ import annotations

import bz2
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable

HERE = Path(__file__).resolve().parent
EPOCH_1904 = 3_849_984_000  # 2026-01-01 in the font clock; fixed so that the same sources give the same bytes

SOURCES = {
    "pylopdf_fonts_zh_cn-0.1.1-py3-none-any.whl": "e2661ef3790cbe0f0f6aa5338b6859b7cd288ee75bc88cd4239c62cd025d4fb3",
    "fonts-noto-cjk_1%3a20220127+repack1-1_all.deb": "4a2515eb6db3978b897fef9709ed0d2b1f4c6c4df4d83d6c4ef65f71f1b1f502",
    "fonts-lxgw-wenkai_1.250+repack-1_all.deb": "6d1e4c4aac78ad32062aefa2c836ee4d6e58f9dcf8b3f4407c9eefe304615318",
    "unicode-data_15.0.0-1_all.deb": "5efef23bbb1c6a133ecbdd63a2cfa07159ccacf5466a49e2426101c5ecd691fc",
}


@dataclass(frozen=True)
class Face:
    """One face to build: the file we ship, its new family and style, and where its outlines come from."""

    file_name: str
    family: str
    style: str
    source: str
    collection_family: str | None = None
    korean: bool = False


FACES = (
    Face("DocSong.ttf", "Doc Song", "Regular", "pylopdf_fonts_zh_cn/NotoSerifSC-Regular.otf"),
    Face(
        "DocSongBold.ttf",
        "Doc Song",
        "Bold",
        "usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc",
        "Noto Serif CJK SC",
    ),
    Face("DocHei.ttf", "Doc Hei", "Regular", "pylopdf_fonts_zh_cn/NotoSansSC-Regular.otf"),
    Face("DocKai.ttf", "Doc Kai", "Regular", "usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"),
    Face(
        "DocBatang.ttf",
        "Doc Batang",
        "Regular",
        "usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
        "Noto Serif CJK KR",
        korean=True,
    ),
)


def unpack(packages: Path, into: Path) -> None:
    """Checks each package against its pinned SHA-256 and unpacks it. Refuses (SystemExit) a missing or other
    package.
    """
    for name, expected in SOURCES.items():
        package = packages / name
        if not package.is_file():
            raise SystemExit(f"missing package: {package}")
        found = hashlib.sha256(package.read_bytes()).hexdigest()
        if found != expected:
            raise SystemExit(f"{name}: SHA-256 is {found}, expected {expected}")
        if name.endswith(".whl"):
            zipfile.ZipFile(package).extractall(into)
        else:
            subprocess.run(["dpkg-deb", "-x", str(package), str(into)], check=True)


def standard_characters(unpacked: Path) -> set[int]:
    """The 8105 code points of 通用规范汉字表 (Unihan field kTGH). Refuses (SystemExit) a table of another size."""
    with bz2.open(unpacked / "usr/share/unicode/Unihan_OtherMappings.txt.bz2", "rt", encoding="utf-8") as mappings:
        rows = [line.split("\t") for line in mappings if "\tkTGH\t" in line and not line.startswith("#")]
    standard = {int(row[0][2:], 16) for row in rows}
    if len(standard) != 8105:
        raise SystemExit(f"the table of standard characters has {len(standard)} rows, expected 8105")
    return standard


def characters(standard: set[int]) -> set[int]:
    """Code points to keep: the standard ones, GB 2312, Latin, punctuation and office symbols."""
    gb2312 = {
        ord(bytes((row, cell)).decode("gb2312"))
        for row in range(0xA1, 0xF8)
        for cell in range(0xA1, 0xFF)
        if _decodes(bytes((row, cell)))
    }
    symbols = set(
        map(ord, "‐‑–—―‘’“”„†‡•…‰′″※‼⁇€№℃℡™←↑→↓↔⇒⇔∀∈∑√∞∠∥∧∨∩∪≈≠≡≤≥■□▢▲△▶▷▼▽◆◇○◎●◯★☆☐☑☒✓✔✗✘〇〒〓〔〕㎡㎏㎜㎝㎞")
    )
    latin = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180))
    return (
        standard
        | gb2312
        | symbols
        | latin
        | set(range(0x2460, 0x2500))
        | set(range(0x3220, 0x3230))
        | set(range(0xFF01, 0xFF5F))
        | {0xFFE5}
    )


def korean_characters() -> set[int]:
    """Code points of the Korean face: the syllables and letters of KS X 1001, and Latin for figures between them."""
    syllables = {code for code in range(0xAC00, 0xD7A4) if len(chr(code).encode("euc_kr", "ignore")) == 2}
    if len(syllables) != 2350:
        raise SystemExit(f"KS X 1001 has {len(syllables)} syllables, expected 2350")
    return syllables | set(range(0x3131, 0x318F)) | set(range(0x20, 0x7F)) | set(map(ord, "·‘’“”「」『』《》〈〉"))


def _decodes(pair: bytes) -> bool:
    try:
        pair.decode("gb2312")
    except UnicodeDecodeError:
        return False
    return True


def open_face(face: Face, unpacked: Path) -> TTFont:
    """Opens a source font; out of a collection, the one whose family name is asked for."""
    path = unpacked / face.source
    if face.collection_family is None:
        return TTFont(path, recalcTimestamp=False)
    for font in TTCollection(path, recalcTimestamp=False).fonts:
        if (
            font["name"].getDebugName(1) == face.collection_family
            or font["name"].getDebugName(16) == face.collection_family
        ):
            return font
    raise SystemExit(f"{face.collection_family} is not in {path}")


def subset(font: TTFont, wanted: set[int]) -> None:
    """Keeps only the wanted characters and the features that horizontal text uses."""
    options = Options()
    options.layout_features = ["kern", "palt", "halt", "ccmp", "mark", "mkmk"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.glyph_names = False
    options.hinting = False
    options.recalc_timestamp = False
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG", "VVAR", "gasp", "meta", "FFTM"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)


def quadratic_outlines(font: TTFont) -> None:
    """Replaces cubic (CFF) outlines by TrueType ones, at most one font unit away."""
    order, glyphs = font.getGlyphOrder(), font.getGlyphSet()
    outlines: dict[str, Any] = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        outlines[name] = pen.glyph()
    font["loca"] = newTable("loca")
    glyf: Any = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, outlines
    font["glyf"] = glyf
    del font["CFF "]
    font["head"].glyphDataFormat = 0
    maximum = font["maxp"]
    maximum.tableVersion = 0x00010000
    for field in ("maxZones",):
        setattr(maximum, field, 1)
    for field in (
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxComponentElements",
    ):
        setattr(maximum, field, 0)
    font.sfntVersion = "\x00\x01\x00\x00"
    post = font["post"]
    post.formatType = 3.0


def rename(font: TTFont, face: Face) -> None:
    """Gives the subset its own name; copyright and licence entries stay, as the licence demands."""
    names = font["name"]
    kept = {entry: names.getDebugName(entry) for entry in (0, 13, 14)}
    names.names = list[Any]()
    full = face.family if face.style == "Regular" else f"{face.family} {face.style}"
    new = {
        1: face.family,
        2: face.style,
        3: f"{full} subset 1",
        4: full,
        5: "Version 1.000",
        6: full.replace(" ", "") + f"-{face.style}",
    }
    for entry, text in {**kept, **new}.items():
        if text:
            names.setName(text, entry, 3, 1, 0x409)
    bold = face.style == "Bold"
    font["OS/2"].usWeightClass = 700 if bold else 400
    font["OS/2"].fsSelection = 0x20 if bold else 0x40
    font["head"].macStyle = 1 if bold else 0
    font["head"].created = font["head"].modified = EPOCH_1904


def write_ranges(target: Path, codes: set[int]) -> None:
    """Writes code points as hexadecimal ranges, one a line: what documents/glyphs.py reads."""
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    lines = [f"{first:X}" if first == last else f"{first:X}-{last:X}" for first, last in ranges]
    target.write_text("\n".join(lines) + "\n", encoding="ascii")


def build(packages: Path, into: Path) -> None:
    """Builds every face of FACES, the lists of characters and SHA256SUMS in `into`."""
    sums: list[str] = []
    covered: set[int] | None = None
    with tempfile.TemporaryDirectory() as folder:
        unpacked = Path(folder)
        unpack(packages, unpacked)
        standard = standard_characters(unpacked)
        wanted = characters(standard)
        for face in FACES:
            font = open_face(face, unpacked)
            subset(font, korean_characters() if face.korean else wanted)
            if "CFF " in font:
                quadratic_outlines(font)
            rename(font, face)
            target = into / face.file_name
            font.save(target)
            sums.append(f"{hashlib.sha256(target.read_bytes()).hexdigest()}  {face.file_name}")
            own = set(TTFont(target).getBestCmap())
            if face.korean:
                write_ranges(into / "charset-ko.txt", own)
                continue
            han_missing = sorted(code for code in wanted - own if code >= 0x3400 and not 0xF900 <= code < 0x20000)
            size = target.stat().st_size
            sys.stdout.write(f"{face.file_name}: {size} bytes, {len(own)} characters, {len(han_missing)} Han missing\n")
            # Symbols a face lacks come from Doc Song, which every style sheet names second.
            # Han must be in every face.
            covered = own if covered is None else covered - set(han_missing)
    write_ranges(into / "charset.txt", covered or set())
    write_ranges(into / "standard_characters.txt", standard)
    (into / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="ascii")


def main() -> None:
    """Builds beside this file, or with --check elsewhere and says (exit status 1) which files would change."""
    packages = Path(sys.argv[1])
    if "--check" not in sys.argv[2:]:
        build(packages, HERE)
        return
    with tempfile.TemporaryDirectory() as folder:
        build(packages, Path(folder))
        changed = [
            path.name for path in sorted(Path(folder).iterdir()) if path.read_bytes() != (HERE / path.name).read_bytes()
        ]
    if changed:
        raise SystemExit(f"built anew these differ: {', '.join(changed)}")


if __name__ == "__main__":
    main()
