"""Papers drawn again, the list of what no longer holds, and files that rot: all found, and healed from a copy."""

import hashlib
import os
import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from documents.receipt import keys_in
from documents.revocations import hash_of, read
from flows import reproducing
from flows.errands import carry
from flows.reproducing import reproduce
from flows.revoking import publish_revocations
from services.database.work import Work, office_now, reading
from services.invariants.machine import scrubbed
from services.issuance.commands import Drawn
from services.issuance.files import store_file
from services.issuance.models import issued_documents, stored_files
from services.issuance.queries import DocumentToDraw, documents_of
from services.issuance.revoking import kept_list
from services.issuance.scrubbing import copy_in_database, copy_in_folder, scrub
from services.issuance.signatures import key_file
from services.outbox.commands import claim_errands
from tests.database_fixtures import NOW
from tests.flows.ground import Ground
from tests.flows.test_receipts import drawn_here

FILES = 1_000 if os.environ.get("CHUKE_NIGHTLY") else 100


def carried(ground: Ground, *, render=drawn_here) -> str:
    """Leave a certificate, claim its errand and carry it; answers its id."""
    ground.leave_paper(name="graduation_certificate")
    (errand,) = ground.do(lambda work: claim_errands(work, worker="w"), now=NOW)
    assert carry(ground.database, errand, now=NOW, render=render) == "done"
    with reading(ground.database, NOW) as work:
        return documents_of(work)[0].id


