"""Keeps the bytes of files that people hand in beside those of issued papers, each content once."""

import hashlib
from typing import Any

from sqlalchemy import Column, delete, exists, insert, or_, select

from services.database.tables import all_tables
from services.database.work import Work
from services.errors import NotFound
from services.issuance.models import stored_files


def store_file(work: Work, content: bytes, *, media_type: str) -> str:
    """Keep the bytes and answer their SHA-256; the same bytes are kept once."""
    digest = hashlib.sha256(content).hexdigest()
    if work.connection.execute(select(stored_files.c.sha256).where(stored_files.c.sha256 == digest)).first() is None:
        work.connection.execute(
            insert(stored_files).values(
                sha256=digest, media_type=media_type, size=len(content), content=content, stored_at=work.now
            )
        )
    return digest


def file_bytes(work: Work, sha256: str) -> bytes:
    """The kept bytes; NotFound when there are none."""
    content = work.connection.execute(select(stored_files.c.content).where(stored_files.c.sha256 == sha256)).scalar()
    if content is None:
        raise NotFound("document.not_found")
    return bytes(content)


def naming_columns() -> tuple[Column[Any], ...]:
    """Every column of every table that names a kept file, by its foreign key."""
    return tuple(
        key.parent for table in all_tables().sorted_tables for key in table.foreign_keys
        if key.column is stored_files.c.sha256
    )  # fmt: skip


def forget_file(work: Work, sha256: str) -> None:
    """Delete the bytes when no row of any table names them any more."""
    named = [exists().where(column == sha256) for column in naming_columns()]
    work.connection.execute(delete(stored_files).where(stored_files.c.sha256 == sha256, ~or_(*named)))
