"""The second factor: codes of a telephone app (RFC 6238), each usable once, and ten recovery codes."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import Row, delete, func, insert, or_, select, update

from services.actors import Actor
from services.database.work import Work
from services.errors import Forbidden, Refused
from services.people.acts import note
from services.people.models import code_factors, passkeys, persons, recovery_codes
from services.people.rules import asks_for_factor, factor_is_fresh
from services.protection.sealing import seal, unseal
from services.settings import settings

ISSUER = "出壳 Chuke"
STEP_SECONDS = 30
RECOVERY_CODES = 10
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_GROUPS, _GROUP = 3, 4


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person can prove to be itself with beside the password."""

    code: bool
    passkeys: int
    recovery_left: int

    @property
    def any(self) -> bool:
        """Whether there is a second factor at all; recovery codes alone are none."""
        return self.code or self.passkeys > 0


@dataclass(frozen=True, slots=True)
class PendingCode:
    """A secret that waits to be confirmed with a first code: for typing, and as the address a QR code shows."""

    secret: str
    address: str


def factors_of(work: Work, person_id: str) -> Factors:
    """Which second factors the person has."""
    counted = (
        select(func.count()).where(code_factors.c.person_id == person_id, code_factors.c.confirmed_at.is_not(None)),
        select(func.count()).where(passkeys.c.person_id == person_id),
        select(func.count()).where(recovery_codes.c.person_id == person_id, recovery_codes.c.used_at.is_(None)),
    )
    code, keys, left = work.connection.execute(select(*(one.scalar_subquery() for one in counted))).one()
    return Factors(code > 0, keys, left)


def factor_is_required(actor: Actor) -> bool:
    """Whether this person's roles ask for a second factor; never while the setting says optional (a demonstration)."""
    return settings().second_factor == "required" and asks_for_factor(actor.roles)


def demand_fresh_factor(work: Work, actor: Actor, factor_at: datetime | None, *, own: bool = False) -> None:
    """Forbidden("sign_in.factor_stale") when the person did not prove a second factor within FACTOR_FRESH.

    That is asked of whoever has one, and for acts of the office (not for one's `own` account) of whoever must have one.
    """
    if factor_is_fresh(factor_at, work.now):
        return
    if factors_of(work, actor.id).any or (factor_is_required(actor) and not own):
        raise Forbidden("sign_in.factor_stale")


def begin_code(work: Work, person_id: str) -> None:
    """Make a secret that waits to be confirmed; a waiting one stays, a confirmed one is replaced."""
    row = _row(work, person_id)
    if row is not None and row.confirmed_at is None:
        return
    secret = pyotp.random_base32()
    work.connection.execute(delete(code_factors).where(code_factors.c.person_id == person_id))
    work.connection.execute(
        insert(code_factors).values(
            person_id=person_id, secret_sealed=seal("code_factors", person_id, "secret", secret), made_at=work.now
        )
    )


def pending_code(work: Work, person_id: str) -> PendingCode | None:
    """The secret that waits to be confirmed; None when none does."""
    row = _row(work, person_id)
    if row is None or row.confirmed_at is not None:
        return None
    secret = unseal("code_factors", person_id, "secret", row.secret_sealed)
    username = work.connection.execute(select(persons.c.username).where(persons.c.id == person_id)).scalar_one()
    return PendingCode(secret, pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER))


def _row(work: Work, person_id: str) -> Row[Any] | None:
    return work.connection.execute(select(code_factors).where(code_factors.c.person_id == person_id)).one_or_none()


def confirm_code(work: Work, person_id: str, code: str) -> tuple[str, ...]:
    """Put the waiting secret to use once its first code is right; answers recovery codes, unless some are left.

    Refused("sign_in.code_wrong") otherwise.
    """
    if not _use_code(work, person_id, code, confirmed=False):
        raise Refused("sign_in.code_wrong")
    work.connection.execute(
        update(code_factors).where(code_factors.c.person_id == person_id).values(confirmed_at=work.now)
    )
    return () if factors_of(work, person_id).recovery_left else make_recovery_codes(work, person_id)


def code_is_right(work: Work, person_id: str, code: str) -> bool:
    """Whether this is the person's code of now or of half a minute before or after; a code is right only once."""
    return _use_code(work, person_id, code, confirmed=True)


