"""How an act of the office is allowed and noted: the policy table, the first days of an installation, the audit log."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import text

from services.actors import Actor
from services.audit.commands import record
from services.authority.rules import demand, holds_all_below, policy
from services.database.engine import Database
from services.database.work import Work, run, try_out
from services.errors import Forbidden, Invalid, Refused
from services.people.queries import administrators, people_holding
from statemachines.roles import Role

ResultT = TypeVar("ResultT")

FOUNDING = frozenset({"centre:manage", "division:manage"})
"""What whoever runs the machine may do while there is no security administrator; never anything with money."""

STAFFING = frozenset({"person:link", "person:list", "person:propose", "role:propose"})
"""What whoever runs the machine may do until two administrators can propose and confirm."""


def founding(work: Work) -> bool:
    """Whether the installation is still being founded: nobody holds the role of security administrator today."""
    return not people_holding(work, Role.SECURITY_ADMINISTRATOR)


def staffing(work: Work) -> bool:
    """Whether nobody could confirm yet what is proposed: no security administrator, or no other of the three."""
    return len(administrators(work)) < 2 or founding(work)


def allowed(work: Work, actor: Actor, action: str) -> frozenset[str]:
    """The scopes in which the actor may do the action. Forbidden("access.forbidden") when in none.

    The system itself does no act of the office; it stands for whoever runs the machine, who may found an
    installation (FOUNDING) until it has a security administrator, and enter people (STAFFING) until it has two
    administrators.
    """
    if not actor.is_system:
        return demand(actor, action)
    if (action in FOUNDING and founding(work)) or (action in STAFFING and staffing(work)):
        return frozenset({"centre"})
    raise Forbidden("access.forbidden", action=action)


def allowed_in(work: Work, actor: Actor, action: str, *, division: str) -> None:
    """As `allowed`, and Forbidden when the actor may only act in a territory that `division` does not lie in."""
    scopes = allowed(work, actor, action)
    if scopes & {"centre", "any"}:
        return
    if any(
        policy().get((action, grant.role.value)) == "territory" and holds_all_below(grant.division_code, division)
        for grant in actor.grants
    ):
        return
    raise Forbidden("access.forbidden", action=action)


def hold(work: Work, name: str) -> None:
    """Let nobody else pass who holds the same name, until the unit of work ends; SQLite has one writer anyway."""
    if work.connection.dialect.name == "postgresql":
        work.connection.execute(text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def note(
    work: Work, actor: Actor, action: str, *, stream: str, object: str, details: Mapping[str, Any] | None = None,  # noqa: A002
    refused: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """Add the act's one entry to the audit log; with `refused` it tells of a refusal for these reasons."""
    hold(work, stream)
    role = "system" if actor.is_system else min((one.value for one in actor.roles), default="")
    record(
        work, stream=stream[:60], actor=actor, role=role, action=action[:80], object=object[:80], details=details,
        result="refused" if refused else "done", reasons=refused,
    )  # fmt: skip


def act(
    database: Database, actor: Actor, unit: Callable[[Work], ResultT], *, now: datetime, action: str, stream: str,
    object: str, dry_run: bool = False,  # noqa: A002
) -> ResultT:  # fmt: skip
    """Run one act in its own unit of work; a refusal that is about the person or the object is noted and raised again.

    What was only written wrongly (Invalid) is not noted. With `dry_run` everything is tried and nothing is kept.
    """
    if dry_run:
        return try_out(database, now, unit)
    try:
        return run(database, now, unit)
    except Invalid:
        raise
    except Refused as refused:
        codes = refused.codes
        run(database, now, lambda work: note(work, actor, action, stream=stream, object=object, refused=codes))
        raise


FILLERS = "\u115f\u1160\u3164\uffa0\u2800"
"""Letters and patterns that print nothing at all."""

Label = tuple[str, str]
"""What a field is called, in Chinese and in English."""


def unfit(code: str, label: Label, **facts: Any) -> Invalid:
    """The error that says of a field what is wrong with what was written into it."""
    return Invalid(code, label=label[0], label_en=label[1], **facts)


def told(label: Label, given: str, *, longest: int, needed: bool = True) -> str:
    """What a person wrote, without spaces around it. Invalid when it is missing, too long or holds invisible marks."""
    said = unicodedata.normalize("NFC", given).strip()
    if needed and not said:
        raise unfit("input.missing", label)
    if len(said) > longest:
        raise unfit("input.too_long", label, longest=longest)
    if any(unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or one in FILLERS for one in said):
        raise unfit("input.control_character", label)
    return said
