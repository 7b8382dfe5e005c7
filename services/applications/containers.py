"""Looks into Office and OFD files, which are ZIP archives, without ever unpacking one into memory or onto disk."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath

from services.errors import Invalid

MOST_ENTRIES = 1000
LARGEST_DIRECTORY = 256 * 1024
MOST_UNPACKED = 64 * 1024 * 1024
LARGEST_RATIO = 100
PIECE = 64 * 1024
SMALL_ENOUGH = 64 * 1024
"""What unpacks to less than this is no bomb, however well it was packed."""

_MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "ofd": "OFD.xml"}
_ARCHIVES = (
    ".zip",
    ".rar",
    ".7z",
    ".gz",
    ".bz2",
    ".xz",
    ".tar",
    ".jar",
    ".cab",
    ".docx",
    ".xlsx",
    ".pptx",
    ".ofd",
    ".iso",
)
_PROGRAMS = (
    ".exe",
    ".dll",
    ".scr",
    ".com",
    ".bat",
    ".cmd",
    ".ps1",
    ".vbs",
    ".js",
    ".hta",
    ".lnk",
    ".sh",
    ".msi",
    ".class",
)
_MACROS = ("vbaproject.bin", "vbadata.xml", "activex", "macrosheets", "oleobject", "embeddings/")
_NESTED = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0")
_ENTITY = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_RELATION = re.compile(rb"<[^<>]*TargetMode\s*=\s*[\"']External[\"'][^<>]*>", re.IGNORECASE)
_MACRO_TYPE = re.compile(rb"macroEnabled|vbaProject|DDEAUTO", re.IGNORECASE)
_LINK = re.compile(rb"/hyperlink[\"']", re.IGNORECASE)
OVERLAP = 256


def check_container(content: bytes, kind: str) -> None:
    """Invalid when the archive is broken, hides something, swells, nests, acts, or is not the kind it is called."""
    _check_end(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_directory(content, entries)
            names = {one.filename for one in entries}
            if _MAIN[kind] not in names or (kind != "ofd" and "[Content_Types].xml" not in names):
                raise Invalid("upload.not_what_it_is_called", extension=kind)
            _check_entries(archive, entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, struct.error, OSError):
        raise Invalid("upload.cut_off") from None


def _check_end(content: bytes) -> None:
    """The directory's end is the file's end, and neither the count nor the size of the directory is beyond reason."""
    at = content.rfind(b"PK\x05\x06")
    if at < 0 or at + 22 > len(content):
        raise Invalid("upload.cut_off")
    (_, _, _, _, entries, size, start, comment) = struct.unpack("<IHHHHIIH", content[at : at + 22])
    if comment or at + 22 != len(content) or start + size != at:
        raise Invalid("upload.two_kinds")
    if entries > MOST_ENTRIES or size > LARGEST_DIRECTORY:
        raise Invalid("upload.too_many_entries")


def _check_directory(content: bytes, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise Invalid("upload.too_many_entries")
    if len({one.filename.lower() for one in entries}) != len(entries):
        raise Invalid("upload.unsafe_entry")
    if sum(one.file_size for one in entries) > MOST_UNPACKED:
        raise Invalid("upload.swells")
    reached = 0
    for one in sorted(entries, key=lambda entry: entry.header_offset):
        # Entries that share their bytes unpack to far more than the file holds.
        if one.header_offset < reached:
            raise Invalid("upload.swells")
        reached = one.header_offset + 30 + one.compress_size
        if one.flag_bits & 0x1:
            raise Invalid("upload.locked")
        if one.file_size > SMALL_ENOUGH and one.file_size > LARGEST_RATIO * max(one.compress_size, 1):
            raise Invalid("upload.swells")
        _check_name(one.filename)
    if reached > len(content):
        raise Invalid("upload.cut_off")


def _check_name(name: str) -> None:
    low = name.lower()
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\\" in name or ":" in name or any(ord(one) < 32 for one in name):
        raise Invalid("upload.unsafe_entry")
    if any(word in low for word in _MACROS) or low.endswith(_PROGRAMS):
        raise Invalid("upload.active")
    if low.endswith(_ARCHIVES):
        raise Invalid("upload.nested")


def _check_entries(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    left = MOST_UNPACKED
    for one in entries:
        low = one.filename.lower()
        text = low.endswith((".xml", ".rels", ".vml"))
        # Who stands in relation to what is short, and read whole; elsewhere a piece is read with the end of the last.
        overlap = LARGEST_DIRECTORY if low.endswith(".rels") else OVERLAP
        if overlap > OVERLAP and one.file_size > LARGEST_DIRECTORY:
            raise Invalid("upload.swells")
        kept = b""
        for number, piece in enumerate(_pieces(archive, one)):
            left -= len(piece)
            if left < 0:
                raise Invalid("upload.swells")
            if number == 0 and piece.startswith(_NESTED):
                raise Invalid("upload.nested")
            if text:
                _check_text(kept + piece)
                kept = (kept + piece)[-overlap:]


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry piece by piece; the library notices at the end when the bytes are not those it was promised."""
    with archive.open(entry) as opened:
        while piece := opened.read(PIECE):
            yield piece


def _check_text(content: bytes) -> None:
    # Two bytes a character hide every word from a search of single bytes; without the zeros they stand there plainly.
    plain = content.replace(b"\0", b"")
    if _ENTITY.search(plain):
        raise Invalid("upload.outside_reference")
    if _MACRO_TYPE.search(plain):
        raise Invalid("upload.active")
    if any(not _LINK.search(found.group()) for found in _RELATION.finditer(plain)):
        raise Invalid("upload.outside_reference")
