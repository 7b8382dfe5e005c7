"""The receipt of a paper on its way: signed, drawn into the QR code, kept, and checked by whoever has only the key."""

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import select

from cli.main import run as command
from documents import pdf
from documents.context import from_json
from documents.offline import Means, check_text
from documents.receipt import keys_in, token_in
from documents.registry import kind_of
from documents.signed import certificates_in
from flows.errands import carry
from services.database.work import reading
from services.issuance.changing import void_document
from services.issuance.commands import Drawn
from services.issuance.models import document_receipts
from services.issuance.queries import DocumentToDraw, document_bytes, document_to_draw, documents_of
from services.issuance.signatures import enter_keys, key_file, known_keys
from services.issuance.verifying import verification
from services.outbox.commands import claim_errands
from services.settings import settings
from tests.database_fixtures import NOW, text_of
from tests.flows.ground import Ground


def drawn_here(paper: DocumentToDraw, _engine: str = "") -> Drawn:
    """The paper from its stored inputs with its receipt, in this process."""
    rendered = pdf.render(paper.kind, from_json(kind_of(paper.kind), paper.inputs), receipt=paper.receipt)
    return Drawn(rendered.pdf, rendered.sha256, rendered.pages, rendered.engine, rendered.seal_places)


def issued(ground: Ground) -> str:
    """Leave a certificate, claim its errand and carry it; answers the outcome."""
    ground.leave_paper(name="graduation_certificate")
    (errand,) = ground.do(lambda work: claim_errands(work, worker="w"), now=NOW)
    return carry(ground.database, errand, now=NOW, render=drawn_here)


def test_a_signed_paper_carries_a_receipt_that_its_key_confirms(small_ground: Ground, demo: Path) -> None:
    assert issued(small_ground) == "done"
    with reading(small_ground.database, NOW) as work:
        (paper,) = documents_of(work)
        kept = document_to_draw(work, paper.id).receipt
        pem = next(one.key.pem for one in known_keys(work) if one.key.purpose == "statement")
        content = document_bytes(work, paper.id)
        assert verification(work, f"{paper.verify_code}-{token_in(kept)}")
        assert verification(work, f"{paper.verify_code}-0000000000") is None
    with pikepdf.open(io.BytesIO(content)) as document:
        said = document.attachments["receipt.txt"].get_file().read_bytes().decode()
    assert said.endswith(kept)
    text = f"https://fuhua.example.cn/verify/{paper.verify_code}{kept}"
    found = check_text(text, Means(keys=keys_in(pem), now=NOW, today=date(2026, 12, 1)))
    assert found.receipt is not None
    assert (found.receipt.number, found.receipt.code) == (paper.number, "D18")
    assert found.holds


def test_the_one_key_file_the_command_makes_is_all_that_checking_needs(
    small_ground: Ground,
    demo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Both kinds of key stand in it, and the name of a holder, whatever it contains, stays within its comment."""
    monkeypatch.setenv("CHUKE_DATABASE_URL", text_of(small_ground.database.url))
    settings.cache_clear()
    keys, paper = tmp_path / "keys.pem", tmp_path / "paper.pdf"
    assert command(["document", "keys", "--to", str(keys)]) == 5
    assert issued(small_ground) == "done"
    with reading(small_ground.database, NOW) as work:
        paper.write_bytes(document_bytes(work, documents_of(work)[0].id))
        old = next(one.key for one in known_keys(work, purpose="seal"))
    strange = replace(old, fingerprint="0" * 64, holder="旧印章\n-----BEGIN CERTIFICATE-----\nnone")
    small_ground.do(lambda work: enter_keys(work, [strange]))
    assert command(["document", "keys", "--to", str(keys)]) == 0
    said = keys.read_text(encoding="utf-8")
    assert said.count("使用中") == 2
    assert said.count("\n# SHA-256 ") == 3
    assert (len(keys_in(said)), len(certificates_in(said))) == (1, 1)
    with reading(small_ground.database, NOW) as work:
        assert said == key_file(work)
    capsys.readouterr()
    status = command(
        ["document", "verify", str(paper), "--offline", "--key", str(keys), "--on", "2026-12-01", "--json"]
    )
    found = [one["code"] for one in json.loads(capsys.readouterr().out)["findings"]]
    assert (status, found) == (0, ["seal_good", "receipt_signed", "data_fits", "no_list"])


def test_where_nobody_signs_there_is_no_receipt(small_ground: Ground) -> None:
    assert issued(small_ground) == "done"
    with reading(small_ground.database, NOW) as work:
        assert work.connection.execute(select(document_receipts)).all() == []


def test_a_paper_made_void_before_it_is_drawn_is_never_drawn_or_given_out(small_ground: Ground) -> None:
    small_ground.leave_paper(name="graduation_certificate")
    (errand,) = small_ground.do(lambda work: claim_errands(work, worker="w"), now=NOW)

    def too_late(paper: DocumentToDraw) -> Drawn:
        small_ground.do(lambda work: void_document(work, paper.id))
        return drawn_here(paper)

    assert carry(small_ground.database, errand, now=NOW, render=too_late) == "done"
    with reading(small_ground.database, NOW) as work:
        (paper,) = documents_of(work)
        assert (paper.standing, paper.file_sha256) == ("void", None)
        found = verification(work, paper.verify_code)
        assert found is not None
        assert found.standing == "void"
