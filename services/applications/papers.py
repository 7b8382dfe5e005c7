"""Looks into PDF files: whole, nothing hidden around them, nothing in them that acts, no password."""

import re
import zlib

from services.errors import Invalid

TAIL = 1024
HEAD = 1024
MOST_UNPACKED = 8 * 1024 * 1024
MOST_OF_ONE = 1024 * 1024
_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE|GoToR|Movie|Sound|Rendition)"
    rb"(?![A-Za-z])"
)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"/ObjStm(?![A-Za-z])")
_FOREIGN = re.compile(rb"<(?:!doctype|html|script|svg|body|iframe)|<\?php", re.IGNORECASE)


def check_pdf(content: bytes) -> bytes:
    """The bytes as they are; Invalid when the file is cut off, doubles as another kind, is locked or can act."""
    end = content.rfind(b"%%EOF")
    if end < 0 or end < len(content) - TAIL or b"startxref" not in content[max(0, end - 64) : end]:
        raise Invalid("upload.cut_off")
    if content[end + 5 :].strip(b"\r\n\t \0") or b"PK\x05\x06" in content[-70_000:]:
        raise Invalid("upload.two_kinds")
    if _FOREIGN.search(content[:HEAD]) or b"PK\x03\x04" in content[:HEAD]:
        raise Invalid("upload.two_kinds")
    if re.search(rb"/Encrypt(?![A-Za-z])", content):
        raise Invalid("upload.locked")
    if _acts(content) or any(_acts(part) for part in _object_streams(content)):
        raise Invalid("upload.active")
    return content


def _acts(content: bytes) -> bool:
    """Names may be written with escapes (`/J#61vaScript`); only what holds one is read a second time."""
    if _ACTIVE.search(content):
        return True
    written = {
        match.group() for match in re.finditer(rb"/[A-Za-z#0-9]{0,40}#[0-9A-Fa-f]{2}[A-Za-z#0-9]{0,40}", content)
    }
    return any(_ACTIVE.search(_ESCAPE.sub(_plain, one)) for one in written)


def _plain(escape: re.Match[bytes]) -> bytes:
    return bytes([int(escape.group(1), 16)])


def _object_streams(content: bytes) -> list[bytes]:
    """The packed object streams, unpacked within bounds; Invalid when they swell beyond them."""
    found: list[bytes] = []
    total = 0
    for match in _STREAM.finditer(content):
        start = content.find(b"stream", match.end(), match.end() + 2000)
        if start < 0:
            continue
        start += len(b"stream")
        start += 2 if content[start : start + 2] == b"\r\n" else 1
        try:
            part = zlib.decompressobj().decompress(content[start : start + MOST_OF_ONE], MOST_OF_ONE)
        except zlib.error:
            continue
        total += len(part)
        if total > MOST_UNPACKED:
            raise Invalid("upload.swells")
        found.append(part)
    return found
