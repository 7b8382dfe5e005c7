"""Absences with a substitute (委托代理): declared with dates, roles and a reason, and who acts for whom today."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, insert, or_, select, update

from services.actors import Actor
from services.authority.rules import scopes
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work
from services.desk.models import absences
from services.desk.rules import LONGEST_ABSENCE
from services.errors import Invalid, NotFound, Refused
from services.messages import notice
from services.notices.commands import tell
from services.people.acts import act, allowed, note, told
from services.people.models import persons
from services.people.queries import actor_by_id, actor_named
from statemachines.registry import EDITIONS
from statemachines.roles import ROLES, Role
from statemachines.separation import OFFICES

DELEGABLE = frozenset(
    role for role, row in ROLES.items() if row.scope in ("territory", "centre") and role in OFFICES
) - {Role.SYSTEM}
"""Roles in which somebody may be represented: offices on cases. Never scoring, never an organization's own part."""

UNFIT = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.LOG_ADMINISTRATOR, Role.AUDITOR})
"""Who keeps the installation or audits it decides no case, in nobody's stead."""


@dataclass(frozen=True, slots=True)
class NewAbsence:
    """A wish to be represented: by whom (username), in which roles, from when until when, why."""

    substitute: str
    roles: tuple[str, ...]
    starts_on: date
    ends_on: date
    reason: str
    absent: str = ""
    """Whose absence it is (username); empty for the own one."""


@dataclass(frozen=True, slots=True)
class ActingFor:
    """Whom a person represents today, in which roles."""

    absence_id: str
    absent: Actor
    roles: tuple[Role, ...]
    ends_on: date


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """One absence in a list."""

    id: str
    person_id: str
    person: str
    substitute_id: str
    substitute: str
    roles: tuple[Role, ...]
    starts_on: date
    ends_on: date
    reason: str
    revoked_at: datetime | None

    def standing(self, today: date) -> str:
        """revoked, over, coming or running."""
        if self.revoked_at is not None:
            return "revoked"
        if self.ends_on < today:
            return "over"
        return "coming" if self.starts_on > today else "running"


_TODAY = (
    select(absences)
    .where(
        absences.c.substitute_id == bindparam("who"), absences.c.starts_on <= bindparam("day"),
        absences.c.ends_on >= bindparam("day"), absences.c.revoked_at.is_(None),
    )
    .order_by(absences.c.starts_on, absences.c.id)
)  # fmt: skip


def acting_for(work: Work, person_id: str) -> tuple[ActingFor, ...]:
    """Whom the person represents today: only in roles the absent person still holds, and that may be delegated."""
    found = []
    for row in work.connection.execute(_TODAY, {"who": person_id, "day": work.today}).all():
        absent = actor_by_id(work, row.person_id)
        roles = tuple(role for role in sorted(absent.roles & DELEGABLE) if role.value in row.roles)
        if roles:
            found.append(ActingFor(row.id, absent, roles, row.ends_on))
    return tuple(found)


def substitutes_of(work: Work, people: Collection[str]) -> set[str]:
    """Who represents one of these people today."""
    if not people:
        return set()
    statement = select(absences.c.substitute_id).where(
        absences.c.person_id.in_(sorted(people)), absences.c.starts_on <= work.today, absences.c.ends_on >= work.today,
        absences.c.revoked_at.is_(None),
    )  # fmt: skip
    return set(work.connection.scalars(statement))


def absences_of(work: Work, person_id: str | None = None) -> tuple[AbsenceLine, ...]:
    """Absences of a person or with that person as substitute, newest first; everybody's without a person."""
    absent, substitute = persons.alias("absent"), persons.alias("substitute")
    statement = (
        select(absences, absent.c.name.label("person"), substitute.c.name.label("substitute"))
        .join(absent, absent.c.id == absences.c.person_id)
        .join(substitute, substitute.c.id == absences.c.substitute_id)
        .order_by(absences.c.starts_on.desc(), absences.c.id.desc())
        .limit(200)
    )
    if person_id is not None:
        statement = statement.where(or_(absences.c.person_id == person_id, absences.c.substitute_id == person_id))
    return tuple(
        AbsenceLine(
            row.id, row.person_id, row.person, row.substitute_id, row.substitute,
            tuple(Role(role) for role in row.roles), row.starts_on, row.ends_on, row.reason, row.revoked_at,
        )
        for row in work.connection.execute(statement)
    )  # fmt: skip


