"""Acts on people and their roles: what one administrator proposes another confirms; three administrators stay apart."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, String, Table, column, insert, select, table, update

from services.actors import SYSTEM_ID, Actor
from services.database.base import Id, new_id
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.people.acts import act, allowed, hold, note, told, unfit
from services.people.commands import add_person, demand_apart, grant_role
from services.people.factors import drop_factors
from services.people.models import grant_proposals, person_proposals, persons, role_grants
from services.people.queries import actor_by_id, administrators
from services.people.rules import ADMINISTRATORS, HeldRole, scope_fault
from services.people.sign_ins import end_sign_ins
from statemachines.roles import Role

REASON = ("理由", "reason")
USERNAME = ("用户名", "user name")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be: the user name, the name as on papers, and why the person is to have an account.

    A password is only taken from the operator of the founding days; everyone else gets a one-time link.
    """

    username: str
    name: str
    reason: str
    language: str = "zh"
    password: str | None = None


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A role to be: whose, for which office, organization or territory, between which days, and why."""

    person_id: str
    role: Role
    reason: str
    valid_from: date
    valid_to: date | None = None
    office: str = ""
    organization_id: str | None = None
    division_code: str | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of a wish: the id of the proposal that waits, or at once the id of what was made."""

    id: str | None
    made: str | None = None


# People -------------------------------------------------------------------------------------------


def propose_person(database: Database, actor: Actor, new: NewPerson, *, now: datetime) -> Proposed:
    """Propose an account; it is made when another administrator confirms it.

    In the founding days the operator's word is enough and `made` is the person's id at once. Refuses a user name that
    is taken or already proposed ("person.username_used") and what is written wrongly (Invalid).
    """
    checked = replace(
        new, username=_username(new.username), name=told(("姓名", "name"), new.name, longest=60),
        reason=told(REASON, new.reason, longest=200),
    )  # fmt: skip
    if checked.language not in ("zh", "en"):
        raise unfit("input.out_of_range", ("语言", "language"))

    def unit(work: Work) -> Proposed:
        allowed(work, actor, "person:propose")
        hold(work, "people")
        _free(work, checked.username)
        values = {"username": checked.username, "name": checked.name, "language": checked.language}
        if actor.is_system:
            identity = add_person(work, **values, password=checked.password)
            done, action = Proposed(None, identity), "person:add"
        else:
            done, action = Proposed(_propose(work, actor, person_proposals, checked.reason, values)), "person:propose"
        note(work, actor, action, stream=f"person:{checked.username}", object=checked.username,
             details=values | {"reason": checked.reason})  # fmt: skip
        return done

    return act(database, actor, unit, now=now, action="person:propose", stream="people", object=checked.username)


def _username(given: str) -> str:
    said = told(USERNAME, given, longest=60)
    if not all(one.isalnum() or one in "._-@" for one in said) or said.lower() == "system":
        raise unfit("person.username_malformed", USERNAME)
    return said


def _free(work: Work, username: str) -> None:
    taken = work.connection.execute(select(persons.c.id).where(persons.c.username == username)).first()
    waiting = work.connection.execute(
        select(person_proposals.c.id).where(
            person_proposals.c.username == username, person_proposals.c.outcome.is_(None)
        )
    ).first()
    if taken or waiting:
        raise Refused("person.username_used", username=username)


def confirm_person(database: Database, actor: Actor, proposal_id: str, *, now: datetime) -> str:
    """Make the proposed account; answers the person's id.

    Refuses whoever proposed it ("person.second_person_needed") and a proposal decided before ("person.decided").
    """

    def unit(work: Work) -> str:
        allowed(work, actor, "person:confirm")
        hold(work, "people")
        asked = _open(work, person_proposals, proposal_id)
        _by_another(actor, asked.proposed_by)
        identity = add_person(work, username=asked.username, name=asked.name, language=asked.language)
        _confirmed(work, person_proposals, proposal_id, actor, person_id=identity)
        note(work, actor, "person:confirm", stream=f"person:{identity}", object=asked.username)
        return identity

    return act(database, actor, unit, now=now, action="person:confirm", stream="people", object=proposal_id)


