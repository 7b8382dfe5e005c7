"""The audit log in the database: chained with the act, sealed once, and no edit of it goes unseen."""

import itertools
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from services.actors import SYSTEM, Actor
from services.audit.commands import SealResult, record, seal
from services.audit.merkle import EMPTY_ROOT, verify_inclusion
from services.audit.models import audit_entries, log_heads, log_leaves
from services.audit.queries import Anchor, AuditEntry, AuditReport, entries_of, inclusion, leaf_of, verify
from services.database.base import new_id
from services.database.engine import Database, open_database
from services.database.points import listen
from services.database.work import Work, reading, unit_of_work
from services.errors import NotFound
from tests.database.conftest import Tamper
from tests.database_fixtures import NOW, text_of

_seconds = itertools.count()


def enter(work: Work, stream: str, action: str = "case:move:submit", **more: object) -> AuditEntry:
    return record(
        work, stream=stream, actor=SYSTEM, role="system", action=action, object=stream, details={"n": 1, **more}
    )


def write(database: Database, *streams: str) -> list[AuditEntry]:
    """One entry in each named stream, each in a unit of its own, a second after the one before."""
    entries = []
    for stream in streams:
        with unit_of_work(database, NOW + timedelta(seconds=next(_seconds))) as work:
            entries.append(enter(work, stream))
    return entries


def check(database: Database, *anchors: Anchor) -> AuditReport:
    with reading(database) as work:
        return verify(work, anchors=anchors)


@pytest.fixture
def sealed(database: Database) -> list[AuditEntry]:
    """Six entries in two streams, sealed four and two."""
    entries = write(database, "case:1", "case:2", "case:1", "case:1")
    seal(database, NOW)
    entries += write(database, "case:2", "case:1")
    seal(database, NOW)
    return entries


def test_an_entry_keeps_all_that_is_asked_of_it(database: Database, clerk: Actor) -> None:
    with unit_of_work(database, NOW) as work:
        made = record(
            work, stream="case:1", actor=clerk, role="intake_clerk", action="case:move:accept", object="case:1",
            result="refused", reasons=("case.paper_missing",), request_id="5f0c", details={"缺": ["章程"], "fen": 100},
        )  # fmt: skip
    with reading(database) as work:
        assert entries_of(work, "case:1") == (made,)
        assert entries_of(work, "case:2") == ()
    assert (made.at, made.actor_id, made.actor_name, made.sequence) == (NOW, clerk.id, "李华", 1)


def test_streams_count_for_themselves(sealed: list[AuditEntry]) -> None:
    assert [(entry.stream, entry.sequence) for entry in sealed] == [
        ("case:1", 1), ("case:2", 1), ("case:1", 2), ("case:1", 3), ("case:2", 2), ("case:1", 4),
    ]  # fmt: skip
    assert sealed[2].previous_hash == sealed[0].hash


def test_an_entry_leaves_with_the_unit_that_wrote_it(database: Database) -> None:
    with pytest.raises(OSError, match="power cut"), unit_of_work(database, NOW) as work:
        enter_and_fail(work)
    assert check(database) == AuditReport(0, 0, 0, None)


def enter_and_fail(work: Work) -> None:
    enter(work, "case:1")
    raise OSError("power cut")


def test_amounts_are_never_written_as_floats(work: Work) -> None:
    with pytest.raises(TypeError, match="no float"):
        enter(work, "case:1", amount=0.1)


def test_a_forgotten_lock_breaks_on_the_number_and_not_on_the_chain(database: Database) -> None:
    write(database, "case:1")
    with reading(database) as work:
        row = dict(work.connection.execute(select(audit_entries)).mappings().one())
    with pytest.raises(IntegrityError), unit_of_work(database, NOW) as work:
        work.connection.execute(insert(audit_entries), row | {"id": new_id()})


