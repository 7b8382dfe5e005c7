"""Whether a file is a paper signed by us and not one byte else: only certificates are needed, no database, no network.

Readers of PDF say "valid" to a file whose signed part is whole and to which somebody added. Here a paper is genuine
only when the signature covers the whole file, allows no change, and was made with a certificate of ours.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any, Literal

from asn1crypto import cms, x509
from asn1crypto.parser import parse
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificates
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter, validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from documents.pades import ISSUER_FIELD, OTHER_FIELD

Verdict = Literal["genuine", "unsigned", "altered", "foreign", "unreadable"]
"""genuine: ours and whole · unsigned: no signature in it · altered: signed by us and changed since, or the signature
does not forbid changes · foreign: signed with a certificate that is not ours · unreadable: no PDF that can be read."""

MOST_BYTES = 40_000_000
_DIGESTS = ("sha256", "sha384", "sha512")
_SIGNED = re.compile(rb"/ByteRange")

# What a hostile file makes it complain of is answered by the verdict.
logging.getLogger("pyhanko").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Examined:
    """The verdict on a file and, where a signature could be read, what it says.

    reason: what is wrong, in English, for logs. fingerprint: SHA-256 of the certificate, hexadecimal. other_holder:
    whom the certificate of an agreement's other side names, once it signed too. stamped: it carries a time stamp.
    """

    verdict: Verdict
    reason: str = ""
    fingerprint: str = ""
    holder: str = ""
    signed_at: datetime | None = None
    other_holder: str = ""
    stamped: bool = False

    @property
    def genuine(self) -> bool:
        """Whether every byte is as we signed it."""
        return self.verdict == "genuine"

    @property
    def signed_by_both(self) -> bool:
        """Whether it is an agreement with both signatures."""
        return self.genuine and bool(self.other_holder)


class _Wrong(ValueError):
    """What is wrong with a signature that is ours by its certificate."""


def certificates_in(pem: str) -> frozenset[bytes]:
    """The certificates of a PEM file as DER; other things in it (keys of statements) are passed by."""
    blocks = "".join(re.findall(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n?", pem, re.DOTALL))
    if not blocks:
        return frozenset()
    return frozenset(one.public_bytes(Encoding.DER) for one in load_pem_x509_certificates(blocks.encode()))


def examine(content: bytes, ours: Collection[bytes]) -> Examined:
    """The verdict on these bytes, `ours` being the certificates (DER) we ever signed with. Never raises."""
    if len(content) > MOST_BYTES or not content.startswith(b"%PDF-"):
        return Examined("unreadable", "no PDF, or larger than any paper of ours")
    try:
        signatures = PdfFileReader(BytesIO(content)).embedded_signatures
    except Exception as failure:
        # A hostile file can break the parser anywhere; whatever it raises, the file is not ours.
        return Examined("altered" if _SIGNED.search(content) else "unreadable", f"{type(failure).__name__}: {failure}")
    if not signatures:
        # The traces of a signature whose field was taken out.
        return Examined("altered" if _SIGNED.search(content) else "unsigned", "no signature field is filled")
    return _judged(content, signatures, ours)


def _judged(content: bytes, signatures: list[EmbeddedPdfSignature], ours: Collection[bytes]) -> Examined:
    said: dict[str, Any] = {}
    try:
        first = signatures[0]
        said = _told(first)
        if first.signer_cert.dump() not in ours:
            return Examined("foreign", "signed with a certificate that is not ours", **said)
        _check_shape(signatures)
        for one in signatures:
            _check_whole(one)
        _check_end(content, signatures[-1])
        _check_envelope(first)
        _check_day(first)
    except _Wrong as wrong:
        return Examined("altered", str(wrong), **said)
    except Exception as failure:
        return Examined("altered", f"{type(failure).__name__}: {failure}", **said)
    other = _holder(signatures[1].signer_cert) if len(signatures) == 2 else ""
    return Examined("genuine", other_holder=other, **said)


def _told(signature: EmbeddedPdfSignature) -> dict[str, Any]:
    certificate = signature.signer_cert
    return {
        "fingerprint": sha256(certificate.dump()).hexdigest(), "holder": _holder(certificate),
        "signed_at": signature.self_reported_timestamp,
        "stamped": any(True for _ in extract_tst_data_iter(signature.signer_info, signed=False)),
    }  # fmt: skip


def holder_of(certificate: bytes) -> str:
    """Whom a certificate (DER) names."""
    return _holder(x509.Certificate.load(certificate))


def _holder(certificate: x509.Certificate) -> str:
    return str(certificate.subject.native.get("common_name") or certificate.subject.human_friendly)


def _check_shape(signatures: list[EmbeddedPdfSignature]) -> None:
    """One certifying signature of ours that forbids changes, or (agreements) one that leaves the second field alone."""
    fields = [one.field_name for one in signatures]
    if fields not in ([ISSUER_FIELD], [ISSUER_FIELD, OTHER_FIELD]):
        raise _Wrong(f"signature fields that are not ours: {fields}")
    first = signatures[0]
    names = _field_names(first.reader)
    allowed = MDPPerm.FILL_FORMS if OTHER_FIELD in names else MDPPerm.NO_CHANGES
    if first.docmdp_level != allowed or names - {ISSUER_FIELD, OTHER_FIELD}:
        raise _Wrong("the signature does not forbid changes as ours do")
    if first.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached":
        raise _Wrong("another kind of signature than ours")


def _field_names(reader: PdfFileReader) -> set[str]:
    return {str(field.get_object().get("/T")) for field in reader.root["/AcroForm"]["/Fields"]}


def _check_whole(signature: EmbeddedPdfSignature) -> None:
    """What it signed is as it was, and what came later is at most what it allowed."""
    signature.compute_integrity_info()
    if signature.md_algorithm not in _DIGESTS:
        raise _Wrong(f"digest {signature.md_algorithm}")
    certificate: x509.Certificate = signature.signer_cert
    digest = signature.compute_digest()
    intact, valid = validate_sig_integrity(signature.signer_info, certificate, "data", digest)
    if not (intact and valid):
        raise _Wrong("the signed bytes were changed")
    if signature.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        raise _Wrong("the signature does not cover what it stands in")
    changes = signature.diff_result
    if changes is not None and getattr(changes, "modification_level", ModificationLevel.OTHER) not in (
        ModificationLevel.NONE, ModificationLevel.FORM_FILLING,
    ):  # fmt: skip
        raise _Wrong("something was changed after it was signed")


def _check_end(content: bytes, last: EmbeddedPdfSignature) -> None:
    """The last signature covers the file to its end, and its gap holds the signature alone: hexadecimal, then zeros.

    What stands in the gap is signed by nobody, so nothing else may stand there.
    """
    if last.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        raise _Wrong("something was added after it was signed")
    ranges: Any = last.byte_range
    start, first, second, length = (int(value) for value in ranges)
    gap, signed = content[first:second], last.signed_data
    written = _cms_of(last).hex().upper().encode()
    padding = gap[1 + len(written) : -1]
    if start != 0 or second + length != len(content) or signed is None:
        raise _Wrong("the signed ranges are not those of the file")
    if gap[:1] + gap[-1:] != b"<>" or gap[1 : 1 + len(written)] != written or padding.strip(b"0"):
        raise _Wrong("something else stands beside the signature")


def _cms_of(signature: EmbeddedPdfSignature) -> bytes:
    """The signature's own bytes without what pads them."""
    content = signature.pkcs7_content
    parts: Any = parse(content)
    return content[: sum(len(one) for one in parts[3:])]


