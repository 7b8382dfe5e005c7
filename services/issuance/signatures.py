"""Signatures of papers as they are kept, the public keys that check them, and what the signing process asks first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import func, insert, select, update

from services.actors import SYSTEM
from services.audit.commands import record
from services.database.work import OFFICE_TIME, Work
from services.errors import NotFound, Refused, Unavailable
from services.issuance.models import issued_documents, seal_keys, signatures
from services.people.acts import hold

Purpose = Literal["seal", "statement"]
Level = Literal["B-B", "B-T", "B-LT"]


class SealAway(Unavailable):
    """Signer or time stamp authority does not answer, or its key was never entered: papers wait, nothing is lost."""


class SealRefused(Refused):
    """The signing process does not sign this: the paper was not decided so, or is issued already."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half of a key of ours: a certificate for seals, a bare key for statements, as PEM.

    fingerprint: SHA-256 over the DER form, hexadecimal.
    """

    fingerprint: str
    purpose: Purpose
    holder: str
    pem: str


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A public key as it is known here, and since and until when it signed."""

    key: PublicKey
    known_since: datetime
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sealed:
    """Signed bytes, their hash, and by which key, on which level and when they were signed."""

    pdf: bytes
    sha256: str
    fingerprint: str
    level: Level
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """What is kept of the signature of one paper."""

    document_id: str
    sha256_unsigned: str
    sha256: str
    fingerprint: str
    level: str
    signed_at: datetime


def signature_of(work: Work, document_id: str) -> SignatureLine | None:
    """The signature of a paper; None for one that carries none."""
    row = work.connection.execute(select(signatures).where(signatures.c.document_id == document_id)).one_or_none()
    return None if row is None else SignatureLine(*row)


def known_keys(work: Work, *, purpose: Purpose | None = None) -> tuple[KeyLine, ...]:
    """Every public key that ever signed here, the retired ones too, oldest first."""
    statement = select(seal_keys).order_by(seal_keys.c.known_since, seal_keys.c.fingerprint)
    if purpose is not None:
        statement = statement.where(seal_keys.c.purpose == purpose)
    return tuple(
        KeyLine(PublicKey(row.fingerprint, row.purpose, row.holder, row.pem), row.known_since, row.retired_at)
        for row in work.connection.execute(statement)
    )


def enter_keys(work: Work, keys: Collection[PublicKey]) -> tuple[str, ...]:
    """Make these the keys that sign from now on: new ones are entered, others of their purpose retired.

    Answers the fingerprints that were not known before. A retired key that comes back signs again.
    """
    known = {line.key.fingerprint: line for line in known_keys(work)}
    for key in keys:
        if key.fingerprint not in known:
            values = {
                "fingerprint": key.fingerprint, "purpose": key.purpose, "holder": key.holder[:200], "pem": key.pem,
                "known_since": work.now,
            }  # fmt: skip
            work.connection.execute(insert(seal_keys).values(values))
        elif known[key.fingerprint].retired_at is not None:
            again = update(seal_keys).where(seal_keys.c.fingerprint == key.fingerprint)
            work.connection.execute(again.values(retired_at=None))
        others = seal_keys.c.purpose == key.purpose, seal_keys.c.fingerprint != key.fingerprint
        work.connection.execute(
            update(seal_keys).where(*others, seal_keys.c.retired_at.is_(None)).values(retired_at=work.now)
        )
    return tuple(key.fingerprint for key in keys if key.fingerprint not in known)


def enter_by_operator(work: Work, keys: Collection[PublicKey]) -> tuple[str, ...]:
    """As `enter_keys`, by whoever runs the machine, with an entry in the audit log."""
    hold(work, "keys")
    entered = enter_keys(work, keys)
    for key in keys:
        record(
            work, stream="keys", actor=SYSTEM, role="system", action="seal:enter", object=key.fingerprint,
            details={"holder": key.holder, "purpose": key.purpose},
        )  # fmt: skip
    return entered


def key_file(work: Work) -> str:
    """The file by which anybody checks our papers without asking us: every certificate and public key that ever signed
    here, the retired ones too, each under a line that says what it is for. Empty where nobody ever signed.
    """
    lines = known_keys(work)
    return "\n".join((_KEY_FILE_HEAD, *(_entry_of(line) for line in lines))) if lines else ""


