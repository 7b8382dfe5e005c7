"""Keys and certificates for tests of signatures: an office of our own, made in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from documents.pades import Identity, signed_with

AT = datetime(2026, 11, 26, 1, 30, tzinfo=UTC)
NAME = "青檐市社会组织孵化中心"
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@cache
def key_of(name: str) -> ec.EllipticCurvePrivateKey:
    """The key of that name, the same one all through a run."""
    return ec.generate_private_key(ec.SECP256R1())


def certificate(
    key: Key, *, name: str = NAME, issuer: x509.Certificate | None = None, issuer_key: Key | None = None,
    days: int = 365, authority: bool = False,
) -> x509.Certificate:  # fmt: skip
    """A certificate for the key, signed by itself or by the issuer, valid for `days` around AT."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=not authority, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=authority, crl_sign=authority, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT - timedelta(days=30))
        .not_valid_after(AT + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return builder.sign(issuer_key or key, hashes.SHA256())


def der(one: x509.Certificate) -> bytes:
    """The certificate as it is compared and embedded."""
    return one.public_bytes(Encoding.DER)


@cache
def office(name: str = "office") -> Identity:
    """An office with a certificate of its own making."""
    key = key_of(name)
    return Identity(der(certificate(key)), signed_with(key))
