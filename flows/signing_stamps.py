"""The hour of a signature from a time stamp authority (RFC 3161), and proof that the certificates stood then."""

import time
from collections.abc import Callable
from typing import Any

from asn1crypto import x509
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko_certvalidator import ValidationContext

from flows.local_signer import Stamps
from flows.signing_secrets import chain_of
from services.issuance.signatures import SealAway
from services.settings import Settings

PATIENCE_SECONDS = 10
QUIET_SECONDS = 30.0
"""How long an authority that did not answer is left alone: papers wait meanwhile without asking it one by one."""


class StampAuthority(TimeStamper):  # type: ignore[misc]
    """Asks another stamper; whatever keeps it from answering is SealAway, so that papers wait for their stamp."""

    def __init__(self, inner: TimeStamper, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._inner, self._clock = inner, clock
        self._silent_until = 0.0

    def ready(self) -> None:
        """Nothing, or SealAway for a while after it did not answer."""
        if self._clock() < self._silent_until:
            raise SealAway("seal.stamp_silent")

    async def async_request_tsa_response(self, req: Any) -> Any:
        """One stamp."""
        try:
            return await self._inner.async_request_tsa_response(req)
        except Exception as error:
            self._silent_until = self._clock() + QUIET_SECONDS
            raise SealAway("seal.stamp_silent") from error


def stamps_of(conf: Settings) -> tuple[StampAuthority | None, Callable[[], Stamps]]:
    """The authority of the settings, and a maker of what one signature needs of it.

    With CHUKE_SEAL_CHAIN revocation lists or answers are fetched and put into the paper; each signature asks anew,
    because what was fetched grows old.
    """
    if not conf.seal_stamp_authority:
        return None, Stamps
    authority = StampAuthority(HTTPTimeStamper(conf.seal_stamp_authority, timeout=PATIENCE_SECONDS))
    above = [x509.Certificate.load(one) for one in chain_of(conf)]
    if not above:
        return authority, lambda: Stamps(authority)

    def made() -> Stamps:
        roots = [one for one in above if one.self_signed in ("yes", "maybe")]
        trust = ValidationContext(
            trust_roots=roots, other_certs=above, allow_fetching=True, revocation_mode="require"
        )  # fmt: skip
        return Stamps(authority, trust)

    return authority, made
