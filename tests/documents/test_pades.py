"""Papers signed with PAdES: what the signature adds, what it leaves alone, and what it forbids from then on."""

from __future__ import annotations

import os
import resource
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.general import SigningError

from documents import pdf
from documents.pades import OTHER_FIELD, NotWaiting, Wish, certify, sign_second
from documents.press import SealPlace
from documents.registry import KINDS
from documents.seal import seal_pdf
from documents.signed import examine
from tests.documents.conftest import drawn
from tests.documents.keys import AT, NAME, office

KIND = "graduation_certificate"


@pytest.fixture(scope="module")
def signed() -> bytes:
    """The sample certificate, drawn and signed."""
    return certify(drawn(KIND).pdf, office(), Wish(at=AT))


def test_the_drawn_bytes_stay_in_front_of_the_signature(signed: bytes) -> None:
    assert signed.startswith(drawn(KIND).pdf)


def test_a_signed_paper_stays_pdf_a_and_keeps_the_dates_of_the_decision(signed: bytes) -> None:
    with pikepdf.open(BytesIO(drawn(KIND).pdf)) as before, pikepdf.open(BytesIO(signed)) as after:
        assert after.open_metadata().pdfa_status == "3U"
        assert dict(after.docinfo) == dict(before.docinfo)
        assert str(after.open_metadata()) == str(before.open_metadata())
        assert after.Root.AcroForm.SigFlags == 3


def test_it_says_when_it_was_signed_at_the_instant_it_was_given(signed: bytes) -> None:
    (embedded,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    assert embedded.self_reported_timestamp == AT


def test_a_paper_is_certified_against_any_change(signed: bytes) -> None:
    (embedded,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    assert embedded.docmdp_level.value == 1
    with pytest.raises(NotWaiting):
        sign_second(signed, office("other"), Wish(at=AT))


def test_a_paper_is_not_signed_twice(signed: bytes) -> None:
    with pytest.raises(SigningError):
        certify(signed, office(), Wish(at=AT))


def test_an_agreement_has_room_for_the_other_side_and_for_nobody_else() -> None:
    assert [name for name, kind in KINDS.items() if kind.two_parties] == [
        "award_agreement", "incubation_agreement", "purchase_contract",
    ]  # fmt: skip
    first = certify(drawn("incubation_agreement").pdf, office(), Wish(at=AT, two_parties=True))
    both = sign_second(first, office("other"), Wish(at=AT))
    reader = PdfFileReader(BytesIO(both))
    assert [one.field_name for one in reader.embedded_signatures] == ["Seal", OTHER_FIELD]
    with pytest.raises(NotWaiting):
        sign_second(both, office("third"), Wish(at=AT))
    out = IncrementalPdfFileWriter(BytesIO(both))
    append_signature_field(out, SigFieldSpec("Third"))
    with pytest.raises(NotWaiting):
        sign_second(_written(out), office("third"), Wish(at=AT))


def _written(out: IncrementalPdfFileWriter) -> bytes:
    result = BytesIO()
    out.write(result)
    return result.getvalue()


def test_every_sealed_kind_keeps_room_for_its_seal(kind: str) -> None:
    if KINDS[kind].is_sealed and not KINDS[kind].two_parties:
        assert drawn(kind).seal_places
        for place in drawn(kind).seal_places:
            assert (round(place.width), round(place.height), place.party) == (42, 42, "issuer")


def test_the_seal_stands_where_the_page_keeps_room_for_it() -> None:
    rendered = drawn(KIND)
    signed = certify(rendered.pdf, office(), Wish(at=AT, seal=seal_pdf(NAME), places=rendered.seal_places))
    with pikepdf.open(BytesIO(signed)) as document:
        (widget,) = document.pages[0].Annots
        assert tuple(float(value) for value in widget.Rect) == rendered.seal_places[0].box_in_points
        assert int(widget.F) == 132  # printed, and locked in its place
        assert list(widget.AP.N.Resources.XObject.keys()) == ["/Seal"]


SEALS = 1_000 if os.environ.get("CHUKE_NIGHTLY") else 4


def test_a_thousand_seals_leave_nothing_behind() -> None:
    """Of one seal after the other each file has its own alone; a style used again would add to every later file."""
    rendered, seal = drawn(KIND), seal_pdf(NAME)

    def signed() -> int:
        return len(certify(rendered.pdf, office(), Wish(at=AT, seal=seal, places=rendered.seal_places)))

    first = [signed() for _ in range(4)]
    before = _resident()
    rest = [signed() for _ in range(SEALS - 4)]
    grown = (_resident() - before) >> 20
    print(f"{SEALS} seals of {min(first)} to {max(first + rest)} bytes, {grown} MB more than after the fourth")
    assert max(first + rest) - min(first + rest) <= 4
    assert grown < 40


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def test_the_copy_behind_an_original_carries_the_seal_too() -> None:
    """One signature has one visible field; what else is sealed is pressed in the same signed revision."""
    sample = KINDS["filing_certificate"].sample()
    rendered = pdf.render("filing_certificate", replace(sample, head=replace(sample.head, seal="none")))
    first, second = rendered.seal_places
    assert (first.page, second.page) == (1, 2)
    signed = certify(rendered.pdf, office(), Wish(at=AT, seal=seal_pdf(NAME), places=rendered.seal_places))
    assert signed.startswith(rendered.pdf)
    assert examine(signed, {office().certificate}).genuine
    red = [_red(signed, page, place) for page, place in enumerate((first, second))]
    assert min(red) > 0.1
    assert abs(red[0] - red[1]) < 0.01


def _red(content: bytes, page: int, place: SealPlace) -> float:
    """The part of the place that is red, as PDFium draws it."""
    document = pypdfium2.PdfDocument(content)
    try:
        document.init_forms()
        picture = document[page].render(scale=2).to_pil().convert("RGB")
    finally:
        document.close()
    unit = 2 * 72 / 25.4
    edges = (place.left, place.top, place.left + place.width, place.top + place.height)
    cut = picture.crop(tuple(round(value * unit) for value in edges))  # type: ignore[arg-type]
    pixels = list(cut.get_flattened_data())
    return sum(red > 150 and green < 110 and blue < 110 for red, green, blue in pixels) / len(pixels)
