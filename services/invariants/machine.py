"""Looks at the machine and the installation: what must be there before anything else can hold."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from services.calendar.queries import load_calendar
from services.database.books import rights
from services.database.engine import Database, open_database
from services.database.schema import standing
from services.database.work import OFFICE_TIME, office_now, reading
from services.issuance.scrubbing import last_scrub
from services.issuance.signatures import waiting_papers
from services.outbox.queries import LATE, queue_health
from services.people.keys import key_lines
from services.protection.keys import ring, ring_file
from services.settings import settings
from statemachines.registry import EDITIONS

LEAST_FREE_BYTES = 1_000_000_000
SCRUB_AGAIN = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Look:
    """One thing looked at: its name, whether it is well, what was found."""

    name: str
    well: bool
    found: str


def look(name: str, act: Callable[[], str]) -> Look:
    """What the act finds; whatever it raises is what is wrong, and hides no other look."""
    try:
        return Look(name, True, act())
    except Exception as error:
        told = str(error).splitlines()[0] if str(error) else ""
        # What a look of ours says is a sentence already; anything else is told with what kind of fault it is.
        return Look(name, False, (told if type(error) is RuntimeError else f"{type(error).__name__}: {told}")[:200])


def python() -> str:
    """The interpreter; fails for one the product was not tried on."""
    if not (3, 11) <= sys.version_info[:2] < (3, 15):
        raise RuntimeError(f"需要 needs 3.11–3.14, not {sys.version.split()[0]}")
    return sys.version.split()[0]


def home() -> str:
    """The folder of everything that is written; fails when nothing can be written there."""
    folder = settings().home.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".doctor"
    probe.write_text("")
    probe.unlink()
    return str(folder)


def room() -> str:
    """What is free on its disk; fails when that is little."""
    free = shutil.disk_usage(_existing(settings().home.resolve())).free
    if free < LEAST_FREE_BYTES:
        raise RuntimeError(f"磁盘空间不足 little room left: {free // 1_000_000} MB")
    return f"{free // 1_000_000} MB"


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)


def database_of_the_settings() -> str:
    """The database of the settings and its schema; fails when it cannot be opened or is behind."""
    opened = open_database(settings().database)
    try:
        return schema(opened)
    finally:
        opened.close()


def schema(database: Database) -> str:
    """Which database, at which step; fails for a server's that is behind."""
    found = standing(database)
    if not found.at_head and not database.is_sqlite:
        raise RuntimeError("chuke db upgrade")
    return f"{'SQLite' if database.is_sqlite else 'PostgreSQL'} {found.current or '空 empty'}"


def keys(database: Database) -> str:
    """The key that seals and its file; fails when the file is open to others, or lacks a key that values need."""
    current = ring().current
    if standing(database).at_head:
        with reading(database) as work:
            lost = [one.name for one in key_lines(work) if one.missing]
        if lost:
            raise RuntimeError(f"缺少密钥 a key is missing: {', '.join(lost)} ({ring_file()})")
    return f"{current} {ring_file()}"


def books(database: Database) -> str:
    """What keeps the books from being changed; fails when the database's user could, or a trigger is missing."""
    return rights(database)


def scrubbed(database: Database, *, now: datetime) -> str:
    """When every stored file was last compared with its hash; fails while one is damaged, or when it is long ago."""
    if not standing(database).at_head:
        return "—"
    with reading(database, now) as work:
        found = last_scrub(work)
    if found is None:
        return "—"
    day = f"{found.ended_at.astimezone(OFFICE_TIME):%Y-%m-%d}"
    if found.left:
        raise RuntimeError(f"{day} {len(found.left)}/{found.files} 文件损坏 files are damaged: {found.left[0][:12]}…")
    if now - found.ended_at > SCRUB_AGAIN:
        raise RuntimeError(f"{day} 太久没有查验 too long ago")
    return f"{day} {found.files}"


def second_factor() -> str:
    """The setting of the second factor; fails when those who decide, sign or pay may go without."""
    if settings().second_factor != "required":
        raise RuntimeError("第二重验证可以不设，只适合演示 optional is for demonstrations only: CHUKE_SECOND_FACTOR")
    return settings().second_factor


def processes() -> str:
    """The editions of every process."""
    return " ".join(f"{kind} v{edition}" for kind, editions in EDITIONS.items() for edition in editions)


def looks(database: Database, *, now: datetime | None = None) -> tuple[Look, ...]:
    """Everything that a running console can look at, over its own database."""
    instant = now or office_now()

    def calendar() -> str:
        with reading(database, instant) as work:
            known, year = load_calendar(work), instant.astimezone(OFFICE_TIME).year
        for one in (year, year + 1):
            if one not in known.official_years | known.projected_years:
                raise RuntimeError(f"{one}")
        return f"{year} {'official' if year in known.official_years else 'projected'}"

    def relay() -> str:
        with reading(database, instant) as work:
            queue = queue_health(work)
        if queue.late:
            raise RuntimeError(f"{queue.late}")
        return f"{queue.waiting}"

    def papers() -> str:
        with reading(database, instant) as work:
            waiting = waiting_papers(work, longer_than=LATE)
        if waiting.count:
            raise RuntimeError(f"{waiting.count}")
        return settings().seal_mode

    checks: dict[str, Callable[[], str]] = {
        "python": python, "home": home, "room": room, "database": lambda: schema(database),
        "keys": lambda: keys(database), "calendar": calendar, "processes": processes, "relay": relay, "papers": papers,
        "scrub": lambda: scrubbed(database, now=instant), "second_factor": second_factor,
        "books": lambda: books(database),
    }  # fmt: skip
    return tuple(look(name, act) for name, act in checks.items())
