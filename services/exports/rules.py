"""How many rows leave without asking, and for how long a leave given by two people holds."""

from datetime import datetime, timedelta

MOST_ROWS = 1_000
"""Rows a file may hold that one person takes alone (domain 6.7)."""
MOST_EVER = 50_000
"""Rows of the longest file that two people may let go."""
VALID = timedelta(days=1)
ACTIONS = {
    "cases": "case:export",
    "case_file": "case:export_file",
    "grades": "grade:export",
    "stars": "star_round:export",
    "vouchers": "ledger:export",
    "audit": "audit:export",
}
"""What can be taken along, and how the log calls it; the texts `export.list_<name>` name each."""
WITH_NAMES = frozenset({"cases"})
"""Lists with personal data in them, which are masked unless two people agreed to more."""


def needs_leave(count: int, *, unmasked: bool) -> bool:
    """Whether somebody else has to agree: too many rows, or names and numbers in full."""
    return count > MOST_ROWS or unmasked


def holds(valid_until: datetime | None, now: datetime) -> bool:
    """Whether a leave that was given still counts."""
    return valid_until is not None and now <= valid_until
