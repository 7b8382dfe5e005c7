"""Pictures of the pages of a paper, for telephones and web views that show no PDF; drawn one at a time and kept."""

import hashlib
import threading
from collections import OrderedDict
from io import BytesIO

import pypdfium2
from PIL import Image

from services.database.work import Work
from services.errors import NotFound
from services.issuance.files import file_bytes
from services.issuance.queries import DocumentLine, current_file

WIDTH = 1080
"""Pixels across: an A4 page is sharp on a telephone and readable on a desk."""

MOST_PIXELS = 6_000_000
LARGEST_FILE = 20 * 1024 * 1024
KEPT_BYTES = 24 * 1024 * 1024

_one_at_a_time = threading.Lock()  # the library draws for one thread only
_kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()
"""Pictures by content and page; a content never changes, so nothing here ever grows old."""


def page_picture(work: Work, paper: DocumentLine, page: int) -> bytes:
    """The page, counted from 1, as WebP; whoever asks has made sure that the paper may be read.

    NotFound for a paper that is not drawn yet, a page it does not have, and a file no picture can be made of.
    """
    if paper.file_sha256 is None or page < 1:
        raise NotFound("document.not_found")
    key = (current_file(work, paper.id), page)
    with _one_at_a_time:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
        picture = _drawn(file_bytes(work, key[0]), page)
        _keep(key, picture)
        return picture


def picture_of(content: bytes, page: int) -> bytes:
    """A page of a file that is no stored paper (a preview), as `page_picture` makes them; NotFound likewise."""
    key = (hashlib.sha256(content).hexdigest(), page)
    with _one_at_a_time:
        if key not in _kept:
            if page < 1:
                raise NotFound("document.not_found")
            _keep(key, _drawn(content, page))
        _kept.move_to_end(key)
        return _kept[key]


def _keep(key: tuple[str, int], picture: bytes) -> None:
    _kept[key] = picture
    while sum(map(len, _kept.values())) > KEPT_BYTES and len(_kept) > 1:
        _kept.popitem(last=False)


def _drawn(content: bytes, page: int) -> bytes:
    if len(content) > LARGEST_FILE:
        raise NotFound("document.no_picture")
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        raise NotFound("document.no_picture") from None
    try:
        # The seal of a signed paper is drawn by its signature, which is a field of a form.
        document.init_forms()
        if page > len(document):
            raise NotFound("document.not_found")
        sheet = document[page - 1]
        width, height = sheet.get_size()
        scale = WIDTH / width if width else 0
        if not scale or WIDTH * height * scale > MOST_PIXELS:
            raise NotFound("document.no_picture")
        return _webp(sheet.render(scale=scale).to_pil())
    finally:
        document.close()


def _webp(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.convert("RGB").save(out, "WEBP", quality=82, method=4)
    return out.getvalue()
