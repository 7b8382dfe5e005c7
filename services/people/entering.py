"""Signing in, in two steps: name and password, then a second factor; and proving the factor again within a sign-in."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Row, select, update

from services.actors import SYSTEM, Actor
from services.audit.commands import record
from services.database.counters import next_number
from services.database.engine import Database
from services.database.work import Work, run
from services.errors import Forbidden, Refused
from services.people import throttle
from services.people.factors import (
    begin_code,
    code_is_right,
    confirm_code,
    factor_is_required,
    factors_of,
    looks_like_recovery,
    use_recovery_code,
)
from services.people.models import persons, sign_ins
from services.people.passwords import keep_hash, matches
from services.people.queries import actor_by_id
from services.people.sign_ins import Origin, SignedIn, is_known, open_sign_in
from services.people.steps import make_step, open_step, use_step
from services.people.tokens import token_hash

STEP_LASTS = timedelta(minutes=10)
NOBODY = "00000000-0000-7000-8000-000000000000"
"""Whose codes are looked at when the name is unknown, so that it takes as long."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who somebody says to be, and with what: name, password, and at once a code where one is asked for."""

    username: str
    password: str
    code: str = ""
    origin: Origin = field(default_factory=Origin)


@dataclass(frozen=True, slots=True)
class HalfWay:
    """The password was right and a second factor is missing: to be proved, or (`enrol`) to be set up first."""

    token: str
    enrol: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class _Tried:
    """What is known before the slow check: the row of the person, what was counted, whether a code was right."""

    person: Row[Any] | None
    counted: tuple[str, ...]
    code_right: bool = False


def sign_in(database: Database, attempt: Attempt, *, now: datetime) -> SignedIn | HalfWay | None:
    """Check name and password; answers a fresh sign-in, a half-way one, or None when they do not match.

    Raises Forbidden("sign_in.throttled") while the growing wait lasts; who brings a right code passes the wait of the
    name. An unknown name costs as much time as a known one and reads the same. The attempt is counted before the slow
    check, which runs outside of any write; success and failure are noted in the sign-in trail, without the password.
    """
    tried = run(database, now, lambda work: _admit(work, attempt))
    if isinstance(tried, Forbidden):
        raise tried
    stored = tried.person.password_hash if tried.person is not None and not tried.person.disabled else None
    right, renewed = matches(attempt.password, stored)
    return run(database, now, lambda work: _let_in(work, attempt, tried, right=right, renewed=renewed))


def _admit(work: Work, attempt: Attempt) -> _Tried | Forbidden:
    username = attempt.username[:60]
    person = work.connection.execute(select(persons).where(persons.c.username == username)).one_or_none()
    name, address = throttle.by_name(username), throttle.by_address(attempt.origin.address)
    known = person is not None and attempt.origin.browser and is_known(work, attempt.origin.browser, person.id)
    if known:
        assert person is not None
        counters: tuple[str, ...] = (throttle.by_browser(token_hash(attempt.origin.browser), person.id),)
    else:
        counters = (name, address)
    code_right = bool(attempt.code) and _code_passes(work, person.id if person else NOBODY, attempt.code)
    asked = tuple(one for one in counters if not (code_right and one == name))
    waiting = throttle.wait(work, *asked)
    if waiting > timedelta():
        if throttle.due_to_note(work, asked[0]):
            note_sign_in(work, _as_noted(person, username), reason="sign_in.throttled")
        return Forbidden("sign_in.throttled", seconds=int(waiting.total_seconds()) + 1)
    throttle.count(work, *counters)
    return _Tried(person, counters, code_right)


def _let_in(
    work: Work, attempt: Attempt, tried: _Tried, *, right: bool, renewed: str | None
) -> SignedIn | HalfWay | None:
    if tried.person is None or not right:
        note_sign_in(work, _as_noted(tried.person, attempt.username), reason="sign_in.failed")
        return None
    person_id = str(tried.person.id)
    if renewed is not None:
        keep_hash(work, person_id, renewed)
    _passed(work, tried.counted)
    return go_on(work, person_id, how="password", origin=attempt.origin, factor=tried.code_right)


def _as_noted(person: Row[Any] | None, username: str) -> str:
    """The name as the trail keeps it; of one nobody has only a mark, since it may be a password typed too early."""
    return str(person.username) if person is not None else f"?{throttle.mark_of(username)[:12]}"


def _passed(work: Work, counted: tuple[str, ...]) -> None:
    for one in counted:
        if one.startswith("address:"):
            throttle.take_back(work, one)
        else:
            throttle.forget(work, one)


def go_on(work: Work, person_id: str, *, how: str, origin: Origin, factor: bool) -> SignedIn | HalfWay:
    """Let the person in who proved the first thing (with `factor` both), or ask for the second."""
    actor, has = actor_by_id(work, person_id), factors_of(work, person_id)
    if factor or not (has.any or factor_is_required(actor)):
        signed_in = open_sign_in(work, person_id, how=how, origin=origin, factor=factor)
        note_sign_in(work, actor.username, actor=actor)
        return signed_in
    if not has.any:
        begin_code(work, person_id)
    content = {"how": how, "enrol": not has.any}
    return HalfWay(
        make_step(work, "factor", person_id=person_id, content=content, lasts=STEP_LASTS), not has.any,
        work.now + STEP_LASTS,
    )  # fmt: skip


# The second step ----------------------------------------------------------------------------------


