"""`chuke db`: brings the database to this edition's schema, and says where it stands."""

from collections.abc import Callable
from typing import TypeVar

from cyclopts import App

from cli.asking import Plain, SetUpMissing
from cli.printing import show_json

ResultT = TypeVar("ResultT")

app = App(name="db", help="数据库 · the database")


@app.command
def upgrade(*, plain: Plain = Plain()) -> int:
    """把数据库升级到当前版本 · Apply the steps that are missing; several processes may do so at once."""
    from services.database import schema
    from services.database.engine import open_database
    from services.settings import settings

    database = open_database(settings().database)
    try:
        applied = _reaching(lambda: schema.upgrade(database))
    finally:
        database.close()
    if plain.json:
        show_json({"applied": applied})
    else:
        print(" ".join(applied) if applied else "已是最新 up to date")
    return 0


@app.command
def status(*, plain: Plain = Plain()) -> int:
    """查看数据库结构的版本 · Show the schema's standing; exit status 3 when it must be upgraded."""
    from services.database import schema
    from services.database.engine import open_database
    from services.settings import settings

    database = open_database(settings().database)
    try:
        found = _reaching(lambda: schema.standing(database))
    finally:
        database.close()
    if plain.json:
        show_json(found)
    else:
        print(f"{found.current or '—'} / {found.head} {'✓' if found.at_head else '→ chuke db upgrade'}")
    return 0 if found.at_head else 3


def _reaching(act: Callable[[], ResultT]) -> ResultT:
    from services.errors import ServiceError

    try:
        return act()
    except ServiceError:
        raise
    except Exception as error:
        raise SetUpMissing(f"数据库无法打开 the database cannot be opened: {type(error).__name__}") from error
