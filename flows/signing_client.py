"""Asks the signing process over its socket; the process that draws papers never sees a key."""

import socket
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from flows.signer import SealOrder
from flows.signing_wire import PATIENCE_SECONDS, keys_from_wire, receive, send
from services.issuance.signatures import PublicKey, SealAway, Sealed, SealRefused


class SigningClient:
    """A provider that is another process; whatever it does not answer within a minute is SealAway."""

    enters_itself = False

    def __init__(self, path: Path, *, sample: bool = False, seconds: float = PATIENCE_SECONDS) -> None:
        self.path, self.seconds = path, seconds
        self.enters_itself = sample

    def ready(self) -> None:
        """Asks whether it could sign now."""
        self._ask({"verb": "ready"})

    def public_keys(self) -> tuple[PublicKey, ...]:
        """Those that sign now."""
        head, _ = self._ask({"verb": "keys"})
        return keys_from_wire(head.get("keys"))

    def sign_statement(self, statement: bytes) -> bytes:
        """The signature over it."""
        return self._ask({"verb": "statement"}, statement)[1]

    def seal(self, pdf: bytes, order: SealOrder, *, at: datetime) -> Sealed:
        """The paper signed; the process signs at its own hour, and only what was decided."""
        head, signed = self._ask({"verb": "seal", "order": asdict(order), "at": at.isoformat()}, pdf)
        said = head["sealed"]
        return Sealed(
            signed, sha256(signed).hexdigest(), said["fingerprint"], said["level"],
            datetime.fromisoformat(said["signed_at"]),
        )  # fmt: skip

    def _ask(self, head: dict[str, Any], body: bytes = b"") -> tuple[dict[str, Any], bytes]:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(self.seconds)
                line.connect(str(self.path))
                send(line, head, body)
                said, answer = receive(line)
        except (OSError, ValueError) as error:
            raise SealAway("seal.silent", path=str(self.path)) from error
        if "refused" in said:
            raise SealRefused(*said["refused"], **said["facts"])
        if "away" in said:
            raise SealAway(*said["away"], **said["facts"])
        return said, answer
