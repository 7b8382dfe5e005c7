"""How a paper gets its signature: who signs by the settings, and who knows the key that does."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from documents.receipt import Statement, keys_in
from documents.receipt import make as make_receipt
from flows.signer import SealOrder, SealProvider
from flows.signing_client import SigningClient
from flows.signing_secrets import folder_of
from services.database.engine import Database
from services.database.work import reading, run
from services.issuance.signatures import SealAway, enter_keys, unknown_keys
from services.settings import Settings, settings

if TYPE_CHECKING:
    from flows.local_signer import LocalSigner

__all__ = [
    "SealOrder",
    "SealProvider",
    "introduce",
    "local_signer",
    "provider",
    "receipt_of",
    "socket_of",
    "statement_key_id",
]

_providers: dict[tuple[str, Path], SealProvider] = {}


def provider(conf: Settings | None = None, *, now: datetime) -> SealProvider | None:
    """Who signs by the settings; None when nobody does and papers are issued as they are drawn.

    Demonstration keys are read here; keys of an office never are: those the signing process holds, and this process
    asks it over its socket. Raises SealAway when the keys cannot be read.
    """
    present = conf or settings()
    if present.seal_mode == "none":
        return None
    known = (present.seal_mode, present.seal_socket or folder_of(present))
    if known not in _providers:
        _providers[known] = _made(present, now)
    return _providers[known]


def _made(conf: Settings, now: datetime) -> SealProvider:
    if conf.seal_mode == "demo" and conf.seal_socket is None:
        return local_signer(conf, now=now)
    return SigningClient(socket_of(conf), sample=conf.seal_mode == "demo")


def local_signer(conf: Settings, *, now: datetime) -> "LocalSigner":
    """A signer with the keys of the settings in this process, and its time stamp authority. Raises SealAway."""
    # What signs takes a third of a second to load: only who signs pays it.
    from flows.local_signer import LocalSigner
    from flows.signing_keys import load_keys
    from flows.signing_stamps import stamps_of

    keys = load_keys(conf, now=now)
    authority, stamps = stamps_of(conf)
    return LocalSigner(keys, stamps=stamps, ready=authority.ready if authority is not None else None)


def socket_of(conf: Settings) -> Path:
    """Where the signing process listens."""
    return conf.seal_socket or folder_of(conf) / "seal.sock"


def introduce(database: Database, signer: SealProvider, *, now: datetime) -> None:
    """Make sure that whoever checks later knows the keys that sign now.

    Demonstration keys are entered by themselves. Keys of an office are entered by whoever runs the machine
    (`chuke seal enter`): SealAway until then, so that nobody slips in keys of their own unnoticed.
    """
    keys = signer.public_keys()
    with reading(database, now) as work:
        unknown = unknown_keys(work, keys)
    if not unknown:
        return
    if not signer.enters_itself:
        raise SealAway("seal.key_not_entered")
    run(database, now, lambda work: enter_keys(work, keys))


def receipt_of(signer: SealProvider, statement: Statement) -> str:
    """The receipt of a paper by the key of statements, as it stands in its QR code."""
    return make_receipt(statement, key_id=statement_key_id(signer), sign=signer.sign_statement)


def statement_key_id(signer: SealProvider) -> bytes:
    """The short name of the key that signs statements now."""
    pem = next(key.pem for key in signer.public_keys() if key.purpose == "statement")
    return next(iter(keys_in(pem)))
