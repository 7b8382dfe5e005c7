"""Ways to forge a signed paper: each takes the signed bytes and answers bytes that a careless reader may believe."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pikepdf
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from documents.pades import Identity, Wish, certify, signed_with
from tests.documents.keys import AT, NAME, certificate, der, office

Attack = Callable[[bytes, bytes], bytes]
"""The signed and the unsigned bytes to the forged ones."""

OVER = b"q 1 g 60 400 480 200 re f Q BT /F1 30 Tf 80 480 Td (PAID) Tj ET"


def _updated(signed: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The signed file with an incremental update behind it."""
    out = IncrementalPdfFileWriter(BytesIO(signed))
    change(out)
    result = BytesIO()
    out.write(result)
    return result.getvalue()


def _page(out: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    page = out.root["/Pages"]["/Kids"][0].get_object()
    out.update_container(page)
    return page


def _stream(out: IncrementalPdfFileWriter, content: bytes, **entries: generic.PdfObject) -> generic.IndirectObject:
    named = {pdf_name(f"/{key}"): value for key, value in entries.items()}
    return out.add_object(generic.StreamObject(named, stream_data=content))


def _resaved(signed: bytes, change: Callable[[pikepdf.Pdf], None] = lambda _: None) -> bytes:
    """The signed file written anew."""
    result = BytesIO()
    with pikepdf.open(BytesIO(signed)) as document:
        change(document)
        document.save(result)
    return result.getvalue()


def flipped_byte(signed: bytes, _: bytes) -> bytes:
    return signed[:5000] + bytes([signed[5000] ^ 1]) + signed[5001:]


def drawn_over(signed: bytes, _: bytes) -> bytes:
    def change(out: IncrementalPdfFileWriter) -> None:
        page = _page(out)
        old = page.raw_get("/Contents")
        page["/Contents"] = generic.ArrayObject([old, _stream(out, OVER)])

    return _updated(signed, change)


def replaced_contents(signed: bytes, _: bytes) -> bytes:
    return _updated(signed, lambda out: _page(out).update({pdf_name("/Contents"): _stream(out, OVER)}))


def replaced_page(signed: bytes, _: bytes) -> bytes:
    def change(out: IncrementalPdfFileWriter) -> None:
        pages = out.root["/Pages"]
        page = generic.DictionaryObject(pages["/Kids"][0].get_object())
        page["/Contents"] = _stream(out, OVER)
        pages["/Kids"] = generic.ArrayObject([out.add_object(page)])
        out.update_container(pages)

    return _updated(signed, change)


def covered_by_a_picture(signed: bytes, _: bytes) -> bytes:
    """Shadow attack "hide": an overlay that was prepared is shown."""

    def change(out: IncrementalPdfFileWriter) -> None:
        page = _page(out)
        white = _stream(
            out, b"\xff\xff\xff", Type=pdf_name("/XObject"), Subtype=pdf_name("/Image"),
            Width=generic.NumberObject(1), Height=generic.NumberObject(1), ColorSpace=pdf_name("/DeviceRGB"),
            BitsPerComponent=generic.NumberObject(8),
        )  # fmt: skip
        resources = generic.DictionaryObject(page["/Resources"])
        resources["/XObject"] = generic.DictionaryObject({pdf_name("/Cover"): white})
        page["/Resources"] = resources
        page["/Contents"] = generic.ArrayObject(
            [page.raw_get("/Contents"), _stream(out, b"q 400 0 0 200 60 400 cm /Cover Do Q")]
        )

    return _updated(signed, change)


def hidden_and_replaced(signed: bytes, _: bytes) -> bytes:
    """Shadow attack "hide and replace": a second catalogue with pages of its own."""

    def change(out: IncrementalPdfFileWriter) -> None:
        page = generic.DictionaryObject(out.root["/Pages"]["/Kids"][0].get_object())
        page["/Contents"] = _stream(out, OVER)
        kids = generic.ArrayObject([out.add_object(page)])
        pages = {
            pdf_name("/Type"): pdf_name("/Pages"),
            pdf_name("/Kids"): kids,
            pdf_name("/Count"): generic.NumberObject(1),
        }
        out.root["/Pages"] = out.add_object(generic.DictionaryObject(pages))
        out.update_root()

    return _updated(signed, change)


def appended_page(signed: bytes, _: bytes) -> bytes:
    def change(out: IncrementalPdfFileWriter) -> None:
        pages = out.root["/Pages"]
        pages["/Kids"].append(out.add_object(generic.DictionaryObject(pages["/Kids"][0].get_object())))
        pages["/Count"] = generic.NumberObject(2)
        out.update_container(pages)

    return _updated(signed, change)


def _annotated(signed: bytes, subtype: str, **entries: generic.PdfObject) -> bytes:
    def change(out: IncrementalPdfFileWriter) -> None:
        page = _page(out)
        box = generic.ArrayObject([generic.NumberObject(value) for value in (60, 400, 500, 600)])
        note = generic.DictionaryObject(
            {pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name(subtype), pdf_name("/Rect"): box}
        )
        note.update({pdf_name(f"/{key}"): value for key, value in entries.items()})
        page["/Annots"] = generic.ArrayObject([*page.get("/Annots", ()), out.add_object(note)])

    return _updated(signed, change)


def annotated(signed: bytes, _: bytes) -> bytes:
    return _annotated(signed, "/Text", Contents=generic.pdf_string("void"))


def covered_by_an_annotation(signed: bytes, _: bytes) -> bytes:
    """The "evil annotation": drawn over the page, of a kind that readers do not warn of."""
    return _annotated(
        signed, "/FreeText", Contents=generic.pdf_string("3 000 000"), DA=generic.pdf_string("/Helv 30 Tf 0 g")
    )


def stamped_over(signed: bytes, _: bytes) -> bytes:
    return _annotated(signed, "/Stamp", Name=pdf_name("/Approved"))


def filled_form(signed: bytes, _: bytes) -> bytes:
    def change(out: IncrementalPdfFileWriter) -> None:
        form = out.root["/AcroForm"]
        field = {
            pdf_name("/FT"): pdf_name("/Tx"), pdf_name("/T"): generic.pdf_string("Amount"),
            pdf_name("/V"): generic.pdf_string("3 000 000"),
        }  # fmt: skip
        form["/Fields"].append(out.add_object(generic.DictionaryObject(field)))
        out.update_container(form["/Fields"])
        out.update_root()

    return _updated(signed, change)


def moved_seal(signed: bytes, _: bytes) -> bytes:
    def change(out: IncrementalPdfFileWriter) -> None:
        widget = out.root["/AcroForm"]["/Fields"][0].get_object()
        widget["/Rect"] = generic.ArrayObject([generic.NumberObject(value) for value in (0, 0, 50, 50)])
        out.update_container(widget)

    return _updated(signed, change)


def other_title(signed: bytes, _: bytes) -> bytes:
    def change(out: IncrementalPdfFileWriter) -> None:
        info = out.trailer["/Info"] if "/Info" in out.trailer else generic.DictionaryObject()
        info["/Title"] = generic.pdf_string("另一份文书")
        out.set_info(generic.DictionaryObject(info))

    return _updated(signed, change)


def added_layer(signed: bytes, _: bytes) -> bytes:
    def change(out: IncrementalPdfFileWriter) -> None:
        layer = out.add_object(
            generic.DictionaryObject({pdf_name("/Type"): pdf_name("/OCG"), pdf_name("/Name"): generic.pdf_string("x")})
        )
        states = generic.DictionaryObject({pdf_name("/ON"): generic.ArrayObject([layer])})
        out.root["/OCProperties"] = generic.DictionaryObject(
            {pdf_name("/OCGs"): generic.ArrayObject([layer]), pdf_name("/D"): states}
        )
        out.update_root()

    return _updated(signed, change)


def added_script(signed: bytes, _: bytes) -> bytes:
    def change(out: IncrementalPdfFileWriter) -> None:
        script = {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("app.alert(1)")}
        out.root["/OpenAction"] = generic.DictionaryObject(script)
        out.update_root()

    return _updated(signed, change)


def swapped_typeface(signed: bytes, _: bytes) -> bytes:
    """Other shapes under the same codes: 3 is drawn as 8."""

    def change(out: IncrementalPdfFileWriter) -> None:
        fonts = _page(out)["/Resources"]["/Font"]
        name = next(iter(fonts))
        fonts[name] = out.add_object(
            generic.DictionaryObject(
                {pdf_name("/Type"): pdf_name("/Font"), pdf_name("/Subtype"): pdf_name("/Type1"),
                 pdf_name("/BaseFont"): pdf_name("/Symbol")}
            )
        )  # fmt: skip
        out.update_container(fonts)

    return _updated(signed, change)


def turned_page(signed: bytes, _: bytes) -> bytes:
    return _updated(signed, lambda out: _page(out).update({pdf_name("/Rotate"): generic.NumberObject(180)}))


def other_data(signed: bytes, _: bytes) -> bytes:
    """The attached data.json replaced, so that programs read something else than people."""

    def change(out: IncrementalPdfFileWriter) -> None:
        found = out.root["/AF"][0].get_object()
        found["/EF"] = generic.DictionaryObject({pdf_name("/F"): _stream(out, b"{}", Type=pdf_name("/EmbeddedFile"))})
        out.update_container(found)

    return _updated(signed, change)


def certified_again(signed: bytes, _: bytes) -> bytes:
    return _signed_again(signed, certifying=True, identity=office("forger"))


def signed_by_a_stranger_too(signed: bytes, _: bytes) -> bytes:
    return _signed_again(signed, certifying=False, identity=office("forger"))


def _signed_again(signed: bytes, *, certifying: bool, identity: Identity) -> bytes:
    """A second signature by whoever does not ask whether the first allows it."""
    out = IncrementalPdfFileWriter(BytesIO(signed))
    meta = PdfSignatureMetadata(
        field_name="Again", subfilter=SigSeedSubFilter.PADES, certify=certifying, docmdp_permissions=MDPPerm.ANNOTATE
    )
    signer = PdfSigner(meta, identity.signer, new_field_spec=SigFieldSpec("Again"))
    signer._enforce_certification_constraints = lambda _reader: None
    result: BytesIO = signer.sign_pdf(out, bytes_reserved=8192)
    return result.getvalue()


def taken_out(signed: bytes, _: bytes) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        del document.Root.AcroForm
        for page in document.pages:
            if "/Annots" in page:
                del page.Annots

    return _resaved(signed, change)


def emptied_field(signed: bytes, _: bytes) -> bytes:
    def change(out: IncrementalPdfFileWriter) -> None:
        field = out.root["/AcroForm"]["/Fields"][0].get_object()
        del field["/V"]
        out.update_container(field)

    return _updated(signed, change)


def saved_anew(signed: bytes, _: bytes) -> bytes:
    return _resaved(signed)


def same_name_other_key(_: bytes, unsigned: bytes) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return certify(unsigned, Identity(der(certificate(key, name=NAME)), signed_with(key)), Wish(at=AT))


def without_ranges(signed: bytes, _: bytes) -> bytes:
    """Universal forgery: what the signature covers is left unsaid."""
    return signed.replace(b"/ByteRange", b"/ByteRagne", 1)


def without_contents(signed: bytes, _: bytes) -> bytes:
    return re.sub(
        rb"(/Contents) <3[0-9A-Fa-f]+>", lambda found: b"/Contents <" + b"0" * (len(found[0]) - 12) + b">", signed
    )


def wrapped(signed: bytes, _: bytes) -> bytes:
    """Signature wrapping: the second range is moved to the end and something else stands between."""
    found = re.search(rb"/ByteRange ?\[0 (\d+) (\d+) (\d+) *\]", signed)
    assert found is not None
    first, second, length = (int(value) for value in found.groups())
    planted = b"\n9999 0 obj << /Type /Catalog >> endobj\n"
    moved = signed[:second] + planted + signed[second:]
    ranges = b"/ByteRange [0 %d %d %d]" % (first, second + len(planted), length)
    return moved.replace(found[0], ranges.ljust(len(found[0])), 1)


def stuffed_gap(signed: bytes, _: bytes) -> bytes:
    """What stands in the room kept for the signature is signed by nobody."""
    end = signed.index(b"0" * 200)
    return signed[:end] + b"0> /Planted <41" + signed[end + 15 :]


def other_case_in_the_gap(signed: bytes, _: bytes) -> bytes:
    start = signed.index(b"<3082")
    end = signed.index(b">", start)
    return signed[:start] + signed[start:end].lower() + signed[end:]


def appended_bytes(signed: bytes, _: bytes) -> bytes:
    return signed + b"\n% something else\n"


def bytes_in_front(signed: bytes, _: bytes) -> bytes:
    return b"%PDF-1.7 %\n" + signed


def other_root(signed: bytes, _: bytes) -> bytes:
    """A second cross-reference table by hand, with a catalogue of its own."""
    start = len(signed)
    forged = b"9000 0 obj\n<< /Type /Catalog /Pages 9001 0 R >>\nendobj\n"
    forged += b"9001 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
    table = b"xref\n9000 2\n%010d 00000 n \n%010d 00000 n \n" % (start, start + forged.index(b"9001 0 obj"))
    trailer = b"trailer\n<< /Size 9002 /Root 9000 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (start + len(forged))
    return signed + forged + table + trailer


def approved_only(_: bytes, unsigned: bytes) -> bytes:
    """Our own key, but a signature that forbids nothing: what such a file says may be changed unseen."""
    out = IncrementalPdfFileWriter(BytesIO(unsigned))
    meta = PdfSignatureMetadata(field_name="Seal", subfilter=SigSeedSubFilter.PADES)
    signer = PdfSigner(meta, office().signer, new_field_spec=SigFieldSpec("Seal"))
    result: BytesIO = signer.sign_pdf(out, bytes_reserved=8192)
    return result.getvalue()


ATTACKS: dict[str, Attack] = {
    name: attack
    for name, attack in list(globals().items())
    if callable(attack) and getattr(attack, "__module__", "") == __name__ and not name.startswith("_")
}
