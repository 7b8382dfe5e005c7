"""What the desk goes by: due lamps, how long a claim keeps others away, how long an absence may last."""

from datetime import date, datetime, timedelta
from typing import Literal

Lamp = Literal["none", "green", "amber", "red"]
SOON = 3
"""Working days before the due day in which the lamp is amber."""

HELD = timedelta(minutes=30)
"""How long a claim keeps others away after its holder last did something with the case; later it only warns."""

LONGEST_ABSENCE = timedelta(days=180)
LONGEST_TEXT = 500
LONGEST_NAME = 40
MOST_FILTERS = 30


def lamp(due_on: date | None, *, today: date, soon: date) -> Lamp:
    """The lamp of a due day; `soon` is the day that many working days (SOON) ahead of today."""
    if due_on is None:
        return "none"
    if due_on < today:
        return "red"
    return "amber" if due_on <= soon else "green"


def minutes_held(touched_at: datetime, now: datetime) -> int:
    """For how many more minutes a claim keeps others away; 0 once it only warns."""
    left = touched_at + HELD - now
    return max(0, -(-int(left.total_seconds()) // 60))


NOTICES = (
    "absence_declared", "desk_answered", "desk_copied", "desk_countersign", "desk_delegate", "desk_hand_over",
    "desk_nudged", "desk_taken_back",
)  # fmt: skip
"""What the desk tells people."""
