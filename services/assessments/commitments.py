"""The commitment of a locked sheet: a salted hash over its content, made when locked and recomputed at any time."""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.assessments.models import assessments, score_sheets
from services.database.work import Work

LONGEST = 64
SALT_BYTES = 8


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a commitment covers: whose seat in which round, every score, comment and claimed veto, and the total."""

    assessment_id: str
    seat_id: str
    items: Mapping[str, str]
    comments: Mapping[str, str]
    veto: tuple[str, ...]
    total_hundredths: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A locked sheet whose content is not what was committed to."""

    sheet_id: str
    assessment_id: str
    seat_id: str


def committed(sheet: Sheet, salt: str = "") -> str:
    """The commitment `salt.hash`; a fresh salt when none is given, so that nobody tells a sheet from its hash."""
    salt = salt or secrets.token_hex(SALT_BYTES)
    content = [
        salt, sheet.assessment_id, sheet.seat_id, dict(sheet.items), dict(sheet.comments), list(sheet.veto),
        sheet.total_hundredths,
    ]  # fmt: skip
    return f"{salt}.{_digest(content)}"[:LONGEST]


def _earlier(sheet: Sheet, salt: str) -> str:
    """As it was made before it covered seat and total."""
    return f"{salt}:{_digest([salt, dict(sheet.items), dict(sheet.comments), list(sheet.veto)])}"[:LONGEST]


def _digest(content: list[Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def holds(sheet: Sheet, commitment: str) -> bool:
    """Whether the content of a sheet is still what its commitment says."""
    salt, mark, _ = commitment.partition(":")
    if mark:
        return _earlier(sheet, salt) == commitment
    salt, mark, _ = commitment.partition(".")
    return bool(mark) and committed(sheet, salt) == commitment


def changed_sheets(work: Work) -> Iterator[Changed]:
    """Every locked sheet whose commitment does not hold, or whose total is not the sum of its scores; read in a
    stream, so that memory stays flat.
    """
    rows = work.connection.execute(
        select(score_sheets)
        .join(assessments, assessments.c.id == score_sheets.c.assessment_id)
        .where(score_sheets.c.locked_at.is_not(None))
        .order_by(score_sheets.c.id)
        .execution_options(yield_per=500)
    )
    for row in rows:
        mapping = row._mapping  # noqa: SLF001 - the column is called `items`, which a row keeps for itself
        sheet = Sheet(
            row.assessment_id, row.seat_id, mapping["items"], row.comments, tuple(row.veto), row.total_hundredths
        )
        if not holds(sheet, row.commitment or ""):
            yield Changed(row.id, row.assessment_id, row.seat_id)
