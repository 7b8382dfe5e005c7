"""What anybody may learn of a paper from its code, its QR code or its file, and how each look is noted."""

import ipaddress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select

from documents.format import masked_name
from documents.kind import Kind
from documents.receipt import TOKEN_LENGTH, holder_of, token_in
from documents.registry import kind_of
from services.actors import SYSTEM_ID, Actor
from services.database.work import Work
from services.issuance.models import document_changes, document_receipts, issued_documents, second_signatures
from services.issuance.rules import CODE_LENGTH, clean_code, grouped
from services.people.acts import note

STREAM = "verifications"
PUBLIC = Actor(SYSTEM_ID, "public", "公众")
"""Whoever checks a paper without signing in, as the audit log names them."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What the public page may say about a paper: nothing personal beyond what is printed on it.

    standing: that of the paper, and `expired` for an issued certificate whose last day (`valid_to`) is over. ended_at:
    when it was revoked, replaced or made void. successor: the number of the paper in its place, or empty.
    second_signed_on: when the other side of an agreement signed.
    """

    kind: str
    title: str
    number: str
    holder: str
    decided_on: date
    standing: str
    file_sha256: str | None
    ended_at: datetime | None
    printed_code: str
    valid_to: date | None = None
    successor: str = ""
    second_signed_on: date | None = None

    @property
    def holds(self) -> bool:
        """Whether the paper is in force."""
        return self.standing == "issued"


def verification(work: Work, text: str) -> Verification | None:
    """What the public may know about the paper of a code, as printed, as typed, or the whole text of a QR code.

    None when no paper that was given out has it, and for an address whose token is not the one on the paper.
    """
    code, token = parts_of(text)
    row = work.connection.execute(_LOOK.where(issued_documents.c.verify_code == code)).one_or_none()
    if row is None or (row.file_sha256 is None and row.standing != "void"):
        return None
    if token and token != token_in(row.receipt or ""):
        return None
    return _verification(work, row)


def by_file(work: Work, sha256: str) -> Verification | None:
    """The same for the paper whose file has this hash, as we issued it or with both signatures; None when none has."""
    either = or_(issued_documents.c.file_sha256 == sha256, and_(_IN_THE_FILE, second_signatures.c.sha256 == sha256))
    row = work.connection.execute(_LOOK.where(either).limit(1)).one_or_none()
    return None if row is None else _verification(work, row)


def parts_of(text: str) -> tuple[str, str]:
    """Code and token of what was typed, scanned or linked; the token is empty where only the code was given."""
    said = text.strip().rpartition("/verify/")[2].partition("#")[0].partition("?")[0]
    kept = clean_code(said[:80])
    if len(kept) == CODE_LENGTH + TOKEN_LENGTH:
        return kept[:CODE_LENGTH], kept[CODE_LENGTH:]
    return kept, ""


def note_look(work: Work, actor: Actor | None, found: Verification | None, *, by: str, address: str) -> None:
    """Note that a paper was checked and whether it is known: never what was typed, nor the whole address."""
    details = {"known": found is not None, "by": by, "from": coarse(address)}
    if found is not None:
        details["standing"] = found.standing
    note(
        work, actor or PUBLIC, "document:verify", stream=STREAM, object=found.number if found else "unknown",
        details=details,
    )  # fmt: skip


def coarse(address: str) -> str:
    """The network an address lies in, too wide to name a household; empty for what is no address."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((known, 16 if known.version == 4 else 32), strict=False))


_SUCCESSOR = issued_documents.alias("successor")
_IN_THE_FILE = second_signatures.c.way == "electronic"
_LOOK: Select[Any] = (
    select(
        issued_documents,
        document_receipts.c.receipt,
        _SUCCESSOR.c.number.label("successor"),
        second_signatures.c.signed_on.label("second_signed_on"),
    )
    .outerjoin(second_signatures, second_signatures.c.document_id == issued_documents.c.id)
    .outerjoin(document_receipts, document_receipts.c.document_id == issued_documents.c.id)
    .outerjoin(_SUCCESSOR, _SUCCESSOR.c.id == issued_documents.c.replaced_by_id)
)


def _verification(work: Work, row: Row[Any]) -> Verification:
    kind, inputs = kind_of(row.kind), row.inputs
    last = inputs.get("valid_to") if kind.family == "D" else None
    valid_to = date.fromisoformat(last) if last else None
    over = row.standing == "issued" and valid_to is not None and valid_to < work.today
    return Verification(
        kind=row.kind, title=inputs["head"]["document_title"], number=row.number, holder=_shown(kind, inputs),
        decided_on=row.decided_on, standing="expired" if over else row.standing, file_sha256=row.file_sha256,
        ended_at=row.revoked_at or _changed_at(work, row), printed_code=grouped(row.verify_code), valid_to=valid_to,
        successor=row.successor or "", second_signed_on=row.second_signed_on,
    )  # fmt: skip


def _changed_at(work: Work, row: Row[Any]) -> datetime | None:
    if row.standing not in ("void", "replaced"):
        return None
    done = document_changes.c
    asked = select(done.decided_at).where(done.document_id == row.id, done.standing == "done")
    found: datetime | None = work.connection.execute(asked).scalar()
    return found


def _shown(kind: Kind, inputs: dict[str, Any]) -> str:
    """The holder: an organization by its name, a person by the first character of theirs."""
    holder = holder_of(inputs)
    return masked_name(holder) if kind.holder == "person" else holder
