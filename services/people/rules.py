"""What people and their roles must satisfy: who is kept apart, who needs a second factor, how long a sign-in lives."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files

from statemachines.roles import ROLES, Role

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 200
FACTOR_FRESH = timedelta(minutes=15)
"""How long after a second factor was proved an act that asks for one may still be done."""

FRESH_FACTOR = frozenset(
    {
        "money:record_refund", "payment:answer", "payment:release", "person:confirm", "person:link",
        "person:reset_factor", "role:confirm", "role:end", "role:propose",
    }
)  # fmt: skip
"""Actions of the policy that ask that a second factor was proved in this sign-in within FACTOR_FRESH."""

FRESH_FACTOR_MOVES = frozenset(
    {
        "agree_resend", "agree_reversal", "approve_large_payment", "approve_payment", "approve_write_off",
        "decide_recovery", "instruct_payment", "record_payment", "send_payment",
    }
)  # fmt: skip
"""Moves of a case that ask for the same: what lets public money go, claims it back or gives it up."""

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.LOG_ADMINISTRATOR})
"""三员: the system, the security and the audit administrator are three people (GB/T 22239-2019, 8.1.5)."""

FACTOR_ROLES = ADMINISTRATORS | frozenset(
    {
        Role.STREET_LEADER, Role.CENTRE_MANAGER, Role.EVALUATOR, Role.REVIEW_MEMBER, Role.CIVIL_AFFAIRS_HANDLER,
        Role.CIVIL_AFFAIRS_LEADER, Role.FINANCE_MAKER, Role.FINANCE_CHECKER, Role.FINANCE_PAYER, Role.SEAL_KEEPER,
    }
)  # fmt: skip
"""Who decides, signs, pays or administers: these roles ask for a second factor at sign-in."""


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role between two days (none: without an end)."""

    role: Role
    valid_from: date
    valid_to: date | None = None

    def meets(self, other: "HeldRole") -> bool:
        """Whether there is a day on which both are held."""
        begins_before = self.valid_to is None or other.valid_from <= self.valid_to
        return begins_before and (other.valid_to is None or self.valid_from <= other.valid_to)


def asks_for_factor(roles: Iterable[Role]) -> bool:
    """Whether one of these roles asks for a second factor."""
    return not FACTOR_ROLES.isdisjoint(roles)


def kept_apart_from(wanted: HeldRole, held: Iterable[HeldRole]) -> HeldRole | None:
    """The administrator's role that the same person would hold at the same time as the wanted one; None when none."""
    if wanted.role not in ADMINISTRATORS:
        return None
    return next(
        (one for one in held if one.role in ADMINISTRATORS and one.role != wanted.role and wanted.meets(one)), None
    )


def scope_fault(role: Role, *, organization: bool, division: bool) -> str:
    """The reason code when a role is granted for the wrong kind of thing; empty when it fits."""
    scope = ROLES[role].scope
    if (scope == "organization") != organization:
        return "person.role_needs_organization" if scope == "organization" else "person.role_without_organization"
    if scope == "territory" and not division:
        return "person.role_needs_division"
    return ""


def factor_is_fresh(factor_at: datetime | None, now: datetime) -> bool:
    """Whether a second factor was proved recently enough for an act that asks for one."""
    return factor_at is not None and timedelta() <= now - factor_at <= FACTOR_FRESH


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """Passwords that everybody tries first, in lower case (common_passwords.txt)."""
    text = files("services.people").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def password_faults(password: str, username: str) -> tuple[str, ...]:
    """Reason codes why this password may not be used; empty when it may.

    Length and not being guessed first count; no mixture of kinds of characters is asked for (ASVS 5.0, 6.2).
    """
    faults = []
    if len(password) < SHORTEST_PASSWORD:
        faults.append("password.too_short")
    if len(password) > LONGEST_PASSWORD:
        faults.append("password.too_long")
    if username.casefold() in password.casefold():
        faults.append("password.contains_name")
    if password.casefold() in common_passwords():
        faults.append("password.common")
    elif len(set(password)) < 4:
        faults.append("password.too_plain")
    return tuple(faults)


def may_try_from(failures: int, last_at: datetime) -> datetime:
    """The instant from which the next attempt is tested: no wait up to 4 failures, then doubling up to 15 minutes.

    A growing wait instead of a lock, so that nobody can lock a director out; at most ten are tested in a quarter of
    an hour. A day after the last failure the counting begins anew.
    """
    if failures < 5:
        return last_at
    return last_at + timedelta(seconds=min(900, 15 * 2 ** (failures - 5)))


def counts_anew(last_at: datetime, now: datetime) -> bool:
    """Whether failures up to then no longer count."""
    return now - last_at > timedelta(days=1)
