"""An agreement signed by its other side: in the file, by hand on paper, and every way in which it is not."""

from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from sqlalchemy import insert

from documents.identities import sample_identity
from documents.pades import Identity, Wish, certify, sign_second, signed_with
from services.applications.inspection import Upload
from services.applications.scanning import NoScanner
from services.audit.models import audit_entries
from services.cases.paper_changes import propose_void
from services.cases.second_signing import record_by_hand, second_of, signed_copy
from services.cases.second_signing import sign_second as bring
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import NotFound
from services.invariants.check import check
from services.issuance.commands import Drawn
from services.issuance.models import second_signatures
from services.issuance.queries import DocumentLine, DocumentToDraw, document_bytes, document_to_draw, documents_of
from services.issuance.signatures import PublicKey, enter_keys
from services.issuance.verifying import by_file, verification
from services.settings import settings
from tests.database.office import Office, open_office, refusal
from tests.documents.conftest import drawn
from tests.documents.keys import AT, certificate, der, key_of
from tests.documents.keys import office as centre
from tests.web.conftest import PDF

SCAN = Upload("协议.pdf", PDF)
PARTY = "第1支志愿服务队"


def certified(paper: DocumentToDraw) -> Drawn:
    """An agreement signed by the centre; of other papers, what nobody reads."""
    content = f"%PDF-1.7 {paper.id} {paper.number}".encode()
    if paper.kind == "incubation_agreement":
        content = certify(drawn(paper.kind).pdf, centre(), Wish(at=AT, two_parties=True))
    return Drawn(content, sha256(content).hexdigest(), 1, "test")


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    for one in open_office(database):
        one.render = certified
        yield one


@pytest.fixture(autouse=True)
def settings_as_they_were() -> Iterator[None]:
    yield
    settings.cache_clear()


def demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on every certificate counts, because none is worth anything."""
    monkeypatch.setenv("CHUKE_SEAL_MODE", "demo")
    settings.cache_clear()


def agreement(office: Office, *, known: bool = True) -> DocumentLine:
    """The agreement of an organization that is being incubated, signed by the centre with a key that is entered."""
    office.incubating()
    with unit_of_work(office.database, office.now) as work:
        if known:
            pem = load_der_x509_certificate(centre().certificate).public_bytes(Encoding.PEM).decode()
            enter_keys(work, [PublicKey(sha256(centre().certificate).hexdigest(), "seal", "中心", pem)])
        return next(one for one in documents_of(work) if one.code == "D10")


def issued(office: Office, paper: DocumentLine) -> bytes:
    with reading(office.database, office.now) as work:
        return document_bytes(work, paper.id)


def signed(office: Office, paper: DocumentLine, signer: Identity | None = None) -> Upload:
    """The agreement as the other side sends it back."""
    name = party(office, paper)
    return Upload("x.pdf", sign_second(issued(office, paper), signer or sample_identity(name, AT), Wish(at=office.now)))


def party(office: Office, paper: DocumentLine) -> str:
    with reading(office.database, office.now) as work:
        return str(document_to_draw(work, paper.id).inputs["organization"]["name"])


def brought(office: Office, paper: DocumentLine, file: Upload, who: str = "applicant1") -> DocumentLine:
    return bring(office.database, office.people[who], paper.id, file, now=office.now)


def recorded(office: Office, paper: DocumentLine, *, day: date | None = None, who: str = "keeper") -> DocumentLine:
    return record_by_hand(
        office.database, office.people[who], paper.id, signer="队长1", signed_on=day or office.now.date(), scan=SCAN,
        scanner=NoScanner(), now=office.now,
    )  # fmt: skip


def code(act: Callable[[], object]) -> str:
    """The one reason for which the act is refused."""
    (found,) = refusal(act)[1]
    return found


def sound(office: Office) -> None:
    assert [(one.code, one.rows) for one in check(office.database, now=office.now, quiet=True)] == []


def test_the_file_with_both_signatures_is_kept_handed_out_and_known_to_everybody(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = agreement(office)
    demonstration(monkeypatch)
    before, file = issued(office, paper), signed(office, paper)
    assert paper.awaits_second
    after = brought(office, paper, file)
    assert (after.awaits_second, after.second_signed_on) == (False, office.now.date())
    assert issued(office, paper) == file.content
    with reading(office.database, office.now) as work:
        found = second_of(work, office.people["keeper"], paper.id)
        assert found is not None
        assert (found.way, found.signer, found.recorded_by) == (
            "electronic", party(office, paper), office.people["applicant1"].id,
        )  # fmt: skip
        assert signed_copy(work, office.people["keeper"], paper.id) == (file.content, "pdf")
        for content in (before, file.content):
            public = by_file(work, sha256(content).hexdigest())
            assert public == verification(work, paper.verify_code)
            assert public is not None
            assert public.second_signed_on == office.now.date()
        acts = work.connection.execute(audit_entries.select().where(audit_entries.c.action == "agreement:sign")).all()
        assert [(one.object, one.result) for one in acts] == [(paper.number, "done")]
    assert code(lambda: brought(office, paper, file)) == "second_signature.signed_before"
    assert code(lambda: recorded(office, paper)) == "second_signature.signed_before"
    sound(office)


ON_ONE = pytest.mark.parametrize("backend", ["sqlite"])


@ON_ONE
def test_what_both_signed_by_hand_is_kept_as_a_scan_beside_the_paper(office: Office) -> None:
    paper = agreement(office)
    before = issued(office, paper)
    assert recorded(office, paper).second_signed_on == office.now.date()
    assert issued(office, paper) == before
    with reading(office.database, office.now) as work:
        found = second_of(work, office.people["applicant1"], paper.id)
        assert found is not None
        assert (found.way, found.signer, found.fingerprint) == ("by_hand", "队长1", "")
        assert signed_copy(work, office.people["applicant1"], paper.id) == (PDF, "pdf")
    sound(office)


@ON_ONE
def test_a_certificate_of_somebody_else_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = agreement(office)
    demonstration(monkeypatch)
    stranger = signed(office, paper, sample_identity("别的社", AT))
    assert code(lambda: brought(office, paper, stranger)) == "second_signature.other_name"
    assert code(lambda: brought(office, paper, Upload("x.pdf", issued(office, paper)))) == "second_signature.not_signed"
    assert code(lambda: brought(office, paper, SCAN)) == "second_signature.other_file"
    with reading(office.database, office.now) as work:
        assert second_of(work, office.people["keeper"], paper.id) is None
    sound(office)


@ON_ONE
def test_only_certificates_of_the_named_authorities_count(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = agreement(office)
    name = party(office, paper)
    assert code(lambda: brought(office, paper, signed(office, paper))) == "second_signature.no_authorities"
    above = certificate(key_of("authority"), name="电子认证服务机构", authority=True)
    list_ = tmp_path / "authorities.pem"
    list_.write_bytes(above.public_bytes(Encoding.PEM))
    monkeypatch.setenv("CHUKE_PARTY_AUTHORITIES", str(list_))
    settings.cache_clear()
    assert code(lambda: brought(office, paper, signed(office, paper))) == "second_signature.unknown_authority"
    own = certificate(key_of("party"), name=name, issuer=above, issuer_key=key_of("authority"))
    office.now = AT
    brought(office, paper, signed(office, paper, Identity(der(own), signed_with(key_of("party")), (der(above),))))


@ON_ONE
def test_a_paper_our_own_signature_is_not_on_is_signed_by_hand(office: Office) -> None:
    paper = agreement(office, known=False)
    assert code(lambda: brought(office, paper, signed(office, paper))) == "second_signature.unsigned"
    assert code(lambda: recorded(office, paper, day=date(2026, 3, 1))) == "second_signature.day_unlikely"
    recorded(office, paper)


@ON_ONE
def test_who_signs_and_who_records_is_held_apart(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = agreement(office)
    demonstration(monkeypatch)
    for who in ("maker", "clerk"):
        assert code(lambda who=who: recorded(office, paper, who=who)) == "access.forbidden"  # type: ignore[misc]
    assert code(lambda: recorded(office, paper, who="applicant1")) == "access.forbidden"
    with pytest.raises(NotFound):
        brought(office, paper, signed(office, paper), who="applicant2")
    with reading(office.database, office.now) as work:
        notice = next(one for one in documents_of(work) if one.code == "D08")
    assert code(lambda: recorded(office, notice)) == "second_signature.one_party"
    propose_void(office.database, office.people["keeper"], document_id=notice.id, reason="错", now=office.now)
    assert code(lambda: recorded(office, notice)) in ("second_signature.one_party", "second_signature.not_in_force")


@ON_ONE
def test_a_second_signature_on_what_is_no_agreement_is_found(office: Office) -> None:
    """The planted bug: a row that no act of ours writes."""
    agreement(office)
    with unit_of_work(office.database, office.now) as work:
        notice = next(one for one in documents_of(work) if one.code == "D08")
        values = {
            "document_id": notice.id, "way": "by_hand", "signer": "x", "signed_on": office.now.date(),
            "sha256": notice.file_sha256, "extension": "pdf", "recorded_by": office.people["keeper"].id,
            "recorded_at": office.now,
        }  # fmt: skip
        work.connection.execute(insert(second_signatures).values(**values))
    assert [one.code for one in check(office.database, now=office.now, quiet=True)] == ["I16"]
