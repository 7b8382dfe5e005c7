"""Our typefaces as HarfBuzz sees them: which glyph a character has, how wide it is, and a subset for one paper."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import uharfbuzz

from documents.fontset import FONT_FOLDER
from documents.rendered import Unfit

FILES = {
    ("Doc Song", False): "DocSong.ttf",
    ("Doc Song", True): "DocSongBold.ttf",
    ("Doc Hei", False): "DocHei.ttf",
    ("Doc Kai", False): "DocKai.ttf",
}
_UNUSED_TABLES = (
    "GSUB",
    "GPOS",
    "GDEF",
    "BASE",
    "VORG",
    "vhea",
    "vmtx",
    "cmap",
    "name",
    "OS/2",
    "post",
    "DSIG",
    "STAT",
)

_MOST_SUBSETS = 16

Glyph = tuple[int, float]
"""Its number in the whole face, and how far it goes, in thousandths of the type size."""


def deflated(content: bytes) -> bytes:
    """As streams are kept: quick rather than small."""
    return zlib.compress(content, 3)


@dataclass(frozen=True, slots=True)
class Subset:
    """packed: the font file with these glyphs alone, deflated, `size` bytes before that. new: glyph of the whole face
    to glyph of the subset.
    """

    tag: str
    packed: bytes
    size: int
    new: Mapping[int, int]


class Face:
    """One shipped typeface."""

    def __init__(self, family: str, *, bold: bool) -> None:
        self.family = family
        self.name = family.replace(" ", "-") + ("-Bold" if bold else "")
        content = (FONT_FOLDER / FILES[family, bold]).read_bytes()
        whole = uharfbuzz.Face(uharfbuzz.Blob(content))
        self._font = uharfbuzz.Font(whole)
        self._prepared = uharfbuzz.subset_preprocess(whole)
        extents = self._font.get_font_extents("ltr")
        self.ascent, self.descent = extents.ascender, extents.descender
        self._shaped: dict[str, tuple[Glyph, ...]] = {}
        self._single: dict[str, Glyph] = {}
        self._subsets: dict[tuple[int, ...], Subset] = {}

    def single(self, character: str) -> Glyph:
        """The glyph of a character that takes no notice of its neighbours. Unfit when the face has none."""
        glyph = self._single.get(character)
        if glyph is None:
            number = self._font.get_nominal_glyph(ord(character))
            if number is None:
                raise Unfit(f"{self.family} has no {character}")
            glyph = self._single[character] = (number, float(self._font.get_glyph_h_advance(number)))
        return glyph

    def shaped(self, text: str) -> tuple[Glyph, ...]:
        """One glyph for each character, with kerning. Unfit for letters that melt into one or lack a glyph."""
        known = self._shaped.get(text)
        if known is not None:
            return known
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.language = "zh-hans"
        uharfbuzz.shape(self._font, buffer)
        infos, places = buffer.glyph_infos, buffer.glyph_positions
        if len(infos) != len(text) or any(info.codepoint == 0 or info.cluster != at for at, info in enumerate(infos)):
            raise Unfit(f"{text!r} has no glyph of its own for each character")
        if any(place.x_offset or place.y_offset for place in places):
            raise Unfit(f"{text!r} has marks that move")
        glyphs = tuple((info.codepoint, float(place.x_advance)) for info, place in zip(infos, places, strict=True))
        if len(self._shaped) < 4_000:
            self._shaped[text] = glyphs
        return glyphs

    def natural(self, glyph: int) -> float:
        """How far the glyph goes without kerning."""
        return float(self._font.get_glyph_h_advance(glyph))

    def subset(self, glyphs: Iterable[int]) -> Subset:
        """A font file with these glyphs alone; the same glyphs always give the same bytes."""
        wanted = tuple(sorted(set(glyphs)))
        known = self._subsets.get(wanted)
        if known is None:
            # What every certificate says alike (title, labels) needs the same glyphs each time.
            if len(self._subsets) >= _MOST_SUBSETS:
                self._subsets.clear()
            known = self._subsets[wanted] = self._cut(wanted)
        return known

    def _cut(self, wanted: tuple[int, ...]) -> Subset:
        order = uharfbuzz.SubsetInput()
        order.glyph_set.update(wanted)
        order.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
        order.drop_table_tag_set.update(int.from_bytes(tag.ljust(4).encode()) for tag in _UNUSED_TABLES)
        plan = uharfbuzz.SubsetPlan(self._prepared, order)
        data = bytes(plan.execute().blob.data)
        digest = hashlib.sha256(f"{self.name}{list(wanted)}".encode()).digest()
        tag = "".join(chr(65 + byte % 26) for byte in digest[:6])
        new = plan.old_to_new_glyph_mapping
        return Subset(tag, deflated(data), len(data), {old: new[old] for old in wanted})


@cache
def face(family: str, bold: bool) -> Face:
    """The face, loaded once a process. Unfit for one we do not ship."""
    if (family, bold) not in FILES:
        raise Unfit(f"no face for {family}{' bold' if bold else ''}")
    return Face(family, bold=bold)
