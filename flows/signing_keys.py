"""The keys of the office as the signing process holds them: demonstration keys, a PKCS#12 file, a PKCS#11 device.

Nothing else in the product reads a private key of the office.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from documents.identities import Unusable, from_pkcs12, new_sample
from documents.pades import Identity, signed_with
from flows.signing_secrets import chain_of, folder_of, private_text, secret
from services.issuance.signatures import PublicKey, SealAway
from services.settings import Settings

DEMO_NAME = "出壳演示签章（样章）"


@dataclass(frozen=True, slots=True)
class Keys:
    """What signs: the identity of the seal, and the act of signing a statement. sample: the seal reads 样章."""

    identity: Identity
    sign_statement: Callable[[bytes], bytes]
    public: tuple[PublicKey, ...]
    sample: bool


def load_keys(conf: Settings, *, now: datetime) -> Keys:
    """The keys the settings name; demonstration keys and the key of statements are made at the first use.

    Refuses (SealAway) when they cannot be read, or when others could read them, with the reason.
    """
    folder = folder_of(conf)
    statement = _statement_key(folder)
    if conf.seal_mode == "demo":
        identity = _demo_identity(folder, now)
    elif conf.seal_mode == "pkcs12":
        identity = _pkcs12_identity(conf)
    elif conf.seal_mode == "pkcs11":
        from flows.signing_device import device_identity

        identity = device_identity(conf)
    else:
        raise SealAway("seal.no_mode")
    public = (_certificate_line(identity.certificate), _statement_line(statement))
    return Keys(identity, statement.sign, public, conf.seal_mode == "demo")


def renew(conf: Settings, *, now: datetime) -> Path:
    """Set the keys aside that this folder holds, so that new ones are made at the next use; answers where they lie."""
    folder = folder_of(conf)
    aside = folder / f"{now:%Y%m%dT%H%M%S}"
    aside.mkdir(mode=0o700, parents=True, exist_ok=False)
    for path in folder.glob("*.pem"):
        path.rename(aside / path.name)
    return aside


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """What the file holds; made when there is none, whole or not at all, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        try:
            # Unlike a rename this never replaces what another process made in the meantime.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return private_text(path, what=path.name)


def _pem(key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _statement_key(folder: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(_kept(folder / "statements.pem", lambda: _pem(Ed25519PrivateKey.generate())), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise SealAway("seal.unreadable", what="statements.pem", path=str(folder))
    return key


def _demo_identity(folder: Path, now: datetime) -> Identity:
    content = _kept(folder / "demo.pem", lambda: _new_demo(now))
    key, certificate = load_pem_private_key(content, None), x509.load_pem_x509_certificate(content)
    assert isinstance(key, EllipticCurvePrivateKey)
    return Identity(certificate.public_bytes(Encoding.DER), signed_with(key))


def _new_demo(now: datetime) -> bytes:
    key, certificate = new_sample(DEMO_NAME, now)
    return _pem(key) + certificate.public_bytes(Encoding.PEM)


def _pkcs12_identity(conf: Settings) -> Identity:
    content = private_text(conf.seal_pkcs12, what="CHUKE_SEAL_PKCS12")
    passphrase = secret(conf.seal_passphrase, what="CHUKE_SEAL_PASSPHRASE")
    try:
        found = from_pkcs12(content, passphrase)
    except Unusable as error:
        raise SealAway("seal.no_usable_key") from error
    except ValueError as error:
        raise SealAway("seal.wrong_passphrase") from error
    return replace(found, chain=(*found.chain, *chain_of(conf)))


def _certificate_line(der: bytes) -> PublicKey:
    certificate = x509.load_der_x509_certificate(der)
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    holder = str(names[0].value) if names else certificate.subject.rfc4514_string()
    return PublicKey(sha256(der).hexdigest(), "seal", holder, certificate.public_bytes(Encoding.PEM).decode())


def _statement_line(key: Ed25519PrivateKey) -> PublicKey:
    public = key.public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return PublicKey(sha256(der).hexdigest(), "statement", "Ed25519", pem)
