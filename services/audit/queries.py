"""Reads of the audit log: the entries of one stream, whether all of it still holds, and proof that an entry is in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import CursorResult, Select, bindparam, func, select

from services.audit.chain import AuditRecord, ChainEntry, digest, follows
from services.audit.merkle import Frontier, inclusion_proof, leaf_hash
from services.audit.models import audit_entries, log_heads, log_leaves
from services.database.work import Work
from services.errors import NotFound

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act as it was recorded; `sequence` counts 1..n in its stream, `hash` binds it to all before it there."""

    id: str
    stream: str
    sequence: int
    at: datetime
    actor_id: str | None
    actor_name: str
    role: str
    action: str
    object: str
    result: Literal["done", "refused"]
    reasons: tuple[str, ...]
    request_id: str
    details: Mapping[str, Any]
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head of the log as it was written down elsewhere: the number of entries sealed then, and their root (hex)."""

    size: int
    root: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a check of the whole log found.

    `first_bad` is None when all holds; else it names the first place that does not: `entry <stream> <sequence>`,
    `leaf <position>`, `head <size>` or `anchor <size>`.
    """

    entries: int
    sealed: int
    unsealed: int
    first_bad: str | None


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Proof that the entry is leaf `position` (from 0) of the log of `size` entries with this `root`; hashes in hex."""

    entry_hash: str
    position: int
    size: int
    root: str
    proof: tuple[str, ...]


def record_of(row: Any) -> AuditRecord:
    """What of a stored row goes into its hash: everything but its id and the hashes themselves."""
    return AuditRecord(
        stream=row.stream,
        sequence=row.sequence,
        at=row.at,
        actor=actor_of(row.actor_id, row.actor_name),
        role=row.role,
        action=row.action,
        object=row.object,
        result=row.result,
        reasons=tuple(row.reasons),
        request_id=row.request_id,
        details_digest=digest(row.details),
    )


def actor_of(actor_id: str | None, name: str) -> str:
    """Who acted, as it is hashed: the id and the name, for the name is what a reader of the log believes."""
    return f"{actor_id or ''} {name}"


def leaf_of(hash_of_entry: str) -> bytes:
    """The Merkle leaf (32 bytes) that stands for an entry with this hash."""
    return leaf_hash(bytes.fromhex(hash_of_entry))


_ENTRIES_OF = (
    select(audit_entries).where(audit_entries.c.stream == bindparam("stream")).order_by(audit_entries.c.sequence)
)


def entries_of(work: Work, stream: str) -> tuple[AuditEntry, ...]:
    """Every entry of the stream, oldest first; none when there is no such stream."""
    return tuple(entry_of(row) for row in work.connection.execute(_ENTRIES_OF, {"stream": stream}))


def entry_of(row: Any) -> AuditEntry:
    """The entry in a stored row."""
    return AuditEntry(
        id=row.id,
        stream=row.stream,
        sequence=row.sequence,
        at=row.at,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        role=row.role,
        action=row.action,
        object=row.object,
        result=row.result,
        reasons=tuple(row.reasons),
        request_id=row.request_id,
        details=row.details,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )


def inclusion(work: Work, entry_id: str) -> Inclusion:
    """Proof that the entry is in the log as of its newest head, to be checked by `merkle.verify_inclusion`.

    Refuses (NotFound) an entry that does not exist or that the sealer has not reached yet.
    """
    leaf = work.connection.execute(
        select(log_leaves.c.position, audit_entries.c.hash)
        .join(audit_entries, audit_entries.c.id == log_leaves.c.entry_id)
        .where(log_leaves.c.entry_id == entry_id)
    ).one_or_none()
    head = work.connection.execute(
        select(log_heads.c.size, log_heads.c.root).order_by(log_heads.c.size.desc()).limit(1)
    ).one_or_none()
    if leaf is None or head is None:
        raise NotFound("audit.entry_not_sealed", entry=entry_id)

    def read(start: int, stop: int) -> Sequence[bytes]:
        leaves = select(log_leaves.c.leaf_hash).where(log_leaves.c.position >= start, log_leaves.c.position < stop)
        return [bytes.fromhex(text) for text in work.connection.scalars(leaves.order_by(log_leaves.c.position))]

    proof = inclusion_proof(leaf.position, head.size, read)
    return Inclusion(leaf.hash, leaf.position, head.size, head.root, tuple(sibling.hex() for sibling in proof))


def verify(work: Work, *, anchors: Sequence[Anchor] = ()) -> AuditReport:
    """Recompute the whole log, reading each row once: chains, leaves against entries, every head against its leaves.

    A head whose root is that of the first `size` leaves proves that the log only grew since. Rewriting everything
    inside the database leaves no trace there: only `anchors` kept elsewhere find that. Memory stays flat.
    """
    # Leaves before entries: what commits in between is counted as unsealed, never as a fault.
    sealed, bad_leaf = _verify_log(work, anchors)
    entries, bad_entry = _verify_chains(work)
    return AuditReport(entries, sealed, max(0, entries - sealed), bad_entry or bad_leaf)


def _streamed(work: Work, statement: Select[*tuple[Any, ...]]) -> CursorResult[*tuple[Any, ...]]:
    """The rows in batches; to be closed, for a check that stops early leaves a cursor open on the server."""
    return work.connection.execute(statement.execution_options(yield_per=_BATCH))


def _verify_chains(work: Work) -> tuple[int, str | None]:
    count, bad = 0, None
    previous: ChainEntry | None = None
    hashed = [column for column in audit_entries.c if column.name != "id"]
    statement = select(*hashed).order_by(audit_entries.c.stream, audit_entries.c.sequence)
    with _streamed(work, statement) as rows:
        for row in rows:
            count += 1
            if bad is not None:
                continue
            if previous is not None and previous.record.stream != row.stream:
                previous = None
            due = previous.record.sequence + 1 if previous else 1
            previous = _following(previous, row)
            if previous is None:
                bad = f"entry {row.stream} {due}"
    return count, bad


def _following(previous: ChainEntry | None, row: Any) -> ChainEntry | None:
    """The row as an entry; None when it does not follow the one before, or holds what no record of ours contains."""
    try:
        entry = ChainEntry(record_of(row), row.previous_hash, row.hash)
        return entry if follows(previous, entry) else None
    except (TypeError, ValueError):
        return None


def _verify_log(work: Work, anchors: Sequence[Anchor]) -> tuple[int, str | None]:
    heads = work.connection.execute(select(log_heads).order_by(log_heads.c.size)).all()
    sealed = heads[-1].size if heads else 0
    statement = (
        select(log_leaves.c.position, log_leaves.c.leaf_hash, audit_entries.c.hash)
        .join(audit_entries, audit_entries.c.id == log_leaves.c.entry_id, isouter=True)
        .where(log_leaves.c.position < sealed)
        .order_by(log_leaves.c.position)
    )
    with _streamed(work, statement) as rows:
        bad = _first_bad_leaf(rows, heads, {anchor.size: anchor.root for anchor in anchors}, sealed)
    return sealed, bad or _leaf_without_head(work)


def _first_bad_leaf(rows: Iterable[Any], heads: Sequence[Any], anchors: dict[int, str], sealed: int) -> str | None:
    due = {head.size: head for head in heads}
    frontier, size = Frontier(), 0
    leaves: list[bytes] = []
    for row in rows:
        leaf = None if row.hash is None else leaf_of(row.hash)
        if row.position != size or leaf is None or leaf.hex() != row.leaf_hash:
            return f"leaf {size}"
        leaves.append(leaf)
        size += 1
        if size in due or size in anchors or len(leaves) == _BATCH:
            frontier = frontier.extend(leaves)
            leaves.clear()
            head = due.get(size)
            if head is not None and (head.root, head.frontier) != (frontier.root().hex(), frontier.to_hex()):
                return f"head {size}"
            if size in anchors and anchors.pop(size) != frontier.root().hex():
                return f"anchor {size}"
    if size != sealed:
        return f"leaf {size}"
    return f"anchor {min(anchors)}" if anchors else None


def _leaf_without_head(work: Work) -> str | None:
    # One statement, so that a seal that commits meanwhile is seen whole or not at all.
    leaves = select(func.coalesce(func.max(log_leaves.c.position) + 1, 0)).scalar_subquery()
    size = select(func.coalesce(func.max(log_heads.c.size), 0)).scalar_subquery()
    last, head = work.connection.execute(select(leaves, size)).one()
    return None if last == head else f"leaf {min(last, head)}"
