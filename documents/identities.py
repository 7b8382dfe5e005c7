"""Who signs a PDF: the key and certificates of a PKCS#12 file, or a sample that is worth nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import NameOID

from documents.pades import Identity, signed_with

SAMPLE_DAYS = 3650
"""Before and after today: demonstrations live in days that may lie ahead of or behind this machine's."""


class Unusable(ValueError):
    """The file opens, but holds no certificate with an RSA or ECDSA key."""


def from_pkcs12(content: bytes, passphrase: str) -> Identity:
    """The identity of a PKCS#12 file. Refuses a wrong passphrase (ValueError) and what cannot sign (Unusable)."""
    key, certificate, others = pkcs12.load_key_and_certificates(content, passphrase.encode())
    if certificate is None or not isinstance(key, (RSAPrivateKey, EllipticCurvePrivateKey)):
        raise Unusable("no certificate with an RSA or ECDSA key")
    above = tuple(one.public_bytes(Encoding.DER) for one in others)
    return Identity(certificate.public_bytes(Encoding.DER), signed_with(key), above)


def new_sample(name: str, now: datetime) -> tuple[EllipticCurvePrivateKey, x509.Certificate]:
    """A key and a certificate it gave itself, in that name."""
    key = generate_private_key(SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=SAMPLE_DAYS))
        .not_valid_after(now + timedelta(days=SAMPLE_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def sample_identity(name: str, now: datetime) -> Identity:
    """The same, ready to sign."""
    key, certificate = new_sample(name, now)
    return Identity(certificate.public_bytes(Encoding.DER), signed_with(key))
