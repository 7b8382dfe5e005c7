"""Signs a finished PDF for good: PAdES with pyHanko, certified against any change, the seal where the page keeps room.

The drawn bytes stay as they are at the front of the file; everything the signature adds comes behind them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from asn1crypto import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.generic import DictionaryObject, NameObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from documents.press import SealPlace

if TYPE_CHECKING:
    from pyhanko.sign.timestamps import TimeStamper
    from pyhanko_certvalidator import ValidationContext

ISSUER_FIELD, OTHER_FIELD = "Seal", "OtherParty"
FIELDS = {"first": ISSUER_FIELD, "second": OTHER_FIELD}
"""The fields of an agreement by the parties as its page names them."""

CMS_BYTES, STAMPED_CMS_BYTES = 8_192, 20_480
"""Room kept for the signature: fixed, because measuring it would sign twice; a time stamp brings its own chain."""

# The proof of standing is signed with the paper, so that the signature still covers the whole file.
TOGETHER = DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE)

RawSign = Callable[[bytes, str], bytes]
"""Bytes and the name of a digest to the raw signature (ECDSA as DER)."""

# Its complaints about signatures that are still to come reach nobody; what is wrong is raised.
logging.getLogger("pyhanko").setLevel(logging.ERROR)


def signed_with(key: RSAPrivateKey | EllipticCurvePrivateKey) -> RawSign:
    """Signs with a key in memory, parsed once: parsing and checking it again costs ten times the signature."""

    def sign(data: bytes, digest: str) -> bytes:
        algorithm = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[digest]
        if isinstance(key, EllipticCurvePrivateKey):
            return key.sign(data, ECDSA(algorithm))
        return key.sign(data, PKCS1v15(), algorithm)

    return sign


@dataclass(frozen=True)
class Identity:
    """Who signs: the certificate and those above it (DER), and the act of signing, wherever the key may be."""

    certificate: bytes
    sign: RawSign
    chain: tuple[bytes, ...] = ()

    @cached_property
    def signer(self) -> Signer:
        """The same for pyHanko, parsed once."""
        return _Signer(self)


class _Signer(Signer):  # type: ignore[misc]
    def __init__(self, identity: Identity) -> None:
        store = SimpleCertificateStore()
        store.register_multiple(x509.Certificate.load(one) for one in identity.chain)
        super().__init__(signing_cert=x509.Certificate.load(identity.certificate), cert_registry=store)
        self._sign = identity.sign

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return b"\0" * 512 if dry_run else self._sign(data, digest_algorithm)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How a paper is to be signed.

    places: where the page keeps room for seals. seal: the seal as a small PDF, drawn there; without either the
    signature is not seen. two_parties: the field of the other side is made first, and may be signed later.
    stamper: asks a time stamp authority. trust: what the certificates are checked against, so that the proof of their
    standing is put into the file.
    """

    at: datetime
    seal: bytes | None = None
    places: tuple[SealPlace, ...] = ()
    two_parties: bool = False
    stamper: TimeStamper | None = None
    trust: ValidationContext | None = field(default=None, repr=False)

    @property
    def level(self) -> Literal["B-B", "B-T", "B-LT"]:
        """The level of PAdES this comes to."""
        if self.stamper is None:
            return "B-B"
        return "B-LT" if self.trust is not None else "B-T"


class NotWaiting(ValueError):
    """The file is no agreement that waits for its second signature."""


class _Writer(IncrementalPdfFileWriter):  # type: ignore[misc]
    """Adds to a file and leaves what it says about itself alone: its dates are those of the decision."""

    def _update_meta(self) -> None:
        return


def certify(pdf: bytes, identity: Identity, wish: Wish) -> bytes:
    """The paper certified by its issuer: no change is allowed any more, or only the other side's signature.

    Fails as pyHanko does: a file that is signed already, a time stamp authority or a revocation list that is away.
    """
    out = _Writer(BytesIO(pdf))
    if wish.two_parties:
        # A field added after the first signature would be a change of what was signed.
        for party, name in FIELDS.items():
            append_signature_field(out, _field(name, party, wish.places))
    meta = PdfSignatureMetadata(
        field_name=ISSUER_FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS if wish.two_parties else MDPPerm.NO_CHANGES,
        embed_validation_info=wish.level == "B-LT",
        validation_context=wish.trust,
        dss_settings=TOGETHER,
    )
    spec = None if wish.two_parties else _field(ISSUER_FIELD, "issuer", wish.places)
    _press_again(out, wish)
    return _signed(out, meta, spec, identity, wish)