def refuse_person(database: Database, actor: Actor, proposal_id: str, *, now: datetime) -> None:
    """Turn the proposed account down; whoever proposed it may take it back so. Refuses what was decided before."""
    _turn_down(database, actor, person_proposals, proposal_id, now=now, actions=("person:confirm", "person:propose"))


# Roles --------------------------------------------------------------------------------------------


def propose_grant(database: Database, actor: Actor, new: NewGrant, *, now: datetime) -> Proposed:
    """Propose a role; it is held once another administrator confirms it.

    In the founding days the operator's word is enough and `made` is the grant's id at once. Refuses a role for oneself
    ("person.own_role"), a second administrator's role at the same time ("person.administrators_apart"), a disabled
    person, and a role that lacks its organization or territory (Invalid).
    """
    checked = replace(
        new, reason=told(REASON, new.reason, longest=200),
        office=told(("单位", "office"), new.office, longest=60, needed=False),
    )  # fmt: skip
    _check_shape(checked)

    def unit(work: Work) -> Proposed:
        allowed(work, actor, "role:propose")
        hold(work, f"roles:{checked.person_id}")
        who = _able(work, checked.person_id)
        if actor.id == checked.person_id:
            raise Forbidden("person.own_role")
        _check_places(work, checked)
        wanted = _wanted(checked)
        demand_apart(work, checked.person_id, HeldRole(checked.role, checked.valid_from, checked.valid_to))
        if actor.is_system:
            done, action = Proposed(None, grant_role(work, **wanted)), "role:grant"
        else:
            done, action = Proposed(_propose(work, actor, grant_proposals, checked.reason, wanted)), "role:propose"
        note(work, actor, action, stream=f"person:{checked.person_id}", object=f"{who.username} {new.role}",
             details=_plain(wanted) | {"reason": checked.reason})  # fmt: skip
        return done

    return act(database, actor, unit, now=now, action="role:propose", stream=f"person:{new.person_id}",
               object=new.role.value)  # fmt: skip


def _check_shape(new: NewGrant) -> None:
    if new.role == Role.SYSTEM:
        raise Invalid("person.role_unknown", role=new.role.value)
    if new.valid_to is not None and new.valid_to < new.valid_from:
        raise Invalid("person.dates_out_of_order")
    if fault := scope_fault(new.role, organization=bool(new.organization_id), division=bool(new.division_code)):
        raise Invalid(fault, role=new.role.value)


def _check_places(work: Work, new: NewGrant) -> None:
    # Organizations stand above people, so that their tables are only named here.
    for noun, field, type_, value, code in (
        ("organizations", "id", Id, new.organization_id, "organization.not_found"),
        ("divisions", "code", String, new.division_code, "division.not_found"),
    ):
        if value is not None:
            place = column(field, type_)
            if work.connection.execute(select(place).select_from(table(noun)).where(place == value)).first() is None:
                raise NotFound(code, division=value)


def _wanted(new: NewGrant | Row[Any]) -> dict[str, Any]:
    names = ("person_id", "office", "organization_id", "division_code", "valid_from", "valid_to")
    return {name: getattr(new, name) for name in names} | {"role": Role(new.role)}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: None if value is None else str(value) for name, value in values.items()}


