"""A key that never leaves its device: PKCS#11, through python-pkcs11 where the installation has it."""

import importlib
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from documents.pades import Identity, RawSign
from flows.signing_secrets import chain_of, secret
from services.issuance.signatures import SealAway
from services.settings import Settings


def device_identity(conf: Settings) -> Identity:
    """The certificate and key of that label on that token; the session stays open as long as this process lives.

    Refuses (SealAway) an installation without python-pkcs11, and a device, token, PIN or label that does not answer.
    """
    try:
        pkcs11: Any = importlib.import_module("pkcs11")
    except ImportError:
        raise SealAway("seal.no_pkcs11") from None
    if conf.seal_module is None:
        raise SealAway("seal.not_named", what="CHUKE_SEAL_MODULE")
    pin = secret(conf.seal_pin, what="CHUKE_SEAL_PIN")
    try:
        token = pkcs11.lib(str(conf.seal_module)).get_token(token_label=conf.seal_slot)
        session = token.open(user_pin=pin)
        wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE, pkcs11.Attribute.LABEL: conf.seal_label}
        (found,) = session.get_objects(wanted)
        der = bytes(found[pkcs11.Attribute.VALUE])
        key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=conf.seal_label)
    except (pkcs11.PKCS11Error, ValueError, OSError, RuntimeError) as error:
        raise SealAway("seal.device_silent", error=type(error).__name__) from error
    return Identity(der, _signed_on(pkcs11, key, der), chain_of(conf))


def _signed_on(pkcs11: Any, key: Any, der: bytes) -> RawSign:
    public = x509.load_der_x509_certificate(der).public_key()
    if not isinstance(public, (EllipticCurvePublicKey, RSAPublicKey)):
        raise SealAway("seal.no_usable_key")

    def sign(data: bytes, digest: str) -> bytes:
        assert digest == "sha256"
        try:
            if isinstance(public, RSAPublicKey):
                return bytes(key.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS))
            # Many devices sign a digest of elliptic curves only, and answer with the two numbers side by side.
            raw = bytes(key.sign(sha256(data).digest(), mechanism=pkcs11.Mechanism.ECDSA))
        except pkcs11.PKCS11Error as error:
            raise SealAway("seal.device_silent", error=type(error).__name__) from error
        half = len(raw) // 2
        return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))

    return sign
