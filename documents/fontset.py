"""Gives the PDF engine our typefaces and no others, through a private font configuration."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from fontTools.ttLib import TTCollection, TTFont

FONT_FOLDER = Path(__file__).resolve().parent / "fonts"
OUR_FAMILIES = frozenset({"Doc Song", "Doc Hei", "Doc Kai"})
KOREAN_FAMILY = "Doc Batang"
# Names under which operators' 仿宋 files are known; the first one present prints the body, Doc Song otherwise.
FANG_FAMILIES = (
    "仿宋_GB2312",
    "FangSong_GB2312",
    "仿宋",
    "FangSong",
    "FandolFang R",
    "FandolFang",
    "Zhuque Fangsong (technical preview)",
    "Zhuque Fangsong",
)
_FONT_SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})


class FontsBroken(RuntimeError):
    """The shipped typefaces are missing or altered, or an extra font cannot be read; nothing may be printed."""


@dataclass(frozen=True)
class FontSet:
    """families: every family a page may use. extra: code points an operator's fonts add. digest: names the
    whole set.
    """

    families: frozenset[str]
    extra: frozenset[int]
    digest: str


def install(extra_fonts: Path | None = None) -> FontSet:
    """Checks the fonts and points fontconfig at a private configuration naming only our folder and `extra_fonts`.

    Must run before the engine is first imported. Changes FONTCONFIG_FILE in this process's environment.
    Refuses (FontsBroken) altered or missing shipped fonts and unreadable extra ones.
    """
    sums = _check_shipped_fonts()
    extra = _read_extra_fonts(extra_fonts) if extra_fonts else {}
    families = OUR_FAMILIES | {KOREAN_FAMILY} | {family for names, _, _ in extra.values() for family in names}
    digest = hashlib.sha256("".join([sums, *sorted(sha for _, _, sha in extra.values())]).encode()).hexdigest()
    folder = Path(tempfile.gettempdir()) / f"chuke-fonts-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise FontsBroken(f"{folder} belongs to someone else")
    content = _configuration(folder / "cache", extra_fonts).encode()
    path = folder / f"fonts-{hashlib.sha256(content).hexdigest()[:16]}.conf"
    # Written aside and renamed: another process may be reading the same file.
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)
    # An absolute path: fontconfig ignores a relative one without a word and system fonts leak in.
    os.environ["FONTCONFIG_FILE"] = str(path.resolve())
    return FontSet(families, frozenset().union(*(codes for _, codes, _ in extra.values())), digest)


def _check_shipped_fonts() -> str:
    sums = (FONT_FOLDER / "SHA256SUMS").read_text(encoding="ascii")
    for line in sums.splitlines():
        expected, name = line.split()
        path = FONT_FOLDER / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            raise FontsBroken(f"shipped font {name} is missing or altered")
    return sums


def _read_extra_fonts(folder: Path) -> dict[Path, tuple[set[str], set[int], str]]:
    if not folder.is_dir():
        raise FontsBroken(f"font folder {folder} does not exist")
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in _FONT_SUFFIXES:
            continue
        try:
            fonts = (
                TTCollection(path, lazy=True).fonts
                if path.suffix.lower() in {".ttc", ".otc"}
                else [TTFont(path, lazy=True)]
            )
            names = {str(entry) for font in fonts for entry in font["name"].names if entry.nameID in (1, 16)}
            codes = {code for font in fonts for code in font.getBestCmap()}
        except Exception as failure:
            raise FontsBroken(f"extra font {path.name} cannot be read: {failure}") from failure
        found[path] = (names, codes, hashlib.sha256(path.read_bytes()).hexdigest())
    return found


def _configuration(cache: Path, extra_fonts: Path | None) -> str:
    folders = [FONT_FOLDER, *([extra_fonts.resolve()] if extra_fonts else [])]
    listed = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in folders)
    stand_ins = "".join(f"<string>{escape(family)}</string>" for family in (*FANG_FAMILIES, "Doc Song"))
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f"{listed}<cachedir>{escape(str(cache))}</cachedir>"
        '<match target="pattern"><test name="family" compare="eq"><string>Doc Fang</string></test>'
        f'<edit name="family" mode="assign_replace" binding="strong">{stand_ins}</edit></match>'
        "</fontconfig>"
    )
