"""`chuke serve`: the console, the relay and Prefect together, until told to stop."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from cli.asking import SetUpMissing, opened

if TYPE_CHECKING:
    from services.database.engine import Database

Port = Annotated[int, Parameter(validator=Number(gte=1, lte=65_535))]
DEMO_HOME = Path("chuke-demo") / "state"
ACCOUNTS_FILE = "demo-accounts.txt"
"""Written by the demo beside its database: who can sign in there, and with what."""


def serve(
    *,
    host: str | None = None,
    port: Port | None = None,
    demo: bool = False,
    console_only: Annotated[bool, Parameter(name="--console-only", negative="")] = False,
) -> int:
    """启动服务 · Serve the console and carry errands through Prefect; Ctrl-C stops everything in order.

    Parameters
    ----------
    host:
        监听地址 address to listen on; otherwise CHUKE_HOST.
    port:
        监听端口 port of the console; otherwise CHUKE_PORT.
    demo:
        打开 ./chuke demo 建好的演示城市 serve the demo city that `./chuke demo` made in this folder.
    console_only:
        只启动控制台，后续事项由另一个进程 `chuke relay` 办理 the console alone, beside a relay of its own.
    """
    if demo:
        _use_demo()
    with opened() as database:
        # Brings an embedded database up to date, and refuses one that is not, before anything is started.
        told = _who_can_sign_in(database)
    from services.settings import settings

    where = host or settings().host, port or settings().port
    print(f"http://{where[0]}:{where[1]}\n{told}", flush=True)
    if console_only:
        from flows.child import serve_console

        serve_console(*where)
        return 0
    from flows.serve import leave
    from flows.serve import serve as serve_all

    leave(serve_all(host=host, port=port))
    return 0


def _use_demo() -> None:
    if not (DEMO_HOME / "chuke.db").exists():
        raise SetUpMissing("这里还没有演示城市，请先运行 ./chuke demo · no demo city here yet: run ./chuke demo first")
    os.environ["CHUKE_HOME"] = str(DEMO_HOME.resolve())
    os.environ["CHUKE_SEAL"] = "sample"
    os.environ["CHUKE_SEAL_MODE"] = "demo"
    os.environ["CHUKE_SECOND_FACTOR"] = "optional"


def _who_can_sign_in(database: "Database") -> str:
    from services.database.work import reading
    from services.people.queries import people
    from services.settings import settings

    accounts = settings().home / ACCOUNTS_FILE
    if accounts.exists():
        return accounts.read_text(encoding="utf-8")
    with reading(database) as work:
        if people(work):
            return ""
    return (
        "还没有任何用户：演示请用 ./chuke serve --demo；正式使用请先 ./chuke people add\n"
        "nobody can sign in yet: try ./chuke serve --demo, or begin with ./chuke people add"
    )