def sign_second(pdf: bytes, identity: Identity, wish: Wish) -> bytes:
    """An agreement its issuer has certified, signed by the other side in the field that was made for it.

    Refuses (NotWaiting) a file without such a field, one that is signed there already, and what is no PDF.
    """
    meta = PdfSignatureMetadata(
        field_name=OTHER_FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=wish.level == "B-LT",
        validation_context=wish.trust,
        dss_settings=TOGETHER,
    )
    try:
        return _signed(_Writer(BytesIO(pdf)), meta, None, identity, wish)
    except (SigningError, PdfError) as error:
        raise NotWaiting(str(error)) from error


def _signed(
    out: _Writer, meta: PdfSignatureMetadata, spec: SigFieldSpec | None, identity: Identity, wish: Wish
) -> bytes:
    style = _style(wish.seal) if wish.seal is not None else None
    signer = PdfSigner(meta, identity.signer, timestamper=wish.stamper, stamp_style=style, new_field_spec=spec)
    return asyncio.run(_sign(signer, out, wish, existing=spec is None))


async def _sign(signer: PdfSigner, out: _Writer, wish: Wish, *, existing: bool) -> bytes:
    """What pyHanko's own `sign_pdf` does, at the instant of the wish instead of the machine's."""
    session = signer.init_signing_session(out, existing_fields_only=existing)
    session.system_time = wish.at
    checked = await session.perform_presign_validation(out)
    reserved = CMS_BYTES if wish.stamper is None else STAMPED_CMS_BYTES
    prepared = session.prepare_tbs_document(validation_info=checked, bytes_reserved=reserved)
    digest, result = prepared.digest_tbs_document()
    done = await prepared.perform_signature(
        document_digest=digest.document_digest, pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=wish.at)
    )
    await done.post_signature_processing(result)
    result.seek(0)
    return bytes(result.read())


def _press_again(out: _Writer, wish: Wish) -> None:
    """The issuer's seal at every place after its first, as on the copy behind an original: one field has one seal."""
    again = [place for place in wish.places if place.party == "issuer"][1:]
    if wish.seal is None or not again:
        return
    drawing = out.import_page_as_xobject(PdfFileReader(BytesIO(wish.seal)))
    named = DictionaryObject({NameObject("/XObject"): DictionaryObject({NameObject("/PressedSeal"): drawing})})
    for place in again:
        left, bottom, _, _ = place.box_in_points
        # What the engine drew is put in brackets: it leaves the page turned upside down.
        before, after = b"q", f" Q q 1 0 0 1 {left} {bottom} cm /PressedSeal Do Q".encode()
        out.add_stream_to_page(place.page - 1, out.add_object(StreamObject(stream_data=before)), prepend=True)
        out.add_stream_to_page(place.page - 1, out.add_object(StreamObject(stream_data=after)), resources=named)


def _field(name: str, party: str, places: tuple[SealPlace, ...]) -> SigFieldSpec:
    place = next((one for one in places if one.party == party), None)
    if place is None:
        return SigFieldSpec(name)
    # The library asks for whole points and writes fractions as they are.
    box: Any = place.box_in_points
    return SigFieldSpec(name, on_page=place.page - 1, box=box)


class _SealPage(ImportedPdfPage):  # type: ignore[misc]
    """The one page of a small PDF that is in memory."""

    def __init__(self, content: bytes) -> None:
        super().__init__("seal.pdf")
        self._content = content

    def render(self) -> bytes:
        assert self.writer is not None
        drawing = self.writer.import_page_as_xobject(PdfFileReader(BytesIO(self._content)), page_ix=0)
        self.resources.xobject["/Seal"] = drawing
        left, bottom, right, top = drawing.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return b"/Seal Do"


def _style(seal: bytes) -> StaticStampStyle:
    # Made anew for each signature: version 0.38 keeps adding to a style that is used again, in memory and in the files.
    middle, edge = AxisAlignment.ALIGN_MID, Margins.uniform(0)
    return StaticStampStyle(
        background=_SealPage(seal), background_opacity=1, border_width=0,
        background_layout=SimpleBoxLayoutRule(x_align=middle, y_align=middle, margins=edge),
    )  # fmt: skip
