"""Reads of papers: what to draw, what was issued, and what a stranger with a code may know."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from documents.editions.source import Source
from documents.format import masked_name
from documents.receipt import Statement, holder_of
from documents.registry import kind_of
from services.database.work import Work
from services.errors import NotFound
from services.issuance.models import issued_documents, stored_files
from services.issuance.rules import clean_code, grouped
from services.templates.commands import source_of_paper


@dataclass(frozen=True, slots=True)
class DocumentToDraw:
    """The stored inputs of one paper; `drawn` says whether its bytes are already there.

    source: the administrator's page it is drawn from, which was in force when it was decided; None: the shipped one.
    """

    id: str
    kind: str
    number: str
    case_id: str | None
    inputs: dict[str, Any]
    drawn: bool
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One paper in a list: earned by a move of a case, or issued on an occasion beside a case or without one."""

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


@dataclass(frozen=True, slots=True)
class Verification:
    """What the public page may say about a paper: nothing personal beyond what is printed on it.

    standing: that of the paper, and `expired` for an issued certificate whose last day (`valid_to`) is over.
    """

    kind: str
    number: str
    holder: str
    decided_on: date
    standing: str
    file_sha256: str | None
    revoked_at: datetime | None
    printed_code: str
    valid_to: date | None = None


def document_to_draw(work: Work, document_id: str) -> DocumentToDraw:
    """The inputs of a decided paper; NotFound when there is none."""
    row = work.connection.execute(select(issued_documents).where(issued_documents.c.id == document_id)).one_or_none()
    if row is None:
        raise NotFound("document.not_found")
    drawn, source = row.file_sha256 is not None, source_of_paper(work, document_id)
    return DocumentToDraw(row.id, row.kind, row.number, row.case_id, row.inputs, drawn, source)


def statement_about(work: Work, document_id: str, *, edition: str) -> Statement:
    """What a receipt of the paper states; `edition`: digest of the process edition that decided, or empty."""
    row = work.connection.execute(select(issued_documents).where(issued_documents.c.id == document_id)).one()
    last = row.inputs.get("valid_to") if kind_of(row.kind).family == "D" else None
    return Statement(
        code=row.code, number=row.number, verify_code=row.verify_code, holder=holder_of(row.inputs),
        decided_on=row.decided_on, valid_to=date.fromisoformat(last) if last else None,
        inputs_sha256=row.inputs_sha256, edition=edition,
    )  # fmt: skip


def line_of(row: Any) -> DocumentLine:
    """The line of a row of issued papers."""
    return DocumentLine(
        row.id, row.kind, row.code, row.number, row.case_id, row.organization_id, row.standing, row.decided_on,
        row.drawn_at, row.pages, row.file_sha256, row.verify_code, row.move_sequence, row.occasion,
    )  # fmt: skip


def documents_of(work: Work, *, case_ids: tuple[str, ...] | None = None) -> tuple[DocumentLine, ...]:
    """The papers of these cases (of all when None), oldest first."""
    statement = select(issued_documents).order_by(issued_documents.c.decided_at, issued_documents.c.id)
    if case_ids is not None:
        statement = statement.where(issued_documents.c.case_id.in_(case_ids))
    return tuple(line_of(row) for row in work.connection.execute(statement))


def documents_apart(work: Work) -> tuple[DocumentLine, ...]:
    """The papers that belong to no case, oldest first."""
    statement = select(issued_documents).where(issued_documents.c.case_id.is_(None))
    ordered = statement.order_by(issued_documents.c.decided_at, issued_documents.c.id)
    return tuple(line_of(row) for row in work.connection.execute(ordered))


def latest_of_kind(work: Work, kind: str, *, limit: int) -> tuple[DocumentLine, ...]:
    """The papers of a kind decided last, newest first."""
    newest = select(issued_documents).where(issued_documents.c.kind == kind)
    newest = newest.order_by(issued_documents.c.decided_at.desc(), issued_documents.c.id.desc()).limit(limit)
    return tuple(line_of(row) for row in work.connection.execute(newest))


def document_line(work: Work, document_id: str) -> DocumentLine:
    """One paper; NotFound when there is none."""
    row = work.connection.execute(select(issued_documents).where(issued_documents.c.id == document_id)).one_or_none()
    if row is None:
        raise NotFound("document.not_found")
    return line_of(row)


def document_bytes(work: Work, document_id: str) -> bytes:
    """The stored bytes of a drawn paper; NotFound while it is not drawn."""
    content = work.connection.execute(
        select(stored_files.c.content)
        .join(issued_documents, issued_documents.c.file_sha256 == stored_files.c.sha256)
        .where(issued_documents.c.id == document_id)
    ).scalar()
    if content is None:
        raise NotFound("document.not_found")
    return bytes(content)


def verification(work: Work, code: str) -> Verification | None:
    """What the public may know about the paper of that code; None when no drawn paper has it."""
    row = work.connection.execute(
        select(issued_documents).where(issued_documents.c.verify_code == clean_code(code))
    ).one_or_none()
    if row is None or row.file_sha256 is None:
        return None
    last = row.inputs.get("valid_to") if kind_of(row.kind).family == "D" else None
    valid_to = date.fromisoformat(last) if last else None
    over = row.standing == "issued" and valid_to is not None and valid_to < work.today
    return Verification(
        row.kind, row.number, _holder(row), row.decided_on,
        "expired" if over else row.standing, row.file_sha256, row.revoked_at, grouped(row.verify_code), valid_to,
    )  # fmt: skip


def _holder(row: Any) -> str:
    """Who holds the paper, as a stranger may read it: a person's name is masked."""
    name = str(row.inputs["head"]["organization_name"])
    return masked_name(name) if kind_of(row.kind).holder == "person" else name


def issued_on(work: Work, occasion: str) -> DocumentLine | None:
    """The paper issued on the occasion; None when there is none."""
    row = work.connection.execute(select(issued_documents).where(issued_documents.c.occasion == occasion)).one_or_none()
    return None if row is None else line_of(row)


def has_issued(work: Work, case_id: str, kind: str) -> bool:
    """Whether a paper of the kind is drawn and in force on the case."""
    one = issued_documents.c
    found = select(one.id).where(one.case_id == case_id, one.kind == kind, one.standing == "issued")
    return work.connection.execute(found.limit(1)).first() is not None


def by_file_hash(work: Work, sha256: str) -> DocumentLine | None:
    """The paper whose stored bytes have this hash; None when none has."""
    row = work.connection.execute(
        select(issued_documents).where(issued_documents.c.file_sha256 == sha256).limit(1)
    ).one_or_none()
    return None if row is None else line_of(row)
