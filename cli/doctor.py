"""`chuke doctor`: looks at this machine and this installation, and says what to do about what is missing."""

from importlib.util import find_spec

from cli.asking import Plain
from cli.printing import show_json, show_table


def doctor(*, plain: Plain = Plain()) -> int:
    """检查本机 · Look at Python, folders, database, PDF engine, calendar and Prefect; exit status 3 on a fault."""
    from services.invariants import machine

    checks = (
        ("Python", machine.python),
        ("数据目录 home", machine.home),
        ("磁盘空间 room", machine.room),
        ("数据库 database", machine.database_of_the_settings),
        ("密钥 keys", _keys),
        ("账簿 books", _books),
        ("存档文件 stored files", _scrub),
        ("工作日历 calendar", _calendar),
        ("流程表 processes", machine.processes),
        ("文书引擎 PDF engine", _pdf),
        ("签章 seal", _seal),
        ("Prefect", _prefect),
        ("第二重验证 second factor", machine.second_factor),
        ("默认密码 default passwords", _passwords),
    )
    looks = [machine.look(name, act) for name, act in checks]
    if plain.json:
        show_json(looks)
    else:
        show_table(("", "项目 what", "结果 found"), [("✓" if one.well else "✗", one.name, one.found) for one in looks])
    return 0 if all(one.well for one in looks) else 3


def _keys() -> str:
    from services.database.engine import open_database
    from services.invariants.machine import keys
    from services.settings import settings

    database = open_database(settings().database)
    try:
        return keys(database)
    finally:
        database.close()


def _books() -> str:
    from services.database.engine import open_database
    from services.invariants.machine import books
    from services.settings import settings

    database = open_database(settings().database)
    try:
        return books(database)
    finally:
        database.close()


def _scrub() -> str:
    from services.database.engine import open_database
    from services.database.work import office_now
    from services.invariants.machine import scrubbed
    from services.settings import settings

    database = open_database(settings().database)
    try:
        return scrubbed(database, now=office_now())
    finally:
        database.close()


def _calendar() -> str:
    from services.calendar.rules import calendar_from_rows, load_seed
    from services.database.work import OFFICE_TIME, office_now

    calendar, year = calendar_from_rows(load_seed()), office_now().astimezone(OFFICE_TIME).year
    for known in (year, year + 1):
        if known not in calendar.official_years | calendar.projected_years:
            raise RuntimeError(f"缺少 {known} 年放假安排 the holiday notice of {known} is missing")
    return f"{year} {'official' if year in calendar.official_years else 'projected'}"


def _pdf() -> str:
    from flows.renderer import renderer

    return renderer().start()


def _seal() -> str:
    """Who signs papers; fails when nobody answers, a key is not entered, or papers wait for their signature."""
    from flows.signing_standing import standing_of
    from services.database.work import office_now

    found = standing_of(now=office_now())
    if found.wrong:
        raise RuntimeError(found.wrong)
    return found.told


def _prefect() -> str:
    from importlib.metadata import version

    from services.settings import settings

    if find_spec("prefect") is None:
        raise RuntimeError("未安装 not installed")
    named = settings().prefect_api_url
    if named:
        from flows.prefect_server import answers

        if not answers(named):
            raise RuntimeError(f"没有应答 does not answer: {named}")
    return f"{version('prefect')} {named or '内置 embedded'}"


def _passwords() -> str:
    """Nobody of the demo city may have come along with the demo's published password."""
    from cli.demo.city import ORGANIZATIONS, PASSWORD, PEOPLE
    from cli.serve import ACCOUNTS_FILE
    from services.database.engine import open_database
    from services.database.schema import standing
    from services.database.work import reading
    from services.people.passwords import people_with
    from services.settings import settings

    if (settings().home / ACCOUNTS_FILE).exists():
        return "演示 demonstration"
    database = open_database(settings().database)
    try:
        if not standing(database).at_head:
            return "—"
        with reading(database) as work:
            found = people_with(work, PASSWORD, among=[one.username for one in (*PEOPLE, *ORGANIZATIONS)])
    finally:
        database.close()
    if found:
        raise RuntimeError(f"仍在使用演示密码 still with the demo's password: {', '.join(found)}")
    return "✓"
