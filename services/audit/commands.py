"""Writes of the audit log: one entry in the transaction of the act, and the seal that numbers committed entries."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, bindparam, insert, select, text

from services.actors import Actor
from services.audit.chain import GENESIS, entry_hash
from services.audit.merkle import Frontier
from services.audit.models import audit_entries, log_heads, log_leaves
from services.audit.queries import AuditEntry, leaf_of, record_of
from services.database.base import new_id
from services.database.engine import Database
from services.database.points import reach
from services.database.work import Work, run

LATE = timedelta(minutes=10)
"""How far behind the newest sealed entry the sealer still looks for one that was committed late."""


@dataclass(frozen=True, slots=True)
class SealResult:
    """How many entries were numbered just now, and the head of the log since: its size and its root (hex)."""

    sealed: int
    size: int
    root: str


_LAST = (
    select(audit_entries.c.sequence, audit_entries.c.hash)
    .where(audit_entries.c.stream == bindparam("stream"))
    .order_by(audit_entries.c.sequence.desc())
    .limit(1)
)
_INSERT = insert(audit_entries)
_COLUMNS = tuple(audit_entries.c.keys())


def record(
    work: Work,
    *,
    stream: str,
    actor: Actor,
    role: str,
    action: str,
    object: str,  # noqa: A002 - the word of GB/T 22239 for what was acted on
    result: Literal["done", "refused"] = "done",
    reasons: tuple[str, ...] = (),
    request_id: str = "",
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add the next entry of the stream, in the same transaction as the act it tells of.

    The caller holds whatever locks the stream (the case's row): two entries with one number break a unique constraint
    and with it the unit of work. `details` are plain values without floats (else TypeError): fen as integers, dates as
    text; never a password or a whole identity number. Source of the fields: GB/T 22239-2019, 8.1.4.3 b.
    """
    last = work.connection.execute(_LAST, {"stream": stream}).one_or_none()
    sequence, previous = (1, GENESIS) if last is None else (last.sequence + 1, last.hash)
    entry = AuditEntry(
        id=new_id(),
        stream=stream,
        sequence=sequence,
        at=work.now,
        actor_id=actor.id,
        actor_name=actor.name,
        role=role,
        action=action,
        object=object,
        result=result,
        reasons=tuple(reasons),
        request_id=request_id,
        details=dict(details or {}),
        previous_hash=previous,
        hash="",
    )
    entry = replace(entry, hash=entry_hash(previous, record_of(entry)))
    work.connection.execute(_INSERT, {column: getattr(entry, column) for column in _COLUMNS})
    return entry


def seal(database: Database, now: datetime, *, limit: int = 10_000, everything: bool = False) -> SealResult:
    """Number the committed entries that have no number yet, oldest first, and write the log's new head.

    Looks at entries made since LATE before the newest numbered one; `everything` looks at all of them, for the
    nightly run. One sealer works at a time; one that is stopped in between leaves nothing half done. Does nothing
    when there is nothing to number. Source: RFC 6962.
    """
    return run(database, now, lambda work: _seal(work, limit=limit, everything=everything))


def _seal(work: Work, *, limit: int, everything: bool) -> SealResult:
    if work.connection.dialect.name == "postgresql":
        work.connection.execute(text("lock table log_heads in share row exclusive mode"))
    head = work.connection.execute(select(log_heads).order_by(log_heads.c.size.desc()).limit(1)).one_or_none()
    frontier = Frontier() if head is None else Frontier.from_hex(head.size, head.frontier)
    waiting = work.connection.execute(_unsealed(None if everything else _looked_at_since(work)).limit(limit)).all()
    if not waiting:
        return SealResult(0, frontier.size, frontier.root().hex())
    leaves = [leaf_of(row.hash) for row in waiting]
    work.connection.execute(
        insert(log_leaves),
        [
            {"position": frontier.size + offset, "entry_id": row.id, "leaf_hash": leaf.hex()}
            for offset, (row, leaf) in enumerate(zip(waiting, leaves, strict=True))
        ],
    )
    reach("seal:between")
    frontier = frontier.extend(leaves)
    root = frontier.root().hex()
    work.connection.execute(
        insert(log_heads), {"size": frontier.size, "root": root, "frontier": frontier.to_hex(), "at": work.now}
    )
    return SealResult(len(waiting), frontier.size, root)


def _unsealed(since: str | None) -> Select[*tuple[Any, ...]]:
    statement = (
        select(audit_entries.c.id, audit_entries.c.hash)
        .join(log_leaves, log_leaves.c.entry_id == audit_entries.c.id, isouter=True)
        .where(log_leaves.c.entry_id.is_(None))
        # Entries of one unit share the instant: their own numbers keep them in order.
        .order_by(audit_entries.c.at, audit_entries.c.stream, audit_entries.c.sequence)
    )
    return statement if since is None else statement.where(audit_entries.c.id >= since)


def _looked_at_since(work: Work) -> str | None:
    """The lowest id an entry could have that was made within LATE of the newest numbered one; ids begin with time."""
    newest = work.connection.scalar(select(log_leaves.c.entry_id).order_by(log_leaves.c.entry_id.desc()).limit(1))
    if newest is None:
        return None
    made = UUID(newest).int >> 80
    return str(UUID(int=max(0, made - int(LATE.total_seconds() * 1000)) << 80))
