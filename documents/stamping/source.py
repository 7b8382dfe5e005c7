"""A one-page PDF taken apart into numbered objects, so that new ones can be written behind those that stay."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pikepdf

HEADER = b"%PDF-1.7\n%\xe5\x87\xba\xe5\xa3\xb3\n"


@dataclass(frozen=True, slots=True)
class Original:
    """start: the file up to the first new object. offsets: of the objects in it by number; those that are to be
    written anew are missing. page, resources, catalog: their entries without what is written anew. contents: what the
    page draws, in order.
    """

    start: bytes
    offsets: dict[int, int]
    next_number: int
    page_number: int
    page: bytes
    resources_number: int
    resources: bytes
    catalog_number: int
    catalog: bytes
    contents: tuple[int, ...]


def original_of(content: bytes) -> Original:
    """Takes the file apart. Page, resources and catalog are left open for what a paper adds to them."""
    with pikepdf.open(BytesIO(content)) as document:
        page, catalog = document.pages[0].obj, document.Root
        contents = page.Contents if isinstance(page.Contents, pikepdf.Array) else [page.Contents]
        resources = page.Resources
        again = {one.objgen[0] for one in (page, catalog, resources, catalog.Metadata, document.trailer.Info)}
        start = bytearray(HEADER)
        offsets: dict[int, int] = {}
        count = 0
        for number, one in enumerate(document.objects, start=1):
            count = number
            if number in again or one is None or _structural(one):
                continue
            offsets[number] = len(start)
            start += b"%d 0 obj\n" % number + _written(one) + b"\nendobj\n"
        return Original(
            bytes(start), offsets, count + 1, page.objgen[0], _entries(page, {"/Contents"}), resources.objgen[0],
            _entries(resources, {"/Font"}), catalog.objgen[0], _entries(catalog, {"/Metadata", "/AF", "/Names"}),
            tuple(one.objgen[0] for one in contents),
        )  # fmt: skip


def _structural(one: pikepdf.Object) -> bool:
    return isinstance(one, pikepdf.Stream) and one.get("/Type") in ("/XRef", "/ObjStm")


def _written(one: pikepdf.Object) -> bytes:
    if isinstance(one, pikepdf.Stream):
        raw = one.read_raw_bytes()
        head = b"<<" + _entries(one, {"/Length"}) + b" /Length %d>>" % len(raw)
        return head + b"\nstream\n" + raw + b"\nendstream"
    return one.unparse(resolved=True)


def _entries(one: pikepdf.Object, without: set[str]) -> bytes:
    kept = pikepdf.Dictionary()
    for key, value in one.items():
        if key not in without:
            kept[key] = value
    return kept.unparse().removeprefix(b"<<").removesuffix(b">>")
