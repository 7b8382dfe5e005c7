"""Writes of papers: decided and numbered in the deciding transaction, drawn and stored later, revoked in the open."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from documents.context import to_json
from documents.format import certificate_number, document_number, patterned_number
from documents.kind import Kind
from documents.press import SealPlace
from services.database.base import new_id
from services.database.counters import next_number
from services.database.work import Work
from services.errors import Broken, NotFound, Refused
from services.issuance.files import store_file
from services.issuance.models import deliveries, document_receipts, issued_documents
from services.issuance.rules import grouped, new_verify_code, series_of
from services.issuance.signatures import Sealed, keep_signature, unsigned_hash
from services.settings import settings
from services.templates.commands import keep_edition


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paper's number and verification code, before its context is known."""

    series: str
    serial: int
    number: str
    verify_code: str

    @property
    def printed_code(self) -> str:
        """The verification code in groups of four."""
        return grouped(self.verify_code)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a renderer brings back: the bytes, their hash, pages and engine, and where a seal belongs."""

    pdf: bytes
    sha256: str
    pages: int
    engine: str
    seal_places: tuple[SealPlace, ...] = ()


DECIDED = insert(issued_documents)
"""Writes one decided paper."""


def decide_document(
    work: Work,
    *,
    kind: Kind,
    prefix: str,
    certificate_prefix: str,
    build: Callable[[Numbered], Any],
    case_id: str | None = None,
    move_sequence: int | None = None,
    organization_id: str | None = None,
    occasion: str | None = None,
) -> str:
    """Take the next number, build the context with it and store both: the paper is decided; answers its id.

    Runs inside the deciding transaction, so a number is taken exactly when the decision stands. `build` receives the
    number and answers the kind's context. A certificate whose key is Latin is numbered as certificates are, one whose
    key is a Chinese word as letters are, and a kind with a pattern (its own, or the office's in the settings) by that.

    A paper is earned by a move of a case, or issued on an `occasion` ("evaluator:<term>"), beside a case or without
    one. It is drawn from the edition of its page that is in force now. Refuses (document.occasion_issued) an occasion
    on which a paper was issued already.
    """
    year = work.today.year
    series = series_of(prefix, kind.number_key, year)
    serial = next_number(work, f"document-{series}")
    pattern = settings().number_patterns.get(kind.code) or kind.number_pattern
    if pattern:
        number = patterned_number(pattern, prefix, year, serial)
    elif kind.family == "D" and kind.number_key.isascii():
        number = certificate_number(certificate_prefix, year, serial)
    else:
        number = document_number(prefix, kind.number_key, year, serial)
    if occasion is not None:  # asked after the number, whose series is held by now: two at once cannot both pass
        _refuse_second(work, occasion)
    numbered = Numbered(series, serial, number, new_verify_code())
    inputs = to_json(build(numbered))
    text = json.dumps(inputs, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    identity = new_id()
    values = {
        "id": identity,
        "kind": kind.name,
        "code": kind.code,
        "series": series,
        "serial": serial,
        "number": numbered.number,
        "case_id": case_id,
        "move_sequence": move_sequence,
        "organization_id": organization_id,
        "occasion": occasion,
        "inputs": inputs,
        "inputs_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "verify_code": numbered.verify_code,
        "standing": "decided",
        "decided_on": work.today,
        "decided_at": work.now,
    }
    work.connection.execute(DECIDED, values)
    keep_edition(work, document_id=identity, kind=kind.name)
    return identity


def _refuse_second(work: Work, occasion: str) -> None:
    known = select(issued_documents.c.number).where(issued_documents.c.occasion == occasion)
    number = work.connection.execute(known).scalar()
    if number is not None:
        raise Refused("document.occasion_issued", document_number=number)


def store_drawn(work: Work, document_id: str, drawn: Drawn, sealed: Sealed | None = None, *, receipt: str = "") -> bool:
    """Store the final bytes (signed, where the paper is) and make it issued; answers False when it already was.

    Broken when other bytes were drawn for a paper that is already issued: a paper is drawn once. Signatures of the same
    bytes differ each time; the one that was filed first stays. Refuses (SealAway) one by a key nobody entered.
    """
    final = sealed or drawn
    if any(hashlib.sha256(one.pdf).hexdigest() != one.sha256 for one in (drawn, final)):
        raise Broken("the bytes do not have the hash they claim")
    if not final.pdf.startswith(drawn.pdf):
        raise Broken("what was signed is not what was drawn")
    row = work.connection.execute(
        select(issued_documents.c.file_sha256, issued_documents.c.standing).where(issued_documents.c.id == document_id)
    ).one_or_none()
    if row is None:
        raise NotFound("document.not_found")
    if row.file_sha256 is not None:
        if unsigned_hash(work, document_id) != drawn.sha256:
            raise Broken(f"document {document_id} was drawn twice with different bytes")
        return False
    store_file(work, final.pdf, media_type="application/pdf")
    values: dict[str, Any] = {
        "file_sha256": final.sha256, "pages": drawn.pages, "engine": drawn.engine[:200], "drawn_at": work.now,
    }  # fmt: skip
    if row.standing == "decided":
        values["standing"] = "issued"
    work.connection.execute(update(issued_documents).where(issued_documents.c.id == document_id).values(**values))
    if sealed is not None:
        keep_signature(work, document_id, sealed, sha256_unsigned=drawn.sha256)
    if receipt:
        keep_receipt(work, document_id, receipt)
    return True


def keep_receipt(work: Work, document_id: str, receipt: str) -> None:
    """Keep the receipt a paper was drawn with, so that it is drawn the same again."""
    work.connection.execute(
        insert(document_receipts).values(document_id=document_id, receipt=receipt, signed_at=work.now)
    )


def revoke_documents(work: Work, *, case_id: str, kind: str, reason: str) -> tuple[str, ...]:
    """Revoke every issued paper of that kind on the case; its verification page says so from this commit on."""
    rows = work.connection.execute(
        update(issued_documents)
        .where(
            issued_documents.c.case_id == case_id,
            issued_documents.c.kind == kind,
            issued_documents.c.standing.in_(("decided", "issued")),
            issued_documents.c.file_sha256.is_not(None),
        )
        .values(standing="revoked", revoked_at=work.now, revoked_reason=reason[:400])
        .returning(issued_documents.c.id)
    )
    return tuple(row.id for row in rows)


def revoke_issued_on(work: Work, occasion: str, *, reason: str) -> bool:
    """Revoke the paper issued on the occasion; answers False where none is drawn and in force."""
    revoked = work.connection.execute(
        update(issued_documents)
        .where(
            issued_documents.c.occasion == occasion, issued_documents.c.standing == "issued",
            issued_documents.c.file_sha256.is_not(None),
        )
        .values(standing="revoked", revoked_at=work.now, revoked_reason=reason[:400])
    )  # fmt: skip
    return revoked.rowcount == 1


def deliver(work: Work, *, document_id: str, person_id: str) -> bool:
    """Put the paper into a person's drawer; answers False when it is there already."""
    known = work.connection.execute(
        select(deliveries.c.id).where(deliveries.c.document_id == document_id, deliveries.c.person_id == person_id)
    ).first()
    if known:
        return False
    work.connection.execute(
        insert(deliveries).values(id=new_id(), document_id=document_id, person_id=person_id, sent_at=work.now)
    )
    return True


def note_received(work: Work, *, document_id: str, person_id: str) -> None:
    """Note that the addressee opened the paper; only the first time counts."""
    work.connection.execute(
        update(deliveries)
        .where(
            deliveries.c.document_id == document_id,
            deliveries.c.person_id == person_id,
            deliveries.c.received_at.is_(None),
        )
        .values(received_at=work.now)
    )
