"""The signing process: it signs only what was decided, says so in its log, and when it is away papers wait for it."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from documents import pdf, receipt
from documents.context import from_json
from documents.registry import kind_of
from documents.signed import certificates_in, examine
from flows.errands import carry
from flows.local_signer import LocalSigner
from flows.signer import SealOrder, SealProvider
from flows.signing import provider
from flows.signing_client import SigningClient
from flows.signing_keys import load_keys
from flows.signing_process import SigningProcess, listening, serve_until
from services.database.work import reading
from services.issuance.commands import Drawn
from services.issuance.queries import DocumentToDraw, document_bytes, document_to_draw, documents_of, statement_about
from services.issuance.signatures import SealAway, SealRefused, enter_keys, key_file
from services.outbox.commands import claim_errands
from services.settings import Settings, settings
from tests.database_fixtures import NOW
from tests.documents.keys import certificate, der, key_of
from tests.flows.ground import Ground

PASSPHRASE = "青檐 2026"


def draw(paper: DocumentToDraw) -> Drawn:
    """The paper from its stored inputs, in this process."""
    rendered = pdf.render(paper.kind, from_json(kind_of(paper.kind), paper.inputs))
    return Drawn(rendered.pdf, rendered.sha256, rendered.pages, rendered.engine, rendered.seal_places)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """An installation with a certificate of its office in a PKCS#12 file."""
    key, vault = key_of("office"), tmp_path / "vault"
    vault.mkdir(mode=0o700)
    bundle = pkcs12.serialize_key_and_certificates(
        b"office", key, certificate(key), None, BestAvailableEncryption(PASSPHRASE.encode())
    )
    for name, content in (("office.p12", bundle), ("passphrase", f"{PASSPHRASE}\n".encode())):
        (vault / name).write_bytes(content)
        (vault / name).chmod(0o600)
    monkeypatch.setenv("CHUKE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CHUKE_SEAL_MODE", "pkcs12")
    monkeypatch.setenv("CHUKE_SEAL_PKCS12", str(vault / "office.p12"))
    monkeypatch.setenv("CHUKE_SEAL_PASSPHRASE", str(vault / "passphrase"))
    monkeypatch.setenv("CHUKE_SEAL_SOCKET", str(tmp_path / "s.sock"))
    settings.cache_clear()
    yield settings()
    settings.cache_clear()


class Running:
    """A signing process on a thread of its own."""

    def __init__(self, ground: Ground, conf: Settings) -> None:
        assert conf.seal_socket is not None
        signer = LocalSigner(load_keys(conf, now=NOW))
        process = SigningProcess(signer, ground.database, clock=lambda: NOW)
        server = listening(process, conf.seal_socket)
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=serve_until, args=(server, self.stopping))
        self.thread.start()
        ground.do(lambda work: enter_keys(work, signer.public_keys()))

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join()


@pytest.fixture
def process(small_ground: Ground, office: Settings) -> Iterator[Running]:
    """The process of the office over the small ground, its keys entered."""
    one = Running(small_ground, office)
    yield one
    one.stop()


def leave(ground: Ground) -> DocumentToDraw:
    """Decide a paper with no seal pressed on its page, and leave its errand."""
    ground.leave_paper(seal="none")
    with reading(ground.database, NOW) as work:
        (paper,) = documents_of(work)
        return document_to_draw(work, paper.id)


def order_of(paper: DocumentToDraw, drawn: Drawn, **changed: str) -> SealOrder:
    said = {"document_id": paper.id, "kind": paper.kind, "number": paper.number, "issuer_name": "冒名的机关"} | changed
    return SealOrder(**said, places=drawn.seal_places)


def carried(ground: Ground, *, later: timedelta = timedelta()) -> str:
    (errand,) = ground.do(lambda work: claim_errands(work, worker="w"), now=NOW + later)
    return carry(ground.database, errand, now=NOW + later, render=draw)


def test_the_worker_has_a_paper_signed_by_the_process(small_ground: Ground, process: Running) -> None:
    paper = leave(small_ground)
    assert isinstance(provider(now=NOW), SigningClient)
    assert carried(small_ground) == "done"
    with reading(small_ground.database, NOW) as work:
        content, keys = document_bytes(work, paper.id), key_file(work)
    assert examine(content, certificates_in(keys)).genuine
    assert b"PRIVATE" not in keys.encode()


