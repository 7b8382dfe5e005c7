"""Where the signing process keeps what it makes, and the files it reads: secrets, and certificates above its own."""

import stat
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from services.issuance.signatures import SealAway
from services.settings import Settings

MOST_BYTES_OF_A_SECRET = 1_000


def folder_of(conf: Settings) -> Path:
    """Where the signing process keeps what it makes itself."""
    return (conf.seal_folder or conf.home / "seal").resolve()


def private_text(path: Path | None, *, what: str) -> bytes:
    """The bytes of a file with a secret. Refuses (SealAway) a missing one, and one that others may read."""
    if path is None:
        raise SealAway("seal.not_named", what=what)
    try:
        found = path.stat()
        content = path.read_bytes()
    except OSError as error:
        raise SealAway("seal.unreadable", what=what, path=str(path)) from error
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SealAway("seal.open_to_others", path=str(path))
    return content


def secret(path: Path | None, *, what: str) -> str:
    """A passphrase or PIN from its file, without the line end."""
    content = private_text(path, what=what)
    if len(content) > MOST_BYTES_OF_A_SECRET:
        raise SealAway("seal.unreadable", what=what, path=str(path))
    return content.decode().rstrip("\r\n")


def chain_of(conf: Settings) -> tuple[bytes, ...]:
    """The certificates above the office's own, from CHUKE_SEAL_CHAIN, as DER."""
    if conf.seal_chain is None:
        return ()
    try:
        found = x509.load_pem_x509_certificates(conf.seal_chain.read_bytes())
    except (OSError, ValueError) as error:
        raise SealAway("seal.unreadable", what="CHUKE_SEAL_CHAIN", path=str(conf.seal_chain)) from error
    return tuple(one.public_bytes(Encoding.DER) for one in found)