def _check_envelope(signature: EmbeddedPdfSignature) -> None:
    """Our envelope is written as DER has it and names one digest: no bit of it can be turned, signed or not.

    Signers of others may write theirs more freely; a time stamp comes as DER (RFC 3161, 3.4).
    """
    written = _cms_of(signature)
    envelope = cms.ContentInfo.load(written, strict=True)
    content = envelope["content"]
    (signer,) = content["signer_infos"]
    named = [one.dump() for one in content["digest_algorithms"]]
    if envelope.dump(force=True) != written or content["version"].native != "v1" or signer["version"].native != "v1":
        raise _Wrong("the envelope of the signature is not written as ours are")
    if named != [signer["digest_algorithm"].dump()] or signer["digest_algorithm"]["parameters"].native is not None:
        raise _Wrong("the envelope names another digest")


def _check_day(signature: EmbeddedPdfSignature) -> None:
    """It says it was signed while its certificate was valid; with a time stamp somebody else says so too."""
    at, certificate = signature.self_reported_timestamp, load_der_x509_certificate(signature.signer_cert.dump())
    if at is None or not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise _Wrong("signed outside of the time its certificate was valid")


def proven_hour(content: bytes, roots: Collection[bytes], *, now: datetime) -> datetime | None:
    """The hour at which a paper is proven to have been signed with a certificate that stood then, judged at `now`.

    Needs the time stamp and the proofs inside the file, and the certificates (DER) of the authorities; however long ago
    the signer's own certificate ended. None when anything of that is missing or does not hold. It says nothing of later
    changes: that is what `examine` is for.
    """
    try:
        reader = PdfFileReader(BytesIO(content))
        signature = reader.embedded_signatures[0]
        token = next(iter(extract_tst_data_iter(signature.signer_info, signed=False)))
        hour = token["encap_content_info"]["content"].parsed["gen_time"].native
        trusted = [x509.Certificate.load(one) for one in roots]
        # The signer is judged at the stamped hour by the lists in the file, the stamp itself by its chain today.
        kept = DocumentSecurityStore.read_dss(reader)
        then = kept.as_validation_context({"trust_roots": trusted, "moment": hour, "revocation_mode": "require"})
        today = ValidationContext(trust_roots=trusted, moment=now, other_certs=list(kept.load_certs()))
        status = validate_pdf_signature(signature, then, today)
    except Exception:
        # A file without proofs breaks off somewhere on the way; it proves nothing.
        return None
    stamp = status.timestamp_validity
    whole = status.intact and status.valid and status.trusted
    return hour if whole and stamp is not None and stamp.valid and stamp.trusted else None
