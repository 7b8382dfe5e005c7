"""The receipt of a paper on its way: signed, drawn into the QR code, kept, and checked by whoever has only the key."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
from sqlalchemy import select

from documents import pdf
from documents.offline import Means, check_pdf, check_text
from documents.receipt import keys_in, token_in
from documents.registry import kind_of
from documents.signed import certificates_in
from flows.errands import carry
from services.database.work import reading
from services.issuance.changing import void_document
from services.issuance.commands import Drawn
from services.issuance.models import document_receipts
from services.issuance.queries import DocumentToDraw, document_bytes, document_to_draw, documents_of
from services.issuance.signatures import known_keys, public_pem
from services.issuance.verifying import verification
from services.outbox.commands import claim_errands
from tests.database_fixtures import NOW
from tests.flows.ground import Ground


def sample(paper: DocumentToDraw, _engine: str = "") -> Drawn:
    """The sample of the kind with the paper's own receipt."""
    context = kind_of(paper.kind).sample()
    head = replace(context.head, seal="none")
    rendered = pdf.render(paper.kind, replace(context, head=head), receipt=paper.receipt)
    return Drawn(rendered.pdf, rendered.sha256, rendered.pages, rendered.engine, rendered.seal_places)


def issued(ground: Ground) -> str:
    """Leave a certificate, claim its errand and carry it; answers the outcome."""
    ground.leave_paper(name="graduation_certificate")
    (errand,) = ground.do(lambda work: claim_errands(work, worker="w"), now=NOW)
    return carry(ground.database, errand, now=NOW, render=sample)


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
    with reading(small_ground.database, NOW) as work:
        everything = public_pem(work)
    means = Means(
        keys=keys_in(everything), certificates=certificates_in(everything), now=NOW, today=date(2026, 12, 1)
    )  # fmt: skip
    assert check_pdf(content, means).findings[0].code == "seal_good"


def test_where_nobody_signs_there_is_no_receipt(small_ground: Ground) -> None:
    assert issued(small_ground) == "done"
    with reading(small_ground.database, NOW) as work:
        assert work.connection.execute(select(document_receipts)).all() == []


def test_a_paper_made_void_before_it_is_drawn_is_never_drawn_or_given_out(small_ground: Ground) -> None:
    small_ground.leave_paper(name="graduation_certificate")
    (errand,) = small_ground.do(lambda work: claim_errands(work, worker="w"), now=NOW)

    def too_late(paper: DocumentToDraw) -> Drawn:
        small_ground.do(lambda work: void_document(work, paper.id))
        return sample(paper)

    assert carry(small_ground.database, errand, now=NOW, render=too_late) == "done"
    with reading(small_ground.database, NOW) as work:
        (paper,) = documents_of(work)
        assert (paper.standing, paper.file_sha256) == ("void", None)
        found = verification(work, paper.verify_code)
        assert found is not None
        assert found.standing == "void"
