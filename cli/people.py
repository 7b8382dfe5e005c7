"""`chuke people`: who signs in, which roles they hold where and until when, and what one administrator proposes."""

import os
from datetime import date
from getpass import getpass
from typing import TYPE_CHECKING

from cyclopts import App

from cli.asking import Asking, Language, WronglyAsked, acting, instant, looking, opened
from cli.printing import show_json, show_table

if TYPE_CHECKING:
    from services.actors import Actor
    from services.database.engine import Database
    from services.people.administration import Proposed

app = App(name="people", help="人员和角色 · people and roles")
FOUNDING_REASON = "初次设置"


@app.command(name="list")
def list_(*, asking: Asking = Asking()) -> int:
    """列出人员 · List everyone with today's roles."""
    from services.authority.rules import demand
    from services.database.work import reading
    from services.people.queries import people

    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "person:list")
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
    username: str,
    name: str,
    /,
    *,
    language: Language = "zh",
    no_password: bool = False,
    reason: str = "",
    asking: Asking = Asking(),
) -> int:
    """新增人员 · Propose a person, whom another administrator confirms; then give out a one-time link.

    The first people of an installation are added at once by whoever runs this machine, without --as; the password is
    then asked for, or read from CHUKE_NEW_PASSWORD.
    """
    from services.people.administration import NewPerson, propose_person

    with opened() as database:
        actor = _who(database, asking)
        password = None
        if actor.is_system and not no_password:
            password = os.environ.get("CHUKE_NEW_PASSWORD") or getpass("口令 password: ")
        why = reason or (FOUNDING_REASON if actor.is_system else "")
        proposed = propose_person(
            database, actor, NewPerson(username, name, why, language, password), now=instant(asking)
        )
    return _tell(asking, proposed, username=username)


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
    reason: str = "",
    asking: Asking = Asking(),
) -> int:
    """授予角色 · Propose a role between two dates, for an office, an organization (name or id) or a division."""
    from cli.case import identity_in
    from services.database.work import reading
    from services.people.administration import NewGrant, propose_grant
    from services.people.queries import actor_named
    from statemachines.roles import Role

    if role not in set(Role) - {Role.SYSTEM}:
        raise WronglyAsked(f"没有这种角色 no such role: {role} ({', '.join(sorted(set(Role) - {Role.SYSTEM}))})")
    with opened() as database:
        actor = _who(database, asking)
        with reading(database, instant(asking)) as work:
            new = NewGrant(
                person_id=actor_named(work, username).id, role=Role(role), valid_from=valid_from or work.today,
                valid_to=valid_to, office=office, division_code=division or None,
                reason=reason or (FOUNDING_REASON if actor.is_system else ""),
                organization_id=identity_in(work, "organizations", organization, code="organization.not_found")
                if organization else None,
            )  # fmt: skip
        proposed = propose_grant(database, actor, new, now=instant(asking))
    return _tell(asking, proposed, username=username, role=role)


@app.command
def proposals(*, asking: Asking = Asking()) -> int:
    """待确认的人员和角色 · What waits for a second administrator."""
    from services.authority.rules import demand
    from services.database.work import reading
    from services.people.queries import pending_grants, pending_people

    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "person:list")
        people, grants = pending_people(work), pending_grants(work)
    if asking.json:
        show_json({"people": people, "grants": grants})
        return 0
    rows = [(one.id, one.name, "人员 person", one.proposer, one.reason) for one in people]
    rows += [(one.id, one.person, one.role.value, one.proposer, one.reason) for one in grants]
    show_table(("编号 id", "姓名 name", "事项 what", "提出人 proposed by", "理由 reason"), rows)
    return 0


@app.command
def confirm(proposal: str, /, *, refuse: bool = False, asking: Asking = Asking()) -> int:
    """确认人员或者角色 · Confirm what another administrator proposed, or turn it down with --refuse."""
    from services.database.work import reading
    from services.people import administration
    from services.people.queries import pending_people

    now = instant(asking)
    with opened() as database:
        actor = _who(database, asking)
        with reading(database, now) as work:
            of_person = proposal in {one.id for one in pending_people(work)}
        if refuse:
            turn_down = administration.refuse_person if of_person else administration.refuse_grant
            turn_down(database, actor, proposal, now=now)
            made = None
        else:
            put_in_force = administration.confirm_person if of_person else administration.confirm_grant
            made = put_in_force(database, actor, proposal, now=now)
    if asking.json:
        show_json({"id": made})
    elif made:
        print(made)
    return 0


@app.command
def disable(username: str, /, *, reason: str, enable: bool = False, asking: Asking = Asking()) -> int:
    """停用（恢复）人员 · Disable a person at once, sign-ins and tokens too; with --enable the account works again."""
    from services.database.work import reading
    from services.people.administration import disable_person, enable_person
    from services.people.queries import actor_named

    now = instant(asking)
    with opened() as database:
        actor = _who(database, asking)
        with reading(database, now) as work:
            person = actor_named(work, username).id
        (enable_person if enable else disable_person)(database, actor, person, reason=reason, now=now)
    return 0


@app.command
def link(username: str, /, *, reason: str = "", asking: Asking = Asking()) -> int:
    """一次性登录链接 · Make a one-time link, good for 24 hours, for somebody new or who forgot the password."""
    from services.database.work import reading
    from services.people.new_passwords import make_link
    from services.people.queries import actor_named
    from services.settings import settings

    now = instant(asking)
    with opened() as database:
        actor = _who(database, asking)
        with reading(database, now) as work:
            person = actor_named(work, username).id
        token = make_link(database, actor, person, reason=reason, now=now)
        address = f"{settings().site.rstrip('/')}/sign-in/links/{token}"
    if asking.json:
        show_json({"link": address, "username": username})
    else:
        print(address)
    return 0


@app.command(name="reset-factor")
def reset_factor_(username: str, /, *, reason: str, asking: Asking = Asking()) -> int:
    """重置第二重验证 · Take a lost second factor away; the next sign-in leads to setting one up."""
    from services.database.work import reading
    from services.people.administration import reset_factor
    from services.people.queries import actor_named

    now = instant(asking)
    with opened() as database:
        actor = _who(database, asking)
        with reading(database, now) as work:
            person = actor_named(work, username).id
        reset_factor(database, actor, person, reason=reason, now=now)
    return 0


def _who(database: "Database", asking: Asking) -> "Actor":
    """The person named by --as; whoever runs this machine while nobody could confirm what is proposed."""
    from services.actors import SYSTEM
    from services.database.work import reading
    from services.people.acts import staffing

    with reading(database, instant(asking)) as work:
        return SYSTEM if not asking.as_ and staffing(work) else acting(work, asking)


def _tell(asking: Asking, proposed: "Proposed", **what: str) -> int:
    if asking.json:
        show_json({"id": proposed.made, "proposal": proposed.id, **what})
    elif proposed.made:
        print(proposed.made)
    else:
        print(f"{proposed.id} 等待另一位管理员确认 waits for another administrator: chuke people confirm {proposed.id}")
    return 0
