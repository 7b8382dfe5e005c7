"""The signer that has the keys in its own memory: the signing process itself, and demonstrations."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from documents.pades import Wish, certify
from documents.registry import kind_of
from documents.seal import seal_pdf
from flows.signer import SealOrder
from flows.signing_keys import Keys
from services.issuance.signatures import PublicKey, Sealed

if TYPE_CHECKING:
    from pyhanko.sign.timestamps import TimeStamper
    from pyhanko_certvalidator import ValidationContext


@dataclass(frozen=True, slots=True)
class Stamps:
    """Who stamps the hour of a signature, and what its certificates are checked against; neither by default."""

    stamper: "TimeStamper | None" = None
    trust: "ValidationContext | None" = None


class LocalSigner:
    """Signs with keys in this process's memory: the signing process itself, and demonstrations."""

    def __init__(
        self, keys: Keys, *, stamps: Callable[[], Stamps] | None = None, ready: Callable[[], None] | None = None
    ) -> None:
        self._keys = keys
        self._stamps = stamps or Stamps
        self._ready = ready
        self._lock = threading.Lock()

    @property
    def enters_itself(self) -> bool:
        """Demonstration keys only."""
        return self._keys.sample

    def ready(self) -> None:
        """The keys are here; a time stamp authority that was silent a moment ago is not asked again at once."""
        if self._ready is not None:
            self._ready()

    def public_keys(self) -> tuple[PublicKey, ...]:
        """As they were loaded."""
        return self._keys.public

    def sign_statement(self, statement: bytes) -> bytes:
        """By the key of statements, which signs nothing else."""
        return self._keys.sign_statement(statement)

    def seal(self, pdf: bytes, order: SealOrder, *, at: datetime) -> Sealed:
        """One at a time: devices know one session."""
        with self._lock:
            ours = any(place.party != "second" for place in order.places)
            seal = self._drawn(order.issuer_name) if ours else None
            stamps = self._stamps()
            wish = Wish(
                at=at, seal=seal, places=order.places, two_parties=kind_of(order.kind).two_parties,
                stamper=stamps.stamper, trust=stamps.trust,
            )  # fmt: skip
            signed = certify(pdf, self._keys.identity, wish)
        fingerprint = next(key.fingerprint for key in self._keys.public if key.purpose == "seal")
        return Sealed(signed, sha256(signed).hexdigest(), fingerprint, wish.level, at)

    def _drawn(self, issuer_name: str) -> bytes:
        return seal_pdf(issuer_name) if self._keys.sample else seal_pdf(issuer_name, caption="")
