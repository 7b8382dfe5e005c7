"""`chuke doctor`: looks at this machine and this installation, and says what to do about what is missing."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from cli.asking import Plain
from cli.printing import show_json, show_table

LEAST_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Look:
    """One thing looked at: its name, whether it is well, what was found."""

    name: str
    well: bool
    found: str


def doctor(*, plain: Plain = Plain()) -> int:
    """检查本机 · Look at Python, folders, database, PDF engine, calendar and Prefect; exit status 3 on a fault."""
    looks = [_look(name, act) for name, act in CHECKS]
    if plain.json:
        show_json(looks)
    else:
        show_table(("", "项目 what", "结果 found"), [("✓" if one.well else "✗", one.name, one.found) for one in looks])
    return 0 if all(one.well for one in looks) else 3


def _look(name: str, act: Callable[[], str]) -> Look:
    try:
        return Look(name, True, act())
    except Exception as error:
        # A broken part must not hide the others.
        return Look(name, False, f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:200])


def _python() -> str:
    if not (3, 11) <= sys.version_info[:2] < (3, 15):
        raise RuntimeError(f"需要 needs 3.11–3.14, not {sys.version.split()[0]}")
    return sys.version.split()[0]


def _home() -> str:
    from services.settings import settings

    home = settings().home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    probe = home / ".doctor"
    probe.write_text("")
    probe.unlink()
    return str(home)


def _room() -> str:
    from services.settings import settings

    free = shutil.disk_usage(_existing(settings().home.resolve())).free
    if free < LEAST_FREE_BYTES:
        raise RuntimeError(f"磁盘空间不足 little room left: {free // 1_000_000} MB")
    return f"{free // 1_000_000} MB"


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)


def _database() -> str:
    from services.database.engine import open_database
    from services.database.schema import standing
    from services.settings import settings

    database = open_database(settings().database)
    try:
        found = standing(database)
    finally:
        database.close()
    if not found.at_head and not database.is_sqlite:
        raise RuntimeError("chuke db upgrade")
    return f"{'SQLite' if database.is_sqlite else 'PostgreSQL'} {found.current or '空 empty'}"


def _keys() -> str:
    from services.database.engine import open_database
    from services.database.schema import standing
    from services.database.work import reading
    from services.people.keys import key_lines
    from services.protection.keys import ring, ring_file
    from services.settings import settings

    current = ring().current
    database = open_database(settings().database)
    try:
        found = standing(database)
        if found.at_head:
            with reading(database) as work:
                lost = [one.name for one in key_lines(work) if one.missing]
            if lost:
                raise RuntimeError(f"缺少密钥 a key is missing: {', '.join(lost)} ({ring_file()})")
    finally:
        database.close()
    return f"{current} {ring_file()}"


def _calendar() -> str:
    from services.calendar.rules import calendar_from_rows, load_seed
    from services.database.work import OFFICE_TIME, office_now

    calendar, year = calendar_from_rows(load_seed()), office_now().astimezone(OFFICE_TIME).year
    for known in (year, year + 1):
        if known not in calendar.official_years | calendar.projected_years:
            raise RuntimeError(f"缺少 {known} 年放假安排 the holiday notice of {known} is missing")
    return f"{year} {'official' if year in calendar.official_years else 'projected'}"


def _pdf() -> str:
    from documents import pdf
    from services.settings import settings

    return pdf.start(extra_fonts=settings().font_folder)


def _processes() -> str:
    from statemachines.registry import EDITIONS

    return " ".join(f"{kind} v{edition}" for kind, editions in EDITIONS.items() for edition in editions)


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


def _second_factor() -> str:
    from services.settings import settings

    if settings().second_factor != "required":
        raise RuntimeError("第二重验证可以不设，只适合演示 optional is for demonstrations only: CHUKE_SECOND_FACTOR")
    return settings().second_factor


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


CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("Python", _python),
    ("数据目录 home", _home),
    ("磁盘空间 room", _room),
    ("数据库 database", _database),
    ("密钥 keys", _keys),
    ("工作日历 calendar", _calendar),
    ("流程表 processes", _processes),
    ("文书引擎 PDF engine", _pdf),
    ("Prefect", _prefect),
    ("第二重验证 second factor", _second_factor),
    ("默认密码 default passwords", _passwords),
)