def _use_code(work: Work, person_id: str, code: str, *, confirmed: bool) -> bool:
    row = _row(work, person_id)
    if row is None or (row.confirmed_at is not None) is not confirmed:
        return False
    step = _step_of(unseal("code_factors", person_id, "secret", row.secret_sealed), code, work.now)
    if step is None:
        return False
    # Two requests with one code at the same moment: the row lets one of them pass.
    used = (
        update(code_factors)
        .where(code_factors.c.person_id == person_id)
        .where(or_(code_factors.c.last_step.is_(None), code_factors.c.last_step < step))
        .values(last_step=step)
    )
    return work.connection.execute(used).rowcount == 1


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    said = "".join(code.split())
    if not (said.isascii() and said.isdecimal() and len(said) == 6):
        return None
    present = int(now.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret, interval=STEP_SECONDS)
    near = (present - 1, present, present + 1)
    return max((step for step in near if hmac.compare_digest(generator.generate_otp(step), said)), default=None)


def remove_code(work: Work, actor: Actor) -> None:
    """Take the app's code away. Refused("passkey.last_factor") when the person needs a factor and has no other."""
    drop_factors(work, actor.id, kinds=("code",))
    if factor_is_required(actor) and not factors_of(work, actor.id).any:
        raise Refused("passkey.last_factor")
    note(work, actor, "code:remove", stream=f"person:{actor.id}", object=actor.username)


def renew_recovery_codes(work: Work, actor: Actor) -> tuple[str, ...]:
    """Ten new recovery codes in the place of the old ones. Refused("passkey.no_factor") without any factor."""
    if not factors_of(work, actor.id).any:
        raise Refused("passkey.no_factor")
    note(work, actor, "recovery:renew", stream=f"person:{actor.id}", object=actor.username)
    return make_recovery_codes(work, actor.id)


# Recovery codes -----------------------------------------------------------------------------------


def make_recovery_codes(work: Work, person_id: str) -> tuple[str, ...]:
    """Ten fresh recovery codes to be shown once; those made before are worth nothing any more."""
    work.connection.execute(delete(recovery_codes).where(recovery_codes.c.person_id == person_id))
    salt = secrets.token_hex(16)
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    rows = [
        {"person_id": person_id, "code_hash": _recovery_hash(code, salt), "salt": salt, "made_at": work.now}
        for code in codes
    ]
    work.connection.execute(insert(recovery_codes), rows)
    return codes


def _recovery_code() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def _recovery_hash(code: str, salt: str) -> str:
    # Sixty random bits behind a slow hash; one salt a set, so that a code is looked up by hashing once.
    return hashlib.scrypt(code.encode(), salt=bytes.fromhex(salt), n=2**13, r=8, p=1, dklen=32).hex()


def looks_like_recovery(code: str) -> bool:
    """Whether this was meant as a recovery code; those cannot be guessed and need no counter of their own."""
    return len(_plain(code)) == _GROUPS * _GROUP


def _plain(code: str) -> str:
    return "".join(one for one in code.upper() if one.isalnum())


def use_recovery_code(work: Work, person_id: str, code: str) -> bool:
    """Use up a recovery code; False when it is none of the person's or was used before."""
    salt = work.connection.execute(
        select(recovery_codes.c.salt).where(recovery_codes.c.person_id == person_id).limit(1)
    ).scalar()
    plain = _plain(code)
    if salt is None or not looks_like_recovery(code) or not plain.isascii():
        return False
    said = "-".join(plain[at : at + _GROUP] for at in range(0, len(plain), _GROUP))
    used = (
        update(recovery_codes)
        .where(recovery_codes.c.person_id == person_id, recovery_codes.c.used_at.is_(None))
        .where(recovery_codes.c.code_hash == _recovery_hash(said, salt))
        .values(used_at=work.now)
    )
    return work.connection.execute(used).rowcount == 1


def drop_factors(work: Work, person_id: str, *, kinds: Iterable[str] = ("code", "passkeys", "recovery")) -> None:
    """Take the named kinds of second factors away."""
    tables = {"code": code_factors, "passkeys": passkeys, "recovery": recovery_codes}
    for kind in kinds:
        work.connection.execute(delete(tables[kind]).where(tables[kind].c.person_id == person_id))
