"""Checks a paper with nothing but public keys, and a revocation list where there is one: no database, no network."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import pikepdf
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from documents import receipt as receipts
from documents.receipt import Receipt, ReceiptBroken
from documents.revocations import RevocationList
from documents.signed import examine

Weight = Literal["good", "warn", "bad", "open"]
"""good: it holds; warn: whoever checks should look at it; bad: do not trust the paper; open: nobody can say."""

LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """One thing that was checked; `code` names the sentence, `facts` fill it."""

    weight: Weight
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What a check came to; `receipt` is there once it was read and its signature is one of ours."""

    findings: tuple[Finding, ...]
    receipt: Receipt | None = None

    @property
    def holds(self) -> bool:
        """Whether everything that decides is good."""
        return not any(one.weight in ("bad", "open") for one in self.findings)

    @property
    def refused(self) -> bool:
        """Whether something speaks against the paper, not only the lack of what could speak for it."""
        return any(one.weight == "bad" for one in self.findings)


@dataclass(frozen=True, kw_only=True)
class Means:
    """What there is to check with. certificates: those of the issuer's seals, in DER (documents.signed)."""

    keys: Mapping[bytes, Ed25519PublicKey]
    now: datetime
    today: date
    revoked: RevocationList | None = None
    holder: str = ""
    certificates: Collection[bytes] = ()


def check_text(text: str, means: Means) -> Verdict:
    """Check the scanned text of a QR code. What it says must then be compared with the sheet by whoever holds it."""
    found = _receipt(text, means)
    if found.receipt is None:
        return found
    return Verdict((*found.findings, *_standing(found.receipt, means)), found.receipt)


def check_pdf(content: bytes, means: Means) -> Verdict:
    """Check a file: its signature, the receipt it carries, and that its attached data is what the receipt is about."""
    signed = _seal(content, means)
    try:
        attached = _attached(content)
    except (pikepdf.PdfError, ValueError):
        return Verdict((Finding("bad", "not_a_pdf"),))
    if "receipt.txt" not in attached:
        return Verdict((*signed, Finding("open", "no_receipt")))
    found = _receipt(attached["receipt.txt"].decode(errors="replace"), means)
    if found.receipt is None:
        return Verdict((*signed, *found.findings))
    fits = receipts.is_of_data(found.receipt, attached.get("data.json", b""))
    data = Finding("good", "data_fits") if fits else Finding("bad", "data_differs")
    return Verdict((*signed, *found.findings, data, *_standing(found.receipt, means)), found.receipt)


def _seal(content: bytes, means: Means) -> tuple[Finding, ...]:
    """Whether the file is as the issuer signed it, to the last byte, and who else signed an agreement."""
    if not means.certificates:
        return (Finding("open", "no_certificate"),)
    found = examine(content, means.certificates)
    if found.verdict == "unsigned":
        return (Finding("open", "seal_missing"),)
    if not found.genuine:
        return (Finding("bad", f"seal_{found.verdict}", {"signer": found.holder}),)
    good = Finding("good", "seal_good", {"signer": found.holder})
    return (good, Finding("good", "seal_second", {"signer": found.other_holder})) if found.signed_by_both else (good,)


def _receipt(text: str, means: Means) -> Verdict:
    try:
        found = receipts.read(text)
    except ReceiptBroken:
        return Verdict((Finding("open", "no_receipt"),))
    believed = receipts.check(found, means.keys)
    if believed is None:
        return Verdict((Finding("open", "unknown_key", {"key": found.key_id.hex()}),))
    if not believed:
        return Verdict((Finding("bad", "forged"),))
    return Verdict((Finding("good", "receipt_signed", {"key": found.key_id.hex()}),), found)


def _standing(receipt: Receipt, means: Means) -> tuple[Finding, ...]:
    """Holder, validity and the revocation list, as far as they are known here."""
    found: list[Finding] = []
    if means.holder:
        same = receipts.is_holder(receipt, means.holder)
        found.append(Finding("good" if same else "bad", "holder_same" if same else "holder_differs"))
    if receipt.valid_to is not None and receipt.valid_to < means.today:
        found.append(Finding("bad", "expired", {"day": receipt.valid_to}))
    if means.revoked is None:
        return (*found, Finding("warn", "no_list"))
    as_of = {"as_of": means.revoked.as_of}
    if means.revoked.is_old(means.now):
        found.append(Finding("warn", "list_old", as_of))
    entry = means.revoked.of(receipt.verify_code)
    if entry is None:
        return (*found, Finding("good", "not_listed", as_of))
    facts = {"at": entry.at, "successor": entry.replaced_by}
    return (*found, Finding("bad", f"listed_{entry.standing}", facts))


def _attached(content: bytes) -> dict[str, bytes]:
    if len(content) > LARGEST:
        raise ValueError("too large")
    with pikepdf.open(io.BytesIO(content)) as document:
        return {name: document.attachments[name].get_file().read_bytes() for name in document.attachments}