def test_sealing_numbers_every_committed_entry_once(database: Database, sealed: list[AuditEntry]) -> None:
    again = seal(database, NOW)
    assert (again.sealed, again.size) == (0, 6)
    with reading(database) as work:
        positions = work.connection.scalars(select(log_leaves.c.entry_id).order_by(log_leaves.c.position)).all()
        assert positions == [entry.id for entry in sealed]
        assert work.connection.scalars(select(log_heads.c.size).order_by(log_heads.c.size)).all() == [4, 6]
    assert check(database) == AuditReport(entries=6, sealed=6, unsealed=0, first_bad=None)


def test_an_empty_log_has_the_empty_root_and_no_head(database: Database) -> None:
    assert seal(database, NOW) == SealResult(0, 0, EMPTY_ROOT.hex())


def test_a_long_queue_is_sealed_in_portions_in_order(database: Database) -> None:
    entries = write(database, *["case:1"] * 5)
    assert [seal(database, NOW, limit=2).sealed for _ in range(4)] == [2, 2, 1, 0]
    with reading(database) as work:
        positions = work.connection.scalars(select(log_leaves.c.entry_id).order_by(log_leaves.c.position)).all()
    assert positions == [entry.id for entry in entries]
    assert check(database).first_bad is None


def test_an_entry_committed_after_later_ones_were_sealed_is_sealed_too(database: Database) -> None:
    if database.is_sqlite:
        return  # it has one writer: entries commit in the order they were made
    with database.engine.connect() as slow, slow.begin():
        enter(Work(slow, NOW - timedelta(seconds=1)), "case:1")
        write(database, "case:2")
        assert seal(database, NOW).sealed == 1
    assert seal(database, NOW).sealed == 1
    assert check(database) == AuditReport(2, 2, 0, None)


