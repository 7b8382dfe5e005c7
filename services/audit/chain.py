"""The hash chain of one audit trail: every record is bound to the one before it, so that no edit stays unseen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TypeAlias

FORMAT = "chuke-audit-1"
"""Names the layout and the hash (SHA-256) of an entry; a change of either takes a new name."""

GENESIS = "0" * 64
"""What the first entry of a chain names as its previous hash."""


Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """What one act left behind: when, who, in which role, did what to what, with which result.

    `stream` names the trail (a case, the sign-ins) and `sequence` counts 1..n in it. `at` carries its zone.
    `details_digest` is the `digest` of the details stored beside the entry (among them where the request came
    from), so that personal data in them can be erased without breaking the chain. Source of the fields: GB/T
    22239-2019, 8.1.4.3 b.
    """

    stream: str
    sequence: int
    at: datetime
    actor: str
    role: str
    action: str
    object: str
    result: str
    reasons: tuple[str, ...]
    request_id: str
    details_digest: str


@dataclass(frozen=True, slots=True)
class ChainEntry:
    """A stored record with the hash of the entry before it and its own, both as 64 hexadecimal digits."""

    record: AuditRecord
    previous_hash: str
    hash: str


def canonical_json(value: Json) -> bytes:
    """The one way to write `value` as JSON in UTF-8: sorted keys, no spaces, no floats (as RFC 8785 for such values).

    Refuses (TypeError) a float and whatever else is no such value, (ValueError) text that is not valid Unicode.
    """
    _refuse_floats(value)
    return _ENCODER.encode(value).encode()


def digest(value: Json) -> str:
    """SHA-256 of the canonical JSON of `value`, as 64 hexadecimal digits. Refuses as `canonical_json`."""
    return sha256(canonical_json(value)).hexdigest()


def canonical_record(record: AuditRecord) -> bytes:
    """The bytes of a record that are hashed. The time is written in UTC to the microsecond.

    Refuses (ValueError) a time without a zone.
    """
    if record.at.tzinfo is None:
        raise ValueError("an audit record needs a time with its zone")
    fields = {
        "stream": record.stream,
        "sequence": record.sequence,
        "at": record.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": record.actor,
        "role": record.role,
        "action": record.action,
        "object": record.object,
        "result": record.result,
        "reasons": record.reasons,
        "request_id": record.request_id,
        "details_digest": record.details_digest,
    }
    return _ENCODER.encode(fields).encode()


def entry_hash(previous_hash: str, record: AuditRecord) -> str:
    """The hash that binds `record` to everything before it, as 64 hexadecimal digits.

    Refuses (ValueError) a previous hash that is not such, and a record as `canonical_record` does.
    """
    if len(previous_hash) != 64 or set(previous_hash) - set("0123456789abcdef"):
        raise ValueError("the previous hash is not 64 lower-case hexadecimal digits")
    return sha256(f"{FORMAT}\n{previous_hash}\n".encode() + canonical_record(record)).hexdigest()


def chained(previous: ChainEntry | None, record: AuditRecord) -> ChainEntry:
    """The entry that follows `previous` (None for the first). Refuses (ValueError) one out of sequence or stream."""
    due = 1 if previous is None else previous.record.sequence + 1
    if record.sequence != due:
        raise ValueError(f"audit record {record.sequence} of {record.stream} comes where {due} is due")
    if previous is not None and previous.record.stream != record.stream:
        raise ValueError(f"an audit record of {record.stream} cannot follow one of {previous.record.stream}")
    previous_hash = GENESIS if previous is None else previous.hash
    return ChainEntry(record, previous_hash, entry_hash(previous_hash, record))


def follows(previous: ChainEntry | None, entry: ChainEntry) -> bool:
    """Whether the entry stands where it says, behind that one (None: it is the first), and is as it was written.

    A cut tail, and a chain rewritten with new hashes from some entry on, look whole from within: those are found by the
    Merkle log and by anchors of it kept elsewhere.
    """
    due, hash_due, stream = 1, GENESIS, entry.record.stream
    if previous is not None:
        due, hash_due, stream = previous.record.sequence + 1, previous.hash, previous.record.stream
    if (entry.record.sequence, entry.previous_hash, entry.record.stream) != (due, hash_due, stream):
        return False
    return entry.hash == entry_hash(entry.previous_hash, entry.record)


def _refuse_floats(value: object) -> None:
    if value is None or isinstance(value, str | int):
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"audit details have text keys only, not {key!r}")
            _refuse_floats(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            _refuse_floats(inner)
    else:
        raise TypeError(
            f"audit details hold no {type(value).__name__}: write fen as integers, scores and dates as text"
        )
