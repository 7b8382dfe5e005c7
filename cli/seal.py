"""`chuke seal`: the signing process, how it stands, and the keys that sign."""

import signal
import threading
from typing import Annotated

from cyclopts import App, Parameter

from cli.asking import Plain, WronglyAsked, opened
from cli.printing import show_json, show_table

app = App(name="seal", help="签章 · the seal")


@app.command
def serve(*, mode: Annotated[str, Parameter(name="--mode")] = "660", plain: Plain = Plain()) -> int:  # noqa: ARG001
    """运行签章进程 · Hold the keys and sign what was decided, until told to stop.

    Parameters
    ----------
    mode:
        谁可以打开套接字（八进制）· who may open the socket, as an octal file mode.
    plain:
        通用选项 common options.
    """
    from flows.signing import local_signer, socket_of
    from flows.signing_process import SigningProcess, listening, serve_until
    from services.database.engine import open_database
    from services.database.work import office_now
    from services.settings import settings

    conf, stop = settings(), threading.Event()
    try:
        allowed = int(mode, 8)
    except ValueError:
        raise WronglyAsked(f"--mode {mode}") from None
    signer, path = local_signer(conf, now=office_now()), socket_of(conf)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    # Never brings the schema up to date: it needs no more than to read.
    database = open_database(conf.database)
    try:
        server = listening(SigningProcess(signer, database, clock=office_now), path, mode=allowed)
        print(f"{path}", flush=True)
        serve_until(server, stop)
    finally:
        database.close()
    return 0


@app.command
def status(*, plain: Plain = Plain()) -> int:
    """签章现状 · Who signs, whether it answers, which keys, what waits; exit status 1 when something is wrong."""
    from flows.signing_standing import standing_of
    from services.database.work import office_now

    found = standing_of(now=office_now())
    if plain.json:
        show_json(found)
    else:
        unknown = {key.fingerprint for key in found.unknown}
        rows = [
            (one.purpose, one.holder, one.fingerprint, "✗" if one.fingerprint in unknown else "✓") for one in found.keys
        ]
        show_table(("用途 purpose", "名称 holder", "指纹 SHA-256", "已登记 entered"), rows)
        print(f"{found.told} · 等候签章 waiting {found.waiting}")
        if found.wrong:
            print(f"✗ {found.wrong}")
    return 1 if found.wrong else 0


@app.command
def enter(*, plain: Plain = Plain()) -> int:
    """登记现用证书 · Enter the keys that sign now, so that papers signed with them are filed and can be checked.

    Compare the fingerprints with those of your certificate first: from now on they stand for the office.
    """
    from flows.signing import provider
    from services.database.work import office_now, run
    from services.errors import NotFound
    from services.issuance.signatures import enter_by_operator

    now = office_now()
    signer = provider(now=now)
    if signer is None:
        raise NotFound("seal.no_mode")
    keys = signer.public_keys()
    with opened() as database:
        entered = run(database, now, lambda work: enter_by_operator(work, keys))
    if plain.json:
        show_json({"entered": entered})
    else:
        show_table(
            ("用途 purpose", "名称 holder", "指纹 SHA-256"),
            [(one.purpose, one.holder, one.fingerprint) for one in keys],
        )
    return 0


@app.command
def rotate(*, plain: Plain = Plain()) -> int:
    """换用新密钥 · Set the demonstration keys and the key of statements aside; new ones are made at the next start.

    A certificate of the office is renewed by putting the new file or token in its place. Afterwards restart the signing
    process and run `chuke seal enter`; what the old keys signed is checked with the old keys for ever.
    """
    from flows.signing_keys import renew
    from services.database.work import office_now
    from services.settings import settings

    aside = renew(settings(), now=office_now())
    if plain.json:
        show_json({"aside": aside})
    else:
        print(aside)
    return 0
