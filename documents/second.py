"""What the other side of an agreement added to the file its issuer signed: one signature in the field kept for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Literal

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext

from documents.signed import examine

MOST_ADDED = 2_000_000
"""Bytes a signature may add: its certificates, a time stamp, a picture of a seal."""

Fault = Literal["other_file", "not_signed", "altered"]
"""other_file: it does not begin with the file we issued · not_signed: nothing was added to it · altered: something
else than one signature in the field of the other side was."""


class NotSecond(ValueError):
    """The file is not the agreement with the other side's signature; `fault` says what it is."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class SecondSignature:
    """Who signed by the certificate, and whether an authority of the list gave it.

    names: every name the certificate gives its holder. authority: who issued it. fingerprint: SHA-256 of the
    certificate, hexadecimal. signed_at: as the signer's machine says.
    """

    holder: str
    names: tuple[str, ...]
    authority: str
    fingerprint: str
    signed_at: datetime
    trusted: bool

    def is_by(self, name: str) -> bool:
        """Whether one of the names is this one, however wide or spaced it is written."""
        return _plain(name) in {_plain(one) for one in self.names}


def second_signature(
    content: bytes, *, issued: bytes, ours: Collection[bytes], roots: Collection[bytes], now: datetime
) -> SecondSignature:
    """What the other side added to `issued`; NotSecond for a file that is anything else.

    ours: certificates (DER) we ever signed with. roots: authorities (DER) whose certificates count, at `now`.
    """
    if not content.startswith(issued) or len(content) > len(issued) + MOST_ADDED:
        raise NotSecond("other_file")
    if content == issued:
        raise NotSecond("not_signed")
    found = examine(content, ours)
    if not found.genuine:
        raise NotSecond("altered")
    if not found.signed_by_both:
        raise NotSecond("not_signed")
    return _told(PdfFileReader(BytesIO(content)).embedded_signatures[1], roots, now)


def _told(signature: EmbeddedPdfSignature, roots: Collection[bytes], now: datetime) -> SecondSignature:
    certificate: x509.Certificate = signature.signer_cert
    subject, issuer = certificate.subject.native, certificate.issuer.native
    named = (subject.get("common_name"), subject.get("organization_name"), subject.get("organizational_unit_name"))
    names = tuple(str(one) for one in named if isinstance(one, str) and one)
    return SecondSignature(
        holder=names[0] if names else certificate.subject.human_friendly, names=names,
        authority=str(issuer.get("organization_name") or issuer.get("common_name") or ""),
        fingerprint=sha256(certificate.dump()).hexdigest(), signed_at=signature.self_reported_timestamp or now,
        trusted=bool(roots) and _trusted(signature, roots, now),
    )  # fmt: skip


def _trusted(signature: EmbeddedPdfSignature, roots: Collection[bytes], now: datetime) -> bool:
    """Whether the certificate leads to one of the authorities, is for signing, and is in force now."""
    trust = ValidationContext(
        trust_roots=[x509.Certificate.load(one) for one in roots], moment=now, allow_fetching=False,
        revocation_mode="soft-fail",
    )  # fmt: skip
    return bool(validate_pdf_signature(signature, trust).trusted)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
