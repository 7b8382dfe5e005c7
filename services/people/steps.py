"""Steps on the way in: tokens that serve one purpose, once, for a while; kept as hashes only."""

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from services.database.work import Work
from services.errors import Forbidden
from services.people.models import persons, sign_in_steps
from services.people.tokens import token_hash


def make_step(work: Work, purpose: str, *, person_id: str | None, content: dict[str, Any], lasts: timedelta) -> str:
    """A token that serves one purpose, once, for a while; answers it."""
    token = secrets.token_urlsafe(32)
    work.connection.execute(
        insert(sign_in_steps).values(
            token_hash=token_hash(token), purpose=purpose, person_id=person_id, content=content, made_at=work.now,
            expires_at=work.now + lasts,
        )
    )  # fmt: skip
    return token


def open_step(work: Work, purpose: str, token: str) -> Row[Any]:
    """The step behind a token. Forbidden("sign_in.step_over") when used, too old, unknown, or disabled."""
    step = work.connection.execute(
        select(sign_in_steps, persons.c.disabled)
        .outerjoin(persons, persons.c.id == sign_in_steps.c.person_id)
        .where(sign_in_steps.c.token_hash == token_hash(token), sign_in_steps.c.purpose == purpose)
    ).one_or_none()
    if step is None or step.used_at is not None or work.now >= step.expires_at or step.disabled:
        raise Forbidden("sign_in.link_over" if purpose == "link" else "sign_in.step_over")
    return step


def use_step(work: Work, token: str) -> None:
    """The step has served. Forbidden("sign_in.step_over") when another request was quicker."""
    used = (
        update(sign_in_steps)
        .where(sign_in_steps.c.token_hash == token_hash(token), sign_in_steps.c.used_at.is_(None))
        .values(used_at=work.now)
    )
    if work.connection.execute(used).rowcount != 1:
        raise Forbidden("sign_in.step_over")


def drop_steps(work: Work, purpose: str, person_id: str) -> None:
    """The person's open steps of that purpose are worth nothing any more."""
    work.connection.execute(
        update(sign_in_steps)
        .where(sign_in_steps.c.purpose == purpose, sign_in_steps.c.person_id == person_id)
        .where(sign_in_steps.c.used_at.is_(None))
        .values(used_at=work.now)
    )
