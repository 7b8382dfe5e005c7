"""Papers signed on their way: drawn, signed, filed in one commit; with nobody to sign they wait and lose nothing."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import text

from documents import pdf
from documents.registry import kind_of
from flows.errands import carry
from flows.signing import provider
from services.database.work import Work, reading
from services.errors import Broken
from services.invariants.check import check
from services.issuance.commands import Drawn, store_drawn
from services.issuance.files import store_file
from services.issuance.pictures import page_picture
from services.issuance.queries import DocumentToDraw, document_bytes, documents_of
from services.issuance.signatures import (
    PublicKey,
    SealAway,
    Sealed,
    enter_keys,
    known_keys,
    signature_of,
    unsigned_hash,
)
from services.outbox.commands import claim_errands
from services.settings import settings
from tests.database_fixtures import NOW
from tests.flows.ground import Ground


def sample(paper: DocumentToDraw) -> Drawn:
    """The sample of the kind, without the seal that its signature brings."""
    context = kind_of(paper.kind).sample()
    rendered = pdf.render(paper.kind, replace(context, head=replace(context.head, seal="none")))
    return Drawn(rendered.pdf, rendered.sha256, rendered.pages, rendered.engine, rendered.seal_places)


def issued(ground: Ground, *, name: str = "graduation_certificate") -> str:
    """Leave a paper, claim its errand and carry it; answers the outcome."""
    ground.leave_paper(name=name)
    return carried(ground)


def carried(ground: Ground, *, later: timedelta = timedelta()) -> str:
    """Claim the one errand that is due then, and carry it."""
    now = NOW + later
    (errand,) = ground.do(lambda work: claim_errands(work, worker="w"), now=now)
    return carry(ground.database, errand, now=now, render=sample)


def test_a_paper_is_signed_before_it_is_filed(small_ground: Ground, demo: Path) -> None:
    assert issued(small_ground) == "done"
    with reading(small_ground.database, NOW) as work:
        (paper,) = documents_of(work)
        content, signature = document_bytes(work, paper.id), signature_of(work, paper.id)
        keys = {line.key.fingerprint: line.key for line in known_keys(work)}
    assert paper.standing == "issued"
    assert signature is not None
    assert hashlib.sha256(content).hexdigest() == paper.file_sha256 == signature.sha256
    assert hashlib.sha256(content[: len(sample_bytes())]).hexdigest() == signature.sha256_unsigned
    assert (signature.level, signature.signed_at) == ("B-B", NOW)
    assert "样章" in keys[signature.fingerprint].holder
    assert len(PdfFileReader(BytesIO(content)).embedded_signatures) == 1


def test_the_picture_of_a_signed_paper_shows_its_seal(small_ground: Ground, demo: Path) -> None:
    small_ground.leave_paper(seal="none")
    assert carried(small_ground) == "done"
    with reading(small_ground.database, NOW) as work:
        (paper,) = documents_of(work)
        picture = Image.open(BytesIO(page_picture(work, paper, 1))).convert("RGB")
    # Inside the frame, right below the middle, nothing but the seal is red.
    width, height = picture.size
    inside = picture.crop((width // 2, height // 2, int(width * 0.93), int(height * 0.93)))
    red = sum(r > 150 and g < 90 and b < 90 for r, g, b in inside.get_flattened_data())
    assert red > 2_000


def sample_bytes() -> bytes:
    return sample(DocumentToDraw("", "graduation_certificate", "", "", {}, False)).pdf


def test_forms_kept_on_file_are_not_signed(small_ground: Ground, demo: Path) -> None:
    assert issued(small_ground, name="graduation_report") == "done"
    with reading(small_ground.database, NOW) as work:
        (paper,) = documents_of(work)
        assert signature_of(work, paper.id) is None
        assert unsigned_hash(work, paper.id) == paper.file_sha256
    assert not demo.exists()


def test_what_signs_is_loaded_where_papers_are_signed_and_nowhere_else(tmp_path: Path) -> None:
    """A worker that signs nothing, or asks the signing process, is spared it; with keys of its own it is found."""
    script = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import flows.errands, flows.relay
from flows.signing import provider
from services.settings import Settings
def signing(mode, socket=None):
    provider(Settings(seal_mode=mode, seal_socket=socket, seal_folder=Path(sys.argv[1])), now=datetime.now(UTC))
    return any(name.startswith(("pyhanko", "documents.pades", "documents.signed")) for name in sys.modules)
print(signing("none"), signing("pkcs12", Path("seal.sock")), signing("demo"))
"""
    command = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["False", "False", "True"]