def test_a_paper_is_drawn_the_same_again_with_its_receipt(
    small_ground: Ground, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried(small_ground)
    monkeypatch.setattr(reproducing, "draw", drawn_here)
    (found,) = reproduce(small_ground.database, now=NOW)
    assert found.same
    assert not found.other_engine

    def without_receipt(paper: DocumentToDraw, _engine: str) -> Drawn:
        """Planted bug: the receipt was not kept with the paper."""
        return drawn_here(DocumentToDraw(paper.id, paper.kind, paper.number, paper.case_id, paper.inputs, paper.drawn))

    monkeypatch.setattr(reproducing, "draw", without_receipt)
    assert not next(iter(reproduce(small_ground.database, now=NOW))).same


def test_another_engine_is_named_where_bytes_differ(small_ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    carried(small_ground)

    def other(paper: DocumentToDraw, _engine: str) -> Drawn:
        drawn = drawn_here(paper)
        content = drawn.pdf + b"\n"
        return Drawn(content, hashlib.sha256(content).hexdigest(), drawn.pages, "weasyprint 99")

    monkeypatch.setattr(reproducing, "draw", other)
    (found,) = reproduce(small_ground.database, now=NOW)
    assert (found.same, found.other_engine, found.present) == (False, True, "weasyprint 99")


def test_the_list_is_signed_when_something_ceases_to_hold_and_once_a_day(small_ground: Ground, demo: Path) -> None:
    paper, database = carried(small_ground), small_ground.database
    assert publish_revocations(database, now=NOW)
    assert not publish_revocations(database, now=NOW + timedelta(hours=1))
    change = {"standing": "revoked", "revoked_at": NOW + timedelta(hours=2), "revoked_reason": "虚报"}
    small_ground.do(lambda work: work.connection.execute(update(issued_documents).values(**change)))
    assert publish_revocations(database, now=NOW + timedelta(hours=3))
    assert publish_revocations(database, now=NOW + timedelta(hours=28))
    with reading(database, NOW) as work:
        kept, keys = kept_list(work), keys_in(key_file(work))
        line = documents_of(work)[0]
    assert kept is not None
    assert paper == line.id
    found = read(kept.content, keys)
    entry = found.entries[hash_of(line.verify_code)]
    assert (entry.number, entry.standing, entry.at) == (line.number, "revoked", NOW + timedelta(hours=2))
    assert found.as_of == NOW + timedelta(hours=28)


def test_where_nobody_signs_there_is_no_list(small_ground: Ground) -> None:
    assert not publish_revocations(small_ground.database, now=NOW)
    with reading(small_ground.database, NOW) as work:
        assert kept_list(work) is None


def many_files(work: Work, count: int, size: int) -> list[str]:
    """That many files of about that size."""
    return [
        store_file(work, f"{number:08}".encode() * (size // 8), media_type="application/pdf") for number in range(count)
    ]


def damage(work: Work, digests: list[str]) -> None:
    """Ten ways in which a disk or a hand may spoil a file."""
    one = stored_files.c
    for place, digest in enumerate(digests):
        row = work.connection.execute(stored_files.select().where(one.sha256 == digest)).one()
        content = bytearray(row.content)
        if place % 5 == 0:
            content[len(content) // 2] ^= 1
        elif place % 5 == 1:
            content = content[:-1]
        elif place % 5 == 2:
            content = bytearray()
        elif place % 5 == 3:
            content += b"\0"
        else:
            content[0:8] = b"otherone"
        work.connection.execute(update(stored_files).where(one.sha256 == digest).values(content=bytes(content)))


def test_files_are_looked_at_and_ten_damages_found_and_healed(small_ground: Ground, tmp_path: Path) -> None:
    """F6: a thousand within thirty seconds (a hundred on each push), from a copy that has one of them damaged too."""
    digests = small_ground.do(lambda work: many_files(work, FILES, 60_000))
    spoilt = digests[7 :: FILES // 10]
    copy = tmp_path / "copy"
    copy.mkdir()
    with reading(small_ground.database, NOW) as work:
        for digest in spoilt:
            row = work.connection.execute(stored_files.select().where(stored_files.c.sha256 == digest)).one()
            (copy / f"{digest[:8]}.pdf").write_bytes(row.content)
    small_ground.do(lambda work: damage(work, spoilt))
    lost = copy / f"{spoilt[0][:8]}.pdf"
    lost.write_bytes(lost.read_bytes()[:-1])
    began = time.process_time()
    found = scrub(small_ground.database, now=NOW, clock=office_now)
    spent = time.process_time() - began
    assert (found.files, sorted(found.damaged), found.restored) == (FILES, sorted(spoilt), ())
    assert spent < 30
    healed = scrub(small_ground.database, now=NOW, clock=office_now, copy=copy_in_folder(copy))
    assert healed.left == (spoilt[0],)
    assert scrub(small_ground.database, now=NOW, clock=office_now).damaged == (spoilt[0],)


def test_another_database_is_a_copy_too_and_a_lost_row_comes_back(file_ground: Ground, tmp_path: Path) -> None:
    carried(file_ground)
    backup = tmp_path / "backup.sqlite"
    with sqlite3.connect(str(file_ground.database.engine.url.database)) as beside:
        beside.execute(f"vacuum into '{backup}'")
        beside.execute("delete from stored_files")
    found = scrub(file_ground.database, now=NOW, clock=office_now, copy=copy_in_database(f"sqlite:///{backup}"))
    assert len(found.damaged) == 1
    assert found.left == ()
    with reading(file_ground.database, NOW) as work:
        paper = documents_of(work)[0]
        content = work.connection.execute(stored_files.select()).one().content
    assert hashlib.sha256(content).hexdigest() == paper.file_sha256


def test_the_doctor_says_when_files_were_looked_at_and_what_is_damaged(small_ground: Ground) -> None:
    database = small_ground.database
    assert scrubbed(database, now=NOW) == "—"
    digests = small_ground.do(lambda work: many_files(work, 5, 80))
    scrub(database, now=NOW, clock=lambda: NOW)
    assert scrubbed(database, now=NOW).endswith(" 5")
    with pytest.raises(RuntimeError, match="too long ago"):
        scrubbed(database, now=NOW + timedelta(days=9))
    small_ground.do(lambda work: damage(work, digests[:1]))
    scrub(database, now=NOW, clock=lambda: NOW + timedelta(hours=1))
    with pytest.raises(RuntimeError, match="1/5"):
        scrubbed(database, now=NOW + timedelta(hours=2))
