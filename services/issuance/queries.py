"""Reads of papers: what to draw, what was issued, and what lies in whose drawer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select

from documents.editions.source import Source
from documents.receipt import Statement, holder_of
from documents.registry import kind_of
from services.database.work import Work
from services.errors import NotFound
from services.issuance.files import file_bytes
from services.issuance.models import (
    deliveries,
    document_receipts,
    issued_documents,
    second_signatures,
)
from services.issuance.rules import printed_number
from services.templates.commands import source_of_paper


@dataclass(frozen=True, slots=True)
class DocumentToDraw:
    """The stored inputs of one paper; `drawn` says whether its bytes are there, `void` that it is not drawn any more.

    source: the administrator's page it is drawn from, which was in force when it was decided; None: the shipped one.
    receipt: what its QR code says behind the address, where it has one.
    """

    id: str
    kind: str
    number: str
    case_id: str | None
    inputs: dict[str, Any]
    drawn: bool
    source: Source | None = None
    receipt: str = ""
    void: bool = False


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One paper in a list: earned by a move of a case, or issued on an occasion beside a case or without one.

    successor: the number of the paper in its place, or empty. second_signed_on: when the other side of an agreement
    signed it.
    """

    id: str
    kind: str
    code: str
    number: str
    case_id: str | None
    organization_id: str | None
    standing: str
    decided_on: date
    drawn_at: datetime | None
    pages: int | None
    file_sha256: str | None
    verify_code: str
    move_sequence: int | None
    occasion: str | None = None
    successor: str = ""
    second_signed_on: date | None = None

    @property
    def two_parties(self) -> bool:
        """Whether it is an agreement, which the other side signs as well."""
        return kind_of(self.kind).two_parties

    @property
    def awaits_second(self) -> bool:
        """Whether it is in force and the other side has not signed it yet."""
        return self.standing == "issued" and self.second_signed_on is None and self.two_parties


def document_to_draw(work: Work, document_id: str, *, lock: bool = False) -> DocumentToDraw:
    """The inputs of a decided paper, whose row nobody else changes meanwhile with `lock`; NotFound for none."""
    asked = (
        select(issued_documents, document_receipts.c.receipt)
        .outerjoin(document_receipts, document_receipts.c.document_id == issued_documents.c.id)
        .where(issued_documents.c.id == document_id)
    )
    row = work.connection.execute(asked.with_for_update(of=issued_documents) if lock else asked).one_or_none()
    if row is None:
        raise NotFound("document.not_found")
    drawn, source = row.file_sha256 is not None, source_of_paper(work, document_id)
    return DocumentToDraw(
        row.id, row.kind, row.number, row.case_id, row.inputs, drawn, source, row.receipt or "", row.standing == "void"
    )


def statement_about(work: Work, document_id: str, *, edition: str) -> Statement:
    """What a receipt of the paper states; `edition`: digest of the process edition that decided, or empty."""
    row = work.connection.execute(select(issued_documents).where(issued_documents.c.id == document_id)).one()
    last = row.inputs.get("valid_to") if kind_of(row.kind).family == "D" else None
    return Statement(
        code=row.code, number=row.number, verify_code=row.verify_code, holder=holder_of(row.inputs),
        decided_on=row.decided_on, valid_to=date.fromisoformat(last) if last else None,
        inputs_sha256=row.inputs_sha256, edition=edition,
    )  # fmt: skip


_AFTER = issued_documents.alias("after")
PAPERS = (
    select(
        issued_documents, _AFTER.c.number.label("successor"), second_signatures.c.signed_on.label("second_signed_on")
    )
    .outerjoin(_AFTER, _AFTER.c.id == issued_documents.c.replaced_by_id)
    .outerjoin(second_signatures, second_signatures.c.document_id == issued_documents.c.id)
)
"""Papers with the number of the one in their place and the other side's signature, as `line_of` reads them."""


def line_of(row: Any) -> DocumentLine:
    """The line of a row of issued papers."""
    return DocumentLine(
        row.id, row.kind, row.code, row.number, row.case_id, row.organization_id, row.standing, row.decided_on,
        row.drawn_at, row.pages, row.file_sha256, row.verify_code, row.move_sequence, row.occasion,
        getattr(row, "successor", None) or "", getattr(row, "second_signed_on", None),
    )  # fmt: skip