def test_keys_are_made_once_and_only_their_owner_can_read_them(demo: Path) -> None:
    signer = provider(now=NOW)
    assert signer is not None
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in demo.iterdir()} == {
        "demo.pem": "0o600", "statements.pem": "0o600",
    }  # fmt: skip
    assert signer.sign_statement(b"x") == signer.sign_statement(b"x")
    (demo / "demo.pem").chmod(0o644)
    settings.cache_clear()
    from flows.signing_keys import load_keys

    with pytest.raises(SealAway) as refusal:
        load_keys(settings(), now=NOW)
    assert refusal.value.codes == ("seal.open_to_others",)


def test_the_signature_filed_first_stays(small_ground: Ground, demo: Path) -> None:
    """Two workers draw and sign one paper: the drawn bytes are the same, the signed ones differ, one file is kept."""
    issued(small_ground)
    with reading(small_ground.database, NOW) as work:
        (paper,) = documents_of(work)
    drawn = sample(DocumentToDraw(paper.id, paper.kind, paper.number, None, {}, False))
    other = drawn.pdf + b"% another signature"
    sealed = Sealed(other, hashlib.sha256(other).hexdigest(), "f" * 64, "B-B", NOW)
    assert not small_ground.do(lambda work: store_drawn(work, paper.id, drawn, sealed))
    altered = Drawn(b"%PDF", hashlib.sha256(b"%PDF").hexdigest(), 1, "engine")
    with pytest.raises(Broken):
        small_ground.do(lambda work: store_drawn(work, paper.id, altered))


def test_what_was_signed_must_be_what_was_drawn(small_ground: Ground) -> None:
    small_ground.leave_paper()
    drawn = Drawn(b"%PDF drawn", hashlib.sha256(b"%PDF drawn").hexdigest(), 1, "engine")
    sealed = Sealed(b"%PDF other", hashlib.sha256(b"%PDF other").hexdigest(), "f" * 64, "B-B", NOW)
    with reading(small_ground.database, NOW) as work:
        (paper,) = documents_of(work)
    with pytest.raises(Broken, match="not what was drawn"):
        small_ground.do(lambda work: store_drawn(work, paper.id, drawn, sealed))


def test_a_key_nobody_entered_files_nothing(small_ground: Ground) -> None:
    small_ground.leave_paper()
    drawn = Drawn(b"%PDF", hashlib.sha256(b"%PDF").hexdigest(), 1, "engine")
    sealed = Sealed(b"%PDF signed", hashlib.sha256(b"%PDF signed").hexdigest(), "f" * 64, "B-B", NOW)
    with reading(small_ground.database, NOW) as work:
        (paper,) = documents_of(work)
    with pytest.raises(SealAway):
        small_ground.do(lambda work: store_drawn(work, paper.id, drawn, sealed))
    with reading(small_ground.database, NOW) as work:
        assert documents_of(work)[0].standing == "decided"


def test_a_retired_key_stays_known(small_ground: Ground) -> None:
    old, new = (PublicKey(mark * 64, "seal", "centre", "pem") for mark in "ab")
    small_ground.do(lambda work: enter_keys(work, [old]))

    def renew(work: Work) -> None:
        assert enter_keys(work, [new]) == (new.fingerprint,)

    small_ground.do(renew, now=NOW + timedelta(days=1))
    with reading(small_ground.database, NOW) as work:
        lines = known_keys(work, purpose="seal")
    assert [(line.key, line.retired_at) for line in lines] == [(old, NOW + timedelta(days=1)), (new, None)]


def test_an_exchanged_file_does_not_pass_for_the_signed_one(small_ground: Ground, demo: Path) -> None:
    issued(small_ground)
    with reading(small_ground.database, NOW) as work:
        (paper,) = documents_of(work)
    other = small_ground.do(lambda work: store_file(work, b"%PDF another", media_type="application/pdf"))

    def exchange(work: Work) -> None:
        said = {"other": other, "id": paper.id.replace("-", "")}
        work.connection.execute(text("update issued_documents set file_sha256 = :other where id = :id"), said)

    small_ground.do(exchange)
    found = [one for one in check(small_ground.database, now=NOW, quiet=True) if one.code == "I16"]
    assert any("the signature of paper" in str(row) for one in found for row in one.rows)
