"""Ways to a new password: a one-time link from an administrator, and changing one's own."""

from datetime import datetime, timedelta

from sqlalchemy import select

from services.actors import SYSTEM_ID, Actor
from services.database.engine import Database
from services.database.work import Work, reading, run
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.people import throttle
from services.people.acts import act, allowed, note, told
from services.people.administration import REASON
from services.people.entering import HalfWay, go_on
from services.people.models import persons
from services.people.passwords import keep_hash, matches, password_hash
from services.people.queries import actor_by_id
from services.people.sign_ins import Origin, SignedIn, end_sign_ins
from services.people.steps import drop_steps, make_step, open_step, use_step
from services.people.tokens import token_hash

LINK_LASTS = timedelta(hours=24)


def make_link(database: Database, actor: Actor, person_id: str, *, reason: str, now: datetime) -> str:
    """A one-time link for somebody new or who forgot the password; answers its token, which is shown once.

    It lives 24 hours and only leads to setting a password: the second factor is still asked for. Earlier links of that
    person are worth nothing any more. Refuses one's own account and a disabled person; only whoever runs the machine in
    the founding days gives no reason.
    """
    why = told(REASON, reason, longest=200, needed=not actor.is_system)

    def unit(work: Work) -> str:
        allowed(work, actor, "person:link")
        who = work.connection.execute(select(persons).where(persons.c.id == person_id)).one_or_none()
        if who is None or person_id == SYSTEM_ID:
            raise NotFound("person.not_found")
        if actor.id == person_id:
            raise Forbidden("person.own_account")
        if who.disabled:
            raise Refused("person.disabled")
        drop_steps(work, "link", person_id)
        note(work, actor, "person:link", stream=f"person:{person_id}", object=who.username, details={"reason": why})
        return make_step(work, "link", person_id=person_id, content={"by": actor.id}, lasts=LINK_LASTS)

    return act(database, actor, unit, now=now, action="person:link", stream=f"person:{person_id}", object=person_id)


def link_owner(work: Work, token: str) -> Actor:
    """Whose one-time link this is. Forbidden("sign_in.link_over") when it was used or is too old."""
    return actor_by_id(work, open_step(work, "link", token).person_id)


def enter_by_link(
    database: Database, token: str, *, password: str, again: str, origin: Origin, now: datetime
) -> SignedIn | HalfWay:
    """Set the password by a one-time link, which then has served, end every sign-in, and go on to the second step."""
    with reading(database, now) as work:
        owner = link_owner(work, token)
    made = _checked(owner, password, again)

    def unit(work: Work) -> SignedIn | HalfWay:
        use_step(work, token)
        keep_hash(work, owner.id, made)
        end_sign_ins(work, owner.id)
        return go_on(work, owner.id, how="link", origin=origin, factor=False)

    return run(database, now, unit)


def change_password(
    database: Database, actor: Actor, token: str, *, present: str, password: str, again: str, now: datetime
) -> None:
    """Change one's own password and end every other sign-in.

    Refused("password.present_wrong") when the present one is not right (counted as an attempt of the browser in use),
    Invalid when the new ones differ or may not be used, Forbidden("access.token_never") by a program's token.
    """
    if actor.only is not None:
        raise Forbidden("access.token_never")
    counter = throttle.by_browser(token_hash(actor.id), actor.id)

    def admit(work: Work) -> str | Forbidden | None:
        waiting = throttle.wait(work, counter)
        if waiting > timedelta():
            return Forbidden("sign_in.throttled", seconds=int(waiting.total_seconds()) + 1)
        throttle.count(work, counter)
        return work.connection.execute(select(persons.c.password_hash).where(persons.c.id == actor.id)).scalar()

    stored = run(database, now, admit)
    if isinstance(stored, Forbidden):
        raise stored
    if not matches(present, stored)[0]:
        raise Refused("password.present_wrong")
    made = _checked(actor, password, again)

    def unit(work: Work) -> None:
        keep_hash(work, actor.id, made)
        end_sign_ins(work, actor.id, but=token)
        throttle.forget(work, counter)
        note(work, actor, "password:change", stream=f"person:{actor.id}", object=actor.username)

    run(database, now, unit)


def _checked(owner: Actor, password: str, again: str) -> str:
    """The hash of the new password; made outside of any write, because it is slow on purpose."""
    if password != again:
        raise Invalid("password.not_the_same")
    return password_hash(password, owner.username)
