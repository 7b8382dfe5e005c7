"""Papers with a time stamp: the hour is somebody else's word, and the proof outlives the certificate of the signer."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper, HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext

from documents.pades import Identity, Wish, certify, signed_with
from documents.signed import examine, proven_hour
from flows.signing_stamps import QUIET_SECONDS, StampAuthority
from services.issuance.signatures import SealAway
from tests.documents.conftest import drawn
from tests.documents.keys import AT, certificate, der, key_of

ROOT = certificate(key_of("root"), name="测试根证书", authority=True, days=4000)
SIGNER = certificate(key_of("signer"), issuer=ROOT, issuer_key=key_of("root"), days=90)

STAMP_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)  # the dummy authority knows no other kind
WHO = Identity(der(SIGNER), signed_with(key_of("signer")), (der(ROOT),))


def stamp_certificate() -> x509.Certificate:
    """The authority's own, good for nothing but stamps."""
    key = STAMP_KEY
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "测试时间戳")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(ROOT.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT - timedelta(days=30))
        .not_valid_after(AT + timedelta(days=3000))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key_of("root").public_key()), critical=False)
        .sign(key_of("root"), hashes.SHA256())
    )


STAMPS = stamp_certificate()


def revocation_list() -> asn1_crl.CertificateList:
    """The root's list, with nobody on it."""
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(ROOT.subject)
        .last_update(AT - timedelta(days=1))
        .next_update(AT + timedelta(days=30))
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key_of("root").public_key()), critical=False)
        .sign(key_of("root"), hashes.SHA256())
    )
    return asn1_crl.CertificateList.load(made.public_bytes(Encoding.DER))


def loaded(one: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(der(one))


def stamper(at: datetime = AT) -> DummyTimeStamper:
    """An authority in this process, whose clock stands still."""
    raw = STAMP_KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(loaded(STAMPS), asn1_keys.PrivateKeyInfo.load(raw), fixed_dt=at)


def trust(moment: datetime) -> ValidationContext:
    """What is known at signing: the root, and its list."""
    return ValidationContext(
        trust_roots=[loaded(ROOT)], other_certs=[loaded(STAMPS)], crls=[revocation_list()], moment=moment,
        revocation_mode="require", best_signature_time=moment,
    )  # fmt: skip


@pytest.fixture(scope="module")
def lasting() -> bytes:
    """A paper signed, stamped, and with the proof of standing inside."""
    return certify(drawn("graduation_certificate").pdf, WHO, Wish(at=AT, stamper=stamper(), trust=trust(AT)))


def test_a_stamped_paper_is_still_covered_to_its_last_byte(lasting: bytes) -> None:
    found = examine(lasting, {der(SIGNER)})
    assert (found.verdict, found.reason, found.stamped) == ("genuine", "", True)
    root = PdfFileReader(BytesIO(lasting)).root
    assert len(root["/DSS"]["/CRLs"]) == 1
    assert len(root["/DSS"]["/Certs"]) >= 2


def test_it_is_proven_long_after_the_signer_s_certificate_ended(lasting: bytes) -> None:
    later = SIGNER.not_valid_after_utc + timedelta(days=400)
    assert proven_hour(lasting, {der(ROOT)}, now=later) == AT


def test_who_trusts_another_root_takes_nothing_for_proven(lasting: bytes) -> None:
    other = certificate(key_of("office"), name="测试根证书", authority=True, days=4000)
    assert proven_hour(lasting, {der(other)}, now=AT) is None


def test_without_stamp_or_proof_nothing_is_proven() -> None:
    """Nobody can say any more that it was signed in time, although the signature itself is whole."""
    for wish in (Wish(at=AT), Wish(at=AT, stamper=stamper())):
        plain = certify(drawn("graduation_certificate").pdf, WHO, wish)
        assert examine(plain, {der(SIGNER)}).genuine
        assert proven_hour(plain, {der(ROOT)}, now=AT + timedelta(days=500)) is None


def test_a_stamp_from_after_the_certificate_ended_proves_nothing() -> None:
    late = SIGNER.not_valid_after_utc + timedelta(days=1)
    wish = Wish(at=AT, stamper=stamper(late), trust=trust(AT))
    assert proven_hour(certify(drawn("graduation_certificate").pdf, WHO, wish), {der(ROOT)}, now=late) is None


def test_an_authority_that_is_away_keeps_the_paper_waiting_and_is_left_alone_for_a_while() -> None:
    hour = [0.0]
    authority = StampAuthority(HTTPTimeStamper("http://127.0.0.1:9/"), clock=lambda: hour[0])
    authority.ready()
    with pytest.raises(SealAway) as away:
        certify(drawn("graduation_certificate").pdf, WHO, Wish(at=AT, stamper=authority))
    assert away.value.codes == ("seal.stamp_silent",)
    with pytest.raises(SealAway):
        authority.ready()
    hour[0] = QUIET_SECONDS + 1
    authority.ready()
