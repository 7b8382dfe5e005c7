"""What a signer of the office is asked; whoever only asks loads nothing that signs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from documents.press import SealPlace
from services.issuance.signatures import PublicKey, Sealed


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
