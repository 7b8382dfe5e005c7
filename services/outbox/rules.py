"""An errand as a value, and how long a failed one waits before it is tried again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from services.errors import Refused

ATTEMPTS_ALLOWED = 8
BY_HAND = ("remind", "send_mail", "send_notice", "tell_of_objection")
"""What a person can do in the system's stead: tell somebody. Papers, money and states only the system makes."""

WITHHELD = "errand.withheld"
"""The last reason of an errand that is parked because whoever decided keeps it back."""

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)


class LeaseLost(Refused):
    """Another worker has claimed the errand since, or a person parked it: what this worker did is not to be booked."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Something owed to the outside after a move; `fence` counts its claims and guards what a late worker reports.

    It waits until `due_at`, is done at `done_at`, or parked at `parked_at` with `last_reason` until a person retries.
    """

    id: str
    key: str
    effect: str
    case_id: str | None
    case_number: str
    move_sequence: int | None
    payload: Mapping[str, Any]
    created_at: datetime
    due_at: datetime
    attempts: int
    fence: int
    parked_at: datetime | None
    done_at: datetime | None
    last_reason: str | None
    flow_run: str | None


def back_off(attempts: int, key: str) -> timedelta:
    """How long to wait after that many attempts: 10 s, doubled each time, an hour at most, and up to a fifth more.

    The last part comes from the key, so that errands that failed together do not all return together.
    """
    wait = min(FIRST_WAIT * 2 ** min(max(attempts, 1) - 1, 20), LONGEST_WAIT)
    spread = int.from_bytes(sha256(key.encode()).digest()[:2]) / 0xFFFF
    return wait + wait * 0.2 * spread