def test_the_nightly_seal_finds_what_came_later_than_the_sealer_looks(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(database, "case:2")
    seal(database, NOW)
    early = "00000000-0001-7000-8000-000000000000"
    monkeypatch.setattr("services.audit.commands.new_id", lambda: early)
    write(database, "case:1")
    assert seal(database, NOW).sealed == 0
    assert check(database) == AuditReport(2, 1, 1, None)
    assert seal(database, NOW, everything=True).sealed == 1


def test_sealers_that_run_at_once_number_everything_once(database: Database) -> None:
    write(database, *["case:1"] * 12)
    results: list[SealResult] = []
    others = [open_database(text_of(database.url)) for _ in range(4)]
    start = threading.Barrier(len(others))

    def work_on(other: Database) -> None:
        start.wait()
        results.extend([seal(other, NOW, limit=2) for _ in range(3)])

    threads = [threading.Thread(target=work_on, args=(other,)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.close()
    assert sum(result.sealed for result in results) == 12
    assert check(database) == AuditReport(12, 12, 0, None)


def test_a_sealer_stopped_half_way_leaves_nothing_half_done(database: Database) -> None:
    write(database, "case:1", "case:2")

    def stop(name: str) -> None:
        if name == "seal:between":
            raise KeyboardInterrupt

    remove = listen(stop)
    try:
        with pytest.raises(KeyboardInterrupt):
            seal(database, NOW)
    finally:
        remove()
    assert check(database) == AuditReport(2, 0, 2, None)
    assert seal(database, NOW).sealed == 2


def test_anyone_can_check_that_an_entry_is_in_the_log(database: Database, sealed: list[AuditEntry]) -> None:
    for entry in sealed:
        with reading(database) as work:
            found = inclusion(work, entry.id)
        proof = [bytes.fromhex(sibling) for sibling in found.proof]
        place = {"index": found.position, "size": found.size, "proof": proof, "root": bytes.fromhex(found.root)}
        assert found.entry_hash == entry.hash
        assert verify_inclusion(leaf_of(entry.hash), **place)  # type: ignore[arg-type]
        assert not verify_inclusion(leaf_of("0" * 64), **place)  # type: ignore[arg-type]


def test_an_entry_that_is_not_sealed_has_no_proof_yet(database: Database) -> None:
    (entry,) = write(database, "case:1")
    with reading(database) as work, pytest.raises(NotFound) as missing:
        inclusion(work, entry.id)
    assert missing.value.codes == ("audit.entry_not_sealed",)


EDITS = {
    "at": "at = '2020-01-01 00:00:00'",
    "actor": "actor_id = null",
    "name": "actor_name = '别人'",
    "role": "role = 'director'",
    "action": "action = 'case:move:withdraw'",
    "object": "object = 'case:9'",
    "result": "result = 'refused'",
    "reasons": "reasons = '[\"a.b\"]'",
    "request": "request_id = 'x'",
    "details": "details = '{\"n\": 2}'",
    "previous": "previous_hash = hash",
    "hash": "hash = previous_hash",
    "sequence": "sequence = 20",
    "stream": "stream = 'case:7'",
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_edited_field_is_found_at_its_entry(
    database: Database, sealed: list[AuditEntry], tamper: Tamper, edit: str
) -> None:
    assert sealed
    tamper(f"update audit_entries set {edit} where stream = 'case:1' and sequence = 2")
    # An entry that left its stream is missing at its number there, or stands first where it came to.
    assert check(database).first_bad in {"entry case:1 2", "entry case:7 1"}


FAULTS = {
    "deleted entry": ("delete from audit_entries where stream = 'case:1' and sequence = 2", "entry case:1 2"),
    "cut tail": ("delete from audit_entries where stream = 'case:1' and sequence = 4", "leaf 5"),
    "deleted leaf": ("delete from log_leaves where position = 3", "leaf 3"),
    "cut leaf": ("delete from log_leaves where position = 5", "leaf 5"),
    "edited leaf": ("update log_leaves set leaf_hash = substr(leaf_hash, 2) || 'x' where position = 3", "leaf 3"),
    "edited first head": ("update log_heads set root = substr(root, 2) || '0' where size = 4", "head 4"),
    "edited last head": ("update log_heads set root = substr(root, 2) || '0' where size = 6", "head 6"),
    "edited frontier": ("update log_heads set frontier = '[]' where size = 4", "head 4"),
    "deleted last head": ("delete from log_heads where size = 6", "leaf 4"),
    "no heads": ("delete from log_heads", "leaf 0"),
    "no leaves": ("delete from log_leaves", "leaf 0"),
}


@pytest.mark.parametrize(("statement", "place"), FAULTS.values(), ids=FAULTS.keys())
def test_a_missing_or_edited_row_is_named(
    database: Database, sealed: list[AuditEntry], tamper: Tamper, statement: str, place: str
) -> None:
    assert sealed
    tamper(statement)
    assert check(database).first_bad == place


def test_a_log_rewritten_as_a_whole_is_found_only_by_an_anchor_kept_elsewhere(
    database: Database, sealed: list[AuditEntry], tamper: Tamper
) -> None:
    with reading(database) as work:
        root = work.connection.scalar(select(log_heads.c.root).where(log_heads.c.size == 6))
    kept = Anchor(6, str(root))
    assert check(database, kept).first_bad is None
    for table in ("log_leaves", "log_heads", "audit_entries"):
        tamper(f"delete from {table}")
    write(database, *[entry.stream for entry in sealed[1:]])
    seal(database, NOW)
    assert check(database).first_bad is None
    assert check(database, kept).first_bad == "anchor 6"
    write(database, "case:1")
    seal(database, NOW)
    assert check(database, kept).first_bad == "anchor 6"


def test_a_weaker_chain_would_miss_an_edit(
    database: Database, sealed: list[AuditEntry], tamper: Tamper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checks above are only worth something because a hash that forgets a field fails them."""
    assert sealed
    weak: Callable[[object], str] = lambda _details: "0" * 64  # noqa: E731
    monkeypatch.setattr("services.audit.queries.digest", weak)
    write(database, "case:9")
    tamper("update audit_entries set details = '{}' where stream = 'case:9'")
    with reading(database) as work:
        assert verify(work).first_bad == "entry case:1 1", "the others were hashed with their details"
