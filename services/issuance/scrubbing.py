"""Reads every stored file again and compares it with its hash; what is damaged is taken from a copy."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select, update

from services.actors import SYSTEM
from services.database.base import new_id
from services.database.engine import Database, open_database
from services.database.work import Work, reading, run
from services.issuance.models import issued_documents, scrubs, stored_files
from services.people.acts import note

TOGETHER = 50
"""Files looked at in one transaction; one at a time is in memory."""

Copy = Callable[[str], bytes | None]
"""Where a damaged file may be taken from: the bytes of a hash, or None."""


@dataclass(frozen=True, slots=True)
class Scrub:
    """One look at every stored file: how many, how large, which are damaged (by hash), which were restored."""

    began_at: datetime
    ended_at: datetime
    files: int
    bytes: int
    damaged: tuple[str, ...]
    restored: tuple[str, ...]

    @property
    def left(self) -> tuple[str, ...]:
        """What is damaged still."""
        return tuple(one for one in self.damaged if one not in self.restored)


def scrub(
    database: Database, *, now: datetime, clock: Callable[[], datetime], copy: Copy | None = None
) -> Scrub:  # fmt: skip
    """Compare every stored file with its hash, restore what a copy still has whole, and keep what was found.

    Each restored file is a commit of its own and checked against its hash before; what the copy has damaged too stays.
    """
    began, files, size = clock(), 0, 0
    damaged: list[str] = []
    restored: list[str] = []
    for digest, length, sound in _looked(database, now):
        files, size = files + 1, size + length
        if sound:
            continue
        damaged.append(digest)
        whole = copy(digest) if copy else None
        if whole is not None and hashlib.sha256(whole).hexdigest() == digest:
            run(database, now, lambda work, digest=digest, whole=whole: _restore(work, digest, whole))
            restored.append(digest)
    found = Scrub(began, clock(), files, size, tuple(damaged), tuple(restored))
    run(database, now, lambda work: _keep(work, found))
    return found


def _looked(database: Database, now: datetime) -> Iterator[tuple[str, int, bool]]:
    """Hash, size and soundness of every stored file, then of every file that is named and gone."""
    last = ""
    while True:
        with reading(database, now) as work:
            page = list(_page(work, last))
        yield from page
        if len(page) < TOGETHER:
            break
        last = page[-1][0]
    with reading(database, now) as work:
        gone = (
            select(issued_documents.c.file_sha256)
            .outerjoin(stored_files, stored_files.c.sha256 == issued_documents.c.file_sha256)
            .where(issued_documents.c.file_sha256.is_not(None), stored_files.c.sha256.is_(None))
        )
        missing = list(work.connection.scalars(gone))
    yield from ((digest, 0, False) for digest in missing)


def _page(work: Work, last: str) -> Iterator[tuple[str, int, bool]]:
    asked = select(stored_files.c.sha256).where(stored_files.c.sha256 > last).order_by(stored_files.c.sha256)
    for digest in list(work.connection.scalars(asked.limit(TOGETHER))):
        one = stored_files.c
        row = work.connection.execute(select(one.size, one.content).where(one.sha256 == digest)).one()
        content = bytes(row.content)
        sound = len(content) == row.size and hashlib.sha256(content).hexdigest() == digest
        yield digest, len(content), sound


def _restore(work: Work, digest: str, content: bytes) -> None:
    known = update(stored_files).where(stored_files.c.sha256 == digest).values(content=content, size=len(content))
    if work.connection.execute(known).rowcount == 0:
        values = {"sha256": digest, "media_type": "application/pdf", "size": len(content), "content": content}
        work.connection.execute(insert(stored_files).values(**values, stored_at=work.now))


def _keep(work: Work, found: Scrub) -> None:
    work.connection.execute(
        insert(scrubs).values(
            id=new_id(), began_at=found.began_at, ended_at=found.ended_at, files=found.files, bytes=found.bytes,
            damaged=list(found.damaged), restored=list(found.restored),
        )
    )  # fmt: skip
    if found.damaged:
        details = {"damaged": list(found.damaged), "restored": list(found.restored)}
        note(work, SYSTEM, "document:scrub", stream="scrubs", object=str(len(found.damaged)), details=details)


def last_scrub(work: Work) -> Scrub | None:
    """What the latest look found; None before the first."""
    row = work.connection.execute(select(scrubs).order_by(scrubs.c.ended_at.desc(), scrubs.c.id.desc())).first()
    if row is None:
        return None
    return Scrub(row.began_at, row.ended_at, row.files, row.bytes, tuple(row.damaged), tuple(row.restored))


def copy_in_folder(folder: Path) -> Copy:
    """Files anywhere below a folder, whatever they are called; each is read once to learn its hash."""
    known: dict[str, Path] = {}
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        with path.open("rb") as file:
            known[hashlib.file_digest(file, "sha256").hexdigest()] = path

    def found(digest: str) -> bytes | None:
        return known[digest].read_bytes() if digest in known else None

    return found


def copy_in_database(address: str) -> Copy:
    """Another database of ours: a restored backup, a replica."""
    other = open_database(address)

    def found(digest: str) -> bytes | None:
        with other.engine.connect() as connection:
            asked = select(stored_files.c.content).where(stored_files.c.sha256 == digest)
            content = connection.execute(asked).scalar()
        return None if content is None else bytes(content)

    return found
