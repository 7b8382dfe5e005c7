"""`chuke people`: who signs in, and which roles they hold where and until when."""

import os
from datetime import date
from getpass import getpass
from typing import TYPE_CHECKING

from cyclopts import App

from cli.asking import Asking, Language, WronglyAsked, instant, looking, managing, opened
from cli.printing import show_json, show_table

if TYPE_CHECKING:
    from services.actors import Actor
    from services.database.work import Work

app = App(name="people", help="人员和角色 · people and roles")


@app.command(name="list")
def list_(*, asking: Asking = Asking()) -> int:
    """列出人员 · List everyone with today's roles."""
    from services.authority.rules import demand
    from services.database.work import reading
    from services.people.queries import people

    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "person:manage")
        found = people(work)
    if asking.json:
        show_json(found)
    else:
        columns = ("用户名 username", "姓名 name", "角色 roles", "停用 disabled")
        show_table(
            columns, [(one.username, one.name, " ".join(one.roles), "✗" if one.disabled else "") for one in found]
        )
    return 0


@app.command
def add(
    username: str, name: str, /, *, language: Language = "zh", no_password: bool = False, asking: Asking = Asking()
) -> int:
    """新增人员 · Add a person; the password is asked for, or read from CHUKE_NEW_PASSWORD.

    The first people of an installation are added by whoever runs this machine, without --as.
    """
    from services.database.work import Work, run
    from services.people.commands import add_person

    now = instant(asking)
    password = None if no_password else os.environ.get("CHUKE_NEW_PASSWORD") or getpass("口令 password: ")

    def unit(work: Work) -> str:
        actor = _manager(work, asking)
        identity = add_person(work, username=username, name=name, password=password, language=language)
        _note(work, actor, "person:add", username)
        return identity

    with opened() as database:
        identity = run(database, now, unit)
    if asking.json:
        show_json({"id": identity, "username": username})
    else:
        print(identity)
    return 0


@app.command
def grant(
    username: str,
    role: str,
    /,
    *,
    office: str = "",
    organization: str = "",
    division: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    asking: Asking = Asking(),
) -> int:
    """授予角色 · Grant a role between two dates, for an office, an organization (name or id) or a division."""
    from cli.case import identity_in
    from services.database.work import Work, run
    from services.people.commands import grant_role
    from services.people.queries import actor_named
    from statemachines.roles import Role

    if role not in set(Role) - {Role.SYSTEM}:
        raise WronglyAsked(f"没有这种角色 no such role: {role} ({', '.join(sorted(set(Role) - {Role.SYSTEM}))})")

    def unit(work: Work) -> str:
        actor = _manager(work, asking)
        held_for = (
            identity_in(work, "organizations", organization, code="organization.not_found") if organization else None
        )
        identity = grant_role(
            work, actor_named(work, username).id, Role(role), valid_from=valid_from or work.today, valid_to=valid_to,
            office=office, organization_id=held_for, division_code=division or None,
        )  # fmt: skip
        _note(work, actor, "person:grant", f"{username} {role}")
        return identity

    with opened() as database:
        identity = run(database, instant(asking), unit)
    if asking.json:
        show_json({"grant": identity})
    else:
        print(identity)
    return 0


def _manager(work: "Work", asking: Asking) -> "Actor":
    from services.people.acts import allowed

    actor = managing(work, asking)
    allowed(work, actor, "person:manage")
    return actor


def _note(work: "Work", actor: "Actor", action: str, what: str) -> None:
    from services.audit.commands import record

    role = "system" if actor.is_system else min(one.value for one in actor.roles)
    record(work, stream=f"person:{what}"[:60], actor=actor, role=role, action=action, object=what[:80])
