"""Passwords: hashed with Argon2id, checked against common ones, hashed anew when the parameters have changed."""

import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select, update

from services.database.work import Work
from services.errors import Invalid
from services.people.models import persons
from services.people.rules import password_faults


@dataclass(frozen=True, slots=True)
class Cost:
    """What one check costs: passes over the memory, the memory in KiB, lanes."""

    passes: int
    memory_kib: int
    lanes: int


COST = Cost(passes=2, memory_kib=65_536, lanes=1)
"""Above the least of ASVS 5.0, appendix C (one pass over 46 MiB); a test holds it there."""


def hasher() -> PasswordHash:
    """The hasher with the cost in force."""
    return _hasher(COST)


@lru_cache(maxsize=4)
def _hasher(cost: Cost) -> PasswordHash:
    return PasswordHash((Argon2Hasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes),))


@lru_cache(maxsize=4)
def _nobody(cost: Cost) -> str:
    return _hasher(cost).hash(secrets.token_urlsafe(16))


def normalized(password: str) -> str:
    """The same characters however the keyboard made them (NFC)."""
    return unicodedata.normalize("NFC", password)


def password_hash(password: str, username: str) -> str:
    """What is stored of a new password. Invalid with every reason why it may not be used."""
    said = normalized(password)
    if faults := password_faults(said, username):
        raise Invalid(*faults)
    return hasher().hash(said)


def matches(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Whether the password is the stored one, and its new hash when the cost has changed since.

    Without a stored one it takes as long and never matches.
    """
    try:
        right, renewed = hasher().verify_and_update(normalized(password), stored or _nobody(COST))
    except UnknownHashError:
        return False, None
    return (right and stored is not None), renewed if stored is not None else None


def keep_hash(work: Work, person_id: str, renewed: str) -> None:
    """Store the hash made anew."""
    work.connection.execute(update(persons).where(persons.c.id == person_id).values(password_hash=renewed))


def people_with(work: Work, password: str, *, among: Iterable[str]) -> tuple[str, ...]:
    """Which of these user names have that password; for finding default ones."""
    rows = work.connection.execute(
        select(persons.c.username, persons.c.password_hash)
        .where(persons.c.username.in_(list(among)), persons.c.disabled.is_(False), persons.c.password_hash.is_not(None))
        .order_by(persons.c.username)
    )
    return tuple(row.username for row in rows if matches(password, row.password_hash)[0])
