"""Plants values and looks for them in whatever is left behind, in every form in which a value may lie there."""

import base64
import io
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

import pypdfium2


def forms_of(text: str) -> Iterator[bytes]:
    """The text as it may lie in an artefact: plain, escaped, hexadecimal, in an address, in base64 as it may begin."""
    plain = text.encode()
    yield plain
    yield text.encode("utf-16-le")
    yield json.dumps(text)[1:-1].encode()
    yield plain.hex().encode()
    yield plain.hex().upper().encode()
    yield quote(text, safe="").encode()
    yield quote_plus(text).encode()
    for before in range(3):
        whole = base64.b64encode(b"x" * before + plain)
        # The first and last characters are shared with what stands beside.
        yield whole[(before * 8 + 5) // 6 : -4 if len(whole) > 12 else None]


def found(planted: Mapping[str, str], artefacts: Mapping[str, bytes]) -> list[str]:
    """Which planted text lies in which artefact, in whatever form, packed or not."""
    opened = {place: b"\n".join(unpacked(content)) for place, content in artefacts.items()}
    return [
        f"{name} in {place}"
        for name, text in planted.items()
        for place, content in opened.items()
        if any(form in content for form in forms_of(text))
    ]


def unpacked(content: bytes) -> Iterator[bytes]:
    """The content as it lies there, and what a reader makes of it: the text of a PDF, the entries of an archive."""
    yield content
    if content.startswith(b"%PDF-"):
        document = pypdfium2.PdfDocument(content)
        for page in document:
            yield "".join(page.get_textpage().get_text_bounded().split()).encode()
        document.close()
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from unpacked(archive.read(name))
    elif content.startswith((b"\x78\x9c", b"\x78\xda", b"\x1f\x8b")):
        yield from unpacked(zlib.decompress(content, 47))


def left_in(folder: Path, *, told: str = "") -> dict[str, bytes]:
    """Every file of a folder, its write-ahead logs among them, and the dump of each SQLite database in it."""
    left: dict[str, bytes] = {}
    for one in folder.rglob("*"):
        if not one.is_file():
            continue
        name, content = f"{told}{one.relative_to(folder)}", one.read_bytes()
        left[name] = content
        if content.startswith(b"SQLite format 3"):
            with sqlite3.connect(str(one)) as connection:
                left[f"{name} dump"] = "\n".join(connection.iterdump()).encode()
            connection.close()
    return left
