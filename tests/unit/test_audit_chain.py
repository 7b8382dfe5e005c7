"""The audit hash chain: what it covers, and that every kind of tampering is found at its first bad entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest

from services.audit.chain import (
    FORMAT,
    GENESIS,
    AuditRecord,
    ChainEntry,
    canonical_json,
    canonical_record,
    chained,
    digest,
    entry_hash,
    follows,
)

RECORD = AuditRecord(
    stream="case:1",
    sequence=1,
    at=datetime(2026, 11, 23, 9, 40, 0, 5, tzinfo=timezone(timedelta(hours=8))),
    actor="user:7",
    role="intake_clerk",
    action="case:move:accept",
    object="case:1",
    result="ok",
    reasons=(),
    request_id="5f0c",
    details_digest=digest({"清单": ["章程", "名册"]}),
)


def trail(length: int = 6) -> list[ChainEntry]:
    entries: list[ChainEntry] = []
    for number in range(1, length + 1):
        record = replace(RECORD, sequence=number, at=RECORD.at + timedelta(minutes=number))
        entries.append(chained(entries[-1] if entries else None, record))
    return entries


def test_the_hashed_bytes_are_fixed_for_ever() -> None:
    assert canonical_record(RECORD) == (
        b'{"action":"case:move:accept","actor":"user:7","at":"2026-11-23T01:40:00.000005+00:00",'
        b'"details_digest":"' + RECORD.details_digest.encode() + b'","object":"case:1","reasons":[],'
        b'"request_id":"5f0c","result":"ok","role":"intake_clerk","sequence":1,"stream":"case:1"}'
    )
    expected = sha256(f"{FORMAT}\n{GENESIS}\n".encode() + canonical_record(RECORD)).hexdigest()
    assert entry_hash(GENESIS, RECORD) == expected


def test_the_same_moment_hashes_the_same_in_every_zone() -> None:
    assert entry_hash(GENESIS, RECORD) == entry_hash(GENESIS, replace(RECORD, at=RECORD.at.astimezone(UTC)))


@pytest.mark.parametrize("name", [field.name for field in fields(AuditRecord)])
def test_every_field_is_covered_by_the_hash(name: str) -> None:
    other: dict[str, Any] = {
        "sequence": 2,
        "at": RECORD.at + timedelta(microseconds=1),
        "reasons": ("case.documents_missing",),
    }
    changed = replace(RECORD, **{name: other.get(name, "other")})
    assert entry_hash(GENESIS, changed) != entry_hash(GENESIS, RECORD)


def test_canonical_json_sorts_keys_keeps_chinese_and_adds_no_spaces() -> None:
    assert canonical_json({"b": [1, True, None], "a": "河湾区"}) == '{"a":"河湾区","b":[1,true,null]}'.encode()


@pytest.mark.parametrize("value", [1.5, {"amount": 1.0}, [float("nan")], {1: "a"}, {"day": RECORD.at}, {"set": {1}}])
def test_canonical_json_refuses_floats_and_what_json_lacks(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


def test_text_that_is_no_unicode_a_time_without_zone_and_a_bad_hash_are_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        canonical_json("\ud800")
    with pytest.raises(ValueError, match="zone"):
        canonical_record(replace(RECORD, at=RECORD.at.replace(tzinfo=None)))
    for bad in ("", "0" * 63, "G" * 64, "A" * 64):
        with pytest.raises(ValueError, match="64"):
            entry_hash(bad, RECORD)


def test_an_entry_out_of_sequence_or_from_another_stream_cannot_be_added() -> None:
    first = chained(None, RECORD)
    for record in (RECORD, replace(RECORD, sequence=3)):
        with pytest.raises(ValueError, match="where 2 is due"):
            chained(first, record)
    with pytest.raises(ValueError, match="cannot follow"):
        chained(first, replace(RECORD, sequence=2, stream="case:2"))


def first_bad(entries: list[ChainEntry]) -> int | None:
    """The place of the first entry that does not follow the one before it; None in a whole chain."""
    before = [None, *entries]
    return next((place for place, entry in enumerate(entries, 1) if not follows(before[place - 1], entry)), None)


def test_a_whole_chain_verifies_also_when_empty() -> None:
    assert first_bad(trail()) is None
    assert first_bad([]) is None


def _edited(entries: list[ChainEntry], at: int) -> list[ChainEntry]:
    entry = entries[at]
    entries[at] = replace(entry, record=replace(entry.record, actor="user:8"))
    return entries


def _rehashed(entries: list[ChainEntry], at: int) -> list[ChainEntry]:
    edited = _edited(entries, at)[at]
    entries[at] = replace(edited, hash=entry_hash(edited.previous_hash, edited.record))
    return entries


TAMPERINGS: dict[str, tuple[Callable[[list[ChainEntry]], list[ChainEntry]], int]] = {
    "record edited": (lambda e: _edited(e, 2), 3),
    "record edited and its hash renewed": (lambda e: _rehashed(e, 2), 4),
    "entry deleted": (lambda e: e[:2] + e[3:], 3),
    "first entry deleted": (lambda e: e[1:], 1),
    "entry repeated": (lambda e: e[:3] + e[2:], 4),
    "neighbours exchanged": (lambda e: [*e[:2], e[3], e[2], *e[4:]], 3),
    "entry inserted": (lambda e: [*e[:3], chained(e[2], replace(e[3].record, actor="user:9")), *e[3:]], 5),
    "previous hash edited": (lambda e: [*e[:2], replace(e[2], previous_hash=GENESIS), *e[3:]], 3),
    "hash edited": (lambda e: [*e[:2], replace(e[2], hash=GENESIS), *e[3:]], 3),
    "first entry hung onto something": (lambda e: [replace(e[0], previous_hash="1" * 64), *e[1:]], 1),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_at_the_first_bad_entry(name: str) -> None:
    tamper, place = TAMPERINGS[name]
    assert first_bad(tamper(trail())) == place


def test_an_entry_of_another_stream_is_found_even_when_its_hashes_fit() -> None:
    entries = trail(2)
    record = replace(RECORD, sequence=3, stream="case:2")
    entries.append(ChainEntry(record, entries[-1].hash, entry_hash(entries[-1].hash, record)))
    assert first_bad(entries) == 3


def test_a_cut_tail_and_a_rewritten_history_look_whole_from_within() -> None:
    """What finds them is the log of all entries, and anchors kept elsewhere (tests/database/test_audit_log.py)."""
    assert first_bad(trail()[:4]) is None
    rewritten: list[ChainEntry] = []
    for entry in _edited(trail(), 1):
        rewritten.append(chained(rewritten[-1] if rewritten else None, entry.record))
    assert first_bad(rewritten) is None


def test_a_hash_that_forgot_the_previous_one_would_be_caught() -> None:
    def weakened(record: AuditRecord) -> str:
        return entry_hash(GENESIS, record)

    entries = [ChainEntry(entry.record, entry.previous_hash, weakened(entry.record)) for entry in trail()]
    assert first_bad(entries) == 2