def documents_of(work: Work, *, case_ids: tuple[str, ...] | None = None) -> tuple[DocumentLine, ...]:
    """The papers of these cases (of all when None), oldest first."""
    statement = PAPERS.order_by(issued_documents.c.decided_at, issued_documents.c.id)
    if case_ids is not None:
        statement = statement.where(issued_documents.c.case_id.in_(case_ids))
    return tuple(line_of(row) for row in work.connection.execute(statement))


def documents_apart(work: Work) -> tuple[DocumentLine, ...]:
    """The papers that belong to no case, oldest first."""
    statement = PAPERS.where(issued_documents.c.case_id.is_(None))
    ordered = statement.order_by(issued_documents.c.decided_at, issued_documents.c.id)
    return tuple(line_of(row) for row in work.connection.execute(ordered))


def latest_of_kind(work: Work, kind: str, *, limit: int) -> tuple[DocumentLine, ...]:
    """The papers of a kind decided last, newest first."""
    newest = select(issued_documents).where(issued_documents.c.kind == kind)
    newest = newest.order_by(issued_documents.c.decided_at.desc(), issued_documents.c.id.desc()).limit(limit)
    return tuple(line_of(row) for row in work.connection.execute(newest))


def document_line(work: Work, document_id: str) -> DocumentLine:
    """One paper; NotFound when there is none."""
    row = work.connection.execute(PAPERS.where(issued_documents.c.id == document_id)).one_or_none()
    if row is None:
        raise NotFound("document.not_found")
    return line_of(row)


def current_file(work: Work, document_id: str) -> str:
    """The hash of the file that is handed out: an agreement with both signatures in it once there is one.

    NotFound while the paper is not drawn.
    """
    found = work.connection.scalar(
        select(func.coalesce(_SIGNED_TWICE.c.sha256, issued_documents.c.file_sha256))
        .outerjoin(_SIGNED_TWICE, _IN_THE_FILE)
        .where(issued_documents.c.id == document_id)
    )
    if found is None:
        raise NotFound("document.not_found")
    return str(found)


_SIGNED_TWICE = second_signatures.alias("signed_twice")
_IN_THE_FILE = and_(_SIGNED_TWICE.c.document_id == issued_documents.c.id, _SIGNED_TWICE.c.way == "electronic")


def document_bytes(work: Work, document_id: str) -> bytes:
    """The bytes of `current_file`; NotFound while the paper is not drawn."""
    return file_bytes(work, current_file(work, document_id))


def other_side_of(work: Work, document_id: str) -> dict[str, Any]:
    """The other side of an agreement (name, leader) as its page prints it; empty for a paper of one side."""
    asked = select(issued_documents.c.kind, issued_documents.c.inputs).where(issued_documents.c.id == document_id)
    row = work.connection.execute(asked).one()
    return dict(row.inputs.get(kind_of(row.kind).second_party) or {})


def issued_on(work: Work, occasion: str) -> DocumentLine | None:
    """The paper issued on the occasion; None when there is none."""
    row = work.connection.execute(PAPERS.where(issued_documents.c.occasion == occasion)).one_or_none()
    return None if row is None else line_of(row)


def has_issued(work: Work, case_id: str, kind: str) -> bool:
    """Whether a paper of the kind is drawn and in force on the case."""
    one = issued_documents.c
    found = select(one.id).where(one.case_id == case_id, one.kind == kind, one.standing == "issued")
    return work.connection.execute(found.limit(1)).first() is not None


def drawn_documents(work: Work, *, numbers: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Ids of the papers with these numbers (of all, for none) that have a file. NotFound for a number nobody has."""
    statement = select(issued_documents.c.id).where(issued_documents.c.file_sha256.is_not(None))
    if numbers:
        statement = statement.where(issued_documents.c.number.in_([printed_number(one) for one in numbers]))
    found = tuple(work.connection.scalars(statement.order_by(issued_documents.c.decided_at, issued_documents.c.id)))
    if len(found) < len(numbers):
        raise NotFound("document.not_found")
    return found


def engine_of(work: Work, document_id: str) -> str:
    """What drew the paper, as it was noted then."""
    return work.connection.scalar(select(issued_documents.c.engine).where(issued_documents.c.id == document_id)) or ""


def addressees_of(work: Work, document_id: str) -> tuple[str, ...]:
    """The people in whose drawers the paper lies."""
    asked = select(deliveries.c.person_id).where(deliveries.c.document_id == document_id).order_by(deliveries.c.sent_at)
    return tuple(work.connection.execute(asked).scalars())