def test_what_was_not_decided_is_not_signed(
    small_ground: Ground, process: Running, office: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    """Another number, other contents, another paper, a signed file, no paper at all: one refusal and one line each."""
    paper = leave(small_ground)
    drawn, client = draw(paper), provider(now=NOW)
    assert client is not None
    context = from_json(kind_of(paper.kind), paper.inputs)
    other = draw(replace(paper, inputs=paper.inputs | {"head": paper.inputs["head"] | {"addressee": "别的单位"}}))
    signed = LocalSigner(load_keys(office, now=NOW)).seal(drawn.pdf, order_of(paper, drawn), at=NOW).pdf
    tries = [
        (drawn.pdf, order_of(paper, drawn, number="QH-CQ-2026-0002")),
        (drawn.pdf, order_of(paper, drawn, document_id=paper.id[:-1] + ("0" if paper.id[-1] != "0" else "1"))),
        (other.pdf, order_of(paper, drawn)),
        (signed, order_of(paper, drawn)),
        (b"%PDF-1.7 anything", order_of(paper, drawn)),
        (_without_data(drawn.pdf), order_of(paper, drawn)),
    ]
    for content, order in tries:
        with pytest.raises(SealRefused):
            client.seal(content, order, at=NOW)
    with pytest.raises(SealRefused):
        client.sign_statement(b"anything at all")
    assert context.head.number == paper.number
    assert capfd.readouterr().err.count("not_signed") == len(tries) + 1


def _without_data(content: bytes) -> bytes:
    result = BytesIO()
    with pikepdf.open(BytesIO(content)) as document:
        del document.attachments["data.json"]
        document.save(result)
    return result.getvalue()


def test_an_issued_paper_is_not_signed_again(small_ground: Ground, process: Running) -> None:
    paper = leave(small_ground)
    assert carried(small_ground) == "done"
    drawn, client = draw(paper), provider(now=NOW)
    assert client is not None
    with pytest.raises(SealRefused) as refusal:
        client.seal(drawn.pdf, order_of(paper, drawn), at=NOW)
    assert refusal.value.codes == ("seal.issued_already",)


def test_the_seal_bears_the_decided_name_whatever_the_worker_says(small_ground: Ground, process: Running) -> None:
    paper = leave(small_ground)
    drawn, client = draw(paper), provider(now=NOW)
    assert client is not None
    sealed = client.seal(drawn.pdf, order_of(paper, drawn), at=NOW + timedelta(days=400))
    assert sealed.signed_at == NOW
    assert sealed.sha256 == hashlib.sha256(sealed.pdf).hexdigest()


def test_every_act_is_one_line_in_the_log(
    small_ground: Ground, process: Running, capfd: pytest.CaptureFixture[str]
) -> None:
    paper = leave(small_ground)
    drawn, client = draw(paper), provider(now=NOW)
    assert client is not None
    client.seal(drawn.pdf, order_of(paper, drawn), at=NOW)
    (line,) = [line for line in capfd.readouterr().err.splitlines() if "act=seal" in line]
    assert paper.number in line


def test_only_those_the_mode_names_may_ask(process: Running, office: Settings) -> None:
    assert office.seal_socket is not None
    assert office.seal_socket.stat().st_mode & 0o777 == 0o660


def test_a_key_nobody_entered_signs_nothing(small_ground: Ground, office: Settings) -> None:
    running = Running(small_ground, office)
    try:
        stranger = LocalSigner(load_keys(office.model_copy(update={"seal_mode": "demo"}), now=NOW))
        small_ground.do(lambda work: enter_keys(work, stranger.public_keys()))
        leave(small_ground)
        assert carried(small_ground) == "waiting"
    finally:
        running.stop()


def hour_away(ground: Ground, office: Settings) -> None:
    running = Running(ground, office)
    running.stop()
    paper = leave(ground)
    for minute in range(61):
        assert carried(ground, later=timedelta(minutes=minute)) == "waiting"
    with reading(ground.database, NOW) as work:
        (line,) = documents_of(work)
        assert (line.standing, line.file_sha256, line.number) == ("decided", None, paper.number)
    running = Running(ground, office)
    try:
        assert carried(ground, later=timedelta(minutes=62)) == "done"
    finally:
        running.stop()
    with reading(ground.database, NOW) as work:
        (line,) = documents_of(work)
        assert (line.standing, line.number) == ("issued", paper.number)


def test_an_hour_without_the_process_costs_nothing(ground: Ground, office: Settings) -> None:
    """Tried every minute, never parked, no number lost, nothing unsigned filed; then signed by itself."""
    hour_away(ground, office)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda vault: (vault / "office.p12").chmod(0o640), "seal.open_to_others"),
        (lambda vault: (vault / "passphrase").write_text("wrong"), "seal.wrong_passphrase"),
        (lambda vault: (vault / "office.p12").unlink(), "seal.unreadable"),
    ],
)
def test_keys_that_cannot_be_used_are_refused_with_the_reason(
    office: Settings, tmp_path: Path, change: object, code: str
) -> None:
    change(tmp_path / "vault")  # type: ignore[operator]
    with pytest.raises(SealAway) as refusal:
        load_keys(office, now=NOW)
    assert refusal.value.codes == (code,)


def test_the_certificate_of_the_file_is_the_one_that_signs(office: Settings) -> None:
    keys = load_keys(office, now=NOW)
    assert keys.identity.certificate != der(certificate(key_of("x")))
    assert x509.load_pem_x509_certificate(keys.public[0].pem.encode()).subject.rfc4514_string().startswith("CN=")
    assert not keys.sample


def receipt_of(ground: Ground, paper: DocumentToDraw, client: SealProvider, **changed: str) -> str:
    """A receipt of the paper, signed by the process, of what the register states or something else."""
    with reading(ground.database, NOW) as work:
        about = replace(statement_about(work, paper.id, edition="0a1b2c3d"), **changed)  # type: ignore[arg-type]
    pem = next(key.pem for key in client.public_keys() if key.purpose == "statement")
    return receipt.make(about, key_id=next(iter(receipt.keys_in(pem))), sign=client.sign_statement)


def test_a_receipt_of_what_was_decided_is_signed_and_no_other(small_ground: Ground, process: Running) -> None:
    """Another number, holder, content or code: the register knows better."""
    paper, client = leave(small_ground), provider(now=NOW)
    assert client is not None
    pem = next(key.pem for key in client.public_keys() if key.purpose == "statement")
    url = paper.inputs["head"]["verify_url"]
    with reading(small_ground.database, NOW) as work:
        code = documents_of(work)[0].verify_code
    signed = receipt.read(f"{url.split('/verify/')[0]}/verify/{code}{receipt_of(small_ground, paper, client)}")
    assert receipt.check(signed, receipt.keys_in(pem))
    for changed in (
        {"number": "QH-CQ-2026-0009"}, {"holder": "别的队"}, {"inputs_sha256": "0" * 64},
        {"verify_code": "0" * 16}, {"code": "D19"},
    ):  # fmt: skip
        with pytest.raises(SealRefused):
            receipt_of(small_ground, paper, client, **changed)
