"""I15 to I17: papers are numbered without gap in order of decision, and the stored file is the one on record."""

import hashlib
import json
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from documents.registry import KINDS
from services.database.counters import counters
from services.database.work import Work
from services.invariants.findings import Report
from services.issuance.files import naming_columns
from services.issuance.models import issued_documents, second_signatures, signatures, stored_files

TOLERANCE_MS = 5_000
"""Row ids begin with the machine's time; a clock that was set back a little is no finding."""


_AGREEMENTS = sorted(kind.name for kind in KINDS.values() if kind.two_parties)
_signed_by_one_side = (
    select(issued_documents.c.number)
    .join(second_signatures, second_signatures.c.document_id == issued_documents.c.id)
    .where(or_(issued_documents.c.kind.not_in(_AGREEMENTS), issued_documents.c.file_sha256.is_(None)))
)


def check_papers(work: Work, report: Report) -> None:
    """Numbers, stored inputs and standings; then the bytes, a few files at a time."""
    _numbers(work, report)
    _files(work, report)


def _numbers(work: Work, report: Report) -> None:
    statement = select(issued_documents).order_by(issued_documents.c.series, issued_documents.c.serial)
    series, last, made = None, 0, 0
    highest: dict[str, int] = {}
    with work.connection.execute(statement.execution_options(yield_per=200)) as rows:
        for row in rows:
            if row.series != series:
                series, last, made = row.series, 0, 0
            if row.serial != last + 1:
                report.add("I15", f"{row.series}: {row.serial} follows {last}")
            at = UUID(row.id).int >> 80
            if at < made - TOLERANCE_MS:
                report.add("I15", f"{row.number} was decided before the paper numbered ahead of it")
            last, made = row.serial, max(made, at)
            highest[row.series] = last
            _paper(row, report)
    given = {
        row.series.removeprefix("document-"): int(row.last)
        for row in work.connection.execute(select(counters).where(counters.c.series.like("document-%")))
    }
    for name in sorted(highest.keys() | given.keys()):
        if highest.get(name, 0) != given.get(name, 0):
            report.add("I15", f"{name}: numbered up to {highest.get(name, 0)}, {given.get(name, 0)} numbers given out")


def _paper(row: Any, report: Report) -> None:
    text = json.dumps(row.inputs, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if hashlib.sha256(text.encode()).hexdigest() != row.inputs_sha256:
        report.add("I16", f"{row.number}: its stored contents were changed")
    printed = row.inputs.get("head", {}).get("number")
    if printed != row.number:
        report.add("I16", f"{row.number} is printed as {printed}")
    if (row.file_sha256 is None) != (row.drawn_at is None):
        report.add("I16", f"{row.number}: drawn at {row.drawn_at} with file {row.file_sha256}")
    if row.standing == "revoked" and (row.revoked_at is None or not (row.revoked_reason or "").strip()):
        report.add("I17", f"{row.number} is revoked without a day or a reason")
    if row.standing != "revoked" and row.revoked_at is not None:
        report.add("I17", f"{row.number} was revoked and is {row.standing} again")
    if str(row.serial) not in row.number or (row.replaced_by_id is not None) != (row.standing == "replaced"):
        report.add(
            "I17", f"{row.number} ({row.standing}) does not agree with its serial {row.serial} or its replacement"
        )


def _files(work: Work, report: Report) -> None:
    with work.connection.execute(select(stored_files).execution_options(yield_per=20)) as rows:
        for row in rows:
            if hashlib.sha256(row.content).hexdigest() != row.sha256 or len(row.content) != row.size:
                report.add("I16", f"stored file {row.sha256} has other bytes than its hash says")
    of_others = select(signatures.c.document_id).join(
        issued_documents, issued_documents.c.id == signatures.c.document_id
    )
    for document_id in work.connection.scalars(
        of_others.where(issued_documents.c.file_sha256.is_distinct_from(signatures.c.sha256))
    ):
        report.add("I16", f"the signature of paper {document_id} is not of the file on record")
    for number in work.connection.scalars(_signed_by_one_side):
        report.add("I16", f"{number} bears a second signature and is no agreement that was issued")
    unnamed = [stored_files.c.sha256.not_in(select(column).where(column.is_not(None))) for column in naming_columns()]
    orphans = select(stored_files.c.sha256).where(*unnamed)
    for digest in work.connection.scalars(orphans):
        report.add("I16", f"stored file {digest} belongs to nothing")
    missing = (
        select(issued_documents.c.number)
        .outerjoin(stored_files, stored_files.c.sha256 == issued_documents.c.file_sha256)
        .where(issued_documents.c.file_sha256.is_not(None), stored_files.c.sha256.is_(None))
    )
    for number in work.connection.scalars(missing):
        report.add("I16", f"{number}: its file is gone")
    shared = (
        select(issued_documents.c.file_sha256)
        .where(issued_documents.c.file_sha256.is_not(None))
        .group_by(issued_documents.c.file_sha256)
        .having(func.count() > 1)
    )
    for digest in work.connection.scalars(shared):
        report.add("I16", f"file {digest} stands for more than one paper")