def half_way(work: Work, token: str) -> tuple[Actor, bool]:
    """The person who is half way in, and whether a factor is to be set up. Forbidden("sign_in.step_over") when late."""
    step = open_step(work, "factor", token)
    return actor_by_id(work, step.person_id), bool(step.content["enrol"])


def finish(database: Database, token: str, *, code: str, origin: Origin, now: datetime) -> SignedIn:
    """The second step with a code of the app or a recovery code.

    Refused("sign_in.code_wrong") when it is not right or was used before, Forbidden("sign_in.throttled") while a wait
    lasts, Forbidden("sign_in.step_over") when the first step is too long ago. The first step serves once.
    """
    return _second(database, token, code, origin=origin, now=now, enrol=False)[0]


def enrol(
    database: Database, token: str, *, code: str, origin: Origin, now: datetime
) -> tuple[SignedIn, tuple[str, ...]]:
    """The second step of who had no factor: the first code of the app sets it up; answers the recovery codes too.

    Refuses as `finish`.
    """
    return _second(database, token, code, origin=origin, now=now, enrol=True)


def _second(
    database: Database, token: str, code: str, *, origin: Origin, now: datetime, enrol: bool
) -> tuple[SignedIn, tuple[str, ...]]:
    def unit(work: Work) -> tuple[SignedIn, tuple[str, ...]] | Refused:
        step = open_step(work, "factor", token)
        actor = actor_by_id(work, step.person_id)
        if bool(step.content["enrol"]) is not enrol:
            raise Forbidden("sign_in.step_over")
        shown: tuple[str, ...] = ()
        try:
            if enrol:
                demand_untried(work, actor.id)
                shown = confirm_code(work, actor.id, code)
                throttle.forget(work, throttle.by_code(actor.id))
            else:
                demand_code(work, actor.id, code)
        except Refused as refused:
            # What was counted stays counted: the refusal is raised after the unit of work.
            note_sign_in(work, actor.username, reason=refused.codes[0])
            return refused
        use_step(work, token)
        signed_in = open_sign_in(work, actor.id, how=str(step.content["how"]), origin=origin, factor=True)
        note_sign_in(work, actor.username, actor=actor)
        return signed_in, shown

    answer = run(database, now, unit)
    if isinstance(answer, Refused):
        raise answer
    return answer


def demand_untried(work: Work, person_id: str) -> None:
    """Count one try of a code. Forbidden("sign_in.throttled") while the wait after wrong ones lasts."""
    counter = throttle.by_code(person_id)
    waiting = throttle.wait(work, counter)
    if waiting > timedelta():
        raise Forbidden("sign_in.throttled", seconds=int(waiting.total_seconds()) + 1)
    throttle.count(work, counter)


def demand_code(work: Work, person_id: str, code: str) -> None:
    """Use up a code of the app or a recovery code. Refused("sign_in.code_wrong"), Forbidden("sign_in.throttled").

    Only codes of six digits are counted: a recovery code cannot be guessed, so it always lets its owner in.
    """
    if looks_like_recovery(code):
        if not use_recovery_code(work, person_id, code):
            raise Refused("sign_in.code_wrong")
        return
    demand_untried(work, person_id)
    if not code_is_right(work, person_id, code):
        raise Refused("sign_in.code_wrong")
    throttle.forget(work, throttle.by_code(person_id))


def _code_passes(work: Work, person_id: str, code: str) -> bool:
    try:
        demand_code(work, person_id, code)
    except Refused:
        return False
    return True


def prove_again(database: Database, actor: Actor, token: str, *, code: str, now: datetime) -> SignedIn:
    """Prove the second factor within a sign-in: it goes on under a new token, and the old one is dead.

    Refuses as `finish`.
    """

    def unit(work: Work) -> SignedIn | Refused:
        try:
            demand_code(work, actor.id, code)
        except Refused as refused:
            note_sign_in(work, actor.username, reason=refused.codes[0])
            return refused
        return renew(work, actor, token)

    answer = run(database, now, unit)
    if isinstance(answer, Refused):
        raise answer
    return answer


def renew(work: Work, actor: Actor, token: str) -> SignedIn:
    """Let the sign-in go on under a new token, with the factor proved now; its end stays where it was."""
    fresh = secrets.token_urlsafe(32)
    row = work.connection.execute(
        update(sign_ins)
        .where(sign_ins.c.token_hash == token_hash(token), sign_ins.c.ended_at.is_(None))
        .values(token_hash=token_hash(fresh), factor_at=work.now, seen_at=work.now)
        .returning(sign_ins.c.expires_at)
    ).one_or_none()
    if row is None:
        raise Forbidden("sign_in.step_over")
    note_sign_in(work, actor.username, actor=actor)
    return SignedIn(fresh, actor, row.expires_at)


def note_sign_in(work: Work, username: str, *, actor: Actor | None = None, reason: str = "") -> None:
    """Add to the day's sign-in trail that somebody came in, or for which reason not."""
    # One trail a day; its counter row is what keeps two sign-ins from taking the same place in it.
    stream = f"sign-in-{work.today.isoformat()}"
    next_number(work, stream)
    result: Literal["done", "refused"] = "refused" if reason else "done"
    record(
        work, stream=stream, actor=actor or SYSTEM, role="", action="person:sign_in", object=username[:80],
        result=result, reasons=(reason,) if reason else (),
    )  # fmt: skip
