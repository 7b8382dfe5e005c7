"""How a paper gets its signature: the provider every caller asks, and the one that signs with keys in its memory."""

import threading
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from documents.pades import Wish, certify
from documents.press import SealPlace
from documents.registry import kind_of
from documents.seal import seal_pdf
from flows.signing_keys import Keys, folder_of, load_keys
from services.database.engine import Database
from services.database.work import reading, run
from services.issuance.signatures import PublicKey, SealAway, Sealed, enter_keys, unknown_keys
from services.settings import Settings, settings


@dataclass(frozen=True, slots=True, kw_only=True)
class SealOrder:
    """Which paper is to be sealed: its row, kind and number, the name on its seal, and where the page keeps room."""

    document_id: str
    kind: str
    number: str
    issuer_name: str
    places: tuple[SealPlace, ...]


class SealProvider(Protocol):
    """Whoever signs for the office. Every verb raises SealAway while it cannot, SealRefused for what it does not sign.

    An adapter for another country's way (SM2 and OFD of GB/T 38540 and 33190) is one more class with these verbs.
    """

    @property
    def enters_itself(self) -> bool:
        """Whether its keys are worth nothing, so that they may be entered without anybody's looking."""
        ...

    def ready(self) -> None:
        """Nothing, when papers can be sealed now."""

    def public_keys(self) -> tuple[PublicKey, ...]:
        """The certificate of the seal and the key of statements that sign now."""
        ...

    def sign_statement(self, statement: bytes) -> bytes:
        """The Ed25519 signature (64 bytes) over a receipt or a list; the statement names its own kind in front."""
        ...

    def seal(self, pdf: bytes, order: SealOrder, *, at: datetime) -> Sealed:
        """The paper signed at that instant, its seal where the page keeps room for it."""
        ...


class LocalSigner:
    """Signs with keys in this process's memory: the signing process itself, and demonstrations."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._lock = threading.Lock()

    @property
    def enters_itself(self) -> bool:
        """Demonstration keys only."""
        return self._keys.sample

    def ready(self) -> None:
        """Always: the keys are here."""

    def public_keys(self) -> tuple[PublicKey, ...]:
        """As they were loaded."""
        return self._keys.public

    def sign_statement(self, statement: bytes) -> bytes:
        """By the key of statements, which signs nothing else."""
        return self._keys.sign_statement(statement)

    def seal(self, pdf: bytes, order: SealOrder, *, at: datetime) -> Sealed:
        """One at a time: devices know one session."""
        with self._lock:
            seal = self._drawn(order.issuer_name) if order.places else None
            wish = Wish(at=at, seal=seal, places=order.places, two_parties=kind_of(order.kind).two_parties)
            signed = certify(pdf, self._keys.identity, wish)
        fingerprint = next(key.fingerprint for key in self._keys.public if key.purpose == "seal")
        return Sealed(signed, sha256(signed).hexdigest(), fingerprint, wish.level, at)

    def _drawn(self, issuer_name: str) -> bytes:
        return seal_pdf(issuer_name) if self._keys.sample else seal_pdf(issuer_name, caption="")


_providers: dict[tuple[str, Path], SealProvider] = {}


def provider(conf: Settings | None = None, *, now: datetime) -> SealProvider | None:
    """Who signs by the settings; None when nobody does and papers are issued as they are drawn.

    Demonstration keys are read here; keys of an office never are: those the signing process holds, and this process
    asks it over its socket. Raises SealAway when the keys cannot be read.
    """
    present = conf or settings()
    if present.seal_mode == "none":
        return None
    known = (present.seal_mode, folder_of(present))
    if known not in _providers:
        if present.seal_mode != "demo":
            raise SealAway("seal.silent", path=str(known[1]))
        _providers[known] = LocalSigner(load_keys(present, now=now))
    return _providers[known]


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
