"""`chuke token`: signs a person in and prints the bearer token once."""

import os
from getpass import getpass

from cyclopts import App

from cli.asking import Asking, WronglyAsked, instant, opened
from cli.printing import show_json

app = App(name="token", help="登录令牌 · sign-in tokens")


@app.command
def create(*, asking: Asking = Asking()) -> int:
    """签发登录令牌 · Sign in as --as USERNAME and print the token for `Authorization: Bearer …`.

    The password is asked for, or read from CHUKE_PASSWORD; the token is stored only as a hash and shown once.
    """
    from services.errors import Forbidden
    from services.people.commands import sign_in

    if not asking.as_:
        raise WronglyAsked("请用 --as 用户名 · name the person with --as")
    password = os.environ.get("CHUKE_PASSWORD") or getpass("口令 password: ")

    with opened() as database:
        signed_in = sign_in(database, username=asking.as_, password=password, now=instant(asking))
    if signed_in is None:
        raise Forbidden("sign_in.failed")
    if asking.json:
        show_json({"token": signed_in.token, "expires_at": signed_in.expires_at, "username": asking.as_})
    else:
        print(signed_in.token)
    return 0
