"""Looks into a file that somebody hands in, and lets only honest files of a few kinds pass; no database, no disk."""

from collections.abc import Callable
from dataclasses import dataclass

from services.applications.containers import check_container
from services.applications.papers import check_pdf
from services.applications.pictures import redrawn
from services.errors import Invalid

LARGEST = 20 * 1024 * 1024
ZIP_TYPE = "application/zip"


@dataclass(frozen=True, slots=True)
class Upload:
    """What came in: the name it was given at home, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Sound:
    """A file that may be kept: its kind by its own content, and the bytes to keep (pictures are drawn anew)."""

    extension: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file that is taken: how it begins, what it may be called, and what looks into it."""

    extension: str
    names: tuple[str, ...]
    media_type: str
    begins: Callable[[bytes], bool]
    look: Callable[[bytes], bytes]


def _office(extension: str) -> Callable[[bytes], bytes]:
    def look(content: bytes) -> bytes:
        check_container(content, extension)
        return content

    return look


def _picture(kind: str) -> Callable[[bytes], bytes]:
    return lambda content: redrawn(content, kind)


def _is_zip(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


KINDS = (
    Kind("pdf", ("pdf",), "application/pdf", lambda one: one.startswith(b"%PDF-"), check_pdf),
    Kind("jpg", ("jpg", "jpeg"), "image/jpeg", lambda one: one.startswith(b"\xff\xd8\xff"), _picture("JPEG")),
    Kind("png", ("png",), "image/png", lambda one: one.startswith(b"\x89PNG\r\n\x1a\n"), _picture("PNG")),
    Kind("webp", ("webp",), "image/webp", lambda one: one[:4] == b"RIFF" and one[8:12] == b"WEBP", _picture("WEBP")),
    Kind("docx", ("docx",), ZIP_TYPE, _is_zip, _office("docx")),
    Kind("xlsx", ("xlsx",), ZIP_TYPE, _is_zip, _office("xlsx")),
    Kind("ofd", ("ofd",), ZIP_TYPE, _is_zip, _office("ofd")),
)
ACCEPTED = tuple(f".{name}" for kind in KINDS for name in kind.names)


def inspect(upload: Upload) -> Sound:
    """The file as it may be kept; Invalid with the reason when it is empty, too large, of another kind or unsound."""
    content = upload.content
    if not content:
        raise Invalid("upload.empty")
    if len(content) > LARGEST:
        raise Invalid("upload.too_large", megabytes=LARGEST // (1024 * 1024))
    called = upload.name.rpartition(".")[2].lower() if "." in upload.name else ""
    kind = next((one for one in KINDS if called in one.names), None)
    if kind is None:
        raise Invalid("upload.kind_not_taken")
    if not kind.begins(content):
        raise Invalid("upload.not_what_it_is_called", extension=called)
    return Sound(kind.extension, kind.media_type, kind.look(content))