def declare_absence(database: Database, actor: Actor, new: NewAbsence, *, now: datetime) -> str:
    """Declare an absence; answers its id and tells the substitute.

    The own one, or (`absence:manage`) somebody else's. Invalid for dates and words that cannot be, Refused when the
    roles may not be delegated, the substitute could not hold them beside the own ones, or another absence overlaps.
    """
    reason = told(("原因", "reason"), new.reason, longest=200)

    def unit(work: Work) -> str:
        allowed(work, actor, "absence:declare")
        absent = actor_named(work, new.absent) if new.absent else actor
        if absent.id != actor.id:
            allowed(work, actor, "absence:manage")
        substitute = actor_named(work, new.substitute)
        roles = _fit(work, absent, substitute, new)
        identity = new_id()
        work.connection.execute(
            insert(absences).values(
                id=identity, person_id=absent.id, substitute_id=substitute.id, roles=[one.value for one in roles],
                starts_on=new.starts_on, ends_on=new.ends_on, reason=reason, declared_by=actor.id, declared_at=now,
            )
        )  # fmt: skip
        details = {"substitute": substitute.username, "roles": [one.value for one in roles]}
        dates = {"starts_on": new.starts_on.isoformat(), "ends_on": new.ends_on.isoformat()}
        note(work, actor, "absence:declare", stream=absent.id, object=absent.username, details={**details, **dates})
        _tell(work, substitute, "absence_declared", f"absence:{identity}", absent=absent, new=new, roles=roles)
        return identity

    return act(
        database, actor, unit, now=now, action="absence:declare", stream=actor.id, object=new.absent or actor.username
    )


def revoke_absence(database: Database, actor: Actor, *, absence_id: str, now: datetime) -> None:
    """End an absence at once: the absent person's right, or that of who manages absences. NotFound, Forbidden."""

    def unit(work: Work) -> None:
        row = work.connection.execute(select(absences).where(absences.c.id == absence_id)).one_or_none()
        if row is None:
            raise NotFound("absence.not_found")
        if actor.id != row.person_id:
            allowed(work, actor, "absence:manage")
        if row.revoked_at is not None or row.ends_on < work.today:
            raise Refused("absence.over")
        work.connection.execute(update(absences).where(absences.c.id == absence_id).values(revoked_at=work.now))
        note(work, actor, "absence:revoke", stream=row.person_id, object=absence_id)

    act(database, actor, unit, now=now, action="absence:revoke", stream=actor.id, object=absence_id)


def may_be_delegated(actor: Actor) -> tuple[Role, ...]:
    """The roles of a person in which a substitute may act."""
    return tuple(sorted(actor.roles & DELEGABLE))


def joins_duties(role: Role, held: Collection[Role]) -> bool:
    """Whether one person may not hold the role beside those held, by the pairs any process keeps apart."""
    duty, own = OFFICES[role], {OFFICES[one] for one in held if one in OFFICES}
    return any(
        (duty == one and other in own) or (duty == other and one in own)
        for editions in EDITIONS.values()
        for process in editions.values()
        for one, other in process.conflicts
    )


def _fit(work: Work, absent: Actor, substitute: Actor, new: NewAbsence) -> tuple[Role, ...]:
    if new.ends_on < new.starts_on or new.ends_on < work.today:
        raise Invalid("absence.dates_wrong")
    if new.ends_on - new.starts_on > LONGEST_ABSENCE:
        raise Invalid("absence.too_long", days=LONGEST_ABSENCE.days)
    known = {role.value: role for role in may_be_delegated(absent)}
    if not new.roles or any(one not in known for one in new.roles):
        raise Invalid("absence.role_not_delegable")
    if substitute.id == absent.id or substitute.is_system:
        raise Invalid("absence.own_substitute")
    roles = tuple(known[one] for one in sorted(set(new.roles)))
    if not scopes(substitute, "case:list") or substitute.roles & UNFIT:
        raise Refused("absence.substitute_unfit", substitute=substitute.name)
    if any(joins_duties(role, substitute.roles) for role in roles):
        raise Refused("absence.joins_duties", substitute=substitute.name)
    _refuse_overlap(work, absent, roles, new)
    return roles


def _refuse_overlap(work: Work, absent: Actor, roles: Sequence[Role], new: NewAbsence) -> None:
    """Two substitutes of one role at once: nobody would know who decides."""
    rows = work.connection.execute(
        select(absences.c.roles).where(
            absences.c.person_id == absent.id, absences.c.revoked_at.is_(None), absences.c.starts_on <= new.ends_on,
            absences.c.ends_on >= new.starts_on,
        )
    )  # fmt: skip
    if any({role.value for role in roles} & set(row.roles) for row in rows):
        raise Refused("absence.overlaps")


def _tell(
    work: Work, person: Actor, message: str, key: str, *, absent: Actor, new: NewAbsence, roles: Sequence[Role]
) -> None:
    lang = "en" if person.language == "en" else "zh"
    names = ("、" if lang == "zh" else ", ").join(ROLES[one].zh if lang == "zh" else ROLES[one].en for one in roles)
    facts = {"absent": absent.name, "roles": names, "from": new.starts_on.isoformat(), "to": new.ends_on.isoformat()}
    title, body = notice(message, lang, **facts)
    tell(work, key=key, person_id=person.id, case_id=None, message=message, title=title, body=body)