_KEY_FILE_HEAD = "# 出壳 Chuke：核验文书用的公钥和证书，全部公开 · public keys and certificates for checking papers\n"


def _day(at: datetime) -> date:
    return at.astimezone(OFFICE_TIME).date()


def _entry_of(line: KeyLine) -> str:
    purpose = "签章 seal" if line.key.purpose == "seal" else "决定凭证和失效名单 receipts and lists"
    since = _day(line.known_since)
    until = f"至 until {_day(line.retired_at)}" if line.retired_at else "使用中 in use"
    # A name with a line break or the mark of a key in it would not stay a comment.
    holder = " ".join(line.key.holder.replace("-----", " ").split())
    return f"# {purpose} · {holder} · 自 since {since} {until}\n# SHA-256 {line.key.fingerprint}\n{line.key.pem}"


def unknown_keys(work: Work, keys: Collection[PublicKey]) -> tuple[PublicKey, ...]:
    """Those of the keys that are not entered here or were retired."""
    current = {line.key.fingerprint for line in known_keys(work) if line.retired_at is None}
    return tuple(key for key in keys if key.fingerprint not in current)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many papers are decided and not issued, and since when the oldest of them."""

    count: int
    oldest: datetime | None


def waiting_papers(work: Work, *, longer_than: timedelta = timedelta()) -> Waiting:
    """The papers that are numbered and have no final bytes yet, decided longer ago than that."""
    since = issued_documents.c.decided_at
    statement = select(func.count(), func.min(since)).where(
        issued_documents.c.standing == "decided", since <= work.now - longer_than
    )
    count, oldest = work.connection.execute(statement).one()
    return Waiting(count, oldest)


@dataclass(frozen=True, slots=True)
class Sealable:
    """What the database says of a paper that may be sealed."""

    kind: str
    number: str
    issuer_name: str
    room_for_seal: bool


def demand_sealable(work: Work, *, document_id: str, number: str, inputs_sha256: str) -> Sealable:
    """What was decided of the paper; refuses (SealRefused) one that was not, of that number and with those contents.

    Nor is a paper signed whose bytes are filed already: signed bytes cannot be made a second time.
    """
    row = work.connection.execute(select(issued_documents).where(issued_documents.c.id == document_id)).one_or_none()
    if row is None:
        raise SealRefused("seal.not_decided")
    if row.number != number or row.inputs_sha256 != inputs_sha256:
        raise SealRefused("seal.other_contents", number=row.number)
    if row.standing != "decided" or row.file_sha256 is not None:
        raise SealRefused("seal.issued_already", number=row.number)
    head = row.inputs["head"]
    return Sealable(row.kind, row.number, head["issuer_name"], head["seal"] == "none")


def paper_of_code(work: Work, verify_code: str) -> str:
    """The id of the decided paper with that code; refuses (SealRefused) a code that no paper has."""
    found = work.connection.scalar(select(issued_documents.c.id).where(issued_documents.c.verify_code == verify_code))
    if found is None:
        raise SealRefused("seal.not_decided")
    return str(found)


def keep_signature(work: Work, document_id: str, sealed: Sealed, *, sha256_unsigned: str) -> None:
    """Write down how the paper was signed, in the commit that files its bytes.

    Refuses (SealAway) a key that is not entered here: what nobody could check later is not filed.
    """
    if sealed.fingerprint not in {line.key.fingerprint for line in known_keys(work, purpose="seal")}:
        raise SealAway("seal.key_not_entered")
    work.connection.execute(
        insert(signatures).values(
            document_id=document_id, sha256_unsigned=sha256_unsigned, sha256=sealed.sha256,
            fingerprint=sealed.fingerprint, level=sealed.level, signed_at=sealed.signed_at,
        )
    )  # fmt: skip


def unsigned_hash(work: Work, document_id: str) -> str:
    """The hash of the paper as it is drawn, before any signature: that of the file for a paper without one.

    NotFound while it is not drawn.
    """
    signed = signature_of(work, document_id)
    if signed is not None:
        return signed.sha256_unsigned
    found = work.connection.scalar(select(issued_documents.c.file_sha256).where(issued_documents.c.id == document_id))
    if found is None:
        raise NotFound("document.not_found")
    return str(found)