def confirm_grant(database: Database, actor: Actor, proposal_id: str, *, now: datetime) -> str:
    """Put the proposed role in force; answers the id of the grant.

    Refuses whoever proposed it ("person.second_person_needed"), whose role it is ("person.own_role"), what was decided
    before ("person.decided") and an administrator's role that now meets another ("person.administrators_apart").
    """

    def unit(work: Work) -> str:
        allowed(work, actor, "role:confirm")
        asked = _open(work, grant_proposals, proposal_id)
        _by_another(actor, asked.proposed_by)
        if actor.id == asked.person_id:
            raise Forbidden("person.own_role")
        hold(work, f"roles:{asked.person_id}")
        _able(work, asked.person_id)
        identity = grant_role(work, **_wanted(asked))
        _confirmed(work, grant_proposals, proposal_id, actor, grant_id=identity)
        note(work, actor, "role:confirm", stream=f"person:{asked.person_id}", object=asked.role,
             details={"proposal": proposal_id, "grant": identity})  # fmt: skip
        return identity

    return act(database, actor, unit, now=now, action="role:confirm", stream="roles", object=proposal_id)


def refuse_grant(database: Database, actor: Actor, proposal_id: str, *, now: datetime) -> None:
    """Turn the proposed role down; whoever proposed it may take it back so. Refuses what was decided before."""
    _turn_down(database, actor, grant_proposals, proposal_id, now=now, actions=("role:confirm", "role:propose"))


def end_grant(database: Database, actor: Actor, grant_id: str, *, reason: str, now: datetime) -> None:
    """End a role at once, whatever its last day was to be.

    Refuses a role that has ended ("person.grant_ended"), one's own, and leaving the office without a security and
    another administrator ("person.administrators_needed").
    """
    why = told(REASON, reason, longest=200)

    def unit(work: Work) -> None:
        allowed(work, actor, "role:end")
        hold(work, "administrators")
        held = work.connection.execute(select(role_grants).where(role_grants.c.id == grant_id)).one_or_none()
        if held is None:
            raise NotFound("access.not_found")
        if held.person_id == actor.id:
            raise Forbidden("person.own_role")
        if held.ended_at is not None or (held.valid_to is not None and held.valid_to < work.today):
            raise Refused("person.grant_ended")
        last = max(work.today, held.valid_from)
        work.connection.execute(
            update(role_grants).where(role_grants.c.id == grant_id).values(valid_to=last, ended_at=work.now)
        )
        _enough_left(work, held.role)
        note(work, actor, "role:end", stream=f"person:{held.person_id}", object=held.role, details={"reason": why})

    act(database, actor, unit, now=now, action="role:end", stream="roles", object=grant_id)


def _enough_left(work: Work, *roles: str) -> None:
    if ADMINISTRATORS.isdisjoint(roles):
        return
    left = administrators(work)
    if len(left) < 2 or not any(Role.SECURITY_ADMINISTRATOR in roles for roles in left.values()):
        raise Refused("person.administrators_needed")


# Accounts -----------------------------------------------------------------------------------------


def disable_person(database: Database, actor: Actor, person_id: str, *, reason: str, now: datetime) -> None:
    """Disable an account: every sign-in and token of the person is dead at once.

    Refuses oneself ("person.own_account"), a disabled person ("person.disabled") and leaving the office without a
    security and another administrator ("person.administrators_needed").
    """

    def unit(work: Work, why: str) -> None:
        if actor.id == person_id:
            raise Forbidden("person.own_account")
        held = actor_by_id(work, person_id).roles
        who = _able(work, person_id)
        work.connection.execute(update(persons).where(persons.c.id == person_id).values(disabled=True))
        end_sign_ins(work, person_id)
        _enough_left(work, *held)
        note(work, actor, "person:disable", stream=f"person:{person_id}", object=who.username, details={"reason": why})

    _on_account(database, actor, unit, person_id, action="person:disable", reason=reason, now=now)


def enable_person(database: Database, actor: Actor, person_id: str, *, reason: str, now: datetime) -> None:
    """Enable a disabled account again; refuses one that is not disabled ("person.not_disabled") and one's own."""

    def unit(work: Work, why: str) -> None:
        who = _person(work, person_id)
        if not who.disabled:
            raise Refused("person.not_disabled")
        work.connection.execute(update(persons).where(persons.c.id == person_id).values(disabled=False))
        note(work, actor, "person:enable", stream=f"person:{person_id}", object=who.username, details={"reason": why})

    _on_account(database, actor, unit, person_id, action="person:enable", reason=reason, now=now)


