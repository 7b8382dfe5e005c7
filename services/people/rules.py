"""What a sign-in must satisfy: password strength, growing delays after failures, lifetimes."""

from datetime import datetime, timedelta

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SHORTEST_PASSWORD = 10


def password_faults(password: str, username: str) -> tuple[str, ...]:
    """Reason codes why this password may not be used; empty when it may (ASVS 6.2: length first, no composition)."""
    faults = []
    if len(password) < SHORTEST_PASSWORD:
        faults.append("password.too_short")
    if username.lower() in password.lower():
        faults.append("password.contains_name")
    if len(set(password)) < 4:
        faults.append("password.too_plain")
    return tuple(faults)


def may_try_from(failures: int, last_at: datetime) -> datetime:
    """The instant from which the next attempt is tested: no wait up to 4 failures, then doubling up to 15 minutes.

    A growing wait instead of a lock, so that nobody can lock a director out.
    """
    if failures < 5:
        return last_at
    return last_at + timedelta(seconds=min(900, 15 * 2 ** (failures - 5)))
