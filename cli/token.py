"""`chuke token`: tokens for programs, narrowed to some scopes, printed once."""

import os
from getpass import getpass
from typing import TYPE_CHECKING

from cyclopts import App

from cli.asking import Asking, WronglyAsked, instant, opened
from cli.printing import show_json, show_table

if TYPE_CHECKING:
    from services.actors import Actor
    from services.database.engine import Database

app = App(name="token", help="程序用的令牌 · tokens for programs")


@app.command
def create(name: str, /, *, scope: list[str] | None = None, days: int = 90, asking: Asking = Asking()) -> int:
    """生成令牌 · Make a token for `Authorization: Bearer …` as --as USERNAME; it is shown this once.

    Password and, where the account has a second factor, code are asked for, or read from CHUKE_PASSWORD and CHUKE_CODE.

    Parameters
    ----------
    name:
        名称 what the token is called: say which program uses it.
    scope:
        权限范围 what the token may do: read, case:move, own, or an action of the policy table; may be repeated.
    days:
        有效天数 for how many days.
    asking:
        见各命令共有的选项 options that every command has.
    """
    from services.people.tokens import create_token

    now = instant(asking)
    with opened() as database:
        actor = _proved(database, asking)
        made = create_token(database, actor, name=name, scopes=scope or ["read"], days=days, now=now)
    if asking.json:
        show_json({"token": made.secret, "expires_at": made.expires_at, "username": asking.as_, "id": made.id})
    else:
        print(made.secret)
    return 0


@app.command(name="list")
def list_(*, asking: Asking = Asking()) -> int:
    """列出令牌 · List the tokens of --as USERNAME."""
    from services.database.work import reading
    from services.people.queries import actor_named
    from services.people.tokens import tokens_of

    if not asking.as_:
        raise WronglyAsked("请用 --as 用户名 · name the person with --as")
    with opened() as database, reading(database, instant(asking)) as work:
        found = tokens_of(work, actor_named(work, asking.as_).id)
    if asking.json:
        show_json(found)
        return 0
    columns = ("编号 id", "名称 name", "末尾 ending", "范围 scopes", "有效期至 until")
    rows = [(one.id, one.name, one.ending, " ".join(one.scopes), f"{one.expires_at:%Y-%m-%d}") for one in found]
    show_table(columns, rows)
    return 0


@app.command
def revoke(token: str, /, *, asking: Asking = Asking()) -> int:
    """吊销令牌 · End a token (its id) of --as USERNAME at once."""
    from services.database.work import reading
    from services.people.queries import actor_named
    from services.people.tokens import revoke_token

    if not asking.as_:
        raise WronglyAsked("请用 --as 用户名 · name the person with --as")
    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor = actor_named(work, asking.as_)
        revoke_token(database, actor, token, now=now)
    return 0


def _proved(database: "Database", asking: Asking) -> "Actor":
    """The person named by --as, once password and code are right."""
    from services.database.work import run
    from services.errors import Forbidden
    from services.people.entering import Attempt, HalfWay, sign_in
    from services.people.sign_ins import sign_out

    if not asking.as_:
        raise WronglyAsked("请用 --as 用户名 · name the person with --as")
    password = os.environ.get("CHUKE_PASSWORD") or getpass("口令 password: ")
    attempt = Attempt(asking.as_, password, os.environ.get("CHUKE_CODE", ""))
    came = sign_in(database, attempt, now=instant(asking))
    if isinstance(came, HalfWay):
        if came.enrol:
            raise Forbidden("sign_in.enrol_needed")
        attempt = Attempt(asking.as_, password, getpass("验证码 code: "))
        came = sign_in(database, attempt, now=instant(asking))
    if came is None or isinstance(came, HalfWay):
        raise Forbidden("sign_in.failed")
    run(database, instant(asking), lambda work: sign_out(work, came.token))
    return came.actor