def reset_factor(database: Database, actor: Actor, person_id: str, *, reason: str, now: datetime) -> None:
    """Take a lost second factor away, with the passkeys and recovery codes; every sign-in of the person ends.

    The next sign-in leads to setting one up. Whoever makes one-time links cannot do this, so that it takes two to get
    into somebody's account. Refuses one's own ("person.own_account").
    """

    def unit(work: Work, why: str) -> None:
        if actor.id == person_id:
            raise Forbidden("person.own_account")
        who = _able(work, person_id)
        drop_factors(work, person_id)
        end_sign_ins(work, person_id)
        details = {"reason": why}
        note(work, actor, "person:reset_factor", stream=f"person:{person_id}", object=who.username, details=details)

    _on_account(database, actor, unit, person_id, action="person:reset_factor", reason=reason, now=now)


def _on_account(
    database: Database, actor: Actor, done: Callable[[Work, str], None], person_id: str, *, action: str, reason: str,
    now: datetime,
) -> None:  # fmt: skip
    why = told(REASON, reason, longest=200)

    def unit(work: Work) -> None:
        allowed(work, actor, action)
        hold(work, "administrators")
        done(work, why)

    act(database, actor, unit, now=now, action=action, stream=f"person:{person_id}", object=person_id)


# Proposals ----------------------------------------------------------------------------------------


def _person(work: Work, person_id: str) -> Row[Any]:
    found = work.connection.execute(select(persons).where(persons.c.id == person_id)).one_or_none()
    if found is None or person_id == SYSTEM_ID:
        raise NotFound("person.not_found")
    return found


def _able(work: Work, person_id: str) -> Row[Any]:
    found = _person(work, person_id)
    if found.disabled:
        raise Refused("person.disabled")
    return found


def _propose(work: Work, actor: Actor, proposals: Table, reason: str, values: dict[str, Any]) -> str:
    identity = new_id()
    told_of = {"id": identity, "reason": reason, "proposed_by": actor.id, "proposed_at": work.now}
    work.connection.execute(insert(proposals).values(told_of | values))
    return identity


def _open(work: Work, proposals: Table, proposal_id: str) -> Row[Any]:
    asked = work.connection.execute(
        select(proposals).where(proposals.c.id == proposal_id).with_for_update()
    ).one_or_none()
    if asked is None:
        raise NotFound("access.not_found")
    if asked.outcome is not None:
        raise Refused("person.decided")
    return asked


def _by_another(actor: Actor, proposed_by: str) -> None:
    if actor.id == proposed_by:
        raise Forbidden("person.second_person_needed")


def _confirmed(work: Work, proposals: Table, proposal_id: str, actor: Actor, **made: str) -> None:
    values = {"outcome": "confirmed", "decided_by": actor.id, "decided_at": work.now, **made}
    work.connection.execute(update(proposals).where(proposals.c.id == proposal_id).values(values))


def _turn_down(
    database: Database, actor: Actor, proposals: Table, proposal_id: str, *, now: datetime, actions: tuple[str, str]
) -> None:
    confirming, proposing = actions

    def unit(work: Work) -> None:
        asked = _open(work, proposals, proposal_id)
        allowed(work, actor, proposing if asked.proposed_by == actor.id else confirming)
        values = {"outcome": "refused", "decided_by": actor.id, "decided_at": work.now}
        work.connection.execute(update(proposals).where(proposals.c.id == proposal_id).values(values))
        note(work, actor, confirming, stream=f"proposal:{proposal_id}", object=proposal_id, details={"refused": True})

    act(database, actor, unit, now=now, action=confirming, stream=f"proposal:{proposal_id}", object=proposal_id)
