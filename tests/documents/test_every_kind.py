"""Every folder in documents/kinds is a complete document: it draws without a warning and prints all it was given."""

from __future__ import annotations

import io
import json
import re
from dataclasses import FrozenInstanceError, is_dataclass, replace
from pathlib import Path

import pikepdf
import pytest

import documents.kinds
from documents import pdf
from documents.context import Head, canonical_json, from_json, to_json
from documents.registry import KINDS

from .reading import text_of, unprinted_fields

FOLDER = Path(documents.kinds.__path__[0])


def test_every_folder_is_a_kind() -> None:
    folders = {path.name for path in FOLDER.iterdir() if (path / "__init__.py").is_file()}
    assert folders == set(KINDS)
    for name in folders:
        assert {path.name for path in (FOLDER / name).iterdir() if path.is_file()} - {"page.zh-ko.html"} == {
            "__init__.py",
            "page.html",
            "page.css",
        }


def test_kind_describes_itself(kind: str) -> None:
    described = KINDS[kind]
    assert re.fullmatch(r"D\d\d[a-z]?", described.code)
    assert described.title_zh
    assert described.title_en
    assert described.family in "ABCD"
    assert is_dataclass(described.context)
    sample = described.sample()
    assert isinstance(sample.head, Head)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}", sample.head.verify_code)
    with pytest.raises(FrozenInstanceError):
        sample.head = None


def test_context_survives_storage_unchanged(kind: str) -> None:
    sample = KINDS[kind].sample()
    stored = json.loads(json.dumps(to_json(sample)))
    again = from_json(KINDS[kind], stored)
    assert again == sample
    assert canonical_json(again) == canonical_json(sample)


def test_every_field_is_on_the_paper(kind: str, rendered: pdf.Rendered) -> None:
    sample = KINDS[kind].sample()
    text = text_of(rendered.pdf, sample.head)
    assert unprinted_fields(sample, text, allowed=KINDS[kind].unprinted) == []


def test_a_dropped_field_is_noticed(kind: str, rendered: pdf.Rendered) -> None:
    sample = KINDS[kind].sample()
    other = replace(
        sample, head=replace(sample.head, organization_name="另一家社区社会组织", number="青河孵入〔2026〕999号")
    )
    assert "head.number" in unprinted_fields(other, text_of(rendered.pdf, sample.head))


def test_only_our_typefaces_and_all_embedded(rendered: pdf.Rendered) -> None:
    assert set(rendered.fonts) <= {"Doc Song", "Doc Hei", "Doc Kai"}
    with pikepdf.open(io.BytesIO(rendered.pdf)) as document:
        fonts = [
            item for item in document.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
        ]
        descriptors = [
            item
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert all("Doc-" in str(font["/BaseFont"]) for font in fonts)
        assert all("/FontFile2" in descriptor for descriptor in descriptors)


def test_is_an_archivable_pdf_in_chinese(kind: str, rendered: pdf.Rendered) -> None:
    sample = KINDS[kind].sample()
    with pikepdf.open(io.BytesIO(rendered.pdf)) as document:
        assert str(document.Root.Lang) == "zh-Hans"
        assert str(document.Root.OutputIntents[0].S) == "/GTS_PDFA1"
        assert sample.head.number in str(document.docinfo["/Title"])
        assert str(document.docinfo["/CreationDate"]).startswith(f"D:{sample.head.issued_on:%Y%m%d}")
        with document.open_metadata() as metadata:
            assert metadata.pdfa_status == "3U"
        assert document.attachments["data.json"].get_file().read_bytes() == canonical_json(sample)


def test_same_context_gives_the_same_bytes(kind: str, rendered: pdf.Rendered) -> None:
    assert pdf.render(kind, KINDS[kind].sample()).sha256 == rendered.sha256


def test_notices_and_certificates_keep_to_their_pages(kind: str, rendered: pdf.Rendered) -> None:
    if KINDS[kind].family == "D":
        assert rendered.pages == KINDS[kind].pages
    assert rendered.pages <= 12
